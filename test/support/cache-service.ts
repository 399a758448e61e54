import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import * as z from "zod";

// GitHub's cache service, version 2, as @actions/cache speaks to it: entries over Twirp, archives as blobs.

const Entry = z.object({ key: z.string(), version: z.string() });

export interface CacheService {
  /** What a runner sets in the environment of an action. */
  environment: Readonly<Record<string, string>>;
  /** Keys of the saved entries. */
  keys(): string[];
  /** Every saved entry holds this from now on. */
  replaceArchive(archive: Buffer): void;
  stop(): Promise<void>;
}

export async function aCacheService(): Promise<CacheService> {
  const archives = new Map<string, Buffer>();
  const keys: string[] = [];
  let origin = "";
  const answers: Readonly<Record<string, (body: unknown) => object>> = {
    CreateCacheEntry: (body) => ({ ok: true, signed_upload_url: `${origin}/blobs/${blobOf(body)}` }),
    FinalizeCacheEntryUpload: (body) => {
      keys.push(Entry.parse(body).key);
      return { ok: true, entry_id: "1" };
    },
    GetCacheEntryDownloadURL: (body) =>
      archives.has(blobOf(body))
        ? {
            ok: true,
            signed_download_url: `${origin}/blobs/${blobOf(body)}`,
            matched_key: Entry.parse(body).key,
          }
        : { ok: false, signed_download_url: "", matched_key: "" },
  };
  const server = createServer(async (request, response) => {
    const body = await read(request);
    const [, room = "", ...rest] = (request.url ?? "").split("?")[0]?.split("/") ?? [];
    const name = rest.at(-1) ?? "";
    if (room === "twirp") {
      response.setHeader("content-type", "application/json");
      response.end(JSON.stringify(answers[name]?.(JSON.parse(body.toString("utf8"))) ?? {}));
    } else if (request.method === "PUT") {
      archives.set(name, body);
      response.writeHead(201).end();
    } else {
      sendPart(request, archives.get(name) ?? Buffer.alloc(0), response);
    }
  });
  origin = await listening(server);
  return {
    environment: {
      // Not GitHub's own host, but one that the toolkit takes for it.
      GITHUB_SERVER_URL: "http://github.localhost",
      ACTIONS_CACHE_SERVICE_V2: "true",
      ACTIONS_RESULTS_URL: `${origin}/`,
      ACTIONS_RUNTIME_TOKEN: "none",
    },
    keys: () => keys,
    replaceArchive: (archive) => {
      for (const name of archives.keys()) archives.set(name, archive);
    },
    stop() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

function blobOf(body: unknown): string {
  const { key, version } = Entry.parse(body);
  return `${key}-${version}`;
}

async function read(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks);
}

function sendPart(
  request: IncomingMessage,
  archive: Buffer,
  response: {
    writeHead(status: number, headers: Record<string, string | number>): unknown;
    end(body?: Buffer): unknown;
  },
): void {
  const range = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? "");
  const part = range === null ? archive : archive.subarray(Number(range[1]), Number(range[2]) + 1);
  response.writeHead(range === null ? 200 : 206, { "content-length": part.length });
  response.end(request.method === "HEAD" ? undefined : part);
}

async function listening(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address: AddressInfo | string | null = server.address();
  if (address === null || typeof address === "string") throw new Error("the cache service has no port");
  return `http://127.0.0.1:${address.port}`;
}
