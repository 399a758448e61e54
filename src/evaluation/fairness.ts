import { type Bounds, type Estimate, unboundedText } from "../stats/bounds.ts";
import { countClusters, designOf, independentRows } from "../stats/design-effect.ts";
import { groupRows } from "../stats/group-rows.ts";
import { meanBounds, moments } from "../stats/mean-bounds.ts";
import { gapOf, ratioOf } from "./across-slices.ts";
import { fromLosses } from "./binary-contributions.ts";
import { scoreProblem } from "./binary-metrics.ts";
import { selectBinary } from "./binary-rows.ts";
import type { FairnessResult } from "./evaluation-file.ts";
import { degreesOf, type Measured, ofOneCluster, toMetricValue, undefinedBecause } from "./measured.ts";
import type { BinaryPredictions } from "./predictions.ts";
import { clusteringOf, type Subjected } from "./sample.ts";
import type { SliceColumn } from "./slice-column.ts";
import { estimatesOf, type MeasuredSlice, type NotedEstimates } from "./slice-estimates.ts";
import type { Slice, SlicesOf } from "./slices.ts";

// How differently a binary classifier treats the groups of a column, under fairlearn's names and definitions (between groups).
// Source: Hardt, Price & Srebro (2016); fairlearn's user guide. Oracle: fairlearn, test/oracles/fairness.py.

export interface FairnessRequest {
  predictions: BinaryPredictions;
  subject: Subjected;
  /** Groups over the same rows. */
  columns: readonly SliceColumn[];
  slices: SlicesOf;
  /** Confidence level of the intervals. */
  level: number;
}

/** What is measured of each group of a column. */
type Rate = "selection_rate" | "true_positive_rate" | "false_positive_rate" | "calibration_in_the_large" | "ece";

interface Group {
  slice: Slice;
  measured: Readonly<Record<Rate, Measured>>;
}

/** Demographic parity, equal opportunity, equalised odds and calibration between the groups of each column. */
export function fairnessOf(request: FairnessRequest): FairnessResult[] {
  return request.columns.flatMap((column) => fairnessBy(column, request));
}

function fairnessBy(column: SliceColumn, request: FairnessRequest): FairnessResult[] {
  const groups = groupsOf(column, request);
  const over = (rate: Rate): NotedEstimates =>
    estimatesOf(
      groups.map(({ slice, measured }): MeasuredSlice => ({ slice, measured: measured[rate] })),
      { what: rate, column: column.name, range: rate === "calibration_in_the_large" ? [-1, 1] : [0, 1] },
    );
  const selected = over("selection_rate");
  const hits = compareGroups(gapOf, over("true_positive_rate"));
  const alarms = compareGroups(gapOf, over("false_positive_rate"));
  const calibrated = compareGroups(gapOf, over("calibration_in_the_large"));
  const write = (metric: FairnessResult["metric"], of: readonly Rate[], measured: Compared): FairnessResult => ({
    column: column.name,
    metric,
    ...writeCompared(measured, request.level),
    groups: groups.map((group) => writeGroup(group, of, request.level)),
  });
  return [
    write("demographic_parity_difference", ["selection_rate"], compareGroups(gapOf, selected)),
    write("demographic_parity_ratio", ["selection_rate"], compareGroups(ratioOf, selected)),
    write("equal_opportunity_difference", ["true_positive_rate"], hits),
    write("equalized_odds_difference", ["true_positive_rate", "false_positive_rate"], largerOf(hits, alarms)),
    ...(request.predictions.scores === null
      ? []
      : [write("calibration_difference", ["calibration_in_the_large", "ece"], calibrated)]),
  ];
}

/** A number between groups; note: groups that it leaves out, so that its worse bound says nothing. */
interface Compared {
  measured: Measured;
  note: string | null;
}

function compareGroups(compare: (groups: NotedEstimates) => Estimate, groups: NotedEstimates): Compared {
  if (groups.estimates.length > 1) return { measured: compare(groups), note: groups.note };
  return { measured: undefinedBecause(groups.note ?? "there are fewer than two groups"), note: groups.note };
}

/** The larger of two differences is under a bound when both are; that it is over one picks the larger, so alpha is shared. */
function largerOf(first: Compared, second: Compared): Compared {
  const notes = [...new Set([first.note, second.note])].filter((note) => note !== null);
  const note = notes.length === 0 ? null : notes.join("; ");
  const [a, b] = [first.measured, second.measured];
  if (a.value === null) return { measured: a, note };
  if (b.value === null) return { measured: b, note };
  const bounds = (alpha: number): Bounds => {
    const [shared, whole] = [[a, b].map((each) => each.bounds(alpha / 2)), [a, b].map((each) => each.bounds(alpha))];
    return {
      lower: Math.max(...shared.map(({ lower }) => lower)),
      upper: Math.max(...whole.map(({ upper }) => upper)),
    };
  };
  const effectiveRows = Math.min(a.effectiveRows, b.effectiveRows);
  const value = Math.max(a.value, b.value);
  return { measured: { value, method: a.method, effectiveRows, ...unboundedText([a, b]), bounds }, note };
}

function writeCompared({ measured, note }: Compared, level: number) {
  const written = toMetricValue(measured, level);
  return note === null || written.reason !== undefined ? written : { ...written, reason: note };
}

function writeGroup({ slice, measured }: Group, of: readonly Rate[], level: number): FairnessResult["groups"][number] {
  return {
    value: slice.shown,
    rows: slice.sample.rows,
    ...(slice.lacking > 0 ? { rows_lacking: slice.lacking } : {}),
    metrics: Object.fromEntries(of.map((rate) => [rate, toMetricValue(measured[rate], level)])),
  };
}

/** The groups in the order of their slices. */
function groupsOf(column: SliceColumn, { predictions, subject, slices }: FairnessRequest): Group[] {
  const known = slices(column.name) ?? [];
  return groupRows(column, subject.order).map(({ rows }, index) => ({
    slice: known[index],
    measured: {
      selection_rate: known[index].sample.metrics.get("selection_rate") ?? undefinedBecause("no rows"),
      true_positive_rate: known[index].sample.metrics.get("recall") ?? undefinedBecause("no rows"),
      false_positive_rate: falsePositiveRate(subject, predictions, rows),
      calibration_in_the_large: calibrationInTheLarge(predictions, rows),
      ece: known[index].sample.metrics.get("ece") ?? undefinedBecause("no rows"),
    },
  }));
}

/** The share predicted positive of the rows that are not. */
function falsePositiveRate(subject: Subjected, { labels }: BinaryPredictions, rows: Uint32Array): Measured {
  const negatives = rows.filter((row) => labels[row] === 0);
  if (negatives.length === 0) return undefinedBecause("no row is negative");
  return subject.part(negatives).metrics.get("selection_rate") ?? undefinedBecause("no row is negative");
}

/**
 * Mean predicted probability minus the share of positives: above 0 the group's chances are overstated.
 * Source: calibration-in-the-large, Steyerberg (2009), Clinical Prediction Models, 15.3.
 */
function calibrationInTheLarge(predictions: BinaryPredictions, rows: Uint32Array): Measured {
  const selected = selectBinary(predictions, rows);
  const { scores, labels, weights, count } = selected;
  const problem = scoreProblem(selected);
  if (problem !== null || scores === null) return undefinedBecause(problem ?? "the model gives no scores");
  if (scores[0] < 0 || scores[count - 1] > 1) return undefinedBecause("scores outside [0, 1] are not probabilities");
  const excess = scores.map((score, row) => score - labels[row]);
  const { clusters = null } = predictions;
  const clustering = clusters === null ? null : clusteringOf(rows, clusters);
  const mean = moments(excess, weights);
  const isOneCluster = clustering !== null && countClusters(clustering) < 2;
  const design =
    clustering === null || isOneCluster ? independentRows : designOf(fromLosses(excess, weights), clustering);
  const effectiveRows = mean.effectiveRows / design.effect;
  const estimate: Estimate = {
    value: mean.mean,
    method: clustering === null ? "skew_adjusted_t" : "skew_adjusted_t, clustered",
    effectiveRows,
    bounds: (alpha) => {
      const { lower, upper } = meanBounds({ ...mean, effectiveRows }, alpha, degreesOf(effectiveRows, design));
      return { lower: Math.max(-1, lower), upper: Math.min(1, upper) };
    },
  };
  return isOneCluster ? ofOneCluster(estimate) : estimate;
}
