import { rmSync } from "node:fs";
import { join } from "node:path";
import { type GitFolder, git } from "./git.ts";

/** One path of a new tree; `sha: null` takes the path away. */
export interface TreeChange {
  path: string;
  mode: string;
  sha: string | null;
}

const nothing = "0000000000000000000000000000000000000000";

/** Writes a tree: `base` (or nothing) with the changes made; paths may lead into folders. Gives its SHA. */
export function writeTree(folder: GitFolder, base: string | null, changes: readonly TreeChange[]): string {
  const index = join(folder.path, `index-${process.pid}-${Math.random().toString(36).slice(2)}`);
  const env = { GIT_INDEX_FILE: index };
  try {
    git(folder, base === null ? ["read-tree", "--empty"] : ["read-tree", base], { env });
    for (const change of changes.filter(isFolderOrGone)) applyChange(folder, change, env);
    const files = changes.filter((change) => !isFolderOrGone(change));
    updateIndex(folder, files.map(({ path, mode, sha }) => `${mode} ${sha}\t${path}\0`).join(""), env);
    return git(folder, ["write-tree"], { env }).trim();
  } finally {
    rmSync(index, { force: true });
  }
}

function isFolderOrGone({ mode, sha }: TreeChange): boolean {
  return mode === "040000" || sha === null;
}

function applyChange(folder: GitFolder, { path, sha }: TreeChange, env: Record<string, string>): void {
  removeAll(folder, path, env);
  if (sha !== null) git(folder, ["read-tree", `--prefix=${path}/`, sha], { env });
}

/** The file of that name, or all that lies in the folder of that name. */
function removeAll(folder: GitFolder, path: string, env: Record<string, string>): void {
  const paths = git(folder, ["ls-files", "-z"], { env })
    .split("\0")
    .filter((name) => name === path || name.startsWith(`${path}/`));
  updateIndex(folder, paths.map((name) => `0 ${nothing}\t${name}\0`).join(""), env);
}

function updateIndex(folder: GitFolder, rows: string, env: Record<string, string>): void {
  if (rows !== "") git(folder, ["update-index", "-z", "--add", "--replace", "--index-info"], { env, input: rows });
}
