import type { Actor } from "../state/accounts.ts";
import type { GitHub } from "../state/github.ts";
import { ApiError } from "./api-error.ts";

export interface Limits {
  /** Requests an hour of a job's token, by repository. */
  installation: number;
  person: number;
  anonymous: number;
  /** Requests that make content, a minute and an hour, of one account. */
  contentPerMinute: number;
  contentPerHour: number;
}

export const usualLimits: Limits = {
  installation: 1000,
  person: 5000,
  anonymous: 60,
  contentPerMinute: 80,
  contentPerHour: 500,
};

export interface Usage {
  limit: number;
  remaining: number;
  used: number;
  /** Seconds since 1970. */
  reset: number;
}

const minute = 60;
const hour = 3600;

/** Counts requests by caller; throws GitHub's refusals. Counts are not kept over a restart. */
export class RateLimiter {
  readonly #github: GitHub;
  readonly #limits: Limits;
  readonly #windows = new Map<string, { start: number; used: number }>();
  readonly #content = new Map<string, number[]>();

  constructor(github: GitHub, limits: Limits) {
    this.#github = github;
    this.#limits = limits;
  }

  usage(actor: Actor): Usage {
    const { start, used } = this.#window(actor);
    const limit = this.#limits[actor.kind];
    return { limit, used: Math.min(used, limit), remaining: Math.max(0, limit - used), reset: start + hour };
  }

  /** Before a request is handled. */
  count(actor: Actor): void {
    const window = this.#window(actor);
    window.used += 1;
    if (window.used > this.#limits[actor.kind])
      throw new ApiError(403, `API rate limit exceeded for ${nameOf(actor)}.`);
  }

  /** An answer 304 costs nothing. */
  giveBack(actor: Actor): void {
    this.#window(actor).used -= 1;
  }

  countContent(actor: Actor): void {
    const now = this.#seconds();
    const name = actor.kind === "anonymous" ? "anonymous" : actor.user.login;
    const times = (this.#content.get(name) ?? []).filter((at) => at > now - hour);
    this.#content.set(name, times);
    const inMinute = times.filter((at) => at > now - minute).length;
    if (inMinute >= this.#limits.contentPerMinute || times.length >= this.#limits.contentPerHour)
      throw secondaryLimit(minute);
    times.push(now);
  }

  #window(actor: Actor): { start: number; used: number } {
    const name = nameOf(actor);
    const now = this.#seconds();
    const found = this.#windows.get(name);
    if (found !== undefined && now < found.start + hour) return found;
    const fresh = { start: now, used: 0 };
    this.#windows.set(name, fresh);
    return fresh;
  }

  #seconds(): number {
    return Math.floor(Date.parse(this.#github.now()) / 1000);
  }
}

export function secondaryLimit(retryAfter: number): ApiError {
  return new ApiError(
    403,
    "You have exceeded a secondary rate limit. Please wait a few minutes before you try again.",
    {
      headers: { "retry-after": String(retryAfter) },
    },
  );
}

export function usageHeaders({ limit, remaining, used, reset }: Usage): Record<string, string> {
  return {
    "x-ratelimit-limit": String(limit),
    "x-ratelimit-remaining": String(remaining),
    "x-ratelimit-used": String(used),
    "x-ratelimit-reset": String(reset),
    "x-ratelimit-resource": "core",
  };
}

function nameOf(actor: Actor): string {
  if (actor.kind === "anonymous") return "127.0.0.1";
  if (actor.kind === "person") return `user ID ${actor.user.id}`;
  return `installation of ${actor.app.slug} on ${actor.repository}`;
}
