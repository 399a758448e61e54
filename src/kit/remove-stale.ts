import { lstat, readdir, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { hasCode } from "./has-code.ts";

/**
 * Removes what a killed process left beside `path`: `.<name>.<12 hexadecimal digits>.partial` or `.old`, when it was
 * last written before `olderThanMs`. A younger one may belong to a process that is still at work.
 */
export async function removeStale(path: string, olderThanMs: number): Promise<void> {
  const prefix = `.${basename(path)}.`;
  for (const name of await readdir(dirname(path))) {
    if (!name.startsWith(prefix) || !/^[0-9a-f]{12}\.(partial|old)$/.test(name.slice(prefix.length))) continue;
    const left = join(dirname(path), name);
    const found = await lstat(left).catch(goneMeanwhile);
    if (found !== null && Date.now() - found.mtimeMs > olderThanMs) await rm(left, { recursive: true, force: true });
  }
}

/** Another process may have renamed or removed it. */
function goneMeanwhile(error: unknown): null {
  if (hasCode(error, "ENOENT")) return null;
  throw error;
}
