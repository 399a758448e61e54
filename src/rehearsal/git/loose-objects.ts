import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { deflateSync, inflateSync } from "node:zlib";
import type { GitFolder } from "./git.ts";

// Git's object files (gitformat-loose, in `git help gitrepository-layout`), read and written without starting git: a
// rehearsal asks for thousands of them, and a process costs more than all else.

export type ObjectType = "commit" | "tree" | "blob" | "tag";

export interface LooseObject {
  type: ObjectType;
  content: Buffer;
}

/** Null where the object is not there, or lies in a pack. */
export function readLooseObject(folder: GitFolder, sha: string): LooseObject | null {
  const path = objectPath(folder, sha);
  if (!existsSync(path)) return null;
  const bytes = inflateSync(readFileSync(path));
  const end = bytes.indexOf(0);
  const type = objectType(bytes.subarray(0, end).toString("latin1").split(" ")[0] ?? "");
  if (type === null) throw new Error(`${path} is not a git object`);
  return { type, content: bytes.subarray(end + 1) };
}

/** Its SHA-1, which is its name. */
export function writeLooseObject(folder: GitFolder, type: ObjectType, content: string | Uint8Array): string {
  const body = typeof content === "string" ? Buffer.from(content) : content;
  const bytes = Buffer.concat([Buffer.from(`${type} ${body.length}\0`), body]);
  const sha = createHash("sha1").update(bytes).digest("hex");
  const path = objectPath(folder, sha);
  if (existsSync(path)) return sha;
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(`${path}.partial`, deflateSync(bytes), { mode: 0o444 });
  renameSync(`${path}.partial`, path);
  return sha;
}

export function objectType(name: string): ObjectType | null {
  return name === "commit" || name === "tree" || name === "blob" || name === "tag" ? name : null;
}

function objectPath(folder: GitFolder, sha: string): string {
  return join(folder.path, "objects", sha.slice(0, 2), sha.slice(2));
}
