import type { Api } from "./api.ts";
import { UncertainError } from "./failure.ts";

export interface Creation<T> {
  /** Looks for what is to be created by a key that does not change from run to run. */
  find(): Promise<T | null>;
  create(): Promise<T>;
}

const mostTries = 4;

/**
 * Gives the thing that is there, or creates it. When nobody knows whether GitHub did it, it looks before it asks again, so
 * that a broken connection never makes two.
 */
export async function createOnce<T>({ clock }: Api, { find, create }: Creation<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    const found = await find();
    if (found !== null) return found;
    try {
      return await create();
    } catch (error) {
      if (!(error instanceof UncertainError) || attempt === mostTries) throw error;
      // Lists may lag behind for a moment.
      await clock.sleep(2_000 * attempt);
    }
  }
}
