import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { Inputs } from "../../../src/actions/collect-data/io.ts";
import { DataLock, readDataLock } from "../../../src/data/data-lock.ts";
import { literal, openDatabase } from "../../../src/data/duckdb.ts";
import type { Outcome } from "../../../src/kit/outcome.ts";
import type { StepContext } from "../../../src/kit/step.ts";
import { UserError, UserErrors } from "../../../src/kit/user-error.ts";
import { collectDataStep } from "../../../src/wiring/collect-data.ts";
import { scratchFolder } from "../scratch.ts";
import { aContext, aSpec } from "./context.ts";

export interface Collected {
  context: StepContext;
  outcome: Outcome;
  reused: boolean;
  lock: DataLock;
  /** Rows of the snapshot in order, as JSON values (BIGINT as text). */
  rows: Record<string, unknown>[];
}

type Files = Readonly<Record<string, string | Uint8Array>>;

/** Writes the files into a new folder and collects data.csv with label `y`, half of the rows to the test part. */
export async function collectFrom(files: Files, data: Record<string, unknown> = {}): Promise<Collected> {
  const context = await aFolderWith(files, data);
  return collectIn(context);
}

/** A context for regression on label `y` in a new folder with the files. */
export async function aFolderWith(files: Files, data: Record<string, unknown> = {}): Promise<StepContext> {
  const folder = await scratchFolder();
  await writeFiles(folder, files);
  const defaults = { source: "data.csv", label: "y", test: { by: "hash", share: 0.5 } };
  return aContext(folder, aSpec({ task: "regression", data: { ...defaults, ...data } }));
}

export async function writeFiles(folder: string, files: Files): Promise<void> {
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), content);
  }
}

/** Collects in a folder that is ready. */
export async function collectIn(context: StepContext, inputs: Record<string, string> = {}): Promise<Collected> {
  const { outcome, reused } = await collectDataStep(context, Inputs.parse(inputs));
  const lock = await readDataLock(context.folder.lock, "data.lock.json");
  if (lock === null) return { context, outcome, reused, lock: noLock, rows: [] };
  return { context, outcome, reused, lock, rows: await parquetRows(context.folder.snapshot) };
}

const noLock = DataLock.parse({
  schema_version: 1,
  model: "none",
  sources: [],
  snapshot: { digest: "", rows: 0, parts: { train: 0, valid: 0, test: 0 } },
  schema: [],
  cleaning: [],
  split: { by: "hash" },
});

export async function parquetRows(path: string): Promise<Record<string, unknown>[]> {
  const database = await openDatabase();
  try {
    return await database.query(`select * from read_parquet(${literal(path)})`);
  } finally {
    database.close();
  }
}

/** The person's mistakes that the work ends with; a bug is thrown on. */
export async function mistakes(work: Promise<unknown>): Promise<readonly UserError[]> {
  try {
    await work;
  } catch (error) {
    if (error instanceof UserError) return [error];
    if (error instanceof UserErrors) return error.errors;
    throw error;
  }
  throw new Error("no mistake was reported");
}

/** The only mistake of the work. */
export async function mistake(work: Promise<unknown>): Promise<UserError> {
  const [first, ...others] = await mistakes(work);
  if (first === undefined || others.length > 0) throw new Error(`expected one mistake, found ${others.length + 1}`);
  return first;
}
