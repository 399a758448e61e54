import { logLosses, squaredErrors } from "../../src/evaluation/binary-losses.ts";
import { rankBinary, selectBinary } from "../../src/evaluation/binary-rows.ts";
import { logUnexplained } from "../../src/evaluation/bootstrap-r-squared.ts";
import type {
  BinaryPredictions,
  MulticlassPredictions,
  Predictions,
  RegressionPredictions,
} from "../../src/evaluation/predictions.ts";
import { rankingSums } from "../../src/evaluation/ranking.ts";
import { measureSubject } from "../../src/evaluation/subject.ts";
import {
  acceleration,
  type BoundsAt,
  bcaFromReplicates,
  bootstrapTFromRatios,
  type StudentizedStatistic,
} from "../../src/stats/bootstrap.ts";
import type { Bounds } from "../../src/stats/bounds.ts";
import { columnSums, type Drawing, forEachDraw, forEachResample } from "../../src/stats/resample.ts";

// Bootstrap bounds of metrics that have analytic ones in src: what is measured against what. Each is made on a scale of its own.

/** A bootstrapped metric: BCa and bootstrap-t from the same resamples, on the metric's own scale. */
export interface Candidates {
  bca: Bounds;
  bootstrapT: Bounds;
}

interface Scale {
  toMetric(value: number): number;
  /** A larger value is a smaller metric. */
  turned: boolean;
}

const plain: Scale = { toMetric: (value) => value, turned: false };
const root: Scale = { toMetric: (value) => Math.sqrt(Math.max(0, value)), turned: false };
const logit: Scale = { toMetric: (value) => 1 / (1 + Math.exp(-value)), turned: false };
const logOfRest: Scale = { toMetric: (value) => 1 - Math.exp(value), turned: true };

type Estimated = readonly [value: number, standardError: number];

interface Problem {
  scale: Scale;
  /** On `scale`, from how often each row was drawn or from the sums over rows drawn. */
  resample(drawing: Drawing, visit: (estimated: Estimated, at: number) => void): void;
  observed: Estimated;
  /** What each row adds to the metric's deviation. */
  influence: Float64Array;
}

function bootstrapBoth({ scale, resample, observed, influence }: Problem, drawing: Drawing, alpha: number): Candidates {
  const replicates = new Float64Array(drawing.resamples);
  const ratios = new Float64Array(drawing.resamples);
  resample(drawing, ([value, standardError], at) => {
    replicates[at] = value;
    ratios[at] = (value - observed[0]) / standardError;
  });
  const known = replicates.filter((value) => !Number.isNaN(value));
  const sign = scale.turned ? 1 : -1;
  const bca = bcaFromReplicates({
    observed: observed[0],
    replicates: known,
    acceleration: acceleration(influence.map((value) => sign * value)),
  });
  const t = bootstrapTFromRatios({ observed: observed[0], standardError: observed[1], ratios });
  return { bca: onMetric(scale, bca, alpha), bootstrapT: onMetric(scale, t, alpha) };
}

function onMetric({ toMetric, turned }: Scale, boundsAt: BoundsAt, alpha: number): Bounds {
  const { lower, upper } = boundsAt(alpha);
  return turned
    ? { lower: toMetric(upper), upper: toMetric(lower) }
    : { lower: toMetric(lower), upper: toMetric(upper) };
}

/** Bootstrap bounds of a metric of these predictions, or null where there are none. */
export function candidatesFor(predictions: Predictions, metric: string, alpha: number): Candidates | null {
  const influence = measureSubject(predictions).all.contributions(metric);
  if (influence === null) return null;
  const problem = { ...problemOf(predictions, metric), influence };
  // A share of 0 or 1 cannot be resampled: whoever bootstrapped would have to fall back to the analytic bounds there.
  if (!Number.isFinite(problem.observed[0]) || !(problem.observed[1] > 0)) return null;
  const both = bootstrapBoth(problem, { resamples: 2000, seed: 20261121 }, alpha);
  return { ...both, bca: productsOwn(predictions, metric, alpha) ?? both.bca };
}

/** BCa as `intervals: bootstrap` has it, of the metrics that are drawn by cell. */
function productsOwn(predictions: Predictions, metric: string, alpha: number): Bounds | null {
  if (metric !== "roc_auc" && metric !== "accuracy") return null;
  const measured = measureSubject(predictions, "bootstrap").all.metrics.get(metric);
  return measured === undefined || measured.value === null ? null : measured.bounds(alpha);
}

function problemOf(predictions: Predictions, metric: string): Omit<Problem, "influence"> {
  switch (predictions.task) {
    case "regression":
      return regressionProblem(predictions, metric);
    case "binary-classification":
      return binaryProblem(predictions, metric);
    case "multiclass-classification":
      return cellProblem(multiclassCells(predictions), (cells) => macro(cells, predictions.classes.length, metric));
  }
}

function ofSums(statistic: StudentizedStatistic, scale: Scale): Omit<Problem, "influence"> {
  const rows = statistic.columns[0].length;
  const estimated = (sums: Float64Array): Estimated => [
    statistic.value(sums, rows),
    statistic.standardError(sums, rows),
  ];
  return {
    scale,
    resample: (drawing, visit) => forEachResample(statistic.columns, drawing, (sums, at) => visit(estimated(sums), at)),
    observed: estimated(columnSums(statistic.columns)),
  };
}

/** The mean of a loss with the error of a mean. */
function meanOf(losses: Float64Array): StudentizedStatistic {
  return {
    columns: [losses, losses.map((loss) => loss ** 2)],
    value: (sums, rows) => sums[0] / rows,
    standardError: (sums, rows) => Math.sqrt(Math.max(0, sums[1] / rows - (sums[0] / rows) ** 2) / (rows - 1)),
  };
}

function regressionProblem(predictions: RegressionPredictions, metric: string): Omit<Problem, "influence"> {
  const { labels, predicted } = predictions;
  const errors = labels.map((label, row) => Math.abs(label - predicted[row]));
  if (metric === "r2") return ofSums(logUnexplained(predictions), logOfRest);
  return metric === "rmse" ? ofSums(meanOf(errors.map((error) => error ** 2)), root) : ofSums(meanOf(errors), plain);
}

function binaryProblem(predictions: BinaryPredictions, metric: string): Omit<Problem, "influence"> {
  if (metric === "average_precision" || metric === "roc_auc") return ofRanks(predictions, metric);
  if (metric === "log_loss" || metric === "brier_score") {
    const rows = selectBinary(predictions, Uint32Array.from(predictions.labels.keys()));
    const scored = { ...rows, scores: rows.scores ?? new Float64Array(0) };
    return ofSums(meanOf(metric === "log_loss" ? logLosses(scored) : squaredErrors(scored)), plain);
  }
  const cells = Int32Array.from(predictions.labels, (label, row) => 2 * label + predictions.predicted[row]);
  return cellProblem({ cells, count: 4 }, cellMeasures[metric]);
}

interface RowCells {
  cells: Int32Array;
  count: number;
}

/** A function of how many rows lie in each cell, and its variance; on the logit scale. */
function cellProblem(
  { cells, count }: RowCells,
  measure: (weights: Float64Array) => { value: number; variance: number },
): Omit<Problem, "influence"> {
  const columns = Array.from({ length: count }, (_, cell) => Float64Array.from(cells, (each) => Number(each === cell)));
  const estimated = (sums: Float64Array): Estimated => {
    const { value, variance } = measure(sums);
    return [Math.log(value / (1 - value)), Math.sqrt(variance) / (value * (1 - value))];
  };
  return {
    scale: logit,
    resample: (drawing, visit) => forEachResample(columns, drawing, (sums, at) => visit(estimated(sums), at)),
    observed: estimated(columnSums(columns)),
  };
}

function f1([, falsePositive, falseNegative, truePositive]: Float64Array): { value: number; variance: number } {
  const scale = 2 * truePositive + falsePositive + falseNegative;
  const value = (2 * truePositive) / scale;
  const variance = (truePositive * (2 - 2 * value) ** 2 + (falsePositive + falseNegative) * value ** 2) / scale ** 2;
  return { value, variance };
}

const cellMeasures: Readonly<Record<string, typeof f1>> = { f1, accuracy, balanced_accuracy: balancedAccuracy };

function accuracy([trueNegative, falsePositive, falseNegative, truePositive]: Float64Array): ReturnType<typeof f1> {
  const rows = trueNegative + falsePositive + falseNegative + truePositive;
  const value = (trueNegative + truePositive) / rows;
  return { value, variance: (value * (1 - value)) / rows };
}

function balancedAccuracy([trueNegative, falsePositive, falseNegative, truePositive]: Float64Array): {
  value: number;
  variance: number;
} {
  const [negatives, positives] = [trueNegative + falsePositive, falseNegative + truePositive];
  const [specificity, recall] = [trueNegative / negatives, truePositive / positives];
  const variance = (specificity * (1 - specificity)) / negatives + (recall * (1 - recall)) / positives;
  return { value: (specificity + recall) / 2, variance: variance / 4 };
}

function multiclassCells({ classes, labels, predicted }: MulticlassPredictions): RowCells {
  return { cells: labels.map((label, row) => label * classes.length + predicted[row]), count: classes.length ** 2 };
}

/** Macro mean over classes, with the infinitesimal jackknife's variance: Σ cell · derivative². */
function macro(cells: Float64Array, classes: number, metric: string): { value: number; variance: number } {
  const at = (label: number, predicted: number): number => cells[label * classes + predicted];
  const every = Array.from({ length: classes }, (_, index) => index);
  const parts = every.map((index) => {
    const actual = every.reduce((sum, other) => sum + at(index, other), 0);
    const selected = every.reduce((sum, other) => sum + at(other, index), 0);
    const ofLabel = metric === "precision_macro" ? 0 : 1;
    const ofPredicted = metric === "recall_macro" ? 0 : 1;
    const scale = ofLabel * actual + ofPredicted * selected;
    const hits = (ofLabel + ofPredicted) * at(index, index);
    return { ofLabel, ofPredicted, scale, value: scale === 0 ? 0 : hits / scale };
  });
  let variance = 0;
  for (const label of every) {
    for (const predicted of every) {
      const hit = Number(label === predicted);
      const { ofLabel, scale, value } = parts[label];
      const second = parts[predicted];
      const derivative =
        (scale === 0 ? 0 : (ofLabel * (hit - value)) / scale) +
        (second.scale === 0 ? 0 : (second.ofPredicted * (hit - second.value)) / second.scale);
      variance += at(label, predicted) * (derivative / classes) ** 2;
    }
  }
  return { value: parts.reduce((sum, { value }) => sum + value, 0) / classes, variance };
}

/** Rows in order of score, drawn ones repeated: resampling keeps the order, so nothing is sorted again. */
function ofRanks(predictions: BinaryPredictions, metric: "average_precision" | "roc_auc"): Omit<Problem, "influence"> {
  const order = rankBinary(predictions);
  const ranked = selectBinary(predictions, order);
  const scores = ranked.scores ?? new Float64Array(0);
  const drawn = { scores: new Float64Array(scores.length), labels: new Uint8Array(scores.length), weights: null };
  const estimated = (counts: Float64Array): Estimated => {
    let at = 0;
    for (let row = 0; row < counts.length; row += 1) {
      for (let copy = 0; copy < counts[row]; copy += 1, at += 1) {
        drawn.scores[at] = scores[row];
        drawn.labels[at] = ranked.labels[row];
      }
    }
    const positives = drawn.labels.reduce((sum, label) => sum + label, 0);
    const negatives = scores.length - positives;
    if (positives === 0 || negatives === 0) return [Number.NaN, Number.NaN];
    const totals = { positives, negatives, positivesSquared: positives, negativesSquared: negatives };
    const sums = rankingSums(drawn, totals);
    const value = metric === "roc_auc" ? sums.rocAuc : sums.averagePrecision;
    const variance = metric === "roc_auc" ? sums.rocAucVariance : sums.averagePrecisionVariance;
    return [Math.log(value / (1 - value)), Math.sqrt(variance) / (value * (1 - value))];
  };
  return {
    scale: logit,
    resample: (drawing, visit) => forEachDraw(scores.length, drawing, (counts, at) => visit(estimated(counts), at)),
    observed: estimated(new Float64Array(scores.length).fill(1)),
  };
}
