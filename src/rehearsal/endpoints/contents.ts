import { posix } from "node:path";
import { readBlob, readTree } from "../git/objects.ts";
import { resolveCommit } from "../git/resolve.ts";
import { entryAt, type TreeEntry } from "../git/tree-objects.ts";
import { ApiError, forbidden, notFound } from "../server/api-error.ts";
import { type Answer, type Endpoint, ok, type RepositoryCall, reads } from "../server/endpoint.ts";
import { apiUrl, webUrl } from "../views/repository-view.ts";
import { rawBytes, wantsRaw, wrappedBase64 } from "./raw.ts";

export const contentEndpoints: readonly Endpoint[] = [
  reads("/repos/{owner}/{repo}/contents/{path}", ["contents"], readContent),
];

const largestInline = 1024 * 1024;
const largest = 100 * 1024 * 1024;
const typeNames: Readonly<Record<string, string>> = { blob: "file", tree: "dir", commit: "submodule" };

/** A file, a folder's listing, or what a link to a file points at. */
function readContent(call: RepositoryCall): Answer {
  const { repository, query } = call;
  const name = query.get("ref") ?? repository.facts.default_branch;
  const commit = resolveCommit(repository.git, name);
  if (commit === null) throw new ApiError(404, `No commit found for the ref ${name}`);
  const path = (call.params.path ?? "").replace(/^\/+|\/+$/g, "");
  if (path === "") return listing(call, commit, "");
  const entry = entryAt(repository.git, commit, path);
  if (entry === null) throw notFound();
  if (entry.type === "tree") return listing(call, commit, path);
  if (entry.type === "commit") return ok(view(call, entry, name));
  const target = entry.mode === "120000" ? linkedFile(call, commit, entry) : entry;
  return target === null
    ? ok({ ...view(call, entry, name), type: "symlink", target: readBlob(repository.git, entry.sha).toString("utf8") })
    : fileAnswer(call, target, name);
}

function fileAnswer(call: RepositoryCall, entry: TreeEntry, name: string): Answer {
  const size = entry.size ?? 0;
  if (size > largest)
    throw forbidden(
      "This API returns blobs up to 100 MB in size. The requested blob is too large to fetch via the API.",
    );
  const content = readBlob(call.repository.git, entry.sha);
  if (wantsRaw(call)) return rawBytes(content);
  const inline = size <= largestInline;
  return ok({
    ...view(call, entry, name),
    content: inline ? wrappedBase64(content) : "",
    encoding: inline ? "base64" : "none",
  });
}

function listing(call: RepositoryCall, commit: string, path: string): Answer {
  const name = call.query.get("ref") ?? call.repository.facts.default_branch;
  const rows = readTree(call.repository.git, `${commit}:${path}`, false);
  return ok(rows.map((row) => view(call, { ...row, path: posix.join(path, row.path) }, name)));
}

/** GitHub follows a link that leads to a file of the same commit. */
function linkedFile({ repository }: RepositoryCall, commit: string, link: TreeEntry): TreeEntry | null {
  const target = readBlob(repository.git, link.sha).toString("utf8");
  const path = posix.join(posix.dirname(link.path), target);
  if (posix.isAbsolute(target) || path.startsWith("..")) return null;
  const entry = entryAt(repository.git, commit, path);
  return entry !== null && entry.type === "blob" && entry.mode !== "120000" ? entry : null;
}

function view({ github, repository }: RepositoryCall, entry: TreeEntry, name: string) {
  const path = entry.path.split("/").map(encodeURIComponent).join("/");
  const ref = encodeURIComponent(name);
  const isFile = entry.type === "blob";
  const self = `${apiUrl(github, repository)}/contents/${path}?ref=${ref}`;
  const gitUrl = `${apiUrl(github, repository)}/git/${entry.type}s/${entry.sha}`;
  const html = `${webUrl(github, repository)}/${isFile ? "blob" : "tree"}/${ref}/${path}`;
  return {
    name: posix.basename(entry.path),
    path: entry.path,
    sha: entry.sha,
    size: entry.size ?? 0,
    url: self,
    html_url: html,
    git_url: gitUrl,
    download_url: isFile ? `${webUrl(github, repository)}/raw/${ref}/${path}` : null,
    type: entry.mode === "120000" ? "symlink" : (typeNames[entry.type] ?? entry.type),
    _links: { self, git: gitUrl, html },
  };
}
