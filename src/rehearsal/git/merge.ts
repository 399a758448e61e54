import { type GitFolder, git, gitAnswer, gitForEver } from "./git.ts";

export function isAncestor(folder: GitFolder, ancestor: string, descendant: string): boolean {
  return mergeBase(folder, ancestor, descendant) === ancestor;
}

/** Of two commits by their full SHAs; null where they share no history. */
export function mergeBase(folder: GitFolder, a: string, b: string): string | null {
  const base = gitForEver(folder, ["merge-base", a, b], { answers: [1] }).trim();
  return base === "" ? null : base;
}

/** Tree of the merge of two commits; null when they conflict or share no history. */
export function mergeTree(folder: GitFolder, ours: string, theirs: string): string | null {
  const { code, stdout } = gitAnswer(folder, ["merge-tree", "--write-tree", ours, theirs], { answers: [1, 128] });
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
