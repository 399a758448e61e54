import * as z from "zod";
import { readTree, typeOf, writeBlob } from "../git/objects.ts";
import { resolveCommit } from "../git/resolve.ts";
import { treeOf } from "../git/tree-objects.ts";
import { type TreeChange, writeTree } from "../git/trees.ts";
import { notFound, unprocessable } from "../server/api-error.ts";
import { created, type Endpoint, type KnownCall, ok, type RepositoryCall, reads, writes } from "../server/endpoint.ts";
import { readBody, textParam } from "../server/read-call.ts";
import { apiUrl } from "../views/repository-view.ts";

const all = "/repos/{owner}/{repo}/git/trees";

export const treeEndpoints: readonly Endpoint[] = [
  reads(`${all}/{tree_sha}`, ["contents"], readOneTree),
  writes("POST", all, ["contents"], "write", createTree),
];

const mostEntries = 100_000;
const Entry = z.object({
  path: z.string(),
  mode: z.enum(["100644", "100755", "040000", "160000", "120000"]),
  type: z.enum(["blob", "tree", "commit"]).optional(),
  sha: z.string().nullable().optional(),
  content: z.string().optional(),
});
const NewTree = z.object({ base_tree: z.string().optional(), tree: z.array(Entry) });

function readOneTree(call: RepositoryCall) {
  const { repository, query } = call;
  const named = textParam(call, "tree_sha");
  const type = typeOf(repository.git, named);
  const treeish = type === "tree" || type === "commit" ? named : resolveCommit(repository.git, named);
  if (treeish === null) throw notFound();
  // Any value switches it on, also "false".
  return ok(view(call, treeish, query.has("recursive")));
}

function createTree(call: KnownCall) {
  const { repository } = call;
  const { base_tree, tree } = readBody(call, NewTree);
  const base = base_tree === undefined ? null : base_tree;
  if (base !== null && !["tree", "commit"].includes(typeOf(repository.git, base) ?? ""))
    throw unprocessable(`base_tree ${base} is not a valid tree oid`);
  const sha = writeTree(
    repository.git,
    base,
    tree.map((entry) => change(call, entry)),
  );
  return created(view(call, sha, false));
}

function change({ repository }: KnownCall, { path, mode, sha, content }: z.infer<typeof Entry>): TreeChange {
  if (path.startsWith("/")) throw unprocessable("tree.path cannot start with a slash");
  if (path.split("/").some((part) => part === "" || part === "." || part === ".." || part.toLowerCase() === ".git"))
    throw unprocessable("tree.path contains a malformed path component");
  if (content !== undefined) return { path, mode, sha: writeBlob(repository.git, content) };
  if (sha === undefined) throw unprocessable("Must supply either tree.sha or tree.content");
  const wanted = mode === "040000" ? "tree" : "blob";
  if (sha !== null && mode !== "160000" && typeOf(repository.git, sha) !== wanted)
    throw unprocessable(`tree.sha ${sha} is not a valid ${wanted}`);
  return { path, mode, sha };
}

function view({ github, repository }: RepositoryCall, treeish: string, recursive: boolean) {
  const url = apiUrl(github, repository);
  const entries = readTree(repository.git, treeish, recursive);
  const sha = treeOf(repository.git, treeish);
  return {
    sha,
    url: `${url}/git/trees/${sha}`,
    tree: entries.slice(0, mostEntries).map(({ path, mode, type, sha, size }) => ({
      path,
      mode,
      type,
      sha,
      ...(size === null ? {} : { size }),
      url: `${url}/git/${type}s/${sha}`,
    })),
    truncated: entries.length > mostEntries,
  };
}
