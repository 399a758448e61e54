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

type EndedRun = Pick<Run, "name" | "event" | "status" | "conclusion">;

export interface Decision {
  verdict: "pass" | "fail" | "inconclusive" | "pending";
  why: string;
}

/**
 * What a rehearsal comes to: what the check `mlops` says; without one, which is only there where reports are published,
 * whether all runs succeeded, of which there has to be one.
 */
export function decide(runs: readonly EndedRun[], checks: readonly ShownCheck[]): Decision {
  const check = checks.find(({ name }) => name === "mlops");
  if (check === undefined) return byRuns(runs);
  const why = check.title ?? `the check mlops is ${check.conclusion ?? check.status}`;
  if (check.conclusion === null) return { verdict: "pending", why };
  const known: Partial<Record<string, Decision["verdict"]>> = {
    success: "pass",
    skipped: "pass",
    action_required: "inconclusive",
  };
  const broken = runs.find(isBroken);
  if (broken !== undefined && check.conclusion !== "failure")
    return { verdict: "fail", why: `the run of ${broken.name} is ${broken.conclusion}; the check mlops says: ${why}` };
  return { verdict: known[check.conclusion] ?? "fail", why };
}

/** The pull request's own run fails as its numbers do; those that publish and answer fail only where something is set up wrongly. */
function isBroken({ event, conclusion }: EndedRun): boolean {
  return !event.startsWith("pull_request") && (conclusion === "failure" || conclusion === "timed_out");
}

function byRuns(runs: readonly EndedRun[]): Decision {
  const ofChange = runs.filter(({ event }) => event.startsWith("pull_request") || event === "push");
  if (ofChange.length === 0) return { verdict: "inconclusive", why: "no workflow ran for the pull request" };
  const bad = runs.filter(({ conclusion }) => conclusion !== "success" && conclusion !== "skipped");
  const [first] = bad;
  const why =
    first === undefined ? "all runs succeeded" : `the run of ${first.name} is ${first.conclusion ?? first.status}`;
  return { verdict: first === undefined ? "pass" : "fail", why: `${why}; no workflow published the check mlops` };
}
