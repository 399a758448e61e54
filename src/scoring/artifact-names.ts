import { runFolders } from "../kit/run-folder.ts";

// The names that an artifact of a run may hold. Whoever opened the pull request chose them.

/** A file of a run folder by its path inside it. */
export interface ArtifactPlace {
  /** Folder of the model under `.mlops/`; null where the archive begins inside that folder. */
  model: string | null;
  /** With slashes. */
  path: string;
}

/** What a run leaves (src/kit/run-folder.ts), but no rows: `share: true` is for people, and nothing here reads them. */
const places = [
  /^[a-z]+(-[a-z]+)*\.outcome\.json$/,
  /^data\/[^/]+\.json$/,
  /^data\/[^/]+\.parquet$/,
  /^(model|evaluation|card|report)\/.+$/,
  /^test-uses\/[^/]+\/[^/]+\.json$/,
];
const longestName = 255;
const longestPath = 1000;
const deepest = 8;

/**
 * Why no file may have this path from an archive, in a clause that follows it; null for a path that is safe on every
 * system: relative, without `..`, drive letters, backslashes, control characters and names that Windows changes.
 */
export function unsafeName(path: string): string | null {
  if (path === "" || path.length > longestPath) return "is empty or too long";
  // biome-ignore lint/suspicious/noControlCharactersInRegex: those are what is looked for
  if (/[\x00-\x1f\x7f-\x9f]/.test(path)) return "holds control characters";
  if (path.includes("\\")) return "holds a backslash";
  if (path.startsWith("/")) return "is absolute";
  if (/[:*?"<>|]/.test(path)) return "holds a character that names a drive, a stream or a pattern";
  const names = path.split("/");
  if (names.length > deepest) return `lies more than ${deepest} folders deep`;
  if (names.includes("..")) return "leaves the folder";
  if (names.some((name) => name === "" || name === ".")) return "has an empty part";
  if (names.some((name) => name.length > longestName || /[. ]$/.test(name)))
    return "has a part that ends in a dot or a space, or is too long";
  return null;
}

/** Where a safe path belongs in a run folder; null where nothing of a run has that name. */
export function placeOf(path: string): ArtifactPlace | null {
  const inside = path.startsWith(`${runFolders}/`) ? path.slice(runFolders.length + 1) : path;
  if (isPlace(inside)) return inside === path ? { model: null, path } : null;
  const [model, ...rest] = inside.split("/");
  const below = rest.join("/");
  return model !== undefined && isPlace(below) ? { model, path: below } : null;
}

function isPlace(path: string): boolean {
  return places.some((pattern) => pattern.test(path));
}

/** Two paths with one key are one file on a system that folds case or composes accents. */
export function foldedName(path: string): string {
  return path.normalize("NFC").toLowerCase();
}
