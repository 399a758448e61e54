import { GitHubFailure } from "./failure.ts";

/** What a request gives, or null where GitHub says that there is no such thing, or that it may not be seen. */
export async function orNull<T>(asked: Promise<T>): Promise<T | null> {
  return orElse(asked, [404], null);
}

/** What a request gives, or `other` where GitHub answers with one of the statuses. */
export async function orElse<T, U>(asked: Promise<T>, statuses: readonly number[], other: U): Promise<T | U> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof GitHubFailure && statuses.includes(error.status)) return other;
    throw error;
  }
}
