import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { type GitFolder, gitAnswer } from "./git.ts";
import { readTag, typeOf } from "./objects.ts";

const fullSha = /^[0-9a-f]{40}$/;

/** The commit that a branch, tag, ref or SHA means; null where none does. */
export function resolveCommit(folder: GitFolder, name: string): string | null {
  if (name === "" || name.startsWith("-") || name.includes("..")) return null;
  if (fullSha.test(name)) return peel(folder, name);
  const full = name.startsWith("refs/") ? [name] : [`refs/heads/${name}`, `refs/tags/${name}`, `refs/${name}`];
  for (const ref of full) {
    const sha = shaOfRef(folder, ref);
    if (sha !== null) return peel(folder, sha);
  }
  return name === "HEAD" || /^[0-9a-f]{7,39}$/.test(name) ? askGit(folder, `${name}^{commit}`) : null;
}

/** What a ref in full points at, without following tags; null where it is not there. */
export function shaOfRef(folder: GitFolder, ref: string): string | null {
  const path = join(folder.path, ref);
  if (statSync(path, { throwIfNoEntry: false })?.isFile() === true) {
    const text = readFileSync(path, "utf8").trim();
    return fullSha.test(text) ? text : askGit(folder, ref);
  }
  // Only a repository that git has tidied keeps refs elsewhere.
  return existsSync(join(folder.path, "packed-refs")) ? askGit(folder, ref) : null;
}

/** The commit of an annotated tag, or of a tag of a tag. */
function peel(folder: GitFolder, sha: string): string | null {
  const type = typeOf(folder, sha);
  if (type === "tag") return peel(folder, readTag(folder, sha).object.sha);
  return type === "commit" ? sha : null;
}

function askGit(folder: GitFolder, revision: string): string | null {
  const { code, stdout } = gitAnswer(folder, ["rev-parse", "--verify", "--quiet", revision], { answers: [1, 128] });
  return code === 0 ? stdout.trim() : null;
}
