import type { CheckRun } from "../state/records.ts";
import type { Job, Run } from "../state/release-records.ts";
import type { Repository } from "../state/repository.ts";

export interface ShownComment {
  id: number;
  user: string;
  body: string;
  /** Whether it was said before and says something else now. */
  isUpdate: boolean;
}

export type ShownCheck = Pick<CheckRun, "name" | "status" | "conclusion" | "title">;

/** The newest check run of each name on the commit, in the order in which the names came up. */
export function checksOf(repository: Repository, sha: string): ShownCheck[] {
  const newest = new Map<string, ShownCheck>();
  for (const { name, status, conclusion, title, head_sha } of repository.checkRuns.all())
    if (head_sha === sha) newest.set(name, { name, status, conclusion, title });
  return [...newest.values()];
}

/** Sees the conversation and tells what of it is new. */
export class Conversation {
  readonly #repository: Repository;
  readonly #number: number;
  readonly #seen = new Map<number, string>();

  constructor(repository: Repository, number: number) {
    this.#repository = repository;
    this.#number = number;
  }

  fresh(): ShownComment[] {
    const all = this.#repository.comments.all().filter(({ issue_number }) => issue_number === this.#number);
    const fresh = all.filter(({ id, body }) => this.#seen.get(id) !== body);
    const shown = fresh.map(({ id, user, body }) => ({ id, user, body, isUpdate: this.#seen.has(id) }));
    for (const { id, body } of fresh) this.#seen.set(id, body);
    return shown;
  }

  all(): { user: string; body: string }[] {
    const all = this.#repository.comments.all().filter(({ issue_number }) => issue_number === this.#number);
    return all.map(({ user, body }) => ({ user, body }));
  }
}

/** All runs with their jobs, oldest first. */
export function runsOf(repository: Repository): (Run & { jobs: Job[] })[] {
  const jobs = repository.jobs.all();
  return repository.runs.all().map((run) => ({ ...run, jobs: jobs.filter(({ run_id }) => run_id === run.id) }));
}

/**
 * What a rehearsal comes to: what the check `mlops` says; without one, which is only there where reports are published,
 * whether all runs succeeded.
 */
export function verdictOf(repository: Repository, sha: string): "pass" | "fail" | "inconclusive" | "pending" {
  const check = checksOf(repository, sha).find(({ name }) => name === "mlops");
  if (check === undefined)
    return repository.runs.all().every(({ conclusion }) => conclusion === "success" || conclusion === "skipped")
      ? "pass"
      : "fail";
  if (check.status !== "completed") return "pending";
  if (check.conclusion === "success" || check.conclusion === "skipped") return "pass";
  return check.conclusion === "neutral" ? "inconclusive" : check.conclusion === "action_required" ? "pending" : "fail";
}
