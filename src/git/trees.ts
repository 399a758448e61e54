import { git } from "./run-git.ts";

/** A file of a commit. */
export interface TreeFile {
  path: string;
  /** Name of its content in the object store. */
  blob: string;
  /** A symbolic link: its content is where it leads. */
  isLink: boolean;
}

/** The files of a commit that are wanted; submodules are none. */
export async function filesOf(
  root: string,
  commit: string,
  isWanted: (file: Pick<TreeFile, "path" | "isLink">) => boolean,
): Promise<TreeFile[]> {
  const listing = await git(root, ["ls-tree", "-r", "-z", "--full-tree", commit]);
  return records(listing).flatMap((record) => {
    const match = /^(\d{6}) blob ([0-9a-f]+)\t([\s\S]+)$/.exec(record);
    const [, mode, blob, path] = match ?? [];
    const isLink = mode === "120000";
    if (blob === undefined || path === undefined || !isWanted({ path, isLink })) return [];
    return [{ path, blob, isLink }];
  });
}

export interface Blob {
  bytes: number;
  /** Null when it has more than the bytes that were asked for. */
  content: Uint8Array | null;
}

/** Contents by their names, those over `mostBytes` without being read. */
export async function readBlobs(root: string, blobs: readonly string[], mostBytes: number): Promise<Map<string, Blob>> {
  const names = [...new Set(blobs)];
  if (names.length === 0) return new Map();
  const sizes = await git(root, ["cat-file", "--batch-check=%(objectname) %(objectsize)"], {
    stdin: lines(names),
  });
  const found = new Map<string, Blob>();
  for (const line of sizes.toString("utf8").split("\n")) {
    const [name = "", size] = line.split(" ");
    if (name !== "") found.set(name, { bytes: Number(size), content: null });
  }
  const small = names.filter((name) => (found.get(name)?.bytes ?? Number.POSITIVE_INFINITY) <= mostBytes);
  if (small.length === 0) return found;
  const contents = await git(root, ["cat-file", "--batch"], { stdin: lines(small) });
  let at = 0;
  for (const name of small) {
    const bytes = found.get(name)?.bytes ?? 0;
    // `<name> blob <size>`, the content, and a line feed after each.
    const begin = contents.indexOf(0x0a, at) + 1;
    found.set(name, { bytes, content: contents.subarray(begin, begin + bytes) });
    at = begin + bytes + 1;
  }
  return found;
}

/** What ends with NUL each. */
export function records(bytes: Buffer): string[] {
  return bytes
    .toString("utf8")
    .split("\0")
    .filter((record) => record !== "");
}

function lines(names: readonly string[]): string {
  return names.map((name) => `${name}\n`).join("");
}
