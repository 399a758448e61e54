import { mkdir, open, readFile, rm, stat } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import * as z from "zod";
import { hasCode } from "./has-code.ts";
import { UserError } from "./user-error.ts";

/** Who works in a folder. */
const Holder = z.object({ pid: z.int().positive(), host: z.string(), since: z.string() });
type Holder = z.infer<typeof Holder>;

const fileName = ".working";

/**
 * Does `work` while no other process works in the run folder: two at once would judge each other's files. What a killed
 * process left is taken over. Throws run_in_progress.
 */
export async function withRunLock<Result>(folder: string, work: () => Promise<Result>): Promise<Result> {
  const release = await holdFolder(folder);
  try {
    return await work();
  } finally {
    await release();
  }
}

/** The same for work without an end of its own: holds the folder until the function that it gives is called. */
export async function holdFolder(folder: string): Promise<() => Promise<void>> {
  const path = join(folder, fileName);
  await mkdir(folder, { recursive: true });
  if (!(await take(path))) {
    await refuseWhileHeld(path);
    await rm(path, { force: true });
    if (!(await take(path))) await refuseWhileHeld(path);
  }
  return () => rm(path, { force: true });
}

/** False when the file is there already: creating it is what only one of two can do. */
async function take(path: string): Promise<boolean> {
  const holder: Holder = { pid: process.pid, host: hostname(), since: new Date().toISOString() };
  try {
    const handle = await open(path, "wx");
    await handle.writeFile(JSON.stringify(holder));
    await handle.close();
    return true;
  } catch (error) {
    if (hasCode(error, "EEXIST")) return false;
    throw error;
  }
}

async function refuseWhileHeld(path: string): Promise<void> {
  const holder = await readHolder(path);
  if (holder === null ? !(await isFresh(path)) : !isAlive(holder)) return;
  const who = holder === null ? "another process" : `process ${holder.pid} on ${holder.host}`;
  throw new UserError({
    code: "run_in_progress",
    message: `${who} works in this folder${holder === null ? "" : ` since ${holder.since}`}`,
    where: path,
    fix: "wait until it has ended, or remove this file if there is no such run",
  });
}

/** Null for a file that is gone by now, or that a killed process did not finish. */
async function readHolder(path: string): Promise<Holder | null> {
  try {
    return Holder.safeParse(JSON.parse(await readFile(path, "utf8"))).data ?? null;
  } catch (error) {
    if (hasCode(error, "ENOENT") || error instanceof SyntaxError) return null;
    throw error;
  }
}

/** A file without its content may be a moment old: its process is about to write it. */
async function isFresh(path: string): Promise<boolean> {
  try {
    return Date.now() - (await stat(path)).mtimeMs < 10_000;
  } catch (error) {
    if (hasCode(error, "ENOENT")) return false;
    throw error;
  }
}

/** Of a process on another machine (a shared disk) nothing is known: it counts as alive. */
function isAlive({ pid, host }: Holder): boolean {
  if (host !== hostname()) return true;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it is alive and another user's.
    return hasCode(error, "EPERM");
  }
}
