import { requestRun, startRun } from "../administration/runs.ts";
import { type GitHub, userOf } from "../state/github.ts";
import type { Event, Run } from "../state/release-records.ts";
import type { Repository } from "../state/repository.ts";
import { atLeast, roleOf } from "../state/roles.ts";
import { isTooDeep } from "./chain.ts";
import { type EventSubject, skipsRuns, subjectOf } from "./event-subject.ts";
import { WorkflowMistake } from "./mistake.ts";
import type { News } from "./news.ts";
import { answers, workflowsAt } from "./triggered.ts";
import type { Workflow } from "./workflow-file.ts";

interface Choice {
  /** Which workflow files are run at all. */
  runs: (path: string) => boolean;
  tell: (news: News) => void;
}

/** Makes the runs that answer an event: queued, or waiting for somebody who lets them start. */
export function makeRuns(github: GitHub, repository: Repository, event: Event, { runs, tell }: Choice): void {
  if (event.starts_runs === "no" || isTooDeep(repository, event)) return;
  const subject = subjectOf(repository, event);
  if (subject === null || skipsRuns(repository, event.name, subject)) return;
  for (const { path, workflow } of workflowsAt(repository, subject.sha).filter(({ path }) => runs(path))) {
    if (workflow instanceof WorkflowMistake) tell({ kind: "file-refused", path, message: workflow.message });
    else if (answers(workflow, event, subject)) makeRun(github, repository, { event, subject, workflow }, tell);
  }
}

interface Cause {
  event: Event;
  subject: EventSubject;
  workflow: Workflow;
}

function makeRun(
  github: GitHub,
  repository: Repository,
  { event, subject, workflow }: Cause,
  tell: (news: News) => void,
): Run {
  const waits = event.starts_runs === "after_approval" || isFirstTime(github, repository, event, subject);
  const run = startRun(github, repository, {
    path: workflow.path,
    name: workflow.name ?? workflow.path,
    event: event.name,
    head_sha: subject.head_sha,
    head_branch: subject.head_branch,
    head_repository: subject.head_repository,
    actor: event.sender,
    display_title: subject.title,
    status: waits ? "action_required" : "queued",
    execution: { event_id: event.id, ref: subject.ref, sha: subject.sha },
  });
  if (waits) tell({ kind: "run-waits", repository, run });
  else requestRun(github, repository, run, { kind: "person", user: userOf(github, event.sender) });
  return run;
}

/** A pull request from a fork by somebody of whom nothing was ever merged waits, as GitHub has it unless it is told otherwise. */
function isFirstTime(github: GitHub, repository: Repository, { sender }: Event, { isFork }: EventSubject): boolean {
  if (!isFork || atLeast(roleOf(github, repository, userOf(github, sender)), "write")) return false;
  const merged = repository.pulls.all().filter(({ merged_at }) => merged_at !== null);
  return !merged.some(({ number }) => repository.issues.get(number)?.user === sender);
}
