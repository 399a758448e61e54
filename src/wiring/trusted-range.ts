import { findCommit, mergeBase, requireCommit } from "../git/commits.ts";
import { fetchCommit } from "../git/fetch-commit.ts";
import type { Api } from "../github/api.ts";
import { type FinishedRun, purposeOf } from "./finished-run.ts";
import { webUrl } from "./github-api.ts";
import type { CommitRange } from "./plan-range.ts";

export interface TrustedRequest {
  run: FinishedRun;
  api: Api;
  token: string;
  environment: Readonly<Record<string, string | undefined>>;
}

/**
 * What a `workflow_run` job plans: from the default branch's commit, which the job has checked out and whose rules hold, to the
 * head of the pull request or merge group, which is fetched as objects and never checked out. A sentence: why there is nothing.
 */
export async function trustedRange(
  root: string,
  { run, api, token, environment }: TrustedRequest,
): Promise<CommitRange | string> {
  const purpose = await purposeOf(api, run);
  if (purpose.kind === "nothing") return purpose.why;
  const base = await requireCommit(root, environment.GITHUB_SHA ?? "HEAD");
  await fetchCommit(root, { address: webUrl(environment), sha: run.headSha, token });
  const head = await requireCommit(root, run.headSha);
  const group = purpose.kind === "merge-group" ? await groupBase(root, run, head) : null;
  const from = group ?? (await mergeBase(root, base, head));
  return { base, from, head, everything: null, isFork: run.isFromFork };
}

/**
 * The commit that a merge group is built on, which GitHub writes into the name of its branch. With another form of name it is
 * where the group left the default branch: then the changes that wait before it in the queue count as well.
 */
async function groupBase(root: string, { headBranch }: FinishedRun, head: string): Promise<string | null> {
  const named = /^gh-readonly-queue\/.+-([0-9a-f]{40})$/.exec(headBranch ?? "")?.[1];
  const base = named === undefined ? null : await findCommit(root, named);
  return base === null || base === head ? null : mergeBase(root, base, head);
}
