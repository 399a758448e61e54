import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";

// Two ways to do the same work, timed in turn (A B A B …) in one run, each in a fresh process: the ratio holds when the
// machine's speed drifts. Files are in the page cache (warm) after the first, uncounted pair; processes are cold.

export interface Way {
  name: string;
  command: string;
  args: readonly string[];
  environment?: Readonly<Record<string, string>>;
  /** Seconds of the work that is compared, from what the process printed and its wall time; default: wall time. */
  seconds?: (stdout: string, wallSeconds: number) => number;
}

export interface Sample {
  seconds: number;
  wallSeconds: number;
  /** Largest resident set of the process itself, from /proc while it ran. */
  peakMegabytes: number;
  stdout: string;
}

export interface Comparison {
  name: string;
  ours: Sample[];
  theirs: Sample[];
  /** Median over the pairs of ours / theirs. */
  ratio: number;
  memoryRatio: number;
}

/** Runs each way `runs` times in turn after one uncounted pair. Throws when a process fails. */
export async function sideBySide(name: string, ours: Way, theirs: Way, runs: number): Promise<Comparison> {
  const counted: { ours: Sample[]; theirs: Sample[] } = { ours: [], theirs: [] };
  for (let run = 0; run <= runs; run++) {
    const a = await runOnce(ours);
    const b = await runOnce(theirs);
    if (run === 0) continue;
    counted.ours.push(a);
    counted.theirs.push(b);
  }
  return {
    name,
    ...counted,
    ratio: median(counted.ours.map((sample, index) => sample.seconds / (counted.theirs[index]?.seconds ?? Number.NaN))),
    memoryRatio: median(counted.ours.map((s) => s.peakMegabytes)) / median(counted.theirs.map((s) => s.peakMegabytes)),
  };
}

export async function runOnce(way: Way): Promise<Sample> {
  const begin = performance.now();
  const child = spawn(way.command, way.args, {
    env: { ...process.env, ...way.environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let stdout = "";
  let stderr = "";
  let peakKilobytes = 0;
  child.stdout.on("data", (chunk: Buffer) => {
    stdout += chunk.toString("utf8");
  });
  child.stderr.on("data", (chunk: Buffer) => {
    stderr += chunk.toString("utf8");
  });
  // VmHWM only rises, so the last reading before the end is the peak up to 20 ms.
  const poll = setInterval(() => {
    peakKilobytes = Math.max(peakKilobytes, highWaterMark(child.pid));
  }, 20);
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", resolve);
  });
  clearInterval(poll);
  const wallSeconds = (performance.now() - begin) / 1000;
  if (code !== 0) throw new Error(`${way.name} ended with ${code}:\n${stderr.slice(-2000)}${stdout.slice(-2000)}`);
  return {
    seconds: way.seconds?.(stdout, wallSeconds) ?? wallSeconds,
    wallSeconds,
    peakMegabytes: peakKilobytes / 1024,
    stdout,
  };
}

function highWaterMark(pid: number | undefined): number {
  try {
    return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0);
  } catch {
    // The process has ended between two readings.
    return 0;
  }
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

/** `name  ours 1.234 s (1.2–1.3)  theirs …  ratio 0.62 (target ≤ 0.80) ✓` */
export function comparisonLine(comparison: Comparison, target: number): string {
  const side = (samples: readonly Sample[]) => {
    const seconds = samples.map((sample) => sample.seconds);
    const memory = Math.round(median(samples.map((sample) => sample.peakMegabytes)));
    return `${median(seconds).toFixed(3)} s (${Math.min(...seconds).toFixed(3)}–${Math.max(...seconds).toFixed(3)}), ${memory} MB`;
  };
  const mark = comparison.ratio <= target ? "holds" : "DOES NOT HOLD";
  return `${comparison.name}\n  ours   ${side(comparison.ours)}\n  theirs ${side(comparison.theirs)}\n  ratio  ${comparison.ratio.toFixed(3)}, target ≤ ${target}: ${mark}; memory ratio ${comparison.memoryRatio.toFixed(2)}`;
}
