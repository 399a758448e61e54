import type { GitFolder } from "./git.ts";
import { readCommit, typeOf } from "./objects.ts";

/** Whether a commit stands directly on another, or is it: the usual case, which needs no look at the history. */
export function isCommitOn(folder: GitFolder, base: string, sha: string): boolean {
  return base === sha || parentsOf(folder, sha).includes(base);
}

/** Whether it is all that one branch has and the other has not. */
export function isOnlyCommitOn(folder: GitFolder, base: string, sha: string): boolean {
  const [parent, ...others] = parentsOf(folder, sha);
  return parent === base && others.length === 0;
}

function parentsOf(folder: GitFolder, sha: string): readonly string[] {
  return typeOf(folder, sha) === "commit" ? readCommit(folder, sha).parents : [];
}
