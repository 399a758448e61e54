// Profile, declared checks and all checks of validate-data against DuckDB's SUMMARIZE of the same 20 columns.
//
//   node benchmarks/validate.ts [--tables DIR] [--runs 5]
//
// The table is DIR/ref2m.parquet (default: MLOPS_BENCH_TABLES); else it is made by ../shared/bench/peers/make_table.py
// with the Python of MLOPS_PEERS_PYTHON. Each measurement is a fresh process (cold: DuckDB is opened in it; the file is
// in the page cache) that does its work twice (the second time is the warm one), ours and theirs in turn, same DuckDB,
// same threads.
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import * as z from "zod";
import { literal, openDatabase } from "../src/data/duckdb.ts";
import { type Comparison, median, type Sample, sideBySide } from "./side-by-side.ts";

const threads = 2;
const rows = 2_000_000;
const peers = join(import.meta.dirname, "..", "..", "shared", "bench", "peers");
const worker = join(import.meta.dirname, "validate-worker.ts");
const Answer = z.object({
  cold: z.number(),
  warm: z.number(),
  duckdb: z.string(),
  found: z.record(z.string(), z.json()),
});

const { values: options } = parseArgs({
  options: { tables: { type: "string" }, runs: { type: "string", default: "5" } },
});
const scratch = mkdtempSync(join(tmpdir(), "mlops-bench-"));
try {
  await main();
} finally {
  rmSync(scratch, { recursive: true, force: true });
}

async function main(): Promise<void> {
  const table = findTable();
  if (table === null) {
    console.log("validate: skipped, no table: give --tables DIR with ref2m.parquet, or MLOPS_PEERS_PYTHON to make it");
    return;
  }
  const snapshot = await makeSnapshot(table);
  const runs = Number(options.runs);
  const rowsOfTable = [
    { of: await compare("profile + declared checks", "declared", "summarize", snapshot, runs), target: 1 },
    { of: await compare("all cross-row checks too", "everything", "summarize", snapshot, runs), target: 1.5 },
    { of: await compare("profile of the file as made", "profile-file", "summarize-file", table, runs), target: 1 },
  ];
  console.log(render(rowsOfTable));
  for (const { of, target } of rowsOfTable) console.log(JSON.stringify(jsonLine(of, target)));
}

function findTable(): string | null {
  const folder = options.tables ?? process.env.MLOPS_BENCH_TABLES;
  if (folder !== undefined) {
    const path = join(folder, "ref2m.parquet");
    if (existsSync(path)) return path;
  }
  const python = process.env.MLOPS_PEERS_PYTHON;
  if (python === undefined || !existsSync(join(peers, "make_table.py"))) return null;
  const made = spawnSync(python, ["-B", join(peers, "make_table.py"), String(rows), join(scratch, "ref2m")]);
  if (made.status !== 0) throw new Error(`make_table.py failed: ${made.stderr}`);
  return join(scratch, "ref2m.parquet");
}

/** The table as a snapshot: what collect-data adds, in 20 % test rows by the id. Not counted. */
async function makeSnapshot(table: string): Promise<string> {
  const path = join(scratch, "snapshot.parquet");
  const database = await openDatabase({ threads });
  await database.run(
    `copy (select id::varchar as row_id, id + 1 as mlops_row, case when id % 10 < 7 then 'train' when id % 10 = 7 then 'valid' else 'test' end as mlops_part, *
     from read_parquet(${literal(table)})) to ${literal(path)} (format parquet)`,
  );
  database.close();
  return path;
}

async function compare(name: string, ours: string, theirs: string, file: string, runs: number): Promise<Comparison> {
  const way = (mode: string) => ({
    name: mode,
    command: process.execPath,
    args: [worker, mode, file, String(threads)],
    seconds: (stdout: string) => answer(stdout).cold,
  });
  return sideBySide(name, way(ours), way(theirs), runs);
}

function answer(stdout: string) {
  return Answer.parse(JSON.parse(stdout));
}

function warmRatio({ ours, theirs }: Comparison): number {
  const warm = (sample: Sample | undefined) => (sample === undefined ? Number.NaN : answer(sample.stdout).warm);
  return median(ours.map((sample, index) => warm(sample) / warm(theirs[index])));
}

function render(compared: readonly { of: Comparison; target: number }[]): string {
  const duckdb = answer(compared[0]?.of.ours[0]?.stdout ?? "").duckdb;
  const seconds = (samples: readonly Sample[]) => median(samples.map((sample) => sample.seconds)).toFixed(2);
  const megabytes = (samples: readonly Sample[]) => Math.round(Math.max(...samples.map((s) => s.peakMegabytes)));
  const lines = compared.map(({ of, target }) => {
    const holds = of.ratio <= target && megabytes(of.ours) < 1024 ? "holds" : "DOES NOT HOLD";
    return `| ${of.name} | ${seconds(of.ours)} s | ${seconds(of.theirs)} s | ${of.ratio.toFixed(2)} | ${warmRatio(of).toFixed(2)} | ≤ ${target}: ${holds} | ${megabytes(of.ours)} MB | ${megabytes(of.theirs)} MB |`;
  });
  return [
    `2,000,000 × 20 Parquet against SUMMARIZE, DuckDB ${duckdb}, Node ${process.version}, ${threads} threads, medians of ${options.runs} in turn`,
    "| work | ours, cold | SUMMARIZE, cold | ratio cold | ratio warm | target (cold, < 1 GiB) | peak RSS | peak RSS of SUMMARIZE |",
    "|---|---|---|---|---|---|---|---|",
    ...lines,
  ].join("\n");
}

function jsonLine(of: Comparison, target: number) {
  const cold = (samples: readonly Sample[]) => samples.map((sample) => Number(sample.seconds.toFixed(4)));
  return {
    benchmark: "validate",
    name: of.name,
    target,
    ratio_cold: of.ratio,
    ratio_warm: warmRatio(of),
    ours_s: cold(of.ours),
    theirs_s: cold(of.theirs),
    peak_mb: of.ours.map((sample) => Math.round(sample.peakMegabytes)),
    found: answer(of.ours[0]?.stdout ?? "").found,
  };
}
