import { userOf } from "../state/github.ts";
import type { Event, Run } from "../state/release-records.ts";
import { fullName, type Repository } from "../state/repository.ts";
import { type EventSubject, shortName, subjectOf } from "./event-subject.ts";
import type { Value, Values } from "./expression.ts";
import type { RunnerFacts } from "./job-state.ts";
import type { Workflow } from "./workflow-file.ts";

/** A run with all that it was started by. */
export interface RunSource {
  repository: Repository;
  run: Run;
  event: Event;
  subject: EventSubject;
  workflow: Workflow;
}

/** The subject of the event as it was when the run was made: a later attempt runs the same commit. */
export function subjectOfRun(repository: Repository, run: Run): { event: Event; subject: EventSubject } | null {
  const event = run.execution === null ? undefined : repository.events.get(run.execution.event_id);
  const subject = event === undefined ? null : subjectOf(repository, event);
  if (run.execution === null || event === undefined || subject === null) return null;
  const { ref, sha } = run.execution;
  return { event, subject: { ...subject, ref, sha } };
}

/** `github` without what belongs to one job. */
export function githubContext(
  { github }: RunnerFacts,
  { repository, run, event, subject, workflow }: RunSource,
): Values {
  const name = fullName(repository.facts);
  const { links } = github;
  return {
    actor: run.actor,
    actor_id: String(userOf(github, run.actor).id),
    api_url: links.api,
    base_ref: subject.base_ref,
    event: jsonOf(event.payload),
    event_name: event.name,
    graphql_url: `${links.origin}/api/graphql`,
    head_ref: subject.head_ref,
    ref: subject.ref,
    ref_name: shortName(subject.ref),
    ref_protected: (repository.facts.branch_rules[shortName(subject.ref)]?.length ?? 0) > 0,
    ref_type: subject.ref.startsWith("refs/tags/") ? "tag" : "branch",
    repository: name,
    repository_id: String(repository.facts.id),
    repository_owner: repository.facts.owner,
    repository_owner_id: String(github.users.get(repository.facts.owner)?.id ?? ""),
    retention_days: "90",
    run_attempt: String(run.run_attempt),
    run_id: String(run.id),
    run_number: String(run.run_number),
    server_url: links.web,
    sha: subject.sha,
    triggering_actor: run.triggering_actor,
    workflow: run.name,
    workflow_ref: `${name}/${workflow.path}@${subject.ref}`,
    workflow_sha: subject.sha,
  };
}

export function inputsOf({ name, payload }: Event): Values {
  const { inputs } = payload;
  if (name !== "workflow_dispatch" || inputs === null || typeof inputs !== "object") return {};
  return Object.fromEntries(Object.entries(inputs).map(([key, value]) => [key, jsonOf(value)]));
}

function jsonOf(value: unknown): Value {
  return JSON.parse(JSON.stringify(value ?? null));
}
