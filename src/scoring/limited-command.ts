import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { onceUnlessFailed } from "../kit/once.ts";

// How a process of limited means is started with what every Linux has: a shell's ulimit (setrlimit(2)), unshare(1) where
// the kernel lets users have a network namespace of their own, and Node's permission model.

export interface ProcessLimits {
  /** Bytes of data: heaps, stacks, anonymous mappings (RLIMIT_DATA, since Linux 4.7). Node with both engines needs 0.7 GB to begin. */
  memoryBytes: number;
  timeoutMs: number;
}

export interface LimitedScript {
  script: string;
  /** Folders and files that its JavaScript may read; native code is held by the other limits. */
  reads: readonly string[];
  /** The one folder to which it may write. */
  scratch: string;
  limits: ProcessLimits;
  /** Whether it gets a network namespace with nothing in it. */
  isolated: boolean;
}

/** Files as large as this fill no disk; DuckDB spills into several. */
const fileBytes = 16 * 1024 ** 3;

/** A limit that is lower already cannot be raised, and need not be. */
const shell = [
  "ulimit -c 0 2>/dev/null",
  'ulimit -d "$1" 2>/dev/null',
  'ulimit -f "$2" 2>/dev/null',
  'ulimit -t "$3" 2>/dev/null',
  "shift 3",
  'exec "$@"',
].join("; ");

/** Program and arguments. */
export function limitedCommand({ script, reads, scratch, limits, isolated }: LimitedScript): [string, string[]] {
  const memory = Math.ceil(limits.memoryBytes / 1024);
  // POSIX counts blocks of 512 bytes. Threads add up in CPU seconds: this only ends what outlives its parent.
  const blocks = fileBytes / 512;
  const cpuSeconds = Math.ceil((limits.timeoutMs / 1000) * 64);
  const heap = Math.max(256, Math.floor(limits.memoryBytes / 1024 ** 2 / 2));
  const node = [
    process.execPath,
    `--max-old-space-size=${heap}`,
    "--permission",
    "--allow-addons",
    "--allow-worker",
    ...[...reads, scratch].map((path) => `--allow-fs-read=${path}`),
    `--allow-fs-write=${scratch}`,
    "--no-warnings",
    script,
  ];
  const alone = isolated ? ["unshare", "--user", "--map-current-user", "--net", "--"] : [];
  const numbers = [memory, blocks, cpuSeconds].map(String);
  return ["/bin/sh", ["-c", shell, "sh", ...numbers, ...alone, ...node]];
}

/** Whether this machine lets a user make a network namespace: not where the kernel or AppArmor forbids it, nor without unshare. */
export const canIsolate = onceUnlessFailed(async (): Promise<boolean> => {
  try {
    await promisify(execFile)("unshare", ["--user", "--map-current-user", "--net", "--", "true"], { timeout: 10_000 });
    return true;
  } catch (error) {
    if (error instanceof Error) return false;
    throw error;
  }
});
