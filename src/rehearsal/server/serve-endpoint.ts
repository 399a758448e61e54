import type { Context } from "hono";
import type { Actor } from "../state/accounts.ts";
import { answerCall, recognise } from "./answer-call.ts";
import { ApiError, forbidden } from "./api-error.ts";
import type { Endpoint } from "./endpoint.ts";
import type { AppParts, ServerEnv } from "./parts.ts";
import { usageHeaders } from "./rate-limit.ts";
import { refusal, responseOf, toWire, type Wire, withEtag } from "./respond.ts";

/** One request of the API: who calls, within which limits, may they, and the answer. */
export async function serveEndpoint(
  parts: AppParts,
  endpoint: Endpoint,
  context: Context<ServerEnv>,
): Promise<Response> {
  const body = new Uint8Array(await context.req.arrayBuffer());
  // No waiting from here on: a request is one step.
  const { wire, actor } = answer(parts, endpoint, context, body);
  const entry = context.get("entry");
  entry.endpoint = `${endpoint.method} ${endpoint.path}`;
  entry.actor = actor.kind === "anonymous" ? null : actor.user.login;
  parts.onExchange?.({
    endpoint,
    body,
    status: wire.status,
    answerType: wire.headers["content-type"] ?? "",
    answer: wire.body,
  });
  return responseOf(wire);
}

function answer(
  { github, limiter }: AppParts,
  endpoint: Endpoint,
  { req }: Context<ServerEnv>,
  body: Uint8Array,
): { wire: Wire; actor: Actor } {
  const header = (name: string) => req.header(name) ?? "";
  const url = new URL(req.url);
  let actor: Actor = { kind: "anonymous" };
  let wire: Wire;
  try {
    if (header("user-agent") === "")
      throw forbidden(
        "Request forbidden by administrative rules. Please make sure your request has a User-Agent header.",
      );
    actor = recognise(github, header("authorization"));
    if (endpoint.path !== "/rate_limit") limiter.count(actor);
    if (makesContent(endpoint)) limiter.countContent(actor);
    const call = {
      github,
      actor,
      url,
      params: req.param(),
      query: url.searchParams,
      accept: header("accept"),
      contentType: header("content-type"),
      body,
      usage: limiter.usage(actor),
    };
    wire = withEtag(toWire(answerCall(endpoint, call)), endpoint.method === "GET" ? header("if-none-match") : null);
    if (wire.status === 304) limiter.giveBack(actor);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    wire = refusal(error);
  }
  return { wire: { ...wire, headers: { ...usageHeaders(limiter.usage(actor)), ...wire.headers } }, actor };
}

/** What GitHub's limits on new content count: what people are notified of. */
function makesContent({ method, path }: Endpoint): boolean {
  return method === "POST" && /\/(comments|issues|pulls|reviews|releases)$/.test(path);
}
