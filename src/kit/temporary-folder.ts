import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A folder in the machine's temporary folder, this user's alone (mode 700): it may hold rows. */
export interface TemporaryFolder {
  path: string;
  remove(): void;
}

const open = new Set<string>();
const interruptions = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** Makes a new folder that is gone when it is removed, when the process ends, or when it is interrupted (Ctrl-C). */
export function makeTemporaryFolder(prefix: string): TemporaryFolder {
  // Before it is made: a signal in between would leave it.
  if (open.size === 0) watch();
  try {
    const path = mkdtempSync(join(realpathSync(tmpdir()), prefix));
    open.add(path);
    return { path, remove: () => remove(path) };
  } finally {
    if (open.size === 0) unwatch();
  }
}

function remove(path: string): void {
  // Threads of the data engine may still be writing there when a signal comes.
  rmSync(path, { recursive: true, force: true, maxRetries: 3 });
  open.delete(path);
  if (open.size === 0) unwatch();
}

/** Only while there is a folder: a listener keeps a signal waiting for the end of work that blocks the event loop. */
function watch(): void {
  process.on("exit", removeAll);
  for (const signal of interruptions) process.on(signal, interrupted);
}

function unwatch(): void {
  process.off("exit", removeAll);
  for (const signal of interruptions) process.off(signal, interrupted);
}

function removeAll(): void {
  for (const path of open) remove(path);
}

function interrupted(signal: NodeJS.Signals): void {
  // Whoever listens too (a training command's runner) ends the work in its own way, and the folders are removed with it.
  if (process.listenerCount(signal) > 1) return;
  removeAll();
  // Without a listener, the signal ends the process: a shell sees from the exit code that it was interrupted.
  process.kill(process.pid, signal);
}
