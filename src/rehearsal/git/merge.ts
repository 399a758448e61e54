import { answerForEver, type GitFolder, git } from "./git.ts";
import { isCommitOn } from "./parents.ts";
import { treeOf } from "./tree-objects.ts";

export function isAncestor(folder: GitFolder, ancestor: string, descendant: string): boolean {
  if (isCommitOn(folder, ancestor, descendant)) return true;
  return answerForEver(folder, ["merge-base", "--is-ancestor", ancestor, descendant], [1]).code === 0;
}

/** Of two commits by their full SHAs; null where they share no history. */
export function mergeBase(folder: GitFolder, a: string, b: string): string | null {
  if (isCommitOn(folder, a, b)) return a;
  if (isCommitOn(folder, b, a)) return b;
  const { code, stdout } = answerForEver(folder, ["merge-base", a, b], [1]);
  return code === 0 ? stdout.trim() : null;
}

/** Tree of the merge of two commits; null when they conflict or share no history. */
export function mergeTree(folder: GitFolder, ours: string, theirs: string): string | null {
  if (isCommitOn(folder, ours, theirs)) return treeOf(folder, theirs);
  const { code, stdout } = answerForEver(folder, ["merge-tree", "--write-tree", ours, theirs], [1, 128]);
  return code === 0 ? stdout.trim() : null;
}

/** Brings the objects of a commit of one repository into another, under a ref of the latter. */
export function fetchCommit(from: GitFolder, to: GitFolder, sha: string, ref: string): void {
  git(to, ["fetch", "--quiet", "--no-tags", from.path, `+${sha}:${ref}`]);
}

/** The same for looking at it only. */
export function bringCommit(from: GitFolder, to: GitFolder, sha: string): void {
  fetchCommit(from, to, sha, `refs/rehearsal/forks/${sha}`);
}
