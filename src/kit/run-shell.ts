import { type ChildProcess, spawn } from "node:child_process";
import type { Readable } from "node:stream";
import { StringDecoder } from "node:string_decoder";
import { setTimeout as wait } from "node:timers/promises";
import { hasCode } from "./has-code.ts";

export interface ShellRequest {
  command: string;
  /** Working directory. */
  cwd: string;
  environment: Readonly<Record<string, string>>;
  /** 0: no limit. */
  timeoutMs: number;
  /** Each line of stdout and stderr as it comes. */
  line(text: string): void;
}

export interface ShellResult {
  /** Null when a signal ended it. */
  exitCode: number | null;
  signal: NodeJS.Signals | null;
  timedOut: boolean;
  /** The signal by which this process was asked to end meanwhile: the caller cleans up and ends. */
  interruptedBy: NodeJS.Signals | null;
}

/** Time for a process to end by itself before it is killed. */
const graceMs = 5_000;
/** Time for what was printed to arrive once the command has ended. */
const lastWordsMs = 1_000;
/** A longer line is cut into several: a progress bar without line ends may print gigabytes. */
const longestLine = 1 << 16;
const interruptions = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/**
 * Runs a command in the shell as a process group of its own. When the time is over, or this process is interrupted, the
 * whole group is ended: a trainer's workers must not outlive their job.
 */
export async function runShell(request: ShellRequest): Promise<ShellResult> {
  const { command, cwd, environment: env, timeoutMs, line } = request;
  const child = spawn(command, { shell: true, cwd, env, detached: true, stdio: ["ignore", "pipe", "pipe"] });
  const streams = [child.stdout, child.stderr];
  const reading = Promise.all(streams.map((stream) => readLines(stream, line)));
  const stopped: Pick<ShellResult, "timedOut" | "interruptedBy"> = { timedOut: false, interruptedBy: null };
  const interrupt = (signal: NodeJS.Signals): void => {
    stopped.interruptedBy = signal;
    endGroup(child);
  };
  const expire = (): void => {
    stopped.timedOut = true;
    endGroup(child);
  };
  const timer = timeoutMs > 0 ? setTimeout(expire, timeoutMs) : undefined;
  for (const signal of interruptions) process.on(signal, interrupt);
  try {
    const result = await ended(child);
    // A process that left the group (setsid) may hold the output open for ever.
    await Promise.race([reading, wait(lastWordsMs)]);
    for (const stream of streams) stream.destroy();
    await reading;
    return { ...result, ...stopped };
  } finally {
    clearTimeout(timer);
    for (const signal of interruptions) process.off(signal, interrupt);
  }
}

function ended(child: ChildProcess): Promise<{ exitCode: number | null; signal: NodeJS.Signals | null }> {
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    // `exit`, not `close`, which waits for everybody who holds the output open.
    child.once("exit", (exitCode, signal) => {
      signalGroup(child, "SIGKILL");
      resolve({ exitCode, signal });
    });
  });
}

/** Ends with the stream, destroyed or not. */
function readLines(stream: Readable, line: (text: string) => void): Promise<void> {
  const decoder = new StringDecoder("utf8");
  let rest = "";
  stream.on("data", (chunk: Buffer) => {
    const lines = (rest + decoder.write(chunk)).split(/\r?\n/);
    rest = lines.pop() ?? "";
    for (const text of lines) line(text);
    for (; rest.length > longestLine; rest = rest.slice(longestLine)) line(rest.slice(0, longestLine));
  });
  return new Promise((resolve, reject) => {
    stream.once("error", reject);
    stream.once("close", () => {
      rest += decoder.end();
      if (rest !== "") line(rest);
      resolve();
    });
  });
}

function endGroup(child: ChildProcess): void {
  signalGroup(child, "SIGTERM");
  setTimeout(() => signalGroup(child, "SIGKILL"), graceMs).unref();
}

/** The group is named by the negative id of its first process (kill(2)). */
function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch (error) {
    // ESRCH: nothing of the group is left.
    if (!hasCode(error, "ESRCH")) throw error;
  }
}
