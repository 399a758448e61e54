import { type GitFolder, gitAnswer, gitBytes, gitForEver } from "./git.ts";
import { type ObjectType, objectType, readLooseObject, writeLooseObject } from "./loose-objects.ts";
import type { TreeEntry } from "./tree-objects.ts";

export interface Person {
  name: string;
  email: string;
  /** ISO 8601 in UTC, seconds. */
  date: string;
}

export interface Commit {
  sha: string;
  tree: string;
  parents: string[];
  author: Person;
  committer: Person;
  message: string;
}

const fullSha = /^[0-9a-f]{40}$/;
const personLine = /^(.*) <(.*)> (\d+) [+-]\d{4}$/;

/** Type of an object, or null where there is none; only full SHAs name objects. */
export function typeOf(folder: GitFolder, sha: string): ObjectType | null {
  if (!fullSha.test(sha)) return null;
  const loose = readLooseObject(folder, sha);
  if (loose !== null) return loose.type;
  const { code, stdout } = gitAnswer(folder, ["cat-file", "-t", sha], { answers: [1, 128] });
  return code === 0 ? objectType(stdout.trim()) : null;
}

export function readCommit(folder: GitFolder, sha: string): Commit {
  return parseCommit(sha, readObject(folder, "commit", sha).toString("utf8"));
}

export function writeCommit(folder: GitFolder, commit: Omit<Commit, "sha">): string {
  const text = [
    `tree ${commit.tree}`,
    ...commit.parents.map((parent) => `parent ${parent}`),
    `author ${line(commit.author)}`,
    `committer ${line(commit.committer)}`,
    "",
    commit.message,
  ].join("\n");
  return writeLooseObject(folder, "commit", text);
}

export interface Tag {
  sha: string;
  tag: string;
  message: string;
  tagger: Person;
  object: { sha: string; type: string };
}

export function readTag(folder: GitFolder, sha: string): Tag {
  const { headers, message } = splitObject(readObject(folder, "tag", sha).toString("utf8"));
  const value = (name: string) => headers.find(([key]) => key === name)?.[1] ?? "";
  return {
    sha,
    tag: value("tag"),
    message,
    tagger: parsePerson(value("tagger")),
    object: { sha: value("object"), type: value("type") },
  };
}

export function writeTag(folder: GitFolder, tag: Omit<Tag, "sha">): string {
  const text = [
    `object ${tag.object.sha}`,
    `type ${tag.object.type}`,
    `tag ${tag.tag}`,
    `tagger ${line(tag.tagger)}`,
    "",
    tag.message,
  ].join("\n");
  return writeLooseObject(folder, "tag", text);
}

export function readBlob(folder: GitFolder, sha: string): Buffer {
  return readObject(folder, "blob", sha);
}

export function writeBlob(folder: GitFolder, content: string | Uint8Array): string {
  return writeLooseObject(folder, "blob", content);
}

/** The entries of a tree, or of all trees below it too; it is named by a full SHA, or by one and a path. */
export function readTree(folder: GitFolder, treeish: string, recursive: boolean): TreeEntry[] {
  const flags = recursive ? ["-r", "-t"] : [];
  return entries(gitForEver(folder, ["ls-tree", "-z", "-l", ...flags, treeish]));
}

function entries(listing: string): TreeEntry[] {
  return listing
    .split("\0")
    .filter((row) => row !== "")
    .map((row) => {
      const [facts = "", path = ""] = row.split("\t");
      const [mode = "", type = "", sha = "", size = "-"] = facts.split(/ +/);
      return { path, mode, type, sha, size: size === "-" ? null : Number(size) };
    });
}

export function readObject(folder: GitFolder, type: ObjectType, sha: string): Buffer {
  const loose = readLooseObject(folder, sha);
  return loose?.type === type ? loose.content : gitBytes(folder, ["cat-file", type, sha]).stdout;
}

function parseCommit(sha: string, text: string): Commit {
  const { headers, message } = splitObject(text);
  const value = (name: string) => headers.find(([key]) => key === name)?.[1] ?? "";
  return {
    sha,
    tree: value("tree"),
    parents: headers.filter(([key]) => key === "parent").map(([, parent]) => parent),
    author: parsePerson(value("author")),
    committer: parsePerson(value("committer")),
    message,
  };
}

function splitObject(text: string): { headers: [string, string][]; message: string } {
  const end = text.indexOf("\n\n");
  const head = end === -1 ? text : text.slice(0, end);
  const headers = head.split("\n").map((row): [string, string] => {
    const space = row.indexOf(" ");
    return [row.slice(0, space), row.slice(space + 1)];
  });
  return { headers, message: end === -1 ? "" : text.slice(end + 2) };
}

function parsePerson(text: string): Person {
  const [, name = "", email = "", seconds = "0"] = personLine.exec(text) ?? [];
  return { name, email, date: seconds === "" ? "" : isoSeconds(new Date(Number(seconds) * 1000)) };
}

function line({ name, email, date }: Person): string {
  const clean = (text: string) => text.replace(/[<>\n\0]/g, "").trim();
  return `${clean(name)} <${clean(email)}> ${Math.floor(Date.parse(date) / 1000)} +0000`;
}

/** GitHub's times have no fraction. */
export function isoSeconds(date: Date): string {
  return `${date.toISOString().slice(0, 19)}Z`;
}
