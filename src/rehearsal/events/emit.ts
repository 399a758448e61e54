import { randomUUID } from "node:crypto";
import { actionsApp, type KnownActor } from "../state/accounts.ts";
import type { GitHub } from "../state/github.ts";
import type { Event } from "../state/release-records.ts";
import type { Repository } from "../state/repository.ts";
import { repositoryView } from "../views/repository-view.ts";
import { type Json, userView } from "../views/user-view.ts";

export interface Happening {
  name: string;
  action?: string;
  actor: KnownActor;
  payload: Json;
}

/** Writes an event down and tells whoever listens, as a webhook would. */
export function emit(github: GitHub, repository: Repository, { name, action, actor, payload }: Happening): Event {
  const event = repository.events.put({
    id: github.newId(),
    guid: randomUUID(),
    name,
    action: action ?? null,
    sender: actor.user.login,
    starts_runs: startsRuns(name, action, actor),
    created_at: github.now(),
    payload: {
      ...(action === undefined ? {} : { action }),
      ...payload,
      repository: repositoryView(github, repository),
      sender: userView(github, actor.user),
    },
  });
  deliver(github, repository, event);
  return event;
}

/** Tells everybody of an event, also of one that they have heard of: GitHub delivers at least once. */
export function deliver(github: GitHub, repository: Repository, event: Event): void {
  for (const listener of github.listeners) listener(event, repository);
}

/**
 * What a job does with its own token starts no run, but for dispatches; the runs of a pull request that it opens or
 * pushes to wait until somebody with write access lets them start.
 */
function startsRuns(name: string, action: string | undefined, actor: KnownActor): Event["starts_runs"] {
  if (actor.kind === "person" || actor.app.id !== actionsApp.id) return "yes";
  if (name === "workflow_dispatch" || name === "repository_dispatch") return "yes";
  const opensRuns = action === "opened" || action === "synchronize" || action === "reopened";
  return name === "pull_request" && opensRuns ? "after_approval" : "no";
}
