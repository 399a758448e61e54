import * as z from "zod";
import type { Api } from "./api.ts";
import { createRef, forwardRef, getRef } from "./refs.ts";

const Sha = z.object({ sha: z.string() });
const CommitAnswer = z.object({ sha: z.string(), message: z.string(), tree: Sha, parents: z.array(Sha) });

const TreeAnswer = z.object({
  truncated: z.boolean(),
  tree: z.array(
    z.object({ path: z.string(), mode: z.string(), type: z.string(), sha: z.string(), size: z.int().optional() }),
  ),
});
export type TreeEntry = z.infer<typeof TreeAnswer>["tree"][number];

/** All files of a commit or tree. Throws where GitHub does not list them all (more than 100,000 entries or 7 MB). */
export async function listTree(api: Api, sha: string): Promise<TreeEntry[]> {
  const answer = await api.read("GET /repos/{owner}/{repo}/git/trees/{tree_sha}", { tree_sha: sha, recursive: "1" });
  const { tree, truncated } = TreeAnswer.parse(answer);
  if (truncated) throw new Error(`GitHub does not list the whole tree ${sha}`);
  return tree;
}

/** What a commit says and holds. */
export async function getCommit(
  api: Api,
  sha: string,
): Promise<{ message: string; treeSha: string; parents: string[] }> {
  const answer = CommitAnswer.parse(
    await api.read("GET /repos/{owner}/{repo}/git/commits/{commit_sha}", { commit_sha: sha }),
  );
  return { message: answer.message, treeSha: answer.tree.sha, parents: answer.parents.map((parent) => parent.sha) };
}

const TagAnswer = z.object({
  sha: z.string(),
  tag: z.string(),
  message: z.string(),
  object: z.object({ sha: z.string(), type: z.string() }),
});

/** An annotated tag's message and what it points at. */
export async function getTag(api: Api, sha: string): Promise<z.infer<typeof TagAnswer>> {
  return TagAnswer.parse(await api.read("GET /repos/{owner}/{repo}/git/tags/{tag_sha}", { tag_sha: sha }));
}

export interface Tag {
  /** Without `refs/tags/`. */
  name: string;
  message: string;
  commitSha: string;
}

/** Sets an annotated tag, and says whether it did: false when the name is taken, which is never moved. */
export async function createTag(api: Api, { name, message, commitSha }: Tag): Promise<boolean> {
  const body = { tag: name, message, object: commitSha, type: "commit" };
  const { sha } = Sha.parse(await api.write("POST /repos/{owner}/{repo}/git/tags", body));
  return createRef(api, `refs/tags/${name}`, sha);
}

export interface Change {
  /** Full name, as `refs/heads/mlops/reports`. */
  ref: string;
  message: string;
  /** Path → content; null takes the file away. Other files stay. */
  files: ReadonlyMap<string, Uint8Array | null>;
  /** Where a new branch begins; without one it has no history. */
  from?: string;
}

const mostTries = 5;

/**
 * Commits files to a branch, which is made when there is none; gives the commit's SHA. When somebody else pushed at the same
 * time the files are committed on top of that. Files that are there already with the same content make no commit.
 */
export async function commitFiles(api: Api, change: Change): Promise<string> {
  const entries = await treeEntries(api, change.files);
  for (let attempt = 1; ; attempt += 1) {
    const tip = (await getRef(api, change.ref))?.sha ?? null;
    const parent = tip ?? change.from ?? null;
    const base = parent === null ? null : (await getCommit(api, parent)).treeSha;
    const body = { tree: entries, ...(base === null ? {} : { base_tree: base }) };
    const { sha: tree } = Sha.parse(await api.write("POST /repos/{owner}/{repo}/git/trees", body));
    if (tip !== null && tree === base) return tip;
    const commit = { message: change.message, tree, parents: parent === null ? [] : [parent] };
    const { sha } = Sha.parse(await api.write("POST /repos/{owner}/{repo}/git/commits", commit));
    const isDone = tip === null ? await createRef(api, change.ref, sha) : await forwardRef(api, change.ref, sha);
    if (isDone) return sha;
    if (attempt === mostTries)
      throw new Error(`${change.ref} moved ${mostTries} times while files were committed to it`);
    await api.clock.sleep(500 * attempt);
  }
}

async function treeEntries(api: Api, files: Change["files"]): Promise<object[]> {
  const entries: object[] = [];
  for (const [path, content] of files) {
    const about = { path, mode: "100644", type: "blob" };
    entries.push({ ...about, sha: content === null ? null : await createBlob(api, content) });
  }
  return entries;
}

async function createBlob(api: Api, content: Uint8Array): Promise<string> {
  const body = { content: Buffer.from(content).toString("base64"), encoding: "base64" };
  return Sha.parse(await api.write("POST /repos/{owner}/{repo}/git/blobs", body)).sha;
}
