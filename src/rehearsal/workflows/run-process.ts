import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { hasCode } from "../../kit/has-code.ts";
import { WorkflowMistake } from "./mistake.ts";

export interface ProcessRun {
  command: string;
  args: readonly string[];
  cwd: string;
  env: Readonly<Record<string, string>>;
  /** Hears each line of stdout and stderr, in the order in which they came. */
  onLine: (line: string) => void;
  /** Ends the process with all that it started. */
  signal: AbortSignal;
  /** Ends what the process left running, when its job is over. */
  jobEnd: AbortSignal;
}

/** How long a process that has ended is read from while something that it left behind still holds its output. */
const graceMs = 1000;

/** Exit code of a process that has ended; -1 when a signal ended it. */
export async function runProcess({ command, args, cwd, env, onLine, signal, jobEnd }: ProcessRun): Promise<number> {
  if (signal.aborted) return -1;
  // A group of its own, by which what it leaves running is found.
  const child = spawn(command, [...args], { cwd, env, stdio: ["ignore", "pipe", "pipe"], detached: true });
  const end = () => signalGroup(child.pid, "SIGKILL");
  signal.addEventListener("abort", end);
  try {
    const outputs = [child.stdout, child.stderr].map((input) => ({
      input,
      lines: createInterface({ input }).on("line", onLine),
    }));
    const isRead = Promise.all(outputs.map(({ lines }) => once(lines, "close")));
    const code = await exitOf(child);
    const grace = setTimeout(() => {
      for (const { input, lines } of outputs) {
        lines.close();
        input.destroy();
      }
    }, graceMs);
    await isRead;
    clearTimeout(grace);
    if (signalGroup(child.pid, 0)) jobEnd.addEventListener("abort", end, { once: true });
    return code;
  } finally {
    signal.removeEventListener("abort", end);
  }
}

/** Throws WorkflowMistake where it could not be started: no such program, or no such folder to start it in. */
async function exitOf(child: ChildProcess): Promise<number> {
  try {
    const [code] = await once(child, "exit");
    return typeof code === "number" ? code : -1;
  } catch (error) {
    if (!hasCode(error, "ENOENT", "EACCES", "ENOTDIR")) throw error;
    const how = `${child.spawnfile} could not be started`;
    throw new WorkflowMistake(`${how}: there is no such program, or no such working-directory`, { cause: error });
  }
}

/** False when nothing of the group is left. */
function signalGroup(pid: number | undefined, name: "SIGKILL" | 0): boolean {
  if (pid === undefined) return false;
  try {
    return process.kill(-pid, name);
  } catch (error) {
    if (hasCode(error, "ESRCH")) return false;
    throw error;
  }
}
