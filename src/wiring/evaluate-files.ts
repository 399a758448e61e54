import { existsSync } from "node:fs";
import { asReferences, type ComparedModels } from "../actions/evaluate/compared.ts";
import { openDatabase } from "../data/duckdb.ts";
import { openHeldOutRows } from "../data/held-out-rows.ts";
import { type CompactTable, plainColumn, type WantedColumn } from "../data/read-compact.ts";
import { columnKind } from "../data/read-table.ts";
import {
  type FileRows,
  findTableFile,
  openTableFile,
  readLabelled,
  requireFileColumns,
  type TableFile,
} from "../data/table-file.ts";
import { labelAnswers } from "../evaluation/answers.ts";
import { labelCounts, type UnknownLabel } from "../evaluation/class-labels.ts";
import { clusterCodes } from "../evaluation/cluster-codes.ts";
import type { ComparedPath } from "../evaluation/compare-option.ts";
import { constantBaseline } from "../evaluation/constant-baseline.ts";
import { declaredSlices } from "../evaluation/declared-slices.ts";
import { evaluate } from "../evaluation/evaluate.ts";
import type { EvaluationFile } from "../evaluation/evaluation-file.ts";
import { factsOf } from "../evaluation/facts.ts";
import { evaluationFindings } from "../evaluation/findings.ts";
import { givenPredictions } from "../evaluation/given-answers.ts";
import { inferTask, positiveOf } from "../evaluation/infer-task.ts";
import { latencyOf, type Timings, writeLatency } from "../evaluation/latency.ts";
import { atThreshold, chooseOperatingPoint } from "../evaluation/operating-point.ts";
import type { EvaluatedTask, Predictions } from "../evaluation/predictions.ts";
import { rowWeights } from "../evaluation/row-weights.ts";
import type { SlicePlan } from "../evaluation/search-slices.ts";
import type { SliceColumn } from "../evaluation/slice-column.ts";
import { columnsToSlice, type SliceDeclaration } from "../evaluation/slice-declaration.ts";
import type { Intervals } from "../evaluation/subject.ts";
import { worstErrors, writeWorstError } from "../evaluation/worst-errors.ts";
import type { Log } from "../kit/log.ts";
import type { Finding } from "../kit/outcome.ts";
import { UserError } from "../kit/user-error.ts";
import type { BoundInput } from "../onnx/batches.ts";
import { bindInputs, planInputs, wantedColumns } from "../onnx/bind-inputs.ts";
import { planOutputs } from "../onnx/bind-outputs.ts";
import { modelFacts, type OpenModel, openModel } from "../onnx/open-model.ts";
import { predict } from "../onnx/predict.ts";
import { countPresent } from "../stats/count-present.ts";
import type { Column, Table } from "../stats/table.ts";
import { readComparedFiles } from "./compared-files.ts";

// Evaluation of any files, without a model.yml: `mlops evaluate --predictions …` and `mlops evaluate --model …`.

interface FilesRequest {
  label: string;
  /** Null: inferred from the label's values. */
  task: EvaluatedTask | null;
  /** Null: inferred where it is obvious (1, true, yes). */
  positive: string | null;
  /** Columns whose rows belong together: intervals allow for that. Default: none. */
  group?: readonly string[];
  /** Column with the rows' weights. Default: none. */
  weight?: string | null;
  slices: readonly SliceDeclaration[];
  /** Between whose values fairness is measured. */
  fairness?: readonly SliceDeclaration[];
  /** Columns in which to search for the rows that the model serves worst; default: none. */
  findSlices?: readonly string[];
  /** Rows that a slice must have; default 30. */
  smallestSlice?: number | undefined;
  /** Score above which a row is predicted positive. */
  threshold?: number | undefined;
  gates: readonly string[];
  /** Default analytic. */
  intervals?: Intervals;
  /** Compare with the best answer that looks at no row; default true. Its paired intervals cost as much as the metrics. */
  baseline?: boolean;
  log: Log;
}

export interface PredictionsRequest extends FilesRequest {
  /** Path of a CSV or Parquet file. */
  predictions: string;
  /** Column with the probability of the positive class. */
  score: string | null;
  /** Column with labels, or with numbers for a regression. */
  predicted: string | null;
  /** Files of other models' predictions, with the same columns; default: none. */
  compare?: readonly (ComparedPath & { file: string })[];
  /** Column that pairs their rows with ours; default: row_id. */
  key?: string;
}

export interface ModelRequest extends FilesRequest {
  /** Path of an ONNX file. */
  model: string;
  /** Path of a CSV or Parquet file. */
  data: string;
  rows: "test" | "all";
  /** Classes in the model's order, for a graph that does not name them. */
  classes: readonly string[] | null;
  threads?: number;
}

export interface EvaluatedFile {
  file: EvaluationFile;
  findings: readonly Finding[];
}

/** Evaluates a file of predictions of any framework. Throws UserErrors for what is not there or does not fit. */
export async function evaluatePredictionsFile(request: PredictionsRequest): Promise<EvaluatedFile> {
  const { label, score, predicted } = request;
  const { table, ...labelled } = await readPredictionColumns(request);
  const column = (name: string | null): Column | null => table.columns.find((each) => each.name === name) ?? null;
  const labels = columnOf(table, label);
  const task = request.task ?? (score !== null && predicted === null ? "binary-classification" : inferTask(labels));
  const predictions = givenPredictions({
    ...request,
    task,
    label: labels,
    score: column(score),
    predicted: column(predicted),
    weights: labelled.weights,
    clusters: labelled.clusters,
  });
  const compared = await readComparedFiles(request, predictions);
  return finish({ request, predictions, compared, table, ...labelled, unseen: [], model: null, timings: null });
}

/** Evaluates an ONNX model on a table whose columns have the names of its inputs. */
export async function evaluateModelFile(request: ModelRequest): Promise<EvaluatedFile> {
  requireModelFile(request.model);
  const model = await openModel(request.model, null);
  return finish({ request, model: modelFacts(model, [model]), ...(await answerRows(request, model)) });
}

/** No step made this file, so that no step is there to be run first. */
function requireModelFile(path: string): void {
  if (existsSync(path)) return;
  throw new UserError({
    code: "file_missing",
    message: `there is no file ${JSON.stringify(path)}`,
    where: "--model",
    fix: "correct the path to the ONNX file",
  });
}

/** The inputs' memory is let go when this returns. */
async function answerRows(request: ModelRequest, model: OpenModel): Promise<Omit<Finished, "request" | "model">> {
  const { log, threads } = request;
  const { table, inputs, ...labelled } = await readModelRows(request, model);
  const label = columnOf(table, request.label);
  const labels = labelCounts(label).map(({ value }) => value);
  const task = request.task ?? taskOfModel(model.signature, label);
  const positive = task === "binary-classification" ? positiveOf(request.positive, labels) : null;
  const outputs = planOutputs({ ...model, task, positive, labels, classes: request.classes });
  log.progress("inference");
  const { answers, timings } = await predict({ ...model, inputs, outputs, rows: table.rows, log, threads });
  const { predictions, unseen } = labelAnswers(answers, { label, ...labelled });
  return { predictions, table, ...labelled, unseen, timings };
}

async function readPredictionColumns(request: PredictionsRequest): Promise<LabelledTable> {
  const { label, score, predicted, log } = request;
  const named = namedColumns(request);
  const others = named.map(({ name }) => name);
  log.progress("reading");
  const database = await openDatabase();
  try {
    const asWritten = [request.label, ...(request.predicted === null ? [] : [request.predicted]), ...others];
    const file = await openTableFile(database, await findTableFile(request.predictions, "--predictions"), {
      asWritten,
    });
    requireFileColumns(file, [
      { name: label, option: "--label" },
      ...(score === null ? [] : [{ name: score, option: "--score" }]),
      ...(predicted === null ? [] : [{ name: predicted, option: "--predicted" }]),
      ...named,
    ]);
    const wanted = plainColumns(file, [label, score, predicted, ...others]);
    const { table, ...rows } = await readLabelled(database, file, { label, wanted });
    return withRoles(request, plainTable(table, label, wanted), rows);
  } finally {
    database.close();
  }
}

async function readModelRows(
  request: ModelRequest,
  { session }: OpenModel,
): Promise<LabelledTable & { inputs: readonly BoundInput[] }> {
  const { label, model: path } = request;
  const named = namedColumns(request);
  const others = named.map(({ name }) => name);
  request.log.progress("reading");
  const database = await openDatabase();
  try {
    const texts = session.inputs.filter(({ type }) => type === "string").map(({ name }) => name);
    const source = await findTableFile(request.data, "--data");
    const file =
      request.rows === "test"
        ? await openHeldOutRows(database, source, label)
        : await openTableFile(database, source, { texts, asWritten: [request.label, ...others] });
    requireFileColumns(file, [{ name: label, option: "--label" }, ...named]);
    const columns = file.columns
      .map(({ name, type }) => ({ name, kind: columnKind(type) }))
      .filter(({ name }) => name !== label);
    const plans = planInputs({ inputs: session.inputs, columns, path });
    for (const plan of plans) if (plan.kind === "matrix") tellOrder(request.log, plan.columns);
    const own = plainColumns(file, [label, ...others]);
    const wanted = distinctColumns([...own, ...wantedColumns(plans, columns)]);
    const { table, ...rows } = await readLabelled(database, file, { label, wanted });
    return { ...withRoles(request, plainTable(table, label, own), rows), inputs: bindInputs(plans, table, path) };
  } finally {
    database.close();
  }
}

/** A matrix has no names: columns in another order than the model learned give wrong numbers without any error. */
function tellOrder(log: Log, columns: readonly string[]): void {
  const shown = columns.length > 30 ? [...columns.slice(0, 30), `… ${columns.length - 30} more`] : columns;
  log.info(`the model takes one matrix and no names; its columns, in the file's order: ${shown.join(", ")}`);
}

interface LabelledTable extends Omit<FileRows, "table"> {
  /** Label, slices and given answers of the rows whose label is known. */
  table: Table;
  weights: Float64Array | null;
  /** Rows without a weight. */
  unweighted: number;
  clusters: Int32Array | null;
}

/** The columns that say what rows weigh and which belong together, as the statistics take them. */
function withRoles(
  { group = [], weight = null }: FilesRequest,
  table: Table,
  rows: Omit<FileRows, "table">,
): LabelledTable {
  const weighed = weight === null ? null : rowWeights(columnOf(table, weight), "--weight");
  return {
    ...rows,
    table,
    weights: weighed?.weights ?? null,
    unweighted: weighed?.missing ?? 0,
    clusters: group.length === 0 ? null : clusterCodes(group.map((name) => columnOf(table, name))),
  };
}

function plainColumns(file: TableFile, names: readonly (string | null)[]): WantedColumn[] {
  const wanted = file.columns.filter(({ name }) => names.includes(name));
  return wanted.map(({ name, type }) => ({ name, as: columnKind(type) === "number" ? "float64" : "text" }));
}

function distinctColumns(wanted: readonly WantedColumn[]): WantedColumn[] {
  return [...new Map(wanted.map((column) => [`${column.as} ${column.name}`, column])).values()];
}

/** The wanted columns as the statistics take them. Throws no_rows_to_evaluate. */
function plainTable({ rows, columns }: CompactTable, label: string, wanted: readonly WantedColumn[]): Table {
  // Wanted columns are the first that were read.
  const table: Table = { rows, columns: columns.slice(0, wanted.length).map(plainColumn) };
  if (rows > 0 && countPresent(columnOf(table, label)) > 0) return table;
  throw new UserError({
    code: "no_rows_to_evaluate",
    message: rows === 0 ? "the file has no rows" : `none of the ${rows} rows has a value in ${JSON.stringify(label)}`,
    where: label,
    fix: rows === 0 ? "give a file with rows below its header" : "name the column with the true labels",
  });
}

interface Finished extends LabelledTable {
  request: FilesRequest;
  predictions: Predictions;
  unseen: readonly UnknownLabel[];
  compared?: ComparedModels;
  model: EvaluationFile["model"];
  timings: Timings | null;
}

function finish(finished: Finished): EvaluatedFile {
  const { request, predictions, table, unlabelled, unweighted, unseen, compared = {}, model, timings } = finished;
  request.log.progress("metrics and slices");
  const latency = timings === null ? null : latencyOf(timings);
  const baseline = request.baseline === false ? null : constantBaseline(predictions);
  const { predictions: decided, operatingPoint } = atThresholdOf(request, predictions);
  requireBinaryForFairness(request, decided);
  const evaluation = evaluate({
    predictions: decided,
    operatingPoint,
    baseline: baseline?.predictions ?? null,
    baselineKind: baseline?.kind ?? null,
    ...asReferences(compared),
    metrics: [],
    slices: groupsOf(request.slices, table),
    fairness: groupsOf(request.fairness ?? [], table),
    search: searchOf(request, table),
    ...(request.smallestSlice === undefined ? {} : { smallestSlice: request.smallestSlice }),
    gates: request.gates,
    intervals: intervalsOf(request, predictions),
    goals: [],
    facts: factsOf({ bytes: model?.bytes ?? null, latency }),
  });
  const worst_errors = worstErrors(decided).map((error) =>
    writeWorstError(error, { row: finished.rowNumber(error.place) }, { hidden: false }),
  );
  const file: EvaluationFile = { ...evaluation, ...writeLatency(latency), worst_errors, model };
  const findings = evaluationFindings({
    file,
    predictions: decided,
    unseen,
    unlabelled,
    unweighted,
    label: request.label,
    weight: request.weight ?? null,
  });
  return { file, findings };
}

/** Throws input_invalid where the task has no bootstrap: formulas under another name would mislead. */
function intervalsOf({ intervals = "analytic" }: FilesRequest, { task }: Predictions): Intervals {
  if (intervals === "analytic" || task === "binary-classification") return intervals;
  throw new UserError({
    code: "input_invalid",
    message: `intervals by bootstrap are made for binary-classification, and the task is ${task}`,
    where: "--intervals",
    fix: "remove --intervals: other tasks have formulas, and R² has its own bootstrap (docs/gates.md)",
  });
}

/** Nothing is hidden: whoever evaluates a file can read it. */
function groupsOf(declarations: readonly SliceDeclaration[], { columns }: Table): SliceColumn[] {
  return declaredSlices({
    declarations,
    columns,
    isSensitive: () => false,
    showsManyTexts: true,
    smallestGroup: 1,
    named: () => [],
  });
}

function searchOf({ findSlices = [] }: FilesRequest, table: Table): SlicePlan | null {
  return findSlices.length === 0 ? null : { columns: groupsOf(findSlices, table), depth: 2, most: 10 };
}

/** Columns with a role besides label and answer, with the option that names them. */
function namedColumns(request: FilesRequest): { name: string; option: string }[] {
  const { slices, fairness = [], findSlices = [], group = [], weight = null } = request;
  return [
    ...group.map((name) => ({ name, option: "--group" })),
    ...(weight === null ? [] : [{ name: weight, option: "--weight" }]),
    ...columnsToSlice(slices).map((name) => ({ name, option: "--slices" })),
    ...columnsToSlice(fairness).map((name) => ({ name, option: "--fairness" })),
    ...findSlices.map((name) => ({ name, option: "--find-slices" })),
  ];
}

function atThresholdOf(
  { threshold }: FilesRequest,
  predictions: Predictions,
): { predictions: Predictions; operatingPoint: EvaluationFile["operating_point"] } {
  if (threshold === undefined) return { predictions, operatingPoint: null };
  if (predictions.task !== "binary-classification" || predictions.scores === null) {
    throw new UserError({
      code: "input_invalid",
      message: `--threshold parts the scores of two classes, and ${predictions.task === "binary-classification" ? "there are no scores" : `this is ${predictions.task}`}`,
      where: "--threshold",
      fix: "remove it, or name the column of probabilities with --score",
    });
  }
  const point = chooseOperatingPoint({ fixed: threshold }, null);
  return { predictions: atThreshold(predictions, threshold), operatingPoint: { ...point, baseline_threshold: null } };
}

function taskOfModel({ classes }: { classes?: readonly string[] | undefined }, label: Column): EvaluatedTask {
  if (classes === undefined) return inferTask(label);
  return classes.length === 2 ? "binary-classification" : "multiclass-classification";
}

function columnOf(table: Table, name: string): Column {
  const column = table.columns.find((each) => each.name === name);
  if (column === undefined) throw new Error(`column ${name} was not read`);
  return column;
}

function requireBinaryForFairness({ fairness = [] }: FilesRequest, { task }: Predictions): void {
  if (fairness.length === 0 || task === "binary-classification") return;
  throw new UserError({
    code: "input_invalid",
    message: `fairness is measured of binary-classification, and this is ${task}`,
    where: "--fairness",
    fix: 'leave it out; --gates "gap(accuracy by sex) <= 5 %" compares groups in any classification',
  });
}
