import { lstat } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";

/**
 * The folder of the git repository around `folder`, or `folder` itself outside of one. A `.git` may be a file
 * (worktrees, submodules); git itself need not be installed.
 */
export async function repositoryRoot(folder: string): Promise<string> {
  const start = resolve(folder);
  for (let place = start; ; place = dirname(place)) {
    if (await isThere(join(place, ".git"))) return place;
    if (dirname(place) === place) return start;
  }
}

async function isThere(path: string): Promise<boolean> {
  try {
    await lstat(path);
    return true;
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    // A folder above that may not be looked into ends no repository of this user.
    if (code === "ENOENT" || code === "ENOTDIR" || code === "EACCES") return false;
    throw error;
  }
}
