import * as z from "zod";
import { refMoved } from "../events/ref-moved.ts";
import { isAncestor } from "../git/merge.ts";
import { typeOf } from "../git/objects.ts";
import { isRefName, listRefs, moveRef, noCommit, type Ref, readRef, removeRef } from "../git/refs.ts";
import { notFound, unprocessable } from "../server/api-error.ts";
import {
  created,
  type Endpoint,
  type KnownCall,
  noContent,
  ok,
  type RepositoryCall,
  reads,
  writes,
} from "../server/endpoint.ts";
import { page } from "../server/paginate.ts";
import { readBody, textParam } from "../server/read-call.ts";
import { apiUrl } from "../views/repository-view.ts";

const refs = "/repos/{owner}/{repo}/git/refs";

export const refEndpoints: readonly Endpoint[] = [
  reads("/repos/{owner}/{repo}/git/ref/{ref}", ["contents"], (call) => ok(view(call, findRef(call)))),
  reads("/repos/{owner}/{repo}/git/matching-refs/{ref}", ["contents"], listMatching),
  writes("POST", refs, ["contents"], "write", createRef),
  writes("PATCH", `${refs}/{ref}`, ["contents"], "write", updateRef),
  writes("DELETE", `${refs}/{ref}`, ["contents"], "write", deleteRef),
];

const NewRef = z.object({ ref: z.string(), sha: z.string() });
const Move = z.object({ sha: z.string(), force: z.boolean().default(false) });

function listMatching(call: RepositoryCall) {
  return page(call, listRefs(call.repository.git, `refs/${textParam(call, "ref")}`), (ref) => view(call, ref));
}

/** Only where nothing of that name is: the lock on which callers may rely. */
function createRef(call: KnownCall) {
  const { github, repository, actor } = call;
  const { ref, sha } = readBody(call, NewRef);
  if (!/^refs\/[^/]+\/./.test(ref) || !isRefName(repository.git, ref))
    throw unprocessable(`${ref} is not a valid ref name.`);
  requireObject(call, ref, sha);
  if (readRef(repository.git, ref) !== null) throw unprocessable("Reference already exists");
  if (!moveRef(repository.git, ref, sha, noCommit)) throw unprocessable("Reference update failed");
  refMoved(github, repository, { ref, before: noCommit, after: sha, actor });
  return created(view(call, { ref, sha, type: typeOf(repository.git, sha) ?? "commit" }));
}

function updateRef(call: KnownCall) {
  const { github, repository, actor } = call;
  const { sha, force } = readBody(call, Move);
  const name = `refs/${textParam(call, "ref")}`;
  const found = readRef(repository.git, name);
  if (found === null) throw unprocessable("Reference does not exist");
  requireObject(call, name, sha);
  if (!force && !isFastForward(call, found, sha)) throw unprocessable("Update is not a fast forward");
  if (found.sha !== sha) {
    if (!moveRef(repository.git, name, sha, found.sha)) throw unprocessable("Reference update failed");
    refMoved(github, repository, { ref: name, before: found.sha, after: sha, actor });
  }
  return ok(view(call, { ...found, sha }));
}

function deleteRef(call: KnownCall) {
  const { github, repository, actor } = call;
  const name = `refs/${textParam(call, "ref")}`;
  const found = readRef(repository.git, name);
  if (found === null) throw unprocessable("Reference does not exist");
  if (name === `refs/heads/${repository.facts.default_branch}`) throw unprocessable("Cannot delete the default branch");
  removeRef(repository.git, name);
  refMoved(github, repository, { ref: name, before: found.sha, after: noCommit, actor });
  return noContent;
}

function requireObject({ repository }: KnownCall, ref: string, sha: string): void {
  const type = typeOf(repository.git, sha);
  if (type === null) throw unprocessable("Object does not exist");
  if (ref.startsWith("refs/heads/") && type !== "commit") throw unprocessable("Object is not a commit");
  // Pull requests' refs are GitHub's own.
  if (ref.startsWith("refs/pull/")) throw unprocessable("Reference update failed: refs/pull is read-only");
}

function isFastForward({ repository }: KnownCall, found: Ref, sha: string): boolean {
  return found.type === "commit" && isAncestor(repository.git, found.sha, sha);
}

function findRef(call: RepositoryCall): Ref {
  const found = readRef(call.repository.git, `refs/${textParam(call, "ref")}`);
  if (found === null) throw notFound();
  return found;
}

function view({ github, repository }: RepositoryCall, { ref, sha, type }: Ref) {
  const url = apiUrl(github, repository);
  const path = ref.split("/").map(encodeURIComponent).join("/");
  return {
    ref,
    node_id: `REF_${Buffer.from(`${repository.facts.id}:${ref}`).toString("base64url")}`,
    url: `${url}/git/${path}`,
    object: { sha, type, url: `${url}/git/${type}s/${sha}` },
  };
}
