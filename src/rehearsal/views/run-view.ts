import { findRepository, type GitHub } from "../state/github.ts";
import type { Artifact, Run } from "../state/release-records.ts";
import type { Repository } from "../state/repository.ts";
import { simpleCommitView } from "./commit-view.ts";
import { minimalPullsView } from "./pull-view.ts";
import { apiUrl, minimalRepositoryView, webUrl } from "./repository-view.ts";
import { type Json, loginView } from "./user-view.ts";

export function runView(github: GitHub, repository: Repository, run: Run): Json {
  const url = `${apiUrl(github, repository)}/actions/runs/${run.id}`;
  const head = findRepository(github, run.head_repository);
  return {
    id: run.id,
    node_id: `WFR_${run.id}`,
    name: run.name,
    path: run.path,
    display_title: run.display_title,
    run_number: run.run_number,
    run_attempt: run.run_attempt,
    run_started_at: run.updated_at,
    event: run.event,
    status: run.status,
    conclusion: run.conclusion,
    head_branch: run.head_branch,
    head_sha: run.head_sha,
    workflow_id: workflowId(run.path),
    check_suite_id: run.id,
    check_suite_node_id: `CS_${run.id}`,
    url,
    html_url: `${webUrl(github, repository)}/actions/runs/${run.id}`,
    jobs_url: `${url}/jobs`,
    logs_url: `${url}/logs`,
    artifacts_url: `${url}/artifacts`,
    cancel_url: `${url}/cancel`,
    rerun_url: `${url}/rerun`,
    previous_attempt_url: null,
    check_suite_url: `${apiUrl(github, repository)}/check-suites/${run.id}`,
    workflow_url: `${apiUrl(github, repository)}/actions/workflows/${workflowId(run.path)}`,
    // Empty for a run from a fork: GitHub does not say which pull request that was.
    pull_requests: minimalPullsView(github, repository, run.head_sha),
    created_at: run.created_at,
    updated_at: run.updated_at,
    actor: loginView(github, run.actor),
    triggering_actor: loginView(github, run.triggering_actor),
    head_commit: head === undefined ? null : simpleCommitView(head, run.head_sha),
    repository: minimalRepositoryView(github, repository),
    head_repository: head === undefined ? null : minimalRepositoryView(github, head),
    referenced_workflows: [],
  };
}

/** What `on: workflow_run` is told. */
export function runEventPayload(github: GitHub, repository: Repository, run: Run): Json {
  const id = workflowId(run.path);
  const workflow = {
    id,
    node_id: `W_${id}`,
    name: run.name,
    path: run.path,
    state: "active",
    created_at: repository.facts.created_at,
    updated_at: repository.facts.created_at,
    url: `${apiUrl(github, repository)}/actions/workflows/${id}`,
    html_url: `${webUrl(github, repository)}/blob/${repository.facts.default_branch}/${run.path}`,
    badge_url: `${webUrl(github, repository)}/workflows/${encodeURIComponent(run.name)}/badge.svg`,
  };
  return { workflow_run: runView(github, repository, run), workflow };
}

export function artifactView(github: GitHub, repository: Repository, artifact: Artifact): Json {
  const run = repository.runs.get(artifact.run_id);
  const head = run === undefined ? undefined : findRepository(github, run.head_repository);
  const url = `${apiUrl(github, repository)}/actions/artifacts/${artifact.id}`;
  return {
    id: artifact.id,
    node_id: `MDg6QXJ0aWZhY3Q_${artifact.id}`,
    name: artifact.name,
    size_in_bytes: artifact.size_in_bytes,
    digest: artifact.digest,
    url,
    archive_download_url: `${url}/zip`,
    expired: isExpired(github, artifact),
    created_at: artifact.created_at,
    updated_at: artifact.created_at,
    expires_at: artifact.expires_at,
    workflow_run:
      run === undefined
        ? null
        : {
            id: run.id,
            repository_id: repository.facts.id,
            head_repository_id: head?.facts.id ?? repository.facts.id,
            head_branch: run.head_branch,
            head_sha: run.head_sha,
          },
  };
}

export function isExpired(github: GitHub, artifact: Artifact): boolean {
  return artifact.expires_at <= github.now();
}

/** A number that is the same for the same file. */
function workflowId(path: string): number {
  return [...path].reduce((hash, letter) => (hash * 31 + (letter.codePointAt(0) ?? 0)) % 2_000_000_011, 7);
}
