import { gunzipSync } from "node:zlib";
import { type Context, Hono } from "hono";
import { refsMoved } from "../events/ref-moved.ts";
import { gitBytes } from "../git/git.ts";
import { listRefs, noCommit, type Ref } from "../git/refs.ts";
import type { Actor, KnownActor } from "../state/accounts.ts";
import { findRepository, type GitHub } from "../state/github.ts";
import type { Repository } from "../state/repository.ts";
import { recognise } from "./answer-call.ts";
import { ApiError, notFound } from "./api-error.ts";
import { authorise, isVisible } from "./authorise.ts";
import type { Need } from "./endpoint.ts";
import { refusal } from "./respond.ts";

type Service = "git-upload-pack" | "git-receive-pack";

const needs: Readonly<Record<Service, Need>> = {
  "git-upload-pack": { permissions: ["contents"], access: "read", role: "read" },
  "git-receive-pack": {
    permissions: ["contents"],
    access: "write",
    role: "write",
    denied: { status: 403, message: "Permission to the repository denied." },
  },
};

/** Clone, fetch and push over git's own protocol; a push moves what a push on GitHub moves. */
export function gitApp(github: GitHub): Hono {
  const app = new Hono();
  app.get("/:owner/:repo/info/refs", (context) =>
    answered(context, github, context.req.query("service"), (repository, service) => {
      const advertised = run(repository, service, ["--advertise-refs"], context);
      return Buffer.concat([packetLine(`# service=${service}\n`), Buffer.from("0000"), advertised]);
    }),
  );
  app.post("/:owner/:repo/:service{git-(?:upload|receive)-pack}", async (context) => {
    const sent = Buffer.from(await context.req.arrayBuffer());
    const input = context.req.header("content-encoding") === "gzip" ? gunzipSync(sent) : sent;
    return answered(context, github, context.req.param("service"), (repository, service, actor) => {
      if (service === "git-upload-pack" || actor.kind === "anonymous")
        return run(repository, service, [], context, input);
      const before = listRefs(repository.git, "refs/");
      const output = run(repository, service, [], context, input);
      refsMoved(github, repository, moves(before, listRefs(repository.git, "refs/"), actor));
      return output;
    });
  });
  return app;
}

function answered(
  context: Context,
  github: GitHub,
  name: string | undefined,
  work: (repository: Repository, service: Service, actor: Actor) => Uint8Array,
): Response {
  try {
    if (name !== "git-upload-pack" && name !== "git-receive-pack")
      throw new ApiError(403, "Please upgrade your git client.");
    const actor = recognise(github, context.req.header("authorization") ?? null);
    const repository = findRepository(github, `${context.req.param("owner")}/${gitName(context)}`);
    const isHidden = repository === undefined || !isVisible(github, actor, repository);
    // git asks without its password first.
    if (isHidden && actor.kind === "anonymous") throw new ApiError(401, "Requires authentication");
    if (repository === undefined) throw notFound();
    authorise(github, actor, repository, needs[name]);
    const kind = context.req.method === "GET" ? "advertisement" : "result";
    return new Response(new Uint8Array(work(repository, name, actor)), {
      headers: { "content-type": `application/x-${name}-${kind}`, "cache-control": "no-cache" },
    });
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    const { status, headers, body } = refusal(error);
    return new Response(body, { status, headers: { ...headers, "www-authenticate": 'Basic realm="GitHub"' } });
  }
}

function run(repository: Repository, service: Service, flags: string[], context: Context, input?: Buffer): Buffer {
  const protocol = context.req.header("git-protocol");
  return gitBytes(repository.git, [service.slice("git-".length), "--stateless-rpc", ...flags, repository.git.path], {
    ...(input === undefined ? {} : { input }),
    ...(protocol === undefined ? {} : { env: { GIT_PROTOCOL: protocol } }),
    // What a client did wrong is in the answer.
    answers: [1, 128],
  }).stdout;
}

function moves(before: readonly Ref[], after: readonly Ref[], actor: KnownActor) {
  const names = new Set([...before, ...after].map(({ ref }) => ref));
  const shaIn = (refs: readonly Ref[], name: string) => refs.find(({ ref }) => ref === name)?.sha ?? noCommit;
  return [...names]
    .map((ref) => ({ ref, before: shaIn(before, ref), after: shaIn(after, ref), actor }))
    .filter((move) => move.before !== move.after);
}

function gitName(context: Context): string {
  return (context.req.param("repo") ?? "").replace(/\.git$/, "");
}

function packetLine(text: string): Buffer {
  return Buffer.from((text.length + 4).toString(16).padStart(4, "0") + text);
}
