import { createReadStream } from "node:fs";
import { Readable } from "node:stream";
import { type Context, Hono } from "hono";
import type { GitHub } from "../state/github.ts";
import {
  joinBlocks,
  measurePayload,
  type Payload,
  payloadKinds,
  payloadPath,
  writeBlock,
  writePayload,
} from "../state/payload.ts";
import { ApiError, notFound } from "./api-error.ts";
import { refusal, responseOf } from "./respond.ts";
import { isSigned } from "./signed-address.ts";

const address = "/storage/:kind/:repository/:id";

/** Takes and hands out bytes at signed addresses: uploads as Azure's block blobs, which the toolkit's clients speak. */
export function storageApp(github: GitHub): Hono {
  const app = new Hono();
  app.get(address, (context) => refusing(() => download(context, signedPayload(github, context, "read"))));
  app.put(address, async (context) => {
    const bytes = new Uint8Array(await context.req.arrayBuffer());
    return refusing(() => upload(context, signedPayload(github, context, "write"), bytes));
  });
  return app;
}

function download(context: Context, payload: Payload): Response {
  const { repository, kind, id } = payload;
  const found = measurePayload(payload);
  if (found === null) throw notFound();
  const record = kind === "assets" ? repository.assets.get(id) : repository.artifacts.get(id);
  const bytes = context.req.method === "HEAD" ? null : Readable.toWeb(createReadStream(payloadPath(payload)));
  return new Response(bytes, {
    headers: {
      "content-type": record?.content_type ?? "application/octet-stream",
      "content-length": String(found.bytes),
      ...(record === undefined
        ? {}
        : { "content-disposition": `attachment; filename*=UTF-8''${encodeURIComponent(record.name)}` }),
    },
  });
}

/** All at once, or blocks and then the list that puts them in order. */
function upload({ req }: Context, payload: Payload, bytes: Uint8Array): Response {
  const block = req.query("blockid");
  if (req.query("comp") === "block" && block !== undefined) writeBlock(payload, block, bytes);
  else if (req.query("comp") === "blocklist") joinBlocks(payload, listedBlocks(Buffer.from(bytes).toString("utf8")));
  else writePayload(payload, bytes);
  const headers = { etag: '"0x8D"', "last-modified": new Date().toUTCString(), "x-ms-request-id": String(payload.id) };
  return new Response(null, { status: 201, headers });
}

function listedBlocks(xml: string): string[] {
  return [...xml.matchAll(/<(?:Latest|Uncommitted)>([^<]*)</g)].map(([, id = ""]) => id);
}

function signedPayload(github: GitHub, { req }: Context, access: "read" | "write"): Payload {
  if (!isSigned(req.path, access, req.query("sig") ?? ""))
    throw new ApiError(403, "Server failed to authenticate the request.");
  const kind = payloadKinds.find((known) => known === req.param("kind"));
  const repository = [...github.repositories.values()].find(
    ({ facts }) => String(facts.id) === req.param("repository"),
  );
  if (kind === undefined || repository === undefined) throw notFound();
  return { kind, repository, id: Number(req.param("id")) };
}

function refusing(answer: () => Response): Response {
  try {
    return answer();
  } catch (error) {
    if (error instanceof ApiError) return responseOf(refusal(error));
    throw error;
  }
}
