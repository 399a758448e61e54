import { type GitFolder, gitForEver } from "./git.ts";
import { isOnlyCommitOn } from "./parents.ts";

export interface ChangedPath {
  filename: string;
  previous_filename?: string;
  status: "added" | "removed" | "modified" | "renamed" | "copied" | "changed" | "unchanged";
  sha: string | null;
}

export interface ChangedFile extends ChangedPath {
  additions: number;
  deletions: number;
  patch?: string;
}

const statusOf: Readonly<Record<string, ChangedFile["status"]>> = {
  A: "added",
  D: "removed",
  M: "modified",
  R: "renamed",
  C: "copied",
  T: "changed",
};

/** Commits that `head` has and `base` has not, oldest first. */
export function commitsBetween(folder: GitFolder, base: string, head: string): string[] {
  if (isOnlyCommitOn(folder, base, head)) return [head];
  return lines(gitForEver(folder, ["rev-list", "--reverse", "--topo-order", head, `^${base}`]));
}

export function countBetween(folder: GitFolder, base: string, head: string): { ahead: number; behind: number } {
  if (isOnlyCommitOn(folder, base, head)) return { ahead: 1, behind: 0 };
  const [behind = "0", ahead = "0"] = gitForEver(folder, ["rev-list", "--left-right", "--count", `${base}...${head}`])
    .trim()
    .split("\t");
  return { ahead: Number(ahead), behind: Number(behind) };
}

/** Files that differ between two commits, as GitHub lists them: by path, renames found, a patch for texts. */
export function changedFiles(folder: GitFolder, base: string, head: string): ChangedFile[] {
  const counts = lineCounts(folder, base, head);
  const patches = patchesInOrder(folder, base, head);
  return changedPaths(folder, base, head).map((file, index) => ({
    ...file,
    ...(counts.get(file.filename) ?? { additions: 0, deletions: 0 }),
    ...patches[index],
  }));
}

/** The same without their contents. */
export function changedPaths(folder: GitFolder, base: string, head: string): ChangedPath[] {
  const raw = gitForEver(folder, [
    "diff-tree",
    "-r",
    "-z",
    "-M",
    "--no-commit-id",
    "--raw",
    "--no-abbrev",
    base,
    head,
  ]).split("\0");
  const files: ChangedPath[] = [];
  for (let at = 0; at < raw.length - 1; ) {
    const [, , , sha = "", letter = ""] = (raw[at] ?? "").split(" ");
    const moved = letter.startsWith("R") || letter.startsWith("C");
    const before = raw[at + 1] ?? "";
    const filename = moved ? (raw[at + 2] ?? "") : before;
    at += moved ? 3 : 2;
    files.push({
      filename,
      ...(moved ? { previous_filename: before } : {}),
      status: statusOf[letter.slice(0, 1)] ?? "changed",
      sha: letter === "D" ? blobAt(folder, base, filename) : sha,
    });
  }
  return files;
}

function lineCounts(
  folder: GitFolder,
  base: string,
  head: string,
): Map<string, { additions: number; deletions: number }> {
  const rows = gitForEver(folder, ["diff-tree", "-r", "-z", "-M", "--no-commit-id", "--numstat", base, head]).split(
    "\0",
  );
  const counts = new Map<string, { additions: number; deletions: number }>();
  for (let at = 0; at < rows.length - 1; at++) {
    const [additions = "0", deletions = "0", path = ""] = (rows[at] ?? "").split("\t");
    const name = path === "" ? (rows[at + 2] ?? "") : path;
    if (path === "") at += 2;
    counts.set(name, { additions: Number(additions) || 0, deletions: Number(deletions) || 0 });
  }
  return counts;
}

/** One entry a changed file, in the order of the raw list; a line of content never starts like a file's header does. */
function patchesInOrder(folder: GitFolder, base: string, head: string): { patch?: string }[] {
  const text = gitForEver(folder, ["diff-tree", "-r", "-M", "--no-commit-id", "-p", base, head]);
  return text
    .split(/^diff --git /m)
    .slice(1)
    .map((section) => {
      const start = section.indexOf("\n@@");
      return start === -1 ? {} : { patch: section.slice(start + 1).replace(/\n$/, "") };
    });
}

function blobAt(folder: GitFolder, commit: string, path: string): string {
  return gitForEver(folder, ["rev-parse", `${commit}:${path}`]).trim();
}

function lines(text: string): string[] {
  return text.split("\n").filter((row) => row !== "");
}
