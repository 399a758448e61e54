import * as z from "zod";
import type { Api } from "../github/api.ts";
import { findPullByHead, type Pull } from "../github/pulls.ts";
import { readEvent } from "../kit/git.ts";
import { UserError } from "../kit/user-error.ts";

// What a `workflow_run` job is about: the run that ended, as GitHub's event names it, and the pull request, as GitHub's API knows it.
// Nothing that the run left is asked.

type Environment = Readonly<Record<string, string | undefined>>;

const Repo = z.object({ id: z.int(), full_name: z.string() });

const FinishedRunEvent = z.object({
  workflow_run: z.object({
    id: z.int(),
    run_attempt: z.int(),
    event: z.string(),
    head_sha: z.string().regex(/^([0-9a-f]{40}|[0-9a-f]{64})$/),
    head_branch: z.string().nullable(),
    head_repository: Repo.nullable(),
    html_url: z.string(),
  }),
  repository: z.object({ id: z.int(), default_branch: z.string() }),
});

export interface FinishedRun {
  id: number;
  attempt: number;
  /** Name of its event. */
  event: string;
  headSha: string;
  /** Branch of the pull request, or of the merge queue. */
  headBranch: string | null;
  /** As owner/name; null when the fork was deleted. */
  headRepository: string | null;
  isFromFork: boolean;
  defaultBranch: string;
  url: string;
}

/** The run whose end started this job; null where this is no `workflow_run` job. */
export async function finishedRun(environment: Environment): Promise<FinishedRun | null> {
  if (environment.GITHUB_EVENT_NAME !== "workflow_run") return null;
  const event = FinishedRunEvent.safeParse(await readEvent(environment.GITHUB_EVENT_PATH));
  if (!event.success) throw unknownEvent(z.prettifyError(event.error));
  const { workflow_run: run, repository } = event.data;
  return {
    id: run.id,
    attempt: run.run_attempt,
    event: run.event,
    headSha: run.head_sha,
    headBranch: run.head_branch,
    headRepository: run.head_repository?.full_name ?? null,
    isFromFork: run.head_repository?.id !== repository.id,
    defaultBranch: repository.default_branch,
    url: run.html_url,
  };
}

/** What a run was for. */
export type RunPurpose =
  | { kind: "pull-request"; pull: Pull }
  | { kind: "merge-group" }
  /** Why there is nothing to do, in one sentence. */
  | { kind: "nothing"; why: string };

/**
 * The merge group, or the open pull request into the default branch whose head is the run's: the default branch's rules judge, so that
 * a pull request into another branch is not its business, and of one head branch there is at most one pull request into it.
 */
export async function purposeOf(api: Api, run: FinishedRun): Promise<RunPurpose> {
  if (run.event === "merge_group") return { kind: "merge-group" };
  if (run.event !== "pull_request")
    return { kind: "nothing", why: `the run was started by ${run.event}, not by a pull request or a merge queue` };
  const { headSha: sha, headRepository: repository, headBranch: branch, defaultBranch: base } = run;
  const isKnown = repository !== null && branch !== null;
  const pull = isKnown ? await findPullByHead(api, { sha, repository, branch, base }) : null;
  if (pull !== null) return { kind: "pull-request", pull };
  return { kind: "nothing", why: `no open pull request into ${base} has the commit ${sha} as its head any more` };
}

function unknownEvent(why: string): UserError {
  return new UserError({
    code: "input_invalid",
    message: `the event file does not describe the workflow run that ended: ${why}`,
    where: "GITHUB_EVENT_PATH",
    fix: "start the workflow on workflow_run, types: [completed], as the template ml-report.yml does",
  });
}
