import type { ChangedPath } from "./changed-path.ts";
import { parseGlob } from "./glob.ts";

export interface InputGlobs {
  /** Folder of model.yml from the repository's root; "" at the root. */
  folder: string;
  /** Relative to `folder`; `../shared/**` leads out of it, `!` in front leaves out what another one named. */
  globs: readonly string[];
}

/** A glob as a test of paths from the repository's root. */
interface PathTest {
  glob: string;
  holds(changed: ChangedPath): boolean;
}

/**
 * A test that names the glob by which a changed path is an input, or null. A path that is spelt as the glob itself is one
 * too, whatever its characters mean. A link counts for every glob that could name something behind it.
 */
export function inputTest({ folder, globs }: InputGlobs): (changed: ChangedPath) => string | null {
  const isLeftOut = (glob: string) => glob.startsWith("!");
  const tests = globs.filter((glob) => !isLeftOut(glob)).flatMap((glob) => pathTest(glob, folder));
  const without = globs.filter(isLeftOut).flatMap((glob) => pathTest(glob.slice(1), folder));
  return (changed) => {
    const glob = tests.find((test) => test.holds(changed))?.glob;
    // Most paths are no input of most models: what would leave them out is asked last.
    if (glob === undefined) return null;
    return !changed.isLink && without.some((test) => test.holds(changed)) ? null : glob;
  };
}

/** Nothing for a glob that leads out of the repository: no path of a commit is there. */
function pathTest(glob: string, folder: string): PathTest[] {
  const placed = place(glob, folder);
  if (placed === null) return [];
  const { base, rest } = placed;
  const parsed = parseGlob(rest);
  const holds = ({ path, isLink }: ChangedPath) => {
    if (!path.startsWith(base)) return isLink && base.startsWith(`${path}/`);
    const inside = path.slice(base.length);
    return inside === rest || parsed.matches(inside) || (isLink && parsed.mayMatchBelow(inside));
  };
  return [{ glob, holds }];
}

/** The folder that a glob starts from, with a slash at its end, and the rest, which has no `..`. */
function place(glob: string, folder: string): { base: string; rest: string } | null {
  if (glob.startsWith("/")) return null;
  const base = folder.split("/").filter((segment) => segment !== "");
  const rest: string[] = [];
  for (const segment of glob.split("/")) {
    if (segment === "" || segment === ".") continue;
    if (segment !== "..") rest.push(segment);
    else if (rest.length > 0) rest.pop();
    else if (base.pop() === undefined) return null;
  }
  return { base: base.map((segment) => `${segment}/`).join(""), rest: rest.join("/") };
}
