import * as z from "zod";
import { readBlob, typeOf, writeBlob } from "../git/objects.ts";
import { notFound } from "../server/api-error.ts";
import { created, type Endpoint, type KnownCall, ok, type RepositoryCall, reads, writes } from "../server/endpoint.ts";
import { readBody, textParam } from "../server/read-call.ts";
import { apiUrl } from "../views/repository-view.ts";
import { rawBytes, wantsRaw, wrappedBase64 } from "./raw.ts";

const all = "/repos/{owner}/{repo}/git/blobs";

export const blobEndpoints: readonly Endpoint[] = [
  reads(`${all}/{file_sha}`, ["contents"], readOneBlob),
  writes("POST", all, ["contents"], "write", createBlob),
];

const NewBlob = z.object({ content: z.string(), encoding: z.enum(["utf-8", "base64"]).default("utf-8") });

function readOneBlob(call: RepositoryCall) {
  const { repository } = call;
  const sha = textParam(call, "file_sha");
  if (typeOf(repository.git, sha) !== "blob") throw notFound();
  const content = readBlob(repository.git, sha);
  if (wantsRaw(call)) return rawBytes(content);
  return ok({
    sha,
    node_id: `B_${sha}`,
    size: content.length,
    url: address(call, sha),
    content: wrappedBase64(content),
    encoding: "base64",
  });
}

function createBlob(call: KnownCall) {
  const { content, encoding } = readBody(call, NewBlob);
  const sha = writeBlob(call.repository.git, encoding === "base64" ? Buffer.from(content, "base64") : content);
  return created({ sha, url: address(call, sha) });
}

function address({ github, repository }: RepositoryCall, sha: string): string {
  return `${apiUrl(github, repository)}/git/blobs/${sha}`;
}
