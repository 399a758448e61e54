import * as z from "zod";
import { AccountOrGhost } from "./account.ts";
import type { Api } from "./api.ts";
import { createOnce } from "./create-once.ts";
import { orNull } from "./missing.ts";

const Side = z.object({
  sha: z.string(),
  ref: z.string(),
  /** Null when the fork was deleted. */
  repo: z.object({ id: z.int(), full_name: z.string() }).nullable(),
});

const PullAnswer = z
  .object({
    number: z.int(),
    state: z.enum(["open", "closed"]),
    title: z.string(),
    body: z.string().nullable(),
    draft: z.boolean().default(false),
    merged_at: z.string().nullable(),
    merge_commit_sha: z.string().nullable(),
    user: AccountOrGhost,
    head: Side,
    base: Side,
    html_url: z.string(),
  })
  .transform((answer) => ({
    number: answer.number,
    state: answer.state,
    title: answer.title,
    body: answer.body ?? "",
    isDraft: answer.draft,
    mergedAt: answer.merged_at,
    mergeCommitSha: answer.merge_commit_sha,
    author: answer.user,
    headSha: answer.head.sha,
    headBranch: answer.head.ref,
    /** As owner/name; null when the fork was deleted. */
    headRepository: answer.head.repo?.full_name ?? null,
    isFromFork: answer.head.repo?.id !== answer.base.repo?.id,
    baseSha: answer.base.sha,
    baseBranch: answer.base.ref,
    url: answer.html_url,
  }));

export type Pull = z.infer<typeof PullAnswer>;

/** A pull request as it is now; null when there is none. */
export async function getPull(api: Api, number: number): Promise<Pull | null> {
  const answer = await orNull(api.read("GET /repos/{owner}/{repo}/pulls/{pull_number}", { pull_number: number }));
  return answer === null ? null : PullAnswer.parse(answer);
}

/**
 * The open pull request into `base` whose head is this commit of this repository, which for a fork GitHub's own list by commit
 * does not give; null when there is none any more. GitHub has at most one open pull request from one branch into another.
 */
export async function findPullByHead(
  api: Api,
  head: { sha: string; repository: string; branch: string; base: string },
): Promise<Pull | null> {
  const [owner] = head.repository.split("/", 1);
  const filter = { state: "open", head: `${owner}:${head.branch}`, base: head.base };
  const answers = await api.list("GET /repos/{owner}/{repo}/pulls", filter);
  const pulls = answers.map((answer) => PullAnswer.parse(answer));
  const found = pulls.find(
    // One owner may have several forks, two branches may be at one commit, and a server that does not know the filter gives them all.
    ({ headSha, headRepository, headBranch, baseBranch }) =>
      headSha === head.sha &&
      headRepository === head.repository &&
      headBranch === head.branch &&
      baseBranch === head.base,
  );
  return found ?? null;
}

/** Numbers of the open pull requests into `base` whose head is this commit, of whatever repository, the oldest first. */
export async function listOpenPullsAt(api: Api, { sha, base }: { sha: string; base: string }): Promise<number[]> {
  // By commit GitHub lists none of forks.
  const answers = await api.list("GET /repos/{owner}/{repo}/pulls", { state: "open", base });
  return answers
    .map((answer) => PullAnswer.parse(answer))
    .filter(({ headSha, baseBranch }) => headSha === sha && baseBranch === base)
    .map(({ number }) => number)
    .sort((one, other) => one - other);
}

/** Pull requests that brought a commit to the repository, merged ones first. */
export async function listPullsOfCommit(api: Api, sha: string): Promise<Pull[]> {
  const answers = await api.list("GET /repos/{owner}/{repo}/commits/{commit_sha}/pulls", { commit_sha: sha });
  const pulls = answers.map((answer) => PullAnswer.parse(answer));
  return pulls.sort(
    (one, other) => Number(other.mergedAt !== null) - Number(one.mergedAt !== null) || one.number - other.number,
  );
}

const ChangedFile = z
  .object({ filename: z.string(), status: z.string(), previous_filename: z.string().optional() })
  .transform((answer) => ({
    path: answer.filename,
    status: answer.status,
    previousPath: answer.previous_filename ?? null,
  }));
type ChangedFile = z.infer<typeof ChangedFile>;

/** GitHub lists no more files of one pull request. */
const mostChangedFiles = 3_000;

/** Files that a pull request changes; `isWhole` is false when there may be more than GitHub lists. */
export async function listChangedFiles(api: Api, number: number): Promise<{ files: ChangedFile[]; isWhole: boolean }> {
  const answers = await api.list("GET /repos/{owner}/{repo}/pulls/{pull_number}/files", { pull_number: number });
  return { files: answers.map((answer) => ChangedFile.parse(answer)), isWhole: answers.length < mostChangedFiles };
}

const ReviewAnswer = z
  .object({
    id: z.int(),
    user: AccountOrGhost,
    body: z.string(),
    state: z.string(),
    /** Not there while a review is pending. */
    submitted_at: z.string().optional(),
    /** Null when the commit is gone. */
    commit_id: z.string().nullable(),
  })
  .transform(({ id, user, body, state, submitted_at, commit_id }) => {
    return { id, author: user, body, state, submittedAt: submitted_at ?? null, commitId: commit_id };
  });

/** Reviews that were submitted, oldest first. */
export async function listReviews(api: Api, number: number) {
  const answers = await api.list("GET /repos/{owner}/{repo}/pulls/{pull_number}/reviews", { pull_number: number });
  return answers.flatMap((answer) => {
    const { submittedAt, commitId, ...review } = ReviewAnswer.parse(answer);
    return submittedAt === null || commitId === null ? [] : [{ ...review, submittedAt, commitId }];
  });
}

export interface PullProposal {
  /** Branch of the same repository; one open pull request a branch. */
  branch: string;
  base: string;
  title: string;
  body: string;
}

/** Opens the pull request of a branch, or brings title and body of the open one up to date. */
export async function upsertPull(api: Api, { branch, base, title, body }: PullProposal): Promise<Pull> {
  const opened = await createOnce(api, {
    find: () => openPullOf(api, branch, base),
    create: async () => {
      return PullAnswer.parse(await api.write("POST /repos/{owner}/{repo}/pulls", { head: branch, base, title, body }));
    },
  });
  if (opened.title === title && opened.body === body) return opened;
  const route = "PATCH /repos/{owner}/{repo}/pulls/{pull_number}";
  return PullAnswer.parse(await api.write(route, { pull_number: opened.number, title, body }));
}

async function openPullOf(api: Api, branch: string, base: string): Promise<Pull | null> {
  const filter = { state: "open", head: `${api.repository.owner}:${branch}`, base };
  const answers = await api.list("GET /repos/{owner}/{repo}/pulls", filter);
  const pulls = answers.map((answer) => PullAnswer.parse(answer));
  return pulls.find(({ headBranch, isFromFork }) => headBranch === branch && !isFromFork) ?? null;
}
