import { execFileSync } from "node:child_process";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { createGitFolder, type GitFolder } from "../../../src/rehearsal/git/git.ts";
import { readTree, writeBlob, writeCommit } from "../../../src/rehearsal/git/objects.ts";
import { listRefs, moveRef, noCommit, readRef, setRef } from "../../../src/rehearsal/git/refs.ts";
import { entryAt } from "../../../src/rehearsal/git/tree-objects.ts";
import { type TreeChange, writeTree } from "../../../src/rehearsal/git/trees.ts";
import { fc } from "../../support/properties.ts";
import { scratchFolder } from "../../support/scratch.ts";

// What the embedded GitHub writes of git's files by itself, against git.

async function aGitFolder(): Promise<GitFolder> {
  return createGitFolder(join(await scratchFolder(), "git"), "main");
}

function gitSays(folder: GitFolder, args: readonly string[], { input = "", index = "index" } = {}): string {
  const env = { ...process.env, GIT_DIR: folder.path, GIT_INDEX_FILE: join(folder.path, index) };
  return execFileSync("git", args, { env, input, encoding: "utf8", stdio: ["pipe", "pipe", "pipe"] }).trim();
}

/** Names that are sorted differently as files and as folders. */
const part = fc.constantFrom("a", "a.b", "a-b", "ab", "b", "é", "z z");
const path = fc.array(part, { minLength: 1, maxLength: 3 }).map((parts) => parts.join("/"));
const content = fc.constantFrom("1", "2", "");

describe("a tree", () => {
  it("is the one that git's index makes of the same files, taken away and added", async () => {
    const folder = await aGitFolder();
    const files = fc.uniqueArray(fc.tuple(path, content), { selector: ([name]) => name, maxLength: 6 });
    fc.assert(
      fc.property(files, files, (before, after) => {
        rmSync(join(folder.path, "index"), { force: true });
        const base = writeTree(
          folder,
          null,
          withoutFoldersOf(before).map(([name, text]) => blob(folder, name, text)),
        );
        const gone = before.slice(0, 2).map(([name]): TreeChange => ({ path: name, mode: "100644", sha: null }));
        const added = withoutFoldersOf(after).map(([name, text]) => blob(folder, name, text));
        const changed = writeTree(folder, writeTree(folder, base, gone), added);
        gitSays(folder, ["read-tree", base]);
        const rows = [...gone.map((one) => ({ ...one, mode: "0", sha: noCommit })), ...added];
        const input = rows.map((one) => `${one.mode} ${one.sha}\t${one.path}\n`).join("");
        gitSays(folder, ["update-index", "--add", "--replace", "--index-info"], { input });
        expect(changed).toBe(gitSays(folder, ["write-tree"]));
      }),
      { numRuns: 25, seed: 7 },
    );
    gitSays(folder, ["fsck", "--strict", "--no-dangling"]);
  });

  it("is read as git reads it, loose or packed", async () => {
    const folder = await aGitFolder();
    const files = ["a/b/c", "a/b.txt", "d"].map((name) => blob(folder, name, name));
    const tree = writeTree(folder, null, files);
    const author = { name: "mona", email: "m@example.com", date: "2026-11-28T09:00:00Z" };
    const commit = writeCommit(folder, { tree, parents: [], author, committer: author, message: "m" });
    setRef(folder, "refs/heads/main", commit);
    const listed = readTree(folder, commit, true);
    const found = () => listed.map((entry) => entryAt(folder, commit, entry.path));
    expect(found()).toEqual(listed);
    expect(["a/b/x", "d/x", "", "a/"].map((name) => entryAt(folder, commit, name))).toEqual([null, null, null, null]);
    gitSays(folder, ["repack", "-adq"]);
    expect(found()).toEqual(listed);
  });
});

describe("a ref", () => {
  async function commits() {
    const folder = await aGitFolder();
    const author = { name: "mona", email: "m@example.com", date: "2026-11-28T09:00:00Z" };
    const facts = { tree: writeTree(folder, null, []), parents: [], author, committer: author };
    const [one, two] = ["one", "two"].map((message) => writeCommit(folder, { ...facts, message }));
    return { folder, one: one ?? "", two: two ?? "" };
  }

  it("is moved only from where it was thought to be", async () => {
    const { folder, one, two } = await commits();
    const ref = "refs/heads/a/b";
    expect(moveRef(folder, ref, one, two)).toBe(false);
    expect(moveRef(folder, ref, one, noCommit)).toBe(true);
    expect(moveRef(folder, ref, two, noCommit)).toBe(false);
    expect(moveRef(folder, ref, two, one)).toBe(true);
    expect(gitSays(folder, ["rev-parse", ref])).toBe(two);
    gitSays(folder, ["pack-refs", "--all"]);
    expect(moveRef(folder, ref, one, noCommit)).toBe(false);
    expect(moveRef(folder, ref, one, two)).toBe(true);
    expect(readRef(folder, ref)?.sha).toBe(one);
  });

  it("is not where another one has a folder or is one, and waits for nobody who holds its lock", async () => {
    const { folder, one } = await commits();
    setRef(folder, "refs/heads/a", one);
    expect(moveRef(folder, "refs/heads/a/b", one, noCommit)).toBe(false);
    setRef(folder, "refs/heads/c/d", one);
    expect(moveRef(folder, "refs/heads/c", one, noCommit)).toBe(false);
    writeFileSync(join(folder.path, "refs/heads/e.lock"), "");
    expect(moveRef(folder, "refs/heads/e", one, noCommit)).toBe(false);
    expect(listRefs(folder, "refs/").map(({ ref }) => ref)).toEqual(["refs/heads/a", "refs/heads/c/d"]);
  });
});

function blob(folder: GitFolder, name: string, text: string): TreeChange {
  return { path: name, mode: "100644", sha: writeBlob(folder, text) };
}

/** A name cannot be a file and a folder at once: the later one stays. */
function withoutFoldersOf<Row extends readonly [string, string]>(rows: readonly Row[]): Row[] {
  return rows.filter(([name], index) => {
    const later = rows.slice(index + 1);
    return !later.some(([other]) => other.startsWith(`${name}/`) || name.startsWith(`${other}/`));
  });
}
