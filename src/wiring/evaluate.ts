import { readFile } from "node:fs/promises";
import type { StepInputs } from "../actions/evaluate/io.ts";
import { evaluateModel, type Judged, type Ports } from "../actions/evaluate/run.ts";
import { openDatabase } from "../data/duckdb.ts";
import { type FeaturesSql, readFeaturesSql } from "../data/features-sql.ts";
import { type LabelledRows, readLabelledRows } from "../data/labelled-rows.ts";
import { measureOwn } from "../data/own-metrics.ts";
import { writePredictions } from "../data/predictions.ts";
import { readCompact, takeCompact } from "../data/read-compact.ts";
import { testSetDigest } from "../data/test-set-digest.ts";
import { type Answers, labelAnswers } from "../evaluation/answers.ts";
import { labelCounts, type UnknownLabel } from "../evaluation/class-labels.ts";
import { EvaluationFile } from "../evaluation/evaluation-file.ts";
import type { EvaluatedTask, Predictions } from "../evaluation/predictions.ts";
import { predictionsTable } from "../evaluation/predictions-table.ts";
import type { TestSet } from "../evaluation/test-uses.ts";
import { writeFileAtomically } from "../kit/atomic-write.ts";
import { onceUnlessFailed } from "../kit/once.ts";
import type { StepContext, StepOutcome } from "../kit/step.ts";
import type { BoundInput } from "../onnx/batches.ts";
import { bindInputs, type InputPlan, planInputs, wantedColumns } from "../onnx/bind-inputs.ts";
import { type OutputPlan, planOutputs } from "../onnx/bind-outputs.ts";
import type { ModelManifest } from "../onnx/manifest.ts";
import { modelFacts, type OpenModel, openModel } from "../onnx/open-model.ts";
import { predict } from "../onnx/predict.ts";
import { onnxFile, readManifest } from "../onnx/read-manifest.ts";
import { readBaseline } from "../training/read-baseline.ts";
import { warnOfTrainerChanges } from "../training/trainer-changes.ts";
import { findCompared, readCompared } from "./compared-models.ts";
import { noProbes, openProbes } from "./evaluate-perturbed.ts";
import { taskOf } from "./evaluated-task.ts";
import { partSpec } from "./part-spec.ts";
import { rescoreStep } from "./rescore.ts";
import { namedSubmission, type Submission } from "./submission.ts";
import { recordUse, useTestSet } from "./test-uses.ts";

/** The evaluate step bound to DuckDB and onnxruntime. */
export function evaluateStep(
  context: StepContext,
  inputs: StepInputs,
  submission: () => Submission = () => namedSubmission(context, inputs),
): Promise<StepOutcome> {
  if (inputs.trust === "claimed") return evaluateModel(context, inputs, ports);
  return rescoreStep(context, inputs, { ports, submission: submission() });
}

export const ports: Ports = {
  readManifest,
  findCompared: ({ workingDirectory }, text) => findCompared(workingDirectory, text),
  warnOfTrainerChanges,
  judge,
  useTestSet,
  recordUse,
  measureOwn: ({ model }, { rowIds, predictions }) =>
    measureOwn({
      metrics: model.spec.evaluate.own_metrics,
      rowIds,
      table: predictionsTable(predictions),
      locate: (metric, offset) => model.locate(["evaluate", "own_metrics", metric, "sql"], offset),
    }),
  writePredictions: (path, { predictions, rowIds }, places) =>
    writePredictions({ path, rowIds, table: predictionsTable(predictions) }, places),
  readVerdict: async (path) => EvaluationFile.safeParse(JSON.parse(await readFile(path, "utf8"))).data ?? null,
  writeEvaluation: (path, file) => writeFileAtomically(path, `${JSON.stringify(file, null, 2)}\n`),
};

type JudgeRequest = Parameters<Ports["judge"]>[1];

/** Reads the parts that are asked for and runs the model, the baseline and the models compared with over them. */
async function judge(
  context: StepContext,
  { manifest, compared: sources, threads, validation }: JudgeRequest,
): Promise<Judged> {
  const open = onceUnlessFailed(() => openModel(onnxFile(manifest, context.folder.model), manifest.signature ?? null));
  const answer = (part: Part) => answerPart(context, { manifest, open, threads, part });
  // One after the other: the inputs of both parts are never in memory at once.
  const valid = validation ? await answer("valid") : null;
  const { rows, testSet, subjects, unseen, baselineKind, timings, probes } = await answer("test");
  const model = await open();
  const { predictions, baseline } = subjects;
  const compared = await readCompared(context, {
    sources,
    ours: predictions,
    rowIds: rows.rowIds,
    threads,
    validation,
  });
  return {
    ...rows,
    predictions,
    unseen,
    baseline: { kind: baselineKind, predictions: baseline },
    probes,
    validation: valid?.subjects ?? null,
    compared,
    testSet,
    timings,
    model: modelFacts(model, manifest.files),
  };
}

type Part = "test" | "valid";

interface AskedPart {
  manifest: ModelManifest;
  /** The same session each time. */
  open: () => Promise<OpenModel>;
  threads: number | undefined;
  part: Part;
}

interface AnsweredPart {
  rows: LabelledRows;
  /** These rows by their digest. */
  testSet: TestSet;
  subjects: { predictions: Predictions; baseline: Predictions };
  baselineKind: string;
  unseen: readonly UnknownLabel[];
  timings: Judged["timings"];
  probes: Judged["probes"];
}

/** What the model and the naive baseline say about a part of the snapshot. */
async function answerPart(context: StepContext, asked: AskedPart): Promise<AnsweredPart> {
  const { log } = context;
  const { threads, part } = asked;
  const name = part === "test" ? "the test part" : "the validation part";
  log.progress(`reading ${name}`);
  const { model, rows, testSet, plans, inputs, outputs, baseline } = await readRows(context, asked);
  log.progress(`inference of ${name}`);
  const timed = part === "test";
  const { answers, timings } = await predict({ ...model, inputs, outputs, rows: rows.rows, log, threads, timed });
  const { predictions, unseen } = labelAnswers(answers, rows);
  const naive = labelAnswers(baseline.answers, rows).predictions;
  const probes =
    part === "test" ? openProbes(context.model, { ...model, plans, inputs, outputs, predictions, threads }) : noProbes;
  const subjects = { predictions, baseline: naive };
  return { rows, testSet, subjects, baselineKind: baseline.kind, unseen, timings, probes };
}

interface ReadRows {
  model: OpenModel;
  rows: LabelledRows;
  plans: readonly InputPlan[];
  testSet: TestSet;
  inputs: readonly BoundInput[];
  outputs: OutputPlan;
  baseline: { kind: string; answers: Answers };
}

/** The data engine is closed before the model runs, so that both never hold their memory at once. */
async function readRows(context: StepContext, { manifest, open, part }: AskedPart): Promise<ReadRows> {
  const { model, folder } = context;
  const path = onnxFile(manifest, folder.model);
  const sql = await bundledFeatures(manifest, folder.model);
  const database = await openDatabase();
  try {
    // onnxruntime takes a tenth of a second to load, in which DuckDB reads in its own threads.
    const [rows, opened] = await Promise.all([
      readLabelledRows(database, { ...model, spec: partSpec(model.spec, part), part, snapshot: folder.snapshot, sql }),
      open(),
    ]);
    const { features: columns, relation } = rows;
    const { session, signature } = opened;
    const order = signature.inputs.map(({ name }) => name);
    const plans = planInputs({ inputs: session.inputs, columns, order, path });
    const wanted = wantedColumns(plans, columns);
    const taken = takeCompact(rows.plainFeatures, wanted);
    const table = taken === null ? await readCompact(database, relation, wanted) : { rows: rows.rows, columns: taken };
    const labels = labelCounts(rows.label).map(({ value }) => value);
    const outputs = planOutputs({ ...opened, ...taskOf(context), labels, classes: null });
    const baseline = await readBaseline(database, { model, snapshot: folder.snapshot, part, ...classesOf(outputs) });
    const testSet = await testSetDigest(database, { rowIds: rows.rowIds, label: model.spec.data.label });
    return { model: opened, rows, testSet, plans, inputs: bindInputs(plans, table, path), outputs, baseline };
  } finally {
    database.close();
  }
}

/** The model is judged with the features it was trained with, whatever stands in the repository by now. */
async function bundledFeatures({ features }: ModelManifest, folder: string): Promise<FeaturesSql | undefined> {
  return features === undefined ? undefined : readFeaturesSql(folder, features.path);
}

function classesOf(plan: OutputPlan): { task: EvaluatedTask; classes: readonly string[]; positive: number } {
  return plan.task === "regression" ? { task: plan.task, classes: [], positive: -1 } : plan;
}
