import { type ChildProcess, spawn } from "node:child_process";
import { readdir } from "node:fs/promises";
import { join } from "node:path";

const main = join(import.meta.dirname, "..", "..", "src", "cli", "main.ts");

export interface StartedCommand {
  child: ChildProcess;
  /** How it ended: its exit code, or the signal that ended it. */
  ended: Promise<number | NodeJS.Signals>;
}

/** Starts `mlops …` from its source in `folder`, with a temporary folder of its own. For tests that end it before its time. */
export function startMlops(folder: string, temporary: string, ...args: string[]): StartedCommand {
  const env = { ...process.env, TMPDIR: temporary };
  const child = spawn(process.execPath, [main, ...args], { cwd: folder, env, stdio: "ignore" });
  const ended = new Promise<number | NodeJS.Signals>((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code, signal) => resolve(signal ?? code ?? -1));
  });
  return { child, ended };
}

/** Waits until the folder has an entry of that name. */
export async function appears(folder: string, name: RegExp): Promise<void> {
  for (let tries = 0; tries < 3000; tries++) {
    const names = await readdir(folder).catch(() => []);
    if (names.some((each) => name.test(each))) return;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  throw new Error(`${name} did not appear in ${folder}`);
}
