import { changedFiles, commitsBetween, countBetween } from "../git/compare.ts";
import { bringCommit, mergeBase } from "../git/merge.ts";
import { resolveCommit } from "../git/resolve.ts";
import { notFound } from "../server/api-error.ts";
import { isVisible } from "../server/authorise.ts";
import { type Endpoint, ok, type RepositoryCall, reads } from "../server/endpoint.ts";
import { pageOf } from "../server/paginate.ts";
import { textParam } from "../server/read-call.ts";
import { fullName } from "../state/repository.ts";
import { commitView, detailedCommitView, fileView } from "../views/commit-view.ts";
import { apiUrl, webUrl } from "../views/repository-view.ts";
import { findCommit } from "./find.ts";

export const historyEndpoints: readonly Endpoint[] = [
  reads("/repos/{owner}/{repo}/commits/{ref}", ["contents"], readOneCommit),
  reads("/repos/{owner}/{repo}/compare/{basehead}", ["contents"], compare),
];

const mostFiles = 300;
const firstPage = 250;

function readOneCommit(call: RepositoryCall) {
  const sha = findCommit(call, textParam(call, "ref"));
  if (/application\/vnd\.github(\.v3)?\.sha/.test(call.accept))
    return {
      status: 200,
      headers: { "content-type": "application/vnd.github.sha; charset=utf-8" },
      body: Buffer.from(sha),
    };
  return ok(detailedCommitView(call.github, call.repository, sha));
}

/** `base...head`, each a branch, tag, SHA or `owner:branch` of a fork. */
function compare(call: RepositoryCall) {
  const { github, repository, query } = call;
  const named = textParam(call, "basehead").split("...");
  const [base, head] = named.map((name) => findAnywhere(call, name));
  if (named.length !== 2 || base === undefined || head === undefined) throw notFound();
  const merge = mergeBase(repository.git, base, head);
  if (merge === null) throw notFound();
  const { ahead, behind } = countBetween(repository.git, base, head);
  const all = commitsBetween(repository.git, base, head);
  const paged = query.has("page") || query.has("per_page");
  const { rows, headers } = paged ? pageOf(call, all) : { rows: all.slice(0, firstPage), headers: {} };
  const path = `compare/${textParam(call, "basehead")}`;
  const html = `${webUrl(github, repository)}/${path}`;
  const view = (sha: string) => commitView(github, repository, sha);
  return {
    ...ok({
      url: `${apiUrl(github, repository)}/${path}`,
      html_url: html,
      permalink_url: html,
      diff_url: `${html}.diff`,
      patch_url: `${html}.patch`,
      base_commit: view(base),
      merge_base_commit: view(merge),
      status: statusOf(ahead, behind),
      ahead_by: ahead,
      behind_by: behind,
      total_commits: ahead,
      commits: rows.map(view),
      // Files stand on the first page only.
      files:
        (query.get("page") ?? "1") === "1"
          ? changedFiles(repository.git, merge, head)
              .slice(0, mostFiles)
              .map((file) => fileView(github, repository, head, file))
          : [],
    }),
    headers,
  };
}

function statusOf(ahead: number, behind: number): string {
  if (ahead === 0 && behind === 0) return "identical";
  if (ahead > 0 && behind > 0) return "diverged";
  return ahead > 0 ? "ahead" : "behind";
}

/** A commit of a fork is brought here first: GitHub keeps the objects of all forks in one place. */
function findAnywhere(call: RepositoryCall, name: string): string | undefined {
  const { github, repository, actor } = call;
  const [owner = "", branch] = name.split(":");
  if (branch === undefined || owner.toLowerCase() === repository.facts.owner.toLowerCase())
    return resolveCommit(repository.git, branch ?? name) ?? undefined;
  const root = repository.facts.fork_of ?? fullName(repository.facts);
  const fork = [...github.repositories.values()].find(
    ({ facts }) =>
      facts.owner.toLowerCase() === owner.toLowerCase() && (facts.fork_of === root || fullName(facts) === root),
  );
  if (fork === undefined || !isVisible(github, actor, fork)) return undefined;
  const sha = resolveCommit(fork.git, branch);
  if (sha === null) return undefined;
  bringCommit(fork.git, repository.git, sha);
  return sha;
}
