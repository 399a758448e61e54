import { mkdirSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { hasCode } from "../../kit/has-code.ts";
import { type GitFolder, git, gitAnswer } from "./git.ts";
import { typeOf } from "./objects.ts";
import { shaOfRef } from "./resolve.ts";

export interface Ref {
  /** In full: `refs/heads/main`. */
  ref: string;
  sha: string;
  type: string;
}

export const noCommit = "0000000000000000000000000000000000000000";

/** Whether git itself would take the name. */
export function isRefName(folder: GitFolder, ref: string): boolean {
  if (/^refs(\/[A-Za-z0-9_-]+)+$/.test(ref)) return true;
  return gitAnswer(folder, ["check-ref-format", ref], { answers: [1] }).code === 0;
}

export function readRef(folder: GitFolder, ref: string): Ref | null {
  if (!isPlausible(ref)) return null;
  const sha = shaOfRef(folder, ref);
  return sha === null ? null : { ref, sha, type: typeOf(folder, sha) ?? "commit" };
}

/** No way out of the folder of refs. */
function isPlausible(ref: string): boolean {
  return ref.startsWith("refs/") && !ref.includes("..") && !ref.endsWith("/");
}

/** All refs whose full name starts with `prefix`, in order of name. */
export function listRefs(folder: GitFolder, prefix: string): Ref[] {
  return git(folder, ["for-each-ref", "--format=%(refname)%09%(objectname)%09%(objecttype)"])
    .split("\n")
    .filter((row) => row.startsWith(prefix))
    .map((row) => {
      const [ref = "", sha = "", type = ""] = row.split("\t");
      return { ref, sha, type };
    });
}

/** Sets a ref that now is `before` (`noCommit`: is not there); false when it is something else by now. */
export function moveRef(folder: GitFolder, ref: string, after: string, before: string): boolean {
  const isAsBefore = () => (shaOfRef(folder, ref) ?? noCommit) === before;
  const moved = writeRef(folder, ref, { sha: after, isWanted: isAsBefore });
  return moved ?? gitAnswer(folder, ["update-ref", ref, after, before], { answers: [1, 128] }).code === 0;
}

export function setRef(folder: GitFolder, ref: string, sha: string): void {
  if (writeRef(folder, ref, { sha, isWanted: () => true }) !== true) git(folder, ["update-ref", ref, sha]);
}

/**
 * Writes a ref as git does, under its lock file, without starting git; false when it is not wanted any more, null where git must
 * judge: another process holds the lock, or a folder of that name is in the way.
 */
function writeRef(
  folder: GitFolder,
  ref: string,
  { sha, isWanted }: { sha: string; isWanted: () => boolean },
): boolean | null {
  const path = join(folder.path, ref);
  const lock = `${path}.lock`;
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(lock, `${sha}\n`, { flag: "wx" });
  } catch (error) {
    if (hasCode(error, "EEXIST") || hasCode(error, "ENOTDIR")) return null;
    throw error;
  }
  const inTheWay = statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
  const isMoved = !inTheWay && isWanted();
  // Renamed, the lock is the ref; it must not be taken away then, for it may be another's by now.
  if (isMoved) renameSync(lock, path);
  else rmSync(lock);
  return inTheWay ? null : isMoved;
}

export function removeRef(folder: GitFolder, ref: string): void {
  git(folder, ["update-ref", "-d", ref]);
}
