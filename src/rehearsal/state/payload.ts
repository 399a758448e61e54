import { createHash } from "node:crypto";
import {
  appendFileSync,
  closeSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import type { Repository } from "./repository.ts";

/** The bytes of an asset, artifact or cache, beside its record. */
export interface Payload {
  repository: Repository;
  kind: PayloadKind;
  id: number;
}

export const payloadKinds = ["assets", "artifacts", "caches"] as const;
type PayloadKind = (typeof payloadKinds)[number];

const chunkBytes = 1 << 20;

export function payloadPath({ repository, kind, id }: Payload): string {
  const folder = join(repository.folder, `${kind}-bytes`);
  mkdirSync(folder, { recursive: true });
  return join(folder, String(id));
}

export function writePayload(payload: Payload, bytes: Uint8Array): void {
  const path = payloadPath(payload);
  writeFileSync(`${path}.partial`, bytes);
  renameSync(`${path}.partial`, path);
}

/** A part of an upload; parts come in any order. */
export function writeBlock(payload: Payload, block: string, bytes: Uint8Array): void {
  const folder = blockFolder(payload);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, encodeURIComponent(block)), bytes);
}

/** Puts the parts together in the order of the list; throws when one was never sent. */
export function joinBlocks(payload: Payload, blocks: readonly string[]): void {
  const path = payloadPath(payload);
  writeFileSync(`${path}.partial`, "");
  for (const block of blocks)
    appendFileSync(`${path}.partial`, readFileSync(join(blockFolder(payload), encodeURIComponent(block))));
  renameSync(`${path}.partial`, path);
  rmSync(blockFolder(payload), { recursive: true, force: true });
}

/** Size and SHA-256 of what is there; null when nothing was uploaded. */
export function measurePayload(payload: Payload): { bytes: number; digest: string } | null {
  const path = payloadPath(payload);
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat === undefined ? null : { bytes: stat.size, digest: digestOfFile(path) };
}

export function removePayload(payload: Payload): void {
  rmSync(payloadPath(payload), { force: true });
}

export function digestOf(bytes: Uint8Array): string {
  return `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
}

function digestOfFile(path: string): string {
  const hash = createHash("sha256");
  const chunk = new Uint8Array(chunkBytes);
  const file = openSync(path, "r");
  try {
    for (let read = readSync(file, chunk); read > 0; read = readSync(file, chunk)) hash.update(chunk.subarray(0, read));
  } finally {
    closeSync(file);
  }
  return `sha256:${hash.digest("hex")}`;
}

function blockFolder(payload: Payload): string {
  return `${payloadPath(payload)}.blocks`;
}
