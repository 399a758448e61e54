import type { ChangedPath } from "../plan/changed-path.ts";
import { git } from "./run-git.ts";
import { records } from "./trees.ts";

const statuses: Readonly<Record<string, ChangedPath["status"]>> = {
  A: "added",
  D: "deleted",
  M: "modified",
  T: "modified",
};

/**
 * The paths that differ between two commits, in git's order. Renames are not looked for, so that both their paths are
 * told; submodules are told whatever .gitmodules says of them, since the change may have written it.
 */
export async function changedPaths(root: string, from: string, to: string): Promise<ChangedPath[]> {
  const options = ["-r", "-z", "--raw", "--no-renames", "--ignore-submodules=none", "--no-commit-id"];
  const fields = records(await git(root, ["diff-tree", ...options, from, to]));
  const changes: ChangedPath[] = [];
  for (let index = 0; index + 1 < fields.length; index += 2) {
    const match = /^:(\d{6}) (\d{6}) [0-9a-f]+ [0-9a-f]+ ([A-Z])/.exec(fields[index] ?? "");
    const [, before = "", after = "", letter = ""] = match ?? [];
    const status = statuses[letter];
    if (status === undefined) throw new Error(`git diff-tree said ${JSON.stringify(fields[index])}`);
    changes.push({ path: fields[index + 1] ?? "", status, isLink: [before, after].some(isLink) });
  }
  return changes;
}

function isLink(mode: string): boolean {
  return mode === "120000" || mode === "160000";
}
