import type { Answer, Call } from "../server/endpoint.ts";

/** Whether the caller asks for the bytes of a file instead of JSON. */
export function wantsRaw({ accept }: Call): boolean {
  return /application\/vnd\.github(\.v3)?\.raw(\+json)?/.test(accept);
}

export function rawBytes(content: Uint8Array): Answer {
  return { status: 200, headers: { "content-type": "application/vnd.github.raw; charset=utf-8" }, body: content };
}

/** Base64 as GitHub writes it, in lines. */
export function wrappedBase64(content: Buffer): string {
  return content.toString("base64").replace(/.{60}/g, "$&\n").concat("\n");
}
