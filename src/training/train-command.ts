import { existsSync, statSync } from "node:fs";
import { readFile, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { type Database, identifier, literal, openDatabase } from "../data/duckdb.ts";
import { sha256OfFile } from "../kit/file-digest.ts";
import { logLine } from "../kit/log-line.ts";
import { runShell, type ShellResult } from "../kit/run-shell.ts";
import type { StepContext } from "../kit/step.ts";
import { makeTemporaryFolder } from "../kit/temporary-folder.ts";
import { UserError } from "../kit/user-error.ts";
import { graphSignature } from "../onnx/graph-signature.ts";
import type { Signature } from "../onnx/manifest.ts";
import { readManifest } from "../onnx/read-manifest.ts";
import { commandEnvironment, type TrainerPlaces } from "./command-environment.ts";
import { skippedRows } from "./linear-findings.ts";
import { listFiles } from "./model-bundle.ts";
import { lastMetrics } from "./reported-metrics.ts";
import type { Trained } from "./trained.ts";
import type { CommandTraining } from "./training-file.ts";
import { type SkippedRows, type TrainingView, trainingView } from "./training-rows.ts";

export interface CommandRequest {
  command: string;
  /** Empty folder that the command fills. */
  staging: string;
  /** 0: no limit. */
  timeoutMinutes: number;
}

/** Rows handed to the trainer. */
interface HandedRows {
  train: number;
  valid: number;
  skipped: SkippedRows;
}

/**
 * Trains by a command of any language (design: command trainer). It runs in the folder of model.yml with files of the
 * training and validation rows, never of test rows. Throws trainer_failed and trainer_output_invalid.
 */
export async function trainByCommand(context: StepContext, request: CommandRequest): Promise<Trained> {
  const inputs = makeTemporaryFolder("mlops-train-");
  try {
    const places = placesIn(inputs.path, { out: request.staging, seed: context.model.spec.train.seed });
    context.log.progress("writing the training part");
    const rows = await writeInputs(context, places);
    await runTrainer(context, { ...request, places });
    const signature = await signatureIn(request.staging);
    const training = describe(context, { request, rows, reported: await lastMetrics(request.staging) });
    const summary = `the command trained on ${rows.train} rows: ${request.command}`;
    return { training, signature, findings: skippedRows(rows.skipped, rows.train), summary };
  } finally {
    inputs.remove();
  }
}

function placesIn(folder: string, { out, seed }: { out: string; seed: number }): TrainerPlaces {
  return {
    train: join(folder, "train.parquet"),
    valid: join(folder, "valid.parquet"),
    spec: join(folder, "spec.json"),
    params: join(folder, "params.json"),
    out,
    seed,
  };
}

async function writeInputs(context: StepContext, places: TrainerPlaces): Promise<HandedRows> {
  const { spec, folder } = context.model;
  await writeFile(places.spec, `${JSON.stringify(spec, null, 2)}\n`);
  await writeFile(places.params, `${JSON.stringify(spec.train.params, null, 2)}\n`);
  const database = await openDatabase();
  try {
    const view = await trainingView(database, {
      spec,
      folder,
      snapshot: context.folder.snapshot,
      writesTo: [dirname(places.train)],
    });
    const own = { label: spec.data.label, weight: spec.data.weight };
    const train = await writePart(database, { view, own, part: "train", path: places.train });
    if (train === 0) throw noRows(spec.data.label);
    const valid = await writePart(database, { view, own, part: "valid", path: places.valid });
    return { train, valid, skipped: view.skipped };
  } finally {
    database.close();
  }
}

interface PartRequest {
  view: TrainingView;
  /** Names of label and weight in the source, which they have in the file again. */
  own: { label: string; weight: string | undefined };
  part: "train" | "valid";
  path: string;
}

async function writePart(database: Database, { view, own, part, path }: PartRequest): Promise<number> {
  const features = view.features.filter((name) => name !== own.label && name !== own.weight).map(identifier);
  const weight =
    view.weight === null || own.weight === undefined ? [] : [`${identifier(view.weight)} as ${identifier(own.weight)}`];
  const label = `${identifier(view.label)} as ${identifier(own.label)}`;
  const columns = ["row_id", ...features, label, ...weight].join(", ");
  const rows = `select ${columns} from ${view.relation} where ${view.part} = ${literal(part)}`;
  await database.run(`copy (${rows}) to ${literal(path)} (format parquet)`);
  const [count] = await database.query(`select count(*)::integer as rows from read_parquet(${literal(path)})`);
  return Number(count?.rows ?? 0);
}

const shownLines = 20;

async function runTrainer(
  context: StepContext,
  { command, timeoutMinutes, places }: CommandRequest & { places: TrainerPlaces },
): Promise<void> {
  const last: string[] = [];
  const result = await runShell({
    command,
    cwd: context.model.folder,
    environment: commandEnvironment(process.env, places),
    timeoutMs: timeoutMinutes * 60_000,
    line: (text) => {
      context.log.info(harmless(text));
      last.push(text);
      if (last.length > shownLines) last.shift();
    },
  });
  if (result.exitCode === 0 && !result.timedOut && result.interruptedBy === null) return;
  throw trainerFailed(context, { command, result, timeoutMinutes, last });
}

/** A runner reads commands from a job's log; a trainer's output must not give any. */
function harmless(line: string): string {
  return logLine(`| ${line}`);
}

interface Failure {
  command: string;
  result: ShellResult;
  timeoutMinutes: number;
  last: readonly string[];
}

function trainerFailed({ model }: StepContext, { command, result, timeoutMinutes, last }: Failure): UserError {
  const how = endOf(result, timeoutMinutes);
  const output = last.length === 0 ? "it wrote nothing" : `its last lines: ${last.map(harmless).join("\n")}`;
  return new UserError({
    code: "trainer_failed",
    message: `the training command (${command}) ${how}; ${output}`,
    where: model.locate(["train", "command"]),
    fix: result.timedOut
      ? "give it more time with timeout-minutes, or less work"
      : "repair the command; it runs in the folder of model.yml",
  });
}

function endOf({ exitCode, signal, timedOut, interruptedBy }: ShellResult, timeoutMinutes: number): string {
  if (interruptedBy !== null) return `was stopped by ${interruptedBy}`;
  if (timedOut) return `did not end in ${timeoutMinutes} minutes`;
  return signal === null ? `ended with exit code ${exitCode}` : `was ended by ${signal}`;
}

/** Null: the trainer wrote model.json, which was checked. */
async function signatureIn(staging: string): Promise<Signature | null> {
  if (!existsSync(staging)) throw outputInvalid("the training command removed the folder MLOPS_OUT");
  await listFiles(staging);
  for (const name of ["model.json", "model.onnx"]) {
    if (statSync(join(staging, name), { throwIfNoEntry: false })?.isDirectory() === true)
      throw outputInvalid(`the training command made a folder of ${name} in MLOPS_OUT`);
  }
  const manifest = join(staging, "model.json");
  if (existsSync(manifest)) {
    await checkManifest(manifest, staging);
    return null;
  }
  const graph = join(staging, "model.onnx");
  if (existsSync(graph)) return graphSignature(await readFile(graph), "MLOPS_OUT/model.onnx");
  throw outputInvalid("the training command left neither model.onnx nor model.json in MLOPS_OUT");
}

async function checkManifest(path: string, staging: string): Promise<void> {
  const { files } = await readManifest(path);
  for (const file of files) {
    if (file.url !== undefined) continue;
    const own = join(staging, file.path);
    if (!existsSync(own)) throw outputInvalid(`model.json lists ${JSON.stringify(file.path)}, which is not there`);
    const [digest, { size }] = await Promise.all([sha256OfFile(own), stat(own)]);
    if (digest !== file.sha256 || size !== file.bytes)
      throw outputInvalid(`${JSON.stringify(file.path)} is not the file that model.json lists (SHA-256 ${digest})`);
  }
}

function outputInvalid(message: string): UserError {
  return new UserError({
    code: "trainer_output_invalid",
    message,
    where: "MLOPS_OUT",
    fix: "write model.onnx into the folder that the variable MLOPS_OUT names, or a model.json with the digests of its files",
  });
}

function noRows(label: string): UserError {
  return new UserError({
    code: "training_impossible",
    message: "the training part has no row with a label",
    where: label,
    fix: "check the label column, data.missing and data.test in model.yml, then collect again",
  });
}

interface Description {
  request: CommandRequest;
  rows: HandedRows;
  reported: CommandTraining["reported"];
}

function describe({ model: { spec } }: StepContext, { request, rows, reported }: Description): CommandTraining {
  const { train, valid, skipped } = rows;
  return {
    schema_version: 1,
    learner: "command",
    command: request.command,
    task: spec.task,
    seed: spec.train.seed,
    params: spec.train.params,
    rows: { train, valid, skipped: skipped.label + skipped.weight },
    test_rows: "not_given",
    reported,
  };
}
