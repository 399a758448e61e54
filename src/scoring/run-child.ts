import { type ChildProcess, spawn } from "node:child_process";
import { hasCode } from "../kit/has-code.ts";
import { plainText } from "../kit/plain-text.ts";
import { canIsolate, type LimitedScript, limitedCommand } from "./limited-command.ts";

export interface ChildRequest extends Omit<LimitedScript, "isolated"> {
  /** What it reads on its standard input. */
  input: string;
  /** It is ended when it writes more. */
  longestOutput: number;
}

export type ChildResult =
  | { kind: "output"; output: Buffer; isolated: boolean }
  | { kind: "failed"; why: ChildFailure; isolated: boolean };

export interface ChildFailure {
  reason: "timeout" | "memory" | "crash" | "output";
  /** One clause for a person. */
  text: string;
}

const interruptions = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
/** An engine that breaks says why first; the stack comes after it. */
const wordsBytes = 16_000;
/** Time for what was printed to arrive once the process has ended. */
const lastOutputMs = 1_000;

/**
 * Runs a script in a process group of its own, with no environment, within limits of time, memory and output. Whatever
 * it does, this returns: the group is killed when the time is over, when it writes too much, and when this process is
 * interrupted.
 */
export async function runChild(request: ChildRequest): Promise<ChildResult> {
  const isolated = await canIsolate();
  const [program, args] = limitedCommand({ ...request, isolated });
  const child = spawn(program, args, {
    cwd: request.scratch,
    env: {},
    detached: true,
    stdio: ["pipe", "pipe", "pipe"],
  });
  let stopped: ChildFailure | null = null;
  const stop = (why: ChildFailure): void => {
    stopped ??= why;
    killGroup(child);
  };
  const { timeoutMs } = request.limits;
  const timer = setTimeout(() => {
    stop({ reason: "timeout", text: `it was not done after ${timeoutMs / 1000} seconds` });
  }, timeoutMs);
  const interrupt = (signal: NodeJS.Signals): void => stop({ reason: "crash", text: `${signal} came` });
  for (const signal of interruptions) process.on(signal, interrupt);
  const output = collect(child, request.longestOutput, () => {
    stop({ reason: "output", text: `it wrote more than ${request.longestOutput} bytes` });
  });
  try {
    // EPIPE: it ended before it read; what ended it is told by its exit.
    child.stdin.on("error", (error) => {
      if (!hasCode(error, "EPIPE")) stop({ reason: "crash", text: error.message });
    });
    child.stdin.end(request.input);
    const end = await ended(child);
    await output.arrived;
    const why = stopped ?? failureOf(end, output.words());
    return why === null ? { kind: "output", output: output.bytes(), isolated } : { kind: "failed", why, isolated };
  } finally {
    clearTimeout(timer);
    for (const signal of interruptions) process.off(signal, interrupt);
    killGroup(child);
  }
}

interface End {
  exitCode: number | null;
  signal: NodeJS.Signals | null;
}

function failureOf({ exitCode, signal }: End, words: string): ChildFailure | null {
  if (exitCode === 0) return null;
  const said = words === "" ? "" : `; it said: ${words.slice(0, 300)}`;
  const isMemory = /out of memory|bad_alloc|allocation failed|cannot allocate/i.test(words);
  if (isMemory) return { reason: "memory", text: `it needed more memory than it may have${said}` };
  return { reason: "crash", text: `it ended with ${signal ?? `exit code ${exitCode}`}${said}` };
}

function collect(
  child: ChildProcess,
  longest: number,
  tooLong: () => void,
): { arrived: Promise<void>; bytes(): Buffer; words(): string } {
  const chunks: Buffer[] = [];
  let length = 0;
  let words = Buffer.alloc(0);
  child.stdout?.on("data", (chunk: Buffer) => {
    length += chunk.length;
    if (length > longest) tooLong();
    else chunks.push(chunk);
  });
  child.stderr?.on("data", (chunk: Buffer) => {
    if (words.length < wordsBytes) words = Buffer.concat([words, chunk]).subarray(0, wordsBytes);
  });
  // Somebody who left the group may hold the output open.
  const arrived = new Promise<void>((resolve) => {
    child.once("close", () => resolve());
    child.once("exit", () => setTimeout(resolve, lastOutputMs).unref());
    child.once("error", () => resolve());
  });
  return {
    arrived,
    bytes: () => Buffer.concat(chunks),
    words: () => plainText(words.toString("utf8").trim(), wordsBytes),
  };
}

function ended(child: ChildProcess): Promise<End> {
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (exitCode, signal) => {
      killGroup(child);
      resolve({ exitCode, signal });
    });
  });
}

/** The group is named by the negative id of its first process (kill(2)). */
function killGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, "SIGKILL");
  } catch (error) {
    // ESRCH: nothing of the group is left.
    if (!hasCode(error, "ESRCH")) throw error;
  }
}
