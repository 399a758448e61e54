import { grouped } from "../kit/counted.ts";
import { onlyLabel } from "./answer-findings.ts";
import { selectBinary } from "./binary-rows.ts";
import { compareSamples } from "./compare.ts";
import { type Confusion, countConfusion } from "./confusion.ts";
import type { Comparison, EvaluationFile, SliceResult } from "./evaluation-file.ts";
import { fairnessOf } from "./fairness.ts";
import { type GateSource, gateAlpha, type Subject, termsOf } from "./gate.ts";
import { baselineGate, type ParsedGate, readGates } from "./gate-list.ts";
import { type Goal, judgeGoal } from "./goals.ts";
import { judgeGates } from "./judge-gates.ts";
import { measureCalibration } from "./measure-calibration.ts";
import { type MeasuredMetrics, toMetricValue, undefinedBecause } from "./measured.ts";
import { describeMetric, type MetricName, metricsOf, usualMetricsOf } from "./metric-names.ts";
import type { Predictions, ValueMatrix } from "./predictions.ts";
import { residualBins } from "./residuals.ts";
import type { Facts, GateEvidence } from "./resolve-term.ts";
import { rocCurve } from "./roc-curve.ts";
import type { Sample, Subjected } from "./sample.ts";
import { type SlicePlan, searchSlices } from "./search-slices.ts";
import type { SliceColumn } from "./slice-column.ts";
import { sliceSubject } from "./slices.ts";
import { type Intervals, measureSubject } from "./subject.ts";
import { unansweredRows } from "./unanswered.ts";
import { overallVerdict } from "./verdict.ts";
import { withValue } from "./worth.ts";

export interface EvaluationRequest {
  predictions: Predictions;
  /** The naive baseline's predictions of the same rows in the same order. */
  baseline: Predictions | null;
  /** prior, mean, last-value, column:<c> … */
  baselineKind: string | null;
  /** Predictions of the same rows by the version in production and by the base branch's model, where there are any. */
  production?: Predictions | null;
  base?: Predictions | null;
  /** Why one of these two, which there is, cannot be compared with: gates that need it are inconclusive. */
  withheld?: Partial<Record<"production" | "base", string>>;
  /** Metrics to show first; the first of them is the one on which the model must beat the baseline. */
  metrics: readonly string[];
  /** Slice columns over the same rows; code -1 is a slice of its own. */
  slices: readonly SliceColumn[];
  /** Groups of which fairness is measured; binary classification only. */
  fairness?: readonly SliceColumn[];
  /** Where to search for the rows that the model serves worst; default: nowhere. */
  search?: SlicePlan | null;
  /** Rows that a slice must have for a gate to rest on it; default 30. */
  smallestSlice?: number;
  gates: readonly GateSource[];
  goals: readonly Goal[];
  facts: Facts;
  /** A model that violates a gate passes it with this probability at most; default 0.05. */
  alpha?: number;
  /** What each answer of a binary classifier is worth; null: there is no metric `value`. */
  value?: ValueMatrix | null;
  /** Default analytic. Bootstrap: for binary classification only. */
  intervals?: Intervals;
  /** At which the predicted labels were made (applyThreshold); null: by the model's own rule. */
  operatingPoint?: EvaluationFile["operating_point"];
  /** Confidence level of the intervals shown; default 0.95. */
  level?: number;
}

/** Default of evaluate.smallest_slice: the smallest size at which the intervals' misses were measured (docs/calibration.md). */
const smallestOfSlices = 30;

/** What is known once a model's times and its file are put beside it. */
export type Evaluation = Omit<
  EvaluationFile,
  "model" | "latency_ms" | "latency_ratio" | "worst_errors" | "robustness" | "importance"
>;

/**
 * Metrics with intervals, baseline, comparisons, slices, goals, gates and the verdict. Pure, and resampled from a fixed seed:
 * the same request gives the same bytes. Throws UserErrors gate_invalid for gates that cannot be read or name what is not there.
 */
export function evaluate(request: EvaluationRequest): Evaluation {
  const { predictions, level = 0.95, value = null } = request;
  const { task } = predictions;
  const { gates, hasOwn, evidence, names, measured } = gather(request);
  const judged = judgeGates(gates, evidence, request.alpha);
  const rows = predictions.labels.length;
  return {
    schema_version: 1,
    task,
    rows,
    ...clustersOf(predictions),
    ...ownOf(predictions),
    ...classesOf(predictions),
    metrics: writeMetrics(measured.model.all.metrics, names, level),
    baseline: measured.baseline === undefined ? {} : writeMetrics(measured.baseline.all.metrics, names, level),
    baseline_kind: request.baselineKind,
    value_matrix: value,
    comparisons: [...compareAll(measured, names, level), ...notCompared(request.withheld ?? {}, names)],
    slices: writeSlices(
      evidence,
      request.slices.map(({ name }) => name),
      { names, level },
    ),
    fairness: measureFairness(request, measured.model, level),
    found_slices: search(request, measured.model.all, level),
    operating_point: request.operatingPoint ?? null,
    confusion_matrix: confusionMatrix(predictions),
    ...charts(predictions, measured.model, level),
    goals: request.goals.map((goal) => judgeGoal(goal, measured.model.all, { level, alpha: request.alpha })),
    alpha: request.alpha ?? gateAlpha,
    gates: judged,
    ...overallVerdict({
      rows,
      isOneClass: onlyLabel(predictions) !== null,
      unanswered: unansweredRows(predictions).length,
      baseline: hasOwn ? judged[0] : null,
      written: hasOwn ? judged.slice(1) : judged,
    }),
  };
}

function measureFairness(request: EvaluationRequest, subject: Subjected, level: number): Evaluation["fairness"] {
  const { predictions, fairness = [], smallestSlice = smallestOfSlices } = request;
  if (predictions.task !== "binary-classification") return [];
  const slices = sliceSubject(subject, fairness, smallestSlice);
  return fairnessOf({ predictions, subject, columns: fairness, slices, level });
}

function search(request: EvaluationRequest, sample: Sample, level: number): Evaluation["found_slices"] {
  const { predictions, search: plan = null, smallestSlice = smallestOfSlices } = request;
  return plan === null ? null : searchSlices({ ...plan, predictions, sample, smallestSlice, level });
}

/** The gates in force and what they are judged by. */
export interface Gathered {
  /** First, where `hasOwn`, that the model beats its baseline, then those that were written. */
  gates: readonly ParsedGate[];
  hasOwn: boolean;
  evidence: GateEvidence;
  /** Metrics to show, in order. */
  names: readonly MetricName[];
  measured: MeasuredSubjects;
}

/** Reads the gates and measures what they and the report need. Throws as evaluate does. */
export function gather(request: EvaluationRequest): Gathered {
  const { value = null } = request;
  const own = (request.predictions.own ?? []).map(({ description }) => description);
  const context = { task: request.predictions.task, slices: request.slices.map(({ name }) => name), value, own };
  const written = readGates(request.gates, context);
  const names = shownMetrics(request, written);
  const measured = measureAll(request);
  const evidence = evidenceOf(request, measured);
  const beats = baselineGate(written, measurable(request.predictions, names), evidence);
  return { gates: beats === null ? written : [beats, ...written], hasOwn: beats !== null, evidence, names, measured };
}

type MeasuredSubjects = { model: Subjected } & Partial<Record<Subject, Subjected>>;

function measureAll(request: EvaluationRequest): MeasuredSubjects {
  const { predictions, baseline, production, base, intervals, value = null } = request;
  const measured: MeasuredSubjects = { model: measureSubject(withValue(predictions, value), intervals) };
  for (const [subject, theirs] of [
    ["baseline", baseline],
    ["production", production],
    ["base", base],
  ] as const) {
    if (theirs === null || theirs === undefined) continue;
    if (theirs.task !== predictions.task || theirs.labels.length !== predictions.labels.length) {
      throw new Error(`${subject} has other rows or another task than the model`);
    }
    measured[subject] = measureSubject(withValue(theirs, value), intervals);
  }
  return measured;
}

function evidenceOf(request: EvaluationRequest, measured: MeasuredSubjects): GateEvidence {
  const subjects: GateEvidence["subjects"] = {};
  for (const subject of ["model", "baseline", "production", "base"] as const) {
    const found = measured[subject];
    if (found === undefined) continue;
    subjects[subject] = {
      all: found.all,
      slices: sliceSubject(found, request.slices, request.smallestSlice ?? smallestOfSlices),
    };
  }
  return {
    rows: request.predictions.labels.length,
    smallestSlice: request.smallestSlice ?? smallestOfSlices,
    subjects,
    facts: request.facts,
    withheld: { ...request.withheld, ...guessAlike(request.predictions) },
  };
}

/** On rows of one class whoever always names that class is right: nothing shows that a model is better than a guess. */
function guessAlike(predictions: Predictions): GateEvidence["withheld"] {
  const only = onlyLabel(predictions);
  if (only === null) return {};
  const rows =
    predictions.labels.length === 1
      ? "the only test row has"
      : `all ${grouped(predictions.labels.length)} test rows have`;
  return { baseline: `${rows} the label ${only}, and only rows of another class show whether the model beats a guess` };
}

/** Metrics that the model's answers could have on other rows. */
function measurable(predictions: Predictions, names: readonly MetricName[]): MetricName[] {
  if (predictions.task === "regression") return [...names];
  const given = predictions.task === "binary-classification" ? predictions.scores : predictions.probabilities;
  return names.filter((name) => given !== null || describeMetric(name)?.needsScores !== true);
}

/**
 * The task's usual metrics and those that gates name, those asked for first. Facts and metrics of other tasks are left to
 * whoever measures them.
 */
function shownMetrics(
  { predictions, metrics, value = null }: EvaluationRequest,
  gates: readonly ParsedGate[],
): MetricName[] {
  const declared = { hasValue: value !== null, own: (predictions.own ?? []).map(({ description }) => description) };
  const known = metricsOf(predictions.task, declared);
  const named = gates.flatMap(({ gate }) =>
    termsOf(gate).flatMap((term) => (term.kind === "number" ? [] : term.metric)),
  );
  const shown = new Set([...usualMetricsOf(predictions.task, declared), ...named]);
  return [...new Set([...metrics, ...known.filter((name) => shown.has(name))])].filter((name) => known.includes(name));
}

function ownOf({ own = [] }: Predictions): Pick<Evaluation, "own_metrics"> {
  if (own.length === 0) return {};
  return {
    own_metrics: own.map(({ metric: { name, better, unit } }) => ({
      name,
      better,
      ...(unit === undefined ? {} : { unit }),
    })),
  };
}

function clustersOf({ clusters }: Predictions): Pick<Evaluation, "clusters"> {
  if (clusters === undefined || clusters === null) return {};
  return { clusters: new Set(clusters).size };
}

function classesOf(predictions: Predictions): Pick<Evaluation, "classes" | "positive"> {
  if (predictions.task === "regression") return {};
  const classes = [...predictions.classes];
  return predictions.task === "binary-classification" ? { classes, positive: predictions.classes[1] } : { classes };
}

function writeMetrics(metrics: MeasuredMetrics, names: readonly MetricName[], level: number): Evaluation["metrics"] {
  return Object.fromEntries(
    names.map((name) => [name, toMetricValue(metrics.get(name) ?? undefinedBecause("no rows"), level)]),
  );
}

function compareAll(measured: MeasuredSubjects, names: readonly MetricName[], level: number) {
  return (["baseline", "production", "base"] as const).flatMap((against) => {
    const reference = measured[against]?.all;
    return reference === undefined
      ? []
      : compareSamples({ against, candidate: measured.model.all, reference, level }, names);
  });
}

function notCompared(withheld: NonNullable<EvaluationRequest["withheld"]>, names: readonly MetricName[]): Comparison[] {
  const nothing = { difference: null, lower: null, upper: null, p_value: null, method: "none" };
  return Object.entries(withheld).flatMap(([against, reason]) =>
    names.map((metric) => ({ against, metric, ...nothing, reason })),
  );
}

function writeSlices(
  { subjects }: GateEvidence,
  columns: readonly string[],
  { names, level }: { names: readonly MetricName[]; level: number },
): SliceResult[] {
  return columns.flatMap((column) =>
    (subjects.model?.slices(column) ?? []).map(({ shown, sample, lacking }) => ({
      column,
      value: shown,
      rows: sample.rows,
      ...(lacking > 0 ? { rows_lacking: lacking } : {}),
      metrics: writeMetrics(sample.metrics, names, level),
    })),
  );
}

function confusionMatrix(predictions: Predictions): Evaluation["confusion_matrix"] {
  if (predictions.task === "regression" || unansweredRows(predictions).length > 0) return null;
  const { labels, predicted, classes, weights } = predictions;
  const confusion = countConfusion(labels, predicted, { classes: classes.length, weights });
  const unknown = confusion.classes > classes.length ? ["(unknown)"] : [];
  return { classes: [...classes, ...unknown], counts: rowsOf(confusion) };
}

function rowsOf({ classes, weight }: Confusion): number[][] {
  return Array.from({ length: classes }, (_, row) => [...weight.subarray(row * classes, (row + 1) * classes)]);
}

function charts(
  predictions: Predictions,
  model: Subjected,
  level: number,
): Pick<Evaluation, "calibration" | "roc_curve" | "residuals"> {
  const none = { calibration: null, roc_curve: null, residuals: null };
  if (predictions.task === "regression") return { ...none, residuals: residualBins(predictions) };
  const calibration = measureCalibration(predictions, model, level);
  if (predictions.task === "multiclass-classification") return { ...none, calibration };
  return { ...none, calibration, roc_curve: rocCurve(selectBinary(predictions, model.order)) };
}
