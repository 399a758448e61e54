import * as z from "zod";
import { isoSeconds, type Person, typeOf, writeCommit } from "../git/objects.ts";
import { notFound, unprocessable } from "../server/api-error.ts";
import { created, type Endpoint, type KnownCall, ok, type RepositoryCall, reads, writes } from "../server/endpoint.ts";
import { readBody, textParam } from "../server/read-call.ts";
import { gitCommitView } from "../views/commit-view.ts";

const all = "/repos/{owner}/{repo}/git/commits";

export const gitCommitEndpoints: readonly Endpoint[] = [
  writes("POST", all, ["contents"], "write", createCommit),
  reads(`${all}/{commit_sha}`, ["contents"], readGitCommit),
];

export const GivenPerson = z.object({
  name: z.string(),
  email: z.string(),
  date: z.iso.datetime({ offset: true }).optional(),
});
const NewCommit = z.object({
  message: z.string(),
  tree: z.string(),
  parents: z.array(z.string()).default([]),
  author: GivenPerson.optional(),
  committer: GivenPerson.optional(),
});

function createCommit(call: KnownCall) {
  const { github, repository } = call;
  const wanted = readBody(call, NewCommit);
  if (typeOf(repository.git, wanted.tree) !== "tree") throw unprocessable("Tree SHA does not exist");
  for (const parent of wanted.parents)
    if (typeOf(repository.git, parent) !== "commit")
      throw unprocessable("Parent SHA does not exist or is not a commit object");
  const author = wanted.author === undefined ? actorPerson(call) : person(call, wanted.author);
  const committer = wanted.committer === undefined ? author : person(call, wanted.committer);
  const { tree, parents, message } = wanted;
  const sha = writeCommit(repository.git, { tree, parents, author, committer, message });
  // GitHub signs what a bot makes as itself.
  const signs = call.actor.kind === "installation" && wanted.author === undefined && wanted.committer === undefined;
  if (signs) repository.signedCommits.put({ sha, verified_at: github.now() });
  return created(gitCommitView(github, repository, sha));
}

function readGitCommit(call: RepositoryCall) {
  const sha = textParam(call, "commit_sha");
  if (typeOf(call.repository.git, sha) !== "commit") throw notFound();
  return ok(gitCommitView(call.github, call.repository, sha));
}

/** Whoever a request names: nobody checks that it is them. */
export function person({ github }: KnownCall, { name, email, date }: z.infer<typeof GivenPerson>): Person {
  return { name, email, date: date === undefined ? github.now() : isoSeconds(new Date(date)) };
}

export function actorPerson({ github, actor }: KnownCall): Person {
  const { login, id } = actor.user;
  return { name: login, email: `${id}+${login}@users.noreply.github.com`, date: github.now() };
}
