import { type GitFolder, git } from "./git.ts";
import { readLooseObject, writeLooseObject } from "./loose-objects.ts";
import { readCommit, readObject, typeOf } from "./objects.ts";

// Git's tree objects (gitformat-tree, in `git help gitrepository-layout`), read and written without starting git.

export interface TreeRow {
  name: string;
  /** Six digits, as git prints it. */
  mode: string;
  sha: string;
}

export const folderMode = "040000";
const submoduleMode = "160000";

/** The tree of a commit, or the tree itself. */
export function treeOf(folder: GitFolder, treeish: string): string {
  const type = typeOf(folder, treeish);
  if (type === "tree") return treeish;
  if (type === "commit") return readCommit(folder, treeish).tree;
  return git(folder, ["rev-parse", "--verify", `${treeish}^{tree}`]).trim();
}

export function readTreeRows(folder: GitFolder, sha: string): TreeRow[] {
  const bytes = readObject(folder, "tree", sha);
  const rows: TreeRow[] = [];
  for (let at = 0; at < bytes.length; ) {
    const [space, end] = [bytes.indexOf(0x20, at), bytes.indexOf(0, at)];
    const mode = bytes.toString("latin1", at, space).padStart(6, "0");
    const name = bytes.toString("utf8", space + 1, end);
    at = end + 21;
    rows.push({ name, mode, sha: bytes.toString("hex", end + 1, at) });
  }
  return rows;
}

export function writeTreeRows(folder: GitFolder, rows: Iterable<TreeRow>): string {
  // Names are compared as bytes, those of folders as if they ended in a slash.
  const sorted = [...rows]
    .map((row) => ({ ...row, key: Buffer.from(row.mode === folderMode ? `${row.name}/` : row.name) }))
    .sort((one, other) => Buffer.compare(one.key, other.key));
  const parts = sorted.flatMap(({ name, mode, sha }) => {
    return [Buffer.from(`${mode.replace(/^0/, "")} ${name}\0`), Buffer.from(sha, "hex")];
  });
  return writeLooseObject(folder, "tree", Buffer.concat(parts));
}

export interface TreeEntry {
  path: string;
  mode: string;
  type: string;
  sha: string;
  /** In bytes; null where it is no file. */
  size: number | null;
}

/** What lies at a path in a commit; null where nothing does. */
export function entryAt(folder: GitFolder, commit: string, path: string): TreeEntry | null {
  const names = path.split("/");
  let tree = treeOf(folder, commit);
  for (const [index, name] of names.entries()) {
    const row = readTreeRows(folder, tree).find((one) => one.name === name);
    if (row === undefined) return null;
    if (index === names.length - 1) return { path, ...entryOf(folder, row) };
    if (row.mode !== folderMode) return null;
    tree = row.sha;
  }
  return null;
}

function entryOf(folder: GitFolder, { mode, sha }: TreeRow): Omit<TreeEntry, "path"> {
  if (mode === folderMode) return { mode, type: "tree", sha, size: null };
  if (mode === submoduleMode) return { mode, type: "commit", sha, size: null };
  const size = readLooseObject(folder, sha)?.content.length ?? Number(git(folder, ["cat-file", "-s", sha]));
  return { mode, type: "blob", sha, size };
}
