import { statSync } from "node:fs";
import { basename, dirname, relative, sep } from "node:path";
import { glob } from "tinyglobby";

/**
 * Files that absolute patterns find, as actions/upload-artifact has it: a folder stands for all below it, `!` takes away what
 * patterns before it found, hidden files count only when asked for. `root` is what their names in the artifact begin below:
 * the deepest folder that the searched places share.
 */
export async function findFiles(
  patterns: readonly string[],
  { hidden }: { hidden: boolean },
): Promise<{ files: string[]; root: string }> {
  const found = new Set<string>();
  for (const pattern of patterns) {
    if (pattern.startsWith("!")) for (const path of await matches(pattern.slice(1), true)) found.delete(path);
    else for (const path of await matches(pattern, hidden)) found.add(path);
  }
  const files = [...found].sort();
  const places = patterns.filter((pattern) => !pattern.startsWith("!")).map(searchedFolder);
  const [only] = files;
  if (places.length === 1 && files.length === 1 && only === places[0]) return { files, root: dirname(only) };
  return { files, root: places.reduce(sharedFolder, places[0] ?? sep) };
}

async function matches(pattern: string, hidden: boolean): Promise<string[]> {
  const isFolder = statSync(pattern, { throwIfNoEntry: false })?.isDirectory() === true;
  const bare = pattern.replace(/\/+$/, "");
  const wanted = isFolder ? [`${escaped(bare)}/**`] : [bare, `${bare}/**`];
  const found = await glob(wanted, {
    dot: true,
    absolute: true,
    expandDirectories: false,
    braceExpansion: false,
    extglob: false,
    cwd: sep,
  });
  const place = searchedFolder(pattern);
  return hidden ? found : found.filter((path) => !isHidden(place, path));
}

/** Where the search begins counts, too: `.mlops/**` finds nothing unless hidden files are asked for. */
function isHidden(place: string, path: string): boolean {
  return [basename(place), ...relative(place, path).split(sep)].some((part) => part.startsWith("."));
}

function escaped(path: string): string {
  return path.replace(/[()[\]{}!*?\\]/g, "\\$&");
}

/** The part of a pattern before its first wildcard. */
function searchedFolder(pattern: string): string {
  const parts = pattern.replace(/\/+$/, "").split(sep);
  const first = parts.findIndex((part) => /[*?[\]{}]/.test(part));
  return first === -1 ? parts.join(sep) : parts.slice(0, first).join(sep);
}

function sharedFolder(a: string, b: string): string {
  const [one, other] = [a.split(sep), b.split(sep)];
  const differs = one.findIndex((part, at) => part !== other[at]);
  return one.slice(0, differs === -1 ? one.length : differs).join(sep) || sep;
}
