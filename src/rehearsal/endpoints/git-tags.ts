import * as z from "zod";
import { readTag, typeOf, writeTag } from "../git/objects.ts";
import { notFound, unprocessable } from "../server/api-error.ts";
import { created, type Endpoint, type KnownCall, ok, type RepositoryCall, reads, writes } from "../server/endpoint.ts";
import { readBody, textParam } from "../server/read-call.ts";
import { apiUrl } from "../views/repository-view.ts";
import { actorPerson, GivenPerson, person } from "./git-commits.ts";

const all = "/repos/{owner}/{repo}/git/tags";

export const tagEndpoints: readonly Endpoint[] = [
  writes("POST", all, ["contents"], "write", createTag),
  reads(`${all}/{tag_sha}`, ["contents"], (call) => ok(view(call, textParam(call, "tag_sha")))),
];

const NewTag = z.object({
  tag: z.string(),
  message: z.string(),
  object: z.string(),
  type: z.enum(["commit", "tree", "blob"]),
  tagger: GivenPerson.optional(),
});

/** Writes the object alone: it is a tag of the repository once a ref names it. */
function createTag(call: KnownCall) {
  const { repository } = call;
  const { tag, message, object, type, tagger } = readBody(call, NewTag);
  if (typeOf(repository.git, object) !== type) throw unprocessable(`Object ${object} is not a ${type}`);
  const sha = writeTag(repository.git, {
    tag,
    message: message.endsWith("\n") ? message : `${message}\n`,
    object: { sha: object, type },
    tagger: tagger === undefined ? actorPerson(call) : person(call, tagger),
  });
  return created(view(call, sha));
}

function view({ github, repository }: RepositoryCall, sha: string) {
  if (typeOf(repository.git, sha) !== "tag") throw notFound();
  const { tag, message, tagger, object } = readTag(repository.git, sha);
  const url = apiUrl(github, repository);
  return {
    node_id: `TA_${sha}`,
    sha,
    url: `${url}/git/tags/${sha}`,
    tag,
    message,
    tagger,
    object: { ...object, url: `${url}/git/${object.type}s/${object.sha}` },
    verification: { verified: false, reason: "unsigned", signature: null, payload: null, verified_at: null },
  };
}
