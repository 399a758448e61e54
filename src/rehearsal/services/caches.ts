import * as z from "zod";
import { signedAddress } from "../server/signed-address.ts";
import { measurePayload } from "../state/payload.ts";
import type { CacheEntry } from "../state/release-records.ts";
import { type Job, readRequest, type ServiceMethods } from "./job.ts";
import { ServiceError } from "./twirp.ts";

const Key = z.object({ key: z.string().max(512), version: z.string() });
const Finalize = Key.extend({ size_bytes: z.string() });
const Lookup = Key.extend({ restore_keys: z.array(z.string()).default([]) });

export const cacheMethods: ServiceMethods = new Map<string, (job: Job, request: unknown) => object>([
  ["CreateCacheEntry", create],
  ["FinalizeCacheEntryUpload", finalize],
  ["GetCacheEntryDownloadURL", lookup],
]);

/** Saved under the ref of the run, where other branches do not see it; what is saved stays as it is. */
function create(job: Job, request: unknown) {
  const { github, repository, token } = job;
  const { key, version } = readRequest(request, Key);
  const ref = token.cache.write;
  if (ref === null) return { ok: false, message: "cache write denied: the token of this run may only read" };
  if (finished(job).some((entry) => entry.key === key && entry.version === version && entry.ref === ref))
    throw new ServiceError("already_exists", "cache entry already exists");
  const entry = { id: github.newId(), key, version, ref, size_bytes: null, created_at: github.now() };
  repository.caches.put(entry);
  return { ok: true, signed_upload_url: signedAddress(github, { repository, kind: "caches", id: entry.id }, "write") };
}

function finalize({ repository, token }: Job, request: unknown) {
  const { key, version, size_bytes } = readRequest(request, Finalize);
  const entry = repository.caches
    .all()
    .reverse()
    .find((one) => one.key === key && one.version === version && one.ref === token.cache.write);
  if (entry === undefined) throw new ServiceError("not_found", "no upload of this entry was begun");
  const sent = measurePayload({ repository, kind: "caches", id: entry.id });
  if (sent === null || String(sent.bytes) !== size_bytes)
    throw new ServiceError("invalid_argument", "what arrived is not what was sent");
  repository.caches.put({ ...entry, size_bytes: sent.bytes });
  return { ok: true, entry_id: String(entry.id) };
}

/** The exact key first, then by the beginning of each key, newest first; of the run's own ref before those it may read. */
function lookup(job: Job, request: unknown) {
  const { github, repository, token } = job;
  const { key, version, restore_keys } = readRequest(request, Lookup);
  const entries = finished(job)
    .filter((entry) => entry.version === version)
    .reverse();
  const isMatch: readonly ((entry: CacheEntry) => boolean)[] = [
    (entry) => entry.key === key,
    ...[key, ...restore_keys].map((prefix) => (entry: CacheEntry) => entry.key.startsWith(prefix)),
  ];
  for (const ref of token.cache.read)
    for (const matches of isMatch) {
      const entry = entries.find((one) => one.ref === ref && matches(one));
      if (entry === undefined) continue;
      const address = signedAddress(github, { repository, kind: "caches", id: entry.id }, "read");
      return { ok: true, signed_download_url: address, matched_key: entry.key };
    }
  return { ok: false };
}

function finished({ repository }: Job): CacheEntry[] {
  return repository.caches.all().filter(({ size_bytes }) => size_bytes !== null);
}
