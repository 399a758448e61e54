import { randomBytes } from "node:crypto";
import { mkdir, open, readdir, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { hasCode } from "./has-code.ts";
import { removeStale } from "./remove-stale.ts";

/** Left-overs of killed runs; a younger one may belong to a run that is still at work. */
const staleAfterMs = 24 * 3600 * 1000;

/**
 * Replaces a folder as a whole: `produce` fills an empty folder beside it, which then takes its name. Where `produce`
 * throws, the old folder stays as it was. A process killed between the two renames leaves no folder, never a mixed one.
 */
export async function replaceFolder<Result>(
  path: string,
  produce: (staging: string) => Promise<Result>,
): Promise<Result> {
  await mkdir(dirname(path), { recursive: true });
  await removeStale(path, staleAfterMs);
  const mark = randomBytes(6).toString("hex");
  const staging = hidden(path, `${mark}.partial`);
  const old = hidden(path, `${mark}.old`);
  await mkdir(staging);
  try {
    const result = await produce(staging);
    await syncFiles(staging);
    await renameIfThere(path, old);
    await rename(staging, path);
    return result;
  } finally {
    await rm(staging, { recursive: true, force: true });
    await rm(old, { recursive: true, force: true });
  }
}

function hidden(path: string, ending: string): string {
  return join(dirname(path), `.${basename(path)}.${ending}`);
}

async function renameIfThere(from: string, to: string): Promise<void> {
  try {
    await rename(from, to);
  } catch (error) {
    if (!hasCode(error, "ENOENT")) throw error;
  }
}

/** The names are on disk before the contents otherwise: a power cut would leave empty files under final names. */
async function syncFiles(folder: string): Promise<void> {
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const handle = await open(join(entry.parentPath, entry.name), "r+");
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  }
}
