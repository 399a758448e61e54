import { readFile } from "node:fs/promises";
import type { Inputs } from "../actions/evaluate/io.ts";
import { evaluateModel, type Judged, type Ports } from "../actions/evaluate/run.ts";
import { openDatabase } from "../data/duckdb.ts";
import { type FeaturesSql, readFeaturesSql } from "../data/features-sql.ts";
import { writePredictions } from "../data/predictions.ts";
import { readCompact } from "../data/read-compact.ts";
import { readTestRows, type TestRows } from "../data/test-rows.ts";
import { type Answers, labelAnswers } from "../evaluation/answers.ts";
import { labelCounts } from "../evaluation/class-labels.ts";
import { EvaluationFile } from "../evaluation/evaluation-file.ts";
import type { EvaluatedTask } from "../evaluation/predictions.ts";
import { predictionsTable } from "../evaluation/predictions-table.ts";
import { writeFileAtomically } from "../kit/atomic-write.ts";
import type { StepContext, StepOutcome } from "../kit/step.ts";
import type { BoundInput } from "../onnx/batches.ts";
import { bindInputs, planInputs, wantedColumns } from "../onnx/bind-inputs.ts";
import { type OutputPlan, planOutputs } from "../onnx/bind-outputs.ts";
import type { ModelManifest } from "../onnx/manifest.ts";
import { modelFacts, type OpenModel, openModel } from "../onnx/open-model.ts";
import { predict } from "../onnx/predict.ts";
import { onnxFile, readManifest } from "../onnx/read-manifest.ts";
import { readBaseline } from "../training/read-baseline.ts";
import { warnOfTrainerChanges } from "../training/trainer-changes.ts";

/** The evaluate step bound to DuckDB and onnxruntime. */
export function evaluateStep(context: StepContext, inputs: Inputs): Promise<StepOutcome> {
  return evaluateModel(context, inputs, ports);
}

const ports: Ports = {
  readManifest,
  warnOfTrainerChanges,
  judge,
  writePredictions: (path, { predictions, rowIds }) =>
    writePredictions({ path, rowIds, table: predictionsTable(predictions) }),
  readVerdict: async (path) => EvaluationFile.safeParse(JSON.parse(await readFile(path, "utf8"))).data ?? null,
  writeEvaluation: (path, file) => writeFileAtomically(path, `${JSON.stringify(file, null, 2)}\n`),
};

type JudgeRequest = Parameters<Ports["judge"]>[1];

async function judge(context: StepContext, { manifest, threads }: JudgeRequest): Promise<Judged> {
  const { log } = context;
  log.progress("reading the test part");
  const { model, test, inputs, outputs, baseline } = await readRows(context, manifest);
  log.progress("inference");
  const { answers, timings } = await predict({ ...model, inputs, outputs, rows: test.rows, log, threads });
  const { predictions, unseen } = labelAnswers(answers, test);
  const naive = { kind: baseline.kind, predictions: labelAnswers(baseline.answers, test).predictions };
  return { ...test, predictions, unseen, baseline: naive, timings, model: modelFacts(model, manifest.files) };
}

interface ReadRows {
  model: OpenModel;
  test: TestRows;
  inputs: readonly BoundInput[];
  outputs: OutputPlan;
  baseline: { kind: string; answers: Answers };
}

/** The data engine is closed before the model runs, so that both never hold their memory at once. */
async function readRows(context: StepContext, manifest: ModelManifest): Promise<ReadRows> {
  const { model, folder } = context;
  const path = onnxFile(manifest, folder.model);
  const sql = await bundledFeatures(manifest, folder.model);
  const database = await openDatabase();
  try {
    // onnxruntime takes a tenth of a second to load, in which DuckDB reads in its own threads.
    const [test, opened] = await Promise.all([
      readTestRows(database, { ...model, snapshot: folder.snapshot, sql }),
      openModel(path, manifest.signature ?? null),
    ]);
    const { features: columns, relation } = test;
    const { session, signature } = opened;
    const order = signature.inputs.map(({ name }) => name);
    const plans = planInputs({ inputs: session.inputs, columns, order, path });
    const table = await readCompact(database, relation, wantedColumns(plans, columns));
    const labels = labelCounts(test.label).map(({ value }) => value);
    const outputs = planOutputs({ ...opened, ...taskOf(context), labels, classes: null });
    const baseline = await readBaseline(database, { model, snapshot: folder.snapshot, ...classesOf(outputs) });
    return { model: opened, test, inputs: bindInputs(plans, table, path), outputs, baseline };
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

function taskOf({ model: { spec } }: StepContext): { task: EvaluatedTask; positive: string | null } {
  if (spec.task === "scored") throw new Error("a scored model has no ONNX graph");
  const { positive } = spec.data;
  return { task: spec.task, positive: positive === undefined ? null : String(positive) };
}
