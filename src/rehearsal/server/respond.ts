import { createHash, randomUUID } from "node:crypto";
import type { ApiError } from "./api-error.ts";
import type { Answer } from "./endpoint.ts";

const documentation = "https://docs.github.com/rest";

/** An answer as it goes over the wire, before it is known whether the caller has it already. */
export interface Wire {
  status: number;
  headers: Record<string, string>;
  body: Uint8Array<ArrayBuffer> | null;
}

export function toWire({ status, headers = {}, body }: Answer): Wire {
  const common = { "x-github-request-id": randomUUID(), "x-github-media-type": "github.v3; format=json" };
  if (body === undefined) return { status, headers: { ...common, ...headers }, body: null };
  if (body instanceof Uint8Array)
    return {
      status,
      headers: { ...common, "content-type": "application/octet-stream", ...headers },
      body: new Uint8Array(body),
    };
  const bytes = new Uint8Array(Buffer.from(JSON.stringify(body)));
  return { status, headers: { ...common, "content-type": "application/json; charset=utf-8", ...headers }, body: bytes };
}

export function refusal(error: ApiError): Wire {
  const body = {
    message: error.message,
    ...(error.errors === undefined ? {} : { errors: error.errors }),
    documentation_url: documentation,
    status: String(error.status),
  };
  return toWire({ status: error.status, headers: error.headers, body });
}

/** Marks what was read with its digest; a caller who names the same one gets 304 and no body. */
export function withEtag(wire: Wire, ifNoneMatch: string | null): Wire {
  if (wire.status !== 200 || wire.body === null) return wire;
  const etag = `W/"${createHash("sha256").update(wire.body).digest("hex")}"`;
  const headers = { ...wire.headers, etag, "cache-control": "private, max-age=60, s-maxage=60" };
  const known = (ifNoneMatch ?? "").split(",").map((one) => one.trim());
  return known.includes(etag) || known.includes(etag.slice(2))
    ? { status: 304, headers, body: null }
    : { ...wire, headers };
}

export function responseOf({ status, headers, body }: Wire): Response {
  return new Response(body, { status, headers });
}
