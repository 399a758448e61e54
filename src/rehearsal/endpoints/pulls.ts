import * as z from "zod";
import { closePull, emitPull, refreshPull } from "../events/pull-moves.ts";
import { textChanges } from "../events/text-changes.ts";
import { changedFiles, commitsBetween } from "../git/compare.ts";
import { mergeBase } from "../git/merge.ts";
import { resolveCommit } from "../git/resolve.ts";
import { forbidden, invalid, notFound } from "../server/api-error.ts";
import { canPush } from "../server/authorise.ts";
import { type Endpoint, type KnownCall, ok, type RepositoryCall, reads, writes } from "../server/endpoint.ts";
import { page } from "../server/paginate.ts";
import { choice, readBody, textParam } from "../server/read-call.ts";
import { findRepository } from "../state/github.ts";
import type { Pull } from "../state/records.ts";
import { fullName, type Repository } from "../state/repository.ts";
import { commitView, fileView } from "../views/commit-view.ts";
import { issueOf, pullView, simplePullView } from "../views/pull-view.ts";
import { createPull, pullMistake } from "./create-pull.ts";
import { findPull } from "./find.ts";

const all = "/repos/{owner}/{repo}/pulls";
const one = `${all}/{pull_number}`;

export const pullEndpoints: readonly Endpoint[] = [
  reads(all, ["pull_requests"], listPulls),
  writes("POST", all, ["pull_requests"], "read", createPull),
  reads(one, ["pull_requests"], (call) => ok(pullView(call.github, call.repository, findPull(call)))),
  writes("PATCH", one, ["pull_requests"], "read", updatePull),
  reads(`${one}/files`, ["pull_requests"], listFiles),
  reads(`${one}/commits`, ["pull_requests"], listCommits),
  reads("/repos/{owner}/{repo}/commits/{commit_sha}/pulls", ["pull_requests"], listPullsOfCommit),
];

const Changes = z.object({
  title: z.string().optional(),
  body: z.string().nullish(),
  state: z.enum(["open", "closed"]).optional(),
  base: z.string().optional(),
  maintainer_can_modify: z.boolean().optional(),
});

function listPulls(call: RepositoryCall) {
  const { github, repository } = call;
  const state = choice(call, "state", ["open", "closed", "all"]);
  const direction = choice(call, "direction", ["desc", "asc"]);
  const head = call.query.get("head");
  const base = call.query.get("base");
  const pulls = repository.pulls
    .all()
    .filter((pull) => state === "all" || issueOf(repository, pull).state === state)
    // Without a colon the filter is ignored, as on GitHub.
    .filter((pull) => head === null || !head.includes(":") || `${pull.head.owner}:${pull.head.ref}` === head)
    .filter((pull) => base === null || pull.base.ref === base)
    .sort((a, b) => (direction === "asc" ? a.number - b.number : b.number - a.number));
  return page(call, pulls, (pull) => simplePullView(github, repository, pull));
}

function updatePull(call: KnownCall) {
  const { github, repository, actor } = call;
  const pull = findPull(call);
  const issue = issueOf(repository, pull);
  if (actor.kind === "person" && actor.user.login !== issue.user && !canPush(github, actor, repository))
    throw forbidden("Must have admin rights to Repository.");
  const changes = readBody(call, Changes);
  const text = { title: changes.title ?? issue.title, body: changes.body === undefined ? issue.body : changes.body };
  repository.issues.put({ ...issue, ...text, updated_at: github.now() });
  const changed = repository.pulls.put({
    ...pull,
    maintainer_can_modify: changes.maintainer_can_modify ?? pull.maintainer_can_modify,
    base: changes.base === undefined ? pull.base : newBase(repository, changes.base),
  });
  const fresh = issue.state === "open" ? refreshPull(github, repository, changed) : changed;
  if (changes.state === "closed" && issue.state === "open") closePull(github, repository, fresh, actor);
  else if (changes.state === "open" && issue.state === "closed") reopen(call, fresh);
  else emitPull(github, repository, fresh, { action: "edited", actor, more: textChanges(issue, text) });
  return ok(pullView(github, repository, findPull(call)));
}

function reopen({ github, repository, actor }: KnownCall, pull: Pull): void {
  if (pull.merged_at !== null)
    throw invalid({ ...pullMistake("state", "invalid"), message: "state cannot be changed" });
  const from = pull.head.repository === null ? undefined : findRepository(github, pull.head.repository);
  // What was pushed in the meantime comes along.
  const sha = from === undefined ? null : resolveCommit(from.git, `refs/heads/${pull.head.ref}`);
  if (sha === null) throw invalid({ ...pullMistake("state", "invalid"), message: "the head branch is gone" });
  repository.issues.put({ ...issueOf(repository, pull), state: "open", closed_at: null, closed_by: null });
  const fresh = refreshPull(github, repository, { ...pull, head: { ...pull.head, sha } });
  emitPull(github, repository, fresh, { action: "reopened", actor });
}

function listFiles(call: RepositoryCall) {
  const { github, repository } = call;
  const { base, head } = findPull(call);
  const from = mergeBase(repository.git, base.sha, head.sha) ?? base.sha;
  const files = changedFiles(repository.git, from, head.sha).slice(0, 3000);
  return page(call, files, (file) => fileView(github, repository, head.sha, file));
}

function listCommits(call: RepositoryCall) {
  const { github, repository } = call;
  const { base, head } = findPull(call);
  const commits = commitsBetween(repository.git, base.sha, head.sha).slice(0, 250);
  return page(call, commits, (sha) => commitView(github, repository, sha));
}

/** Pull requests from forks are not found by their commits. */
function listPullsOfCommit(call: RepositoryCall) {
  const { github, repository } = call;
  const sha = textParam(call, "commit_sha");
  if (resolveCommit(repository.git, sha) !== sha) throw notFound();
  const pulls = repository.pulls
    .all()
    .filter(({ head }) => head.repository === fullName(repository.facts))
    .filter(({ base, head, merge_commit_sha, merged_at }) =>
      merged_at !== null && merge_commit_sha === sha
        ? true
        : commitsBetween(repository.git, base.sha, head.sha).includes(sha),
    );
  return page(call, pulls, (pull) => simplePullView(github, repository, pull));
}

function newBase(repository: Repository, ref: string): Pull["base"] {
  const sha = resolveCommit(repository.git, `refs/heads/${ref}`);
  if (sha === null) throw invalid(pullMistake("base", "invalid"));
  return { ref, sha };
}
