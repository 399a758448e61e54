import type { GitFolder } from "./git.ts";
import { folderMode, readTreeRows, type TreeRow, treeOf, writeTreeRows } from "./tree-objects.ts";

/** One path of a new tree; `sha: null` takes the path away. */
export interface TreeChange {
  path: string;
  mode: string;
  sha: string | null;
}

/** Writes a tree: `base` (or nothing) with the changes made; paths may lead into folders. Gives its SHA. */
export function writeTree(folder: GitFolder, base: string | null, changes: readonly TreeChange[]): string {
  return changedTree(folder, base === null ? null : treeOf(folder, base), changes) ?? writeTreeRows(folder, []);
}

/** Null: nothing is left, and git knows no empty folders. */
function changedTree(folder: GitFolder, tree: string | null, changes: readonly TreeChange[]): string | null {
  const rows = new Map<string, TreeRow>();
  for (const row of tree === null ? [] : readTreeRows(folder, tree)) rows.set(row.name, row);
  const inside = new Map<string, TreeChange[]>();
  for (const change of changes) {
    const [name = "", ...rest] = change.path.split("/");
    if (rest.length > 0) inside.set(name, [...(inside.get(name) ?? []), { ...change, path: rest.join("/") }]);
    else if (change.sha === null) rows.delete(name);
    else rows.set(name, { name, mode: change.mode, sha: change.sha });
  }
  for (const [name, inner] of inside) {
    const there = rows.get(name);
    const isFolder = there?.mode === folderMode;
    // A file of that name gives way only to something.
    if (there !== undefined && !isFolder && inner.every(({ sha }) => sha === null)) continue;
    const sha = changedTree(folder, isFolder ? there.sha : null, inner);
    if (sha === null) rows.delete(name);
    else rows.set(name, { name, mode: folderMode, sha });
  }
  return rows.size === 0 ? null : writeTreeRows(folder, rows.values());
}
