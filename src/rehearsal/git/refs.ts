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
  return gitAnswer(folder, ["update-ref", ref, after, before], { answers: [1, 128] }).code === 0;
}

export function setRef(folder: GitFolder, ref: string, sha: string): void {
  git(folder, ["update-ref", ref, sha]);
}

export function removeRef(folder: GitFolder, ref: string): void {
  git(folder, ["update-ref", "-d", ref]);
}
