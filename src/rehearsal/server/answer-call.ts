import type { Actor } from "../state/accounts.ts";
import { actorOf, findRepository, type GitHub } from "../state/github.ts";
import type { Repository } from "../state/repository.ts";
import { ApiError, notFound } from "./api-error.ts";
import { authorise } from "./authorise.ts";
import type { Answer, Call, Endpoint } from "./endpoint.ts";

/** Runs an endpoint for a caller that may. */
export function answerCall(endpoint: Endpoint, call: Call): Answer {
  if (endpoint.kind === "anywhere") return endpoint.handle(call);
  const repository = namedRepository(call);
  const { actor, github } = call;
  authorise(github, actor, repository, endpoint.need);
  if (endpoint.kind === "read") return endpoint.handle({ ...call, repository });
  if (actor.kind === "anonymous") throw new ApiError(401, "Requires authentication");
  return endpoint.handle({ ...call, actor, repository });
}

/** Who calls, by the `authorization` header of REST or of git; a token that is not known is refused. */
export function recognise(github: GitHub, authorization: string | null): Actor {
  const actor = actorOf(github, secretIn(authorization));
  if (actor === null) throw new ApiError(401, "Bad credentials");
  return actor;
}

function secretIn(authorization: string | null): string | null {
  if (authorization === null || authorization === "") return null;
  const [scheme = "", value = ""] = authorization.split(" ");
  if (scheme.toLowerCase() !== "basic") return value;
  const pair = Buffer.from(value, "base64").toString("utf8");
  return pair.slice(pair.indexOf(":") + 1);
}

function namedRepository({ github, params }: Call): Repository {
  const found = findRepository(github, `${params.owner}/${params.repo}`);
  if (found === undefined) throw notFound();
  return found;
}
