import * as z from "zod";
import type { Subject } from "../actions/report/publish.ts";
import type { Api } from "../github/api.ts";
import { findPullByHead } from "../github/pulls.ts";

// What a run's reports are about, from the event that GitHub handed to the job and from its API: never from an artifact.

type Environment = Readonly<Record<string, string | undefined>>;

const Repo = z.object({ id: z.int(), full_name: z.string() }).nullable();

const PullEvent = z.object({
  pull_request: z.object({
    number: z.int(),
    head: z.object({ sha: z.string(), repo: Repo }),
    base: z.object({ repo: Repo, ref: z.string() }),
  }),
});

const GroupEvent = z.object({ merge_group: z.object({ head_sha: z.string(), base_ref: z.string() }) });

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

export interface SubjectRequest {
  event: unknown;
  environment: Environment;
  /** ISO instant. */
  now: string;
}

/**
 * The pull request or merge group of a job. In a `workflow_run` job it is that of the run which ended, found by its head commit and
 * head repository.
 */
export async function findSubject(
  api: Api,
  { event, environment, now }: SubjectRequest,
): Promise<PublishSubject | NoSubject> {
  const finished = FinishedRun.safeParse(event);
  if (finished.success) return subjectOfRun(api, finished.data, now);
  const own = ownRun(environment);
  if (own === null) return { reason: "this is no workflow run on GitHub" };
  const group = GroupEvent.safeParse(event);
  if (group.success) {
    const { head_sha: headSha, base_ref: ref } = group.data.merge_group;
    const subject: Subject = { ...own, pullNumber: null, event: "merge_group", headSha, now };
    return { subject, baseBranch: ref.replace(/^refs\/heads\//, "") };
  }
  const pull = PullEvent.safeParse(event);
  if (!pull.success) return { reason: "the run is for no pull request and no merge group" };
  const { number, head, base } = pull.data.pull_request;
  const isFork = head.repo?.id !== base.repo?.id;
  if (isFork && environment.GITHUB_EVENT_NAME === "pull_request")
    return { reason: "a run for a fork has a read-only token: publish in a workflow_run job of the default branch" };
  const subject: Subject = { ...own, pullNumber: number, event: "pull_request", headSha: head.sha, now };
  return { subject, baseBranch: base.ref };
}

async function subjectOfRun(
  api: Api,
  { workflow_run: run, repository }: z.infer<typeof FinishedRun>,
  now: string,
): Promise<PublishSubject | NoSubject> {
  const facts = {
    headSha: run.head_sha,
    run: { number: run.id, attempt: run.run_attempt },
    runUrl: run.html_url,
    now,
  };
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

/** The run that this job belongs to. */
function ownRun(environment: Environment): Pick<Subject, "run" | "runUrl"> | null {
  const { GITHUB_RUN_ID: id, GITHUB_RUN_ATTEMPT: attempt = "1" } = environment;
  if (id === undefined) return null;
  const runUrl = `${webUrl(environment)}/actions/runs/${id}`;
  return { run: { number: Number(id), attempt: Number(attempt) }, runUrl };
}

/** The repository's page. */
export function webUrl({
  GITHUB_SERVER_URL: server = "https://github.com",
  GITHUB_REPOSITORY: name,
}: Environment): string {
  return `${server}/${name ?? ""}`;
}
