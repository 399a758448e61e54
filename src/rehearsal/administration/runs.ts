import { emit } from "../events/emit.ts";
import type { KnownActor } from "../state/accounts.ts";
import { type GitHub, userOf } from "../state/github.ts";
import { digestOf, writePayload } from "../state/payload.ts";
import type { Artifact, Run } from "../state/release-records.ts";
import { fullName, type Repository } from "../state/repository.ts";
import { runEventPayload } from "../views/run-view.ts";

// What GitHub's own machinery does: runs of workflows, and what they leave.

export interface NewRun {
  path: string;
  event: string;
  head_sha: string;
  /** The default branch if left out. */
  head_branch?: string;
  /** A fork's full name; the repository itself if left out. */
  head_repository?: string;
  actor: string;
  /** The workflow's; its path if left out, as GitHub has it too. */
  name?: string;
  display_title?: string;
  status?: Run["status"];
  execution?: Run["execution"];
}

export function startRun(github: GitHub, repository: Repository, wanted: NewRun): Run {
  const now = github.now();
  const earlier = repository.runs.all().filter(({ path }) => path === wanted.path).length;
  return repository.runs.put({
    id: github.newId(),
    name: wanted.name ?? wanted.path,
    path: wanted.path,
    run_number: earlier + 1,
    run_attempt: 1,
    event: wanted.event,
    status: wanted.status ?? "in_progress",
    conclusion: null,
    head_branch: wanted.head_branch ?? repository.facts.default_branch,
    head_sha: wanted.head_sha,
    head_repository: wanted.head_repository ?? fullName(repository.facts),
    actor: wanted.actor,
    triggering_actor: wanted.actor,
    display_title: wanted.display_title ?? wanted.path,
    created_at: now,
    updated_at: now,
    execution: wanted.execution ?? null,
  });
}

/** Tells the runner, and those who wait with `on: workflow_run`, of a run that is queued: a new one or a new attempt. */
export function requestRun(github: GitHub, repository: Repository, run: Run, actor: KnownActor): void {
  const payload = runEventPayload(github, repository, run);
  emit(github, repository, { name: "workflow_run", action: "requested", actor, payload });
}

/** Lets a run start that waits for it (`action_required`); somebody with write access does so on the pull request's page. */
export function approveRun(github: GitHub, repository: Repository, run: Run, actor: KnownActor): Run {
  if (run.status !== "action_required") throw new Error(`run ${run.id} does not wait to be approved`);
  const queued = repository.runs.put({ ...run, status: "queued", updated_at: github.now() });
  requestRun(github, repository, queued, actor);
  return queued;
}

/** Ends a run and says so to those who wait for it with `on: workflow_run`. */
export function finishRun(
  github: GitHub,
  repository: Repository,
  run: Run,
  conclusion: NonNullable<Run["conclusion"]>,
): Run {
  const done = repository.runs.put({ ...run, status: "completed", conclusion, updated_at: github.now() });
  const actor: KnownActor = { kind: "person", user: userOf(github, run.triggering_actor) };
  const payload = runEventPayload(github, repository, done);
  emit(github, repository, { name: "workflow_run", action: "completed", actor, payload });
  return done;
}

export interface NewArtifact {
  run: Run;
  name: string;
  bytes: Uint8Array;
  content_type?: string;
  /** ISO 8601; 90 days from now if left out. */
  expires_at?: string;
}

export function saveArtifact(github: GitHub, repository: Repository, wanted: NewArtifact): Artifact {
  const { run, name, bytes } = wanted;
  const id = github.newId();
  writePayload({ repository, kind: "artifacts", id }, bytes);
  return repository.artifacts.put({
    id,
    run_id: run.id,
    run_attempt: run.run_attempt,
    name,
    size_in_bytes: bytes.length,
    digest: digestOf(bytes),
    content_type: wanted.content_type ?? "application/zip",
    created_at: github.now(),
    expires_at: wanted.expires_at ?? afterDays(github.now(), 90),
  });
}

function afterDays(from: string, days: number): string {
  return `${new Date(Date.parse(from) + days * 86_400_000).toISOString().slice(0, 19)}Z`;
}
