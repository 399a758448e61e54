import type { ChangedPath } from "./changed-path.ts";

/** A symbolic link of a commit. */
export interface Link {
  /** From the repository's root. */
  path: string;
  /** As it was committed: relative to the link's folder. */
  target: string;
}

/**
 * The changes, and each link that leads to one of them, also by way of another link: whoever reads the link's path reads something else
 * now. Links out of the repository lead to no path of a commit.
 */
export function changedThroughLinks(changes: readonly ChangedPath[], links: readonly Link[]): ChangedPath[] {
  const all = new Map(changes.map((change) => [change.path, change]));
  const changedLinks = new Set(changes.filter(({ isLink }) => isLink).map(({ path }) => path));
  const places = new Set(changes.flatMap(({ path }) => [path, ...foldersAbove(path)]));
  let waiting = links.flatMap((link) => {
    const place = placeOf(link);
    return place === null ? [] : [{ path: link.path, place }];
  });
  for (;;) {
    const reached = waiting.filter(
      ({ place }) => places.has(place) || foldersAbove(place).some((folder) => changedLinks.has(folder)),
    );
    if (reached.length === 0) return [...all.values()];
    for (const { path } of reached) {
      if (!all.has(path)) all.set(path, { path, status: "modified", isLink: true });
      changedLinks.add(path);
      for (const place of [path, ...foldersAbove(path)]) places.add(place);
    }
    const isReached = new Set(reached);
    waiting = waiting.filter((link) => !isReached.has(link));
  }
}

/** Where a link leads, from the repository's root, which is ""; null: out of it. */
function placeOf({ path, target }: Link): string | null {
  if (target.startsWith("/")) return null;
  const names = path.split("/").slice(0, -1);
  for (const name of target.split("/")) {
    if (name === "" || name === ".") continue;
    if (name !== "..") names.push(name);
    else if (names.pop() === undefined) return null;
  }
  return names.join("/");
}

/** `a/b/c` → `a/b`, `a` and the root. */
function foldersAbove(path: string): string[] {
  const names = path === "" ? [] : path.split("/");
  return names.map((_, index) => names.slice(0, index).join("/"));
}
