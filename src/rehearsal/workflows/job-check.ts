import { emit } from "../events/emit.ts";
import { actionsApp } from "../state/accounts.ts";
import { botLogin, type GitHub, userOf } from "../state/github.ts";
import type { Annotation, CheckRun } from "../state/records.ts";
import type { Job, Run } from "../state/release-records.ts";
import { fullName, type Repository } from "../state/repository.ts";
import { checkRunEventView } from "../views/check-view.ts";
import { webUrl } from "../views/repository-view.ts";

/** Each job is a check run of GitHub's own App on the run's head commit, under the job's name, whatever that is. */
export function createJobCheck(github: GitHub, repository: Repository, run: Run, name: string): CheckRun {
  const id = github.newId();
  const check = repository.checkRuns.put({
    id,
    name,
    head_sha: run.head_sha,
    external_id: null,
    details_url: `${webUrl(github, repository)}/actions/runs/${run.id}/job/${id}`,
    status: "in_progress",
    conclusion: null,
    started_at: github.now(),
    completed_at: null,
    title: null,
    summary: null,
    text: null,
    annotations: [],
    actions: [],
    app: actionsApp,
    check_suite_id: run.id,
  });
  tell(github, repository, run, "created", check);
  return check;
}

const mostAnnotations = 50;

export function completeJobCheck(
  github: GitHub,
  repository: Repository,
  run: Run,
  { check_run_id, conclusion }: Job,
  annotations: CheckRun["annotations"],
): void {
  const check = repository.checkRuns.get(check_run_id);
  if (check === undefined) throw new Error(`the check run ${check_run_id} of a job is gone`);
  const done = repository.checkRuns.put({
    ...check,
    status: "completed",
    conclusion,
    completed_at: github.now(),
    annotations: annotations.slice(0, mostAnnotations),
  });
  tell(github, repository, run, "completed", done);
}

/** What the runner says of a job that it could not run. */
export function failureAnnotation(message: string): Annotation {
  return {
    path: ".github",
    start_line: 1,
    end_line: 1,
    start_column: null,
    end_column: null,
    annotation_level: "failure",
    title: null,
    message,
    raw_details: null,
  };
}

function tell(github: GitHub, repository: Repository, run: Run, action: string, check: CheckRun): void {
  const actor = {
    kind: "installation" as const,
    user: userOf(github, botLogin(actionsApp.slug)),
    app: actionsApp,
    repository: fullName(repository.facts),
    permissions: {},
    run_id: run.id,
  };
  emit(github, repository, {
    name: "check_run",
    action,
    actor,
    payload: { check_run: checkRunEventView(github, repository, check) },
  });
}
