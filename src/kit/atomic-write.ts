import { randomBytes } from "node:crypto";
import { mkdir, open, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { removeStale } from "./remove-stale.ts";

/** Left-overs of killed processes; no file is without a write for an hour while it is made. */
const staleAfterMs = 3600 * 1000;

/**
 * Runs `produce` on a temporary path beside `path` and renames it into place when it is complete and on disk: a full
 * disk or a killed process never leaves a half-written file under the final name. The temporary name starts with a dot
 * and ends in `.partial`, so that globs skip it; one that a killed process left is removed by the next write.
 */
export async function writeAtomically(path: string, produce: (temporary: string) => Promise<void>): Promise<void> {
  const folder = dirname(path);
  await mkdir(folder, { recursive: true });
  await removeStale(path, staleAfterMs);
  const temporary = join(folder, `.${basename(path)}.${randomBytes(6).toString("hex")}.partial`);
  try {
    await produce(temporary);
    const handle = await open(temporary, "r+");
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true, recursive: true });
    throw error;
  }
}

/** Writes text or bytes under their final name only when complete. */
export async function writeFileAtomically(path: string, content: string | Uint8Array): Promise<void> {
  await writeAtomically(path, async (temporary) => {
    const handle = await open(temporary, "w");
    try {
      await handle.writeFile(content);
    } finally {
      await handle.close();
    }
  });
}
