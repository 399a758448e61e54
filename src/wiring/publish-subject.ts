import * as z from "zod";
import type { Subject } from "../actions/report/publish.ts";
import type { Api } from "../github/api.ts";
import { findPullByHead } from "../github/pulls.ts";

// What a run's reports are about, from the event that GitHub handed to the job and from its API: never from an artifact.

type Environment = Readonly<Record<string, string | undefined>>;

const FinishedRun = z.object({
  workflow_run: z.object({
    id: z.int(),
    run_attempt: z.int(),
    event: z.string(),
    head_sha: z.string(),
    head_branch: z.string().nullable(),
    head_repository: z.object({ full_name: z.string() }).nullable(),
    html_url: z.string(),
  }),
  repository: z.object({ default_branch: z.string() }),
});

export interface PublishSubject {
  subject: Subject;
  /** Branch whose rules hold. */
  baseBranch: string;
}

/** Why there is nothing to publish, in one sentence. */
export interface NoSubject {
  reason: string;
}

/**
 * The pull request or merge group of a `workflow_run` job: that of the run which ended, found by its head commit and head
 * repository. Another event's job runs what a branch says, so that its reports are nobody's to publish (decision 10).
 */
export async function findSubject(api: Api, event: unknown): Promise<PublishSubject | NoSubject> {
  const finished = FinishedRun.safeParse(event);
  if (!finished.success) return { reason: "publish in a workflow_run job, as the template ml-report.yml does" };
  const { workflow_run: run, repository } = finished.data;
  const facts = { headSha: run.head_sha, run: { number: run.id, attempt: run.run_attempt }, runUrl: run.html_url };
  if (run.event === "merge_group") {
    const subject: Subject = { ...facts, pullNumber: null, event: "merge_group" };
    return { subject, baseBranch: repository.default_branch };
  }
  if (!run.event.startsWith("pull_request")) return { reason: "the run was for no pull request and no merge group" };
  const { head_repository: from, head_branch: branch } = run;
  const head = from === null || branch === null ? null : { sha: run.head_sha, repository: from.full_name, branch };
  const pull = head === null ? null : await findPullByHead(api, head);
  const subject: Subject = { ...facts, pullNumber: pull?.number ?? null, event: "pull_request" };
  return { subject, baseBranch: pull?.baseBranch ?? repository.default_branch };
}

/** The repository's page. */
export function webUrl({
  GITHUB_SERVER_URL: server = "https://github.com",
  GITHUB_REPOSITORY: name,
}: Environment): string {
  return `${server}/${name ?? ""}`;
}
