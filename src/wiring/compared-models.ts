import { stat } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import type { ComparedModels, ComparedSource } from "../actions/evaluate/compared.ts";
import { openDatabase } from "../data/duckdb.ts";
import { type FeaturesSql, readFeaturesSql } from "../data/features-sql.ts";
import { readLabelledRows } from "../data/labelled-rows.ts";
import { readCompact } from "../data/read-compact.ts";
import { labelAnswers } from "../evaluation/answers.ts";
import { applyThreshold } from "../evaluation/apply-threshold.ts";
import { labelCounts } from "../evaluation/class-labels.ts";
import { type ComparedPath, parseCompare } from "../evaluation/compare-option.ts";
import { type ComparedModel, comparedPredictions } from "../evaluation/compared-answers.ts";
import type { Predictions } from "../evaluation/predictions.ts";
import { hasCode } from "../kit/has-code.ts";
import type { StepContext } from "../kit/step.ts";
import { UserError } from "../kit/user-error.ts";
import { bindInputs, planInputs, wantedColumns } from "../onnx/bind-inputs.ts";
import { planOutputs } from "../onnx/bind-outputs.ts";
import { openModel } from "../onnx/open-model.ts";
import { predict } from "../onnx/predict.ts";
import { onnxFile, readManifest } from "../onnx/read-manifest.ts";
import type { Column } from "../stats/table.ts";
import { taskOf } from "./evaluated-task.ts";
import { readPairedAnswers } from "./paired-answers.ts";

// What the models that are compared with said about the rows that are judged.

const option = "compare";

type ModelSource = ComparedSource & { kind: "model" };

/** Looks up what `compare` names. Throws input_invalid, file_missing, and what reading a model.json throws. */
export async function findCompared(workingDirectory: string, text: string): Promise<ComparedSource[]> {
  return Promise.all(parseCompare(text, option).map((entry) => findOne(workingDirectory, entry)));
}

async function findOne(workingDirectory: string, entry: ComparedPath): Promise<ComparedSource> {
  const path = resolve(workingDirectory, entry.path);
  const folder = basename(path) === "model.json" ? resolve(path, "..") : (await isFolder(path, entry)) ? path : null;
  if (folder === null) return { ...entry, kind: "predictions", file: path };
  return { ...entry, kind: "model", folder, manifest: await readManifest(join(folder, "model.json")) };
}

async function isFolder(path: string, { subject, path: shown }: ComparedPath): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch (error) {
    if (!hasCode(error, "ENOENT")) throw error;
    throw new UserError({
      code: "file_missing",
      message: `there is no file or folder ${JSON.stringify(shown)} to compare with as ${subject}`,
      where: option,
      fix: "correct the path, or leave it out: a gate with `if production exists` is then skipped",
      cause: error,
    });
  }
}

export interface CompareRequest {
  sources: readonly ComparedSource[];
  /** What this model said about the rows. */
  ours: Predictions;
  /** SELECT of the row ids of the rows, in their order. */
  rowIds: string;
  threads: number | undefined;
  /** Whether the validation part chooses a threshold: each model's own for each model. */
  validation: boolean;
}

/** Predictions of the models compared with, of exactly the rows that are judged, in their order. */
export async function readCompared(context: StepContext, request: CompareRequest): Promise<ComparedModels> {
  const found: ComparedModels = {};
  for (const source of request.sources) {
    context.log.progress(`comparing with ${source.subject}`);
    found[source.subject] =
      source.kind === "model"
        ? await runModel(context, source, request)
        : await readPairedAnswers({
            ...source,
            shown: source.path,
            key: "row_id",
            ours: request.ours,
            ourPlace: "data/snapshot.parquet",
            ourKeys: async () => `select row_id::varchar from (${request.rowIds}\n)`,
            log: context.log,
          });
  }
  return found;
}

/** The other model with its own features on the same rows of the snapshot, at the threshold that suits it. */
async function runModel(context: StepContext, source: ModelSource, request: CompareRequest): Promise<ComparedModel> {
  const { evaluate, problem } = context.model.spec;
  const theirs = (part: "test" | "valid") => answerPart(context, { source, part, threads: request.threads });
  const valid = request.validation ? { predictions: await theirs("valid"), baseline: null } : null;
  const test = { predictions: requireAlike(await theirs("test"), request.ours, source.path), baseline: null };
  const decided = applyThreshold({ rule: evaluate.threshold, value: problem.value ?? null, test, valid });
  return { predictions: decided.predictions };
}

async function answerPart(
  context: StepContext,
  { source, part, threads }: { source: ModelSource; part: "test" | "valid"; threads: number | undefined },
): Promise<Predictions> {
  const { manifest, folder, path: shown } = source;
  const { model, log } = context;
  const database = await openDatabase();
  try {
    const sql = await ownFeatures(source);
    const snapshot = { ...model, spec: specOf(model.spec), part, snapshot: context.folder.snapshot, sql };
    const [rows, opened] = await Promise.all([
      readLabelledRows(database, snapshot),
      openModel(onnxFile(manifest, folder), manifest.signature ?? null),
    ]);
    const order = opened.signature.inputs.map(({ name }) => name);
    const plans = planInputs({ inputs: opened.session.inputs, columns: rows.features, order, path: shown });
    const table = await readCompact(database, rows.relation, wantedColumns(plans, rows.features));
    const labels = labelCounts(rows.label).map(({ value }) => value);
    const outputs = planOutputs({ ...opened, ...taskOf(context), labels, classes: null });
    const inputs = bindInputs(plans, table, shown);
    const { answers } = await predict({ ...opened, inputs, outputs, rows: rows.rows, log, threads, timed: false });
    return labelAnswers(answers, rows).predictions;
  } finally {
    database.close();
  }
}

/** Slices are ours alone; without features of its own the other model takes the columns as they are. */
function specOf(spec: StepContext["model"]["spec"]): StepContext["model"]["spec"] {
  const { features: _, ...data } = spec.data;
  return { ...spec, data, evaluate: { ...spec.evaluate, slices: [], fairness: [], find_slices: false } };
}

async function ownFeatures({ manifest, folder, path }: ModelSource): Promise<FeaturesSql | undefined> {
  const { features } = manifest;
  if (features === undefined) return undefined;
  // A mistake is in that model's features, not in those of this repository.
  return { ...(await readFeaturesSql(folder, features.path)), shown: join(path, features.path) };
}

/** Classes in another order are put into ours. Throws comparison_mismatch. */
function requireAlike(theirs: Predictions, ours: Predictions, path: string): Predictions {
  if (theirs.task === "regression" || ours.task === "regression") return theirs;
  const asColumn = (places: ArrayLike<number>, name: string): Column => ({
    kind: "text",
    name,
    codes: Int32Array.from(places),
    levels: theirs.classes,
  });
  const width = theirs.classes.length;
  const probabilities =
    theirs.task === "multiclass-classification" && theirs.probabilities !== null
      ? new Map(
          theirs.classes.map((name, place) => [name, probabilityColumn(theirs.probabilities, { name, place, width })]),
        )
      : new Map<string, Column>();
  const score: Column | null =
    theirs.task === "binary-classification" && theirs.scores !== null
      ? { kind: "number", name: "score", values: theirs.scores }
      : null;
  return comparedPredictions(ours, {
    path,
    label: null,
    predicted: asColumn(theirs.predicted, "predicted"),
    score,
    probabilities,
  });
}

function probabilityColumn(
  probabilities: Float64Array | null,
  { name, place, width }: { name: string; place: number; width: number },
): Column {
  const values = (probabilities ?? new Float64Array(0)).filter((_, at) => at % width === place);
  return { kind: "number", name: `probability_${name}`, values };
}
