import { type ChildProcessByStdio, spawn } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Readable } from "node:stream";

const bundle = join(import.meta.dirname, "..", "..", "dist", "cli", "index.js");

export interface CommandResult {
  code: number;
  stdout: string;
  stderr: string;
}

/** Runs `mlops …` from its bundle in `folder`, as a person would outside a terminal. */
export function mlops(folder: string, ...args: string[]): Promise<CommandResult> {
  return start({ folder, args, stdout: (child) => child.stdout });
}

/** The same, with more in its environment. */
export function mlopsWith(
  environment: Readonly<Record<string, string>>,
  folder: string,
  ...args: string[]
): Promise<CommandResult> {
  return start({ folder, args, environment, stdout: (child) => child.stdout });
}

/** The same, with a reader of stdout who goes away at once (`mlops … | head -0`). */
export function mlopsUnread(folder: string, ...args: string[]): Promise<CommandResult> {
  return start({ folder, args, stdout: (child) => child.stdout.destroy() });
}

interface Started {
  folder: string;
  args: readonly string[];
  environment?: Readonly<Record<string, string>>;
  stdout: (child: ChildProcessByStdio<null, Readable, Readable>) => Readable;
}

function start({ folder, args, environment = {}, stdout }: Started): Promise<CommandResult> {
  const env = { ...process.env, ...environment };
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [bundle, ...args], { cwd: folder, env, stdio: ["ignore", "pipe", "pipe"] });
    const result = { stdout: "", stderr: "" };
    stdout(child).on("data", (chunk: Buffer) => {
      result.stdout += chunk.toString("utf8");
    });
    child.stderr.on("data", (chunk: Buffer) => {
      result.stderr += chunk.toString("utf8");
    });
    child.on("error", reject);
    child.on("close", (code) => resolve({ code: code ?? -1, ...result }));
  });
}

/** A folder with one model.yml. */
export async function modelFolder(folder: string, spec: string): Promise<string> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "model.yml"), spec);
  return folder;
}
