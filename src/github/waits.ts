import type { Refused } from "./failure.ts";

// When to ask again, by GitHub's own rules: docs.github.com, "Rate limits for the REST API" and "Best practices".

/** GitHub asks for a minute where it names no time. */
const secondaryWaitMs = 60_000;
const firstWaitMs = 1_000;

interface Retry {
  /** Tries so far. */
  attempt: number;
  /** Milliseconds since 1970. */
  now: number;
}

/**
 * How long GitHub wants to be left alone, in milliseconds; null: it refused for another reason than too many requests. What it
 * refused for that was not done, so that any request may be repeated.
 */
export function limitWait({ status, headers, message }: Refused, { attempt, now }: Retry): number | null {
  if (status !== 403 && status !== 429) return null;
  const after = seconds(headers["retry-after"]);
  if (after !== null) return after * 1000;
  const reset = seconds(headers["x-ratelimit-reset"]);
  // A second more: clocks differ.
  if (headers["x-ratelimit-remaining"] === "0" && reset !== null) return Math.max(0, reset * 1000 - now) + 1000;
  const isSecondary = status === 429 || /secondary rate limit|abuse detection/i.test(message);
  return isSecondary ? secondaryWaitMs * 2 ** (attempt - 1) : null;
}

/** How long to wait after a failure of the server or the network, in milliseconds; null: it was none. */
export function failureWait({ status }: Refused, { attempt }: Pick<Retry, "attempt">): number | null {
  return status === 0 || status >= 500 ? firstWaitMs * 2 ** (attempt - 1) : null;
}

/** Why nothing happens for `wait` milliseconds. */
export function waitLine(
  { endpoint, status }: Pick<Refused, "endpoint" | "status">,
  { wait, isLimit }: { wait: number; isLimit: boolean },
): string {
  const why = isLimit
    ? "GitHub's limit of requests is reached"
    : status === 0
      ? "no answer came from GitHub"
      : `GitHub answered ${status}`;
  return `${why} at ${endpoint}: asking again in ${Math.ceil(wait / 1000)} s`;
}

function seconds(text: string | undefined): number | null {
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : null;
}
