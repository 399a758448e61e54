import type { Event } from "../state/release-records.ts";
import type { Repository } from "../state/repository.ts";

const deepest = 3;

/** Whether an event ends a chain of workflows that start each other by `workflow_run`: GitHub starts three after the first. */
export function isTooDeep(repository: Repository, event: Event): boolean {
  let depth = 0;
  for (let run = runOfEvent(repository, event); run !== undefined; depth++) {
    const cause = run.execution === null ? undefined : repository.events.get(run.execution.event_id);
    run = cause === undefined ? undefined : runOfEvent(repository, cause);
  }
  return depth > deepest;
}

/** The run that an event of `workflow_run` tells of. */
export function runOfEvent(repository: Repository, { name, payload }: Event) {
  const about = payload.workflow_run;
  if (name !== "workflow_run" || about === null || typeof about !== "object" || !("id" in about)) return undefined;
  return typeof about.id === "number" ? repository.runs.get(about.id) : undefined;
}
