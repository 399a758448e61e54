import type { GitHub } from "../state/github.ts";
import type { Annotation, CheckRun, CommitStatus } from "../state/records.ts";
import type { Repository } from "../state/repository.ts";
import { minimalPullsView } from "./pull-view.ts";
import { apiUrl, minimalRepositoryView, webUrl } from "./repository-view.ts";
import { appView, type Json, loginView } from "./user-view.ts";

export function checkRunView(github: GitHub, repository: Repository, run: CheckRun): Json {
  const url = `${apiUrl(github, repository)}/check-runs/${run.id}`;
  const html = `${webUrl(github, repository)}/runs/${run.id}`;
  return {
    id: run.id,
    name: run.name,
    node_id: `CR_${run.id}`,
    head_sha: run.head_sha,
    external_id: run.external_id ?? "",
    url,
    html_url: html,
    details_url: run.details_url ?? html,
    status: run.status,
    conclusion: run.conclusion,
    started_at: run.started_at,
    completed_at: run.completed_at,
    output: {
      title: run.title,
      summary: run.summary,
      text: run.text,
      annotations_count: run.annotations.length,
      annotations_url: `${url}/annotations`,
    },
    check_suite: { id: run.check_suite_id },
    app: appView(github, run.app),
    pull_requests: minimalPullsView(github, repository, run.head_sha),
  };
}

/** What an event says of a check run, which is more of its suite. */
export function checkRunEventView(github: GitHub, repository: Repository, run: CheckRun): Json {
  const view = checkRunView(github, repository, run);
  const { app, pull_requests } = view;
  const made = run.started_at ?? github.now();
  const suite = {
    id: run.check_suite_id,
    node_id: `CS_${run.check_suite_id}`,
    url: `${apiUrl(github, repository)}/check-suites/${run.check_suite_id}`,
    head_branch: null,
    head_sha: run.head_sha,
    status: run.status,
    // A suite is never skipped.
    conclusion: run.conclusion === "skipped" ? "neutral" : run.conclusion,
    before: null,
    after: run.head_sha,
    app,
    pull_requests,
    created_at: made,
    updated_at: run.completed_at ?? made,
  };
  return { ...view, check_suite: suite };
}

export function annotationView(github: GitHub, repository: Repository, run: CheckRun, annotation: Annotation): Json {
  const path = annotation.path.split("/").map(encodeURIComponent).join("/");
  return { ...annotation, blob_href: `${webUrl(github, repository)}/blob/${run.head_sha}/${path}` };
}

export function statusView(github: GitHub, repository: Repository, status: CommitStatus): Json {
  return { ...simpleStatusView(github, repository, status), creator: loginView(github, status.creator) };
}

function simpleStatusView(github: GitHub, repository: Repository, status: CommitStatus): Json {
  return {
    url: `${apiUrl(github, repository)}/statuses/${status.sha}`,
    avatar_url: loginView(github, status.creator).avatar_url,
    id: status.id,
    node_id: `SC_${status.id}`,
    state: status.state,
    description: status.description,
    target_url: status.target_url,
    context: status.context,
    created_at: status.created_at,
    updated_at: status.created_at,
  };
}

/** Of each context the newest. One that failed fails all; none at all is pending. */
export function combinedStatus(repository: Repository, sha: string): { state: string; statuses: CommitStatus[] } {
  const newestFirst = repository.statuses
    .all()
    .filter((status) => status.sha === sha)
    .reverse();
  const statuses = newestFirst.filter(
    (status) => newestFirst.find(({ context }) => context === status.context) === status,
  );
  const failed = statuses.some(({ state }) => state === "error" || state === "failure");
  const good = statuses.length > 0 && statuses.every(({ state }) => state === "success");
  return { state: failed ? "failure" : good ? "success" : "pending", statuses };
}

export function combinedStatusView(github: GitHub, repository: Repository, sha: string): Json {
  const { state, statuses } = combinedStatus(repository, sha);
  const commit = `${apiUrl(github, repository)}/commits/${sha}`;
  return {
    state,
    statuses: statuses.map((status) => simpleStatusView(github, repository, status)),
    sha,
    total_count: statuses.length,
    repository: minimalRepositoryView(github, repository),
    commit_url: commit,
    url: `${commit}/status`,
  };
}
