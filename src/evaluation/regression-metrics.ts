import type { BoundsAt } from "../stats/bootstrap.ts";
import type { Design } from "../stats/design-effect.ts";
import { gatherNumbers } from "../stats/gather.ts";
import { moments } from "../stats/mean-bounds.ts";
import { studentQuantile } from "../stats/quantile-functions.ts";
import { largestEstimate, medianContributions, medianEstimate } from "./absolute-errors.ts";
import { fromLosses } from "./binary-contributions.ts";
import { bootstrappedRows, bootstrapRSquared } from "./bootstrap-r-squared.ts";
import { degreesOf, lossEstimate, type Measured, undefinedBecause } from "./measured.ts";
import type { MetricOf } from "./metric-names.ts";
import type { RegressionPredictions } from "./predictions.ts";

export interface RegressionRows {
  labels: Float64Array;
  predicted: Float64Array;
  weights: Float64Array | null;
}

export function selectRegression(predictions: RegressionPredictions, order: Uint32Array): RegressionRows {
  const { labels, predicted, weights } = predictions;
  return {
    labels: gatherNumbers(labels, order),
    predicted: gatherNumbers(predicted, order),
    weights: weights === null ? null : gatherNumbers(weights, order),
  };
}

type Estimator = (rows: RegressionRows, design: Design, total: number) => Measured;

/** scikit-learn's definitions. */
const estimators: Record<RegressionMetric, Estimator> = {
  rmse: (rows, design) =>
    lossEstimate(moments(squaredErrors(rows), rows.weights), { design, heavyTails: true, of: Math.sqrt }),
  mae: (rows, design) => lossEstimate(moments(absoluteErrors(rows), rows.weights), { design, heavyTails: true }),
  r2: rSquared,
  median_absolute_error: (rows, design) => medianEstimate(weighedErrors(rows), design),
  mean_absolute_percentage_error: percentageError,
  max_error: (rows) => largestEstimate({ errors: absoluteErrors(rows) }),
  mean_pinball_loss_05: pinball("05"),
  mean_pinball_loss_10: pinball("10"),
  mean_pinball_loss_25: pinball("25"),
  mean_pinball_loss_75: pinball("75"),
  mean_pinball_loss_90: pinball("90"),
  mean_pinball_loss_95: pinball("95"),
};

const quantiles = { "05": 0.05, "10": 0.1, "25": 0.25, "75": 0.75, "90": 0.9, "95": 0.95 } as const;
type Percent = keyof typeof quantiles;

function pinball(percent: Percent): Estimator {
  return (rows, design) =>
    lossEstimate(moments(pinballLosses(rows, percent), rows.weights), { design, heavyTails: true });
}

/** Koenker & Bassett's loss of a quantile. */
function pinballLosses({ labels, predicted }: RegressionRows, percent: Percent): Float64Array {
  const quantile = quantiles[percent];
  return labels.map((label, row) => {
    const above = label - predicted[row];
    return above >= 0 ? quantile * above : (quantile - 1) * above;
  });
}

function percentOf(metric: RegressionMetric): Percent | undefined {
  for (const percent of ["05", "10", "25", "75", "90", "95"] as const) {
    if (metric === `mean_pinball_loss_${percent}`) return percent;
  }
  return undefined;
}

function percentageError(rows: RegressionRows, design: Design): Measured {
  const zeros = rows.labels.reduce((sum, label) => sum + Number(label === 0), 0);
  if (zeros > 0) return undefinedBecause(`${zeros} of ${rows.labels.length} labels are 0, of which nothing is a share`);
  return lossEstimate(moments(percentageErrors(rows), rows.weights), { design, heavyTails: true });
}

function percentageErrors({ labels, predicted }: RegressionRows): Float64Array {
  return labels.map((label, row) => Math.abs((label - predicted[row]) / label));
}

function weighedErrors(rows: RegressionRows) {
  return { errors: absoluteErrors(rows), weights: rows.weights, effectiveRows: kish(rows) };
}

export type RegressionMetric = MetricOf<"regression">;

export function isRegressionMetric(name: string): name is RegressionMetric {
  return Object.hasOwn(estimators, name);
}

interface Asked {
  metric: RegressionMetric;
  design: Design;
  /** The evaluation's rows, of which these may be a slice. */
  total: number;
}

/** One metric of a regression on these rows. */
export function regressionMetric(rows: RegressionRows, { metric, design, total }: Asked): Measured {
  const problem = problemOf(rows);
  return problem === null ? estimators[metric](rows, design, total) : undefinedBecause(problem);
}

const knownProblems = new WeakMap<RegressionRows, { problem: string | null }>();

/** What no metric can be made of, looked for once. */
function problemOf(rows: RegressionRows): string | null {
  const known = knownProblems.get(rows) ?? { problem: regressionProblem(rows) };
  knownProblems.set(rows, known);
  return known.problem;
}

function regressionProblem({ labels, predicted }: RegressionRows): string | null {
  if (labels.length === 0) return "no rows";
  let broken = 0;
  for (let row = 0; row < labels.length; row += 1) broken += Number(!Number.isFinite(predicted[row] - labels[row]));
  return broken === 0 ? null : `${broken} of ${labels.length} predictions or labels are not finite numbers`;
}

function squaredErrors({ labels, predicted }: RegressionRows): Float64Array {
  return labels.map((label, row) => (label - predicted[row]) ** 2);
}

function absoluteErrors({ labels, predicted }: RegressionRows): Float64Array {
  return labels.map((label, row) => Math.abs(label - predicted[row]));
}

/**
 * R² = 1 − SSE/SST, bounded on the scale of ln(1 − R²): it has no upper tail beyond 1. By bootstrap-t, or by the jackknife's
 * error where rows are weighted, clustered or too many, or where there is nothing to resample: no error at all, or a constant prediction,
 * whose R² is 0 or less and has next to no standard error.
 */
function rSquared(rows: RegressionRows, design: Design, total: number): Measured {
  if (rows.labels.length < 2) return undefinedBecause("R² needs two rows");
  const { errors, spread } = sumsOfSquares(rows);
  if (spread === 0) return undefinedBecause("every label is the same");
  const unexplained = errors / spread;
  const effectiveRows = kish(rows);
  const contributions = rSquaredContributions(rows);
  const analytic = {
    value: 1 - unexplained,
    method: "jackknife_log",
    effectiveRows: effectiveRows / design.effect,
    bounds: jackknifeBounds({ unexplained, effectiveRows, contributions, design }),
  };
  const constant = rows.predicted.every((value) => value === rows.predicted[0]);
  const independent = rows.weights === null && design.degrees === Number.POSITIVE_INFINITY;
  const resampled = total <= bootstrappedRows && independent && errors > 0 && !constant;
  const estimate = resampled ? bootstrapRSquared(rows, analytic) : analytic;
  return { ...estimate, bounds: forHeavyTails(estimate.bounds, unexplained, skewOfSum(contributions)) };
}

/**
 * Margins on the scale of ln(1 − R²) are widened by the skewness of what the rows add to it, as those of mean errors are (heavyTailBounds);
 * twice, for errors and spread of the labels both have tails.
 */
function forHeavyTails(boundsAt: BoundsAt, unexplained: number, skew: number): BoundsAt {
  const widened = (bound: number): number => 1 - unexplained * ((1 - bound) / unexplained) ** (1 + 2 * skew);
  if (!(unexplained > 0)) return boundsAt;
  return (alpha) => {
    const { lower, upper } = boundsAt(alpha);
    return { lower: widened(lower), upper: widened(upper) };
  };
}

/** Skewness over √rows of terms whose sum is 0: in [0, 1]. */
function skewOfSum(terms: Float64Array): number {
  const [squares, cubes] = terms.reduce(([second, third], term) => [second + term ** 2, third + term ** 3], [0, 0]);
  return squares > 0 ? Math.abs(cubes) / squares ** 1.5 : 0;
}

function jackknifeBounds(fit: {
  unexplained: number;
  effectiveRows: number;
  contributions: Float64Array;
  design: Design;
}): BoundsAt {
  const { unexplained, contributions, design } = fit;
  const effectiveRows = fit.effectiveRows / design.effect;
  const variance = design.effect * contributions.reduce((sum, value) => sum + value * value, 0);
  return (alpha) => {
    if (!(effectiveRows > 2) || unexplained === 0) return { lower: Number.NEGATIVE_INFINITY, upper: 1 };
    const standardError = Math.sqrt((variance * effectiveRows) / (effectiveRows - 1)) / unexplained;
    const factor = Math.exp(studentQuantile(1 - alpha, degreesOf(effectiveRows, design)) * standardError);
    return { lower: 1 - unexplained * factor, upper: 1 - unexplained / factor };
  };
}

function kish({ labels, weights }: RegressionRows): number {
  if (weights === null) return labels.length;
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return total ** 2 / weights.reduce((sum, weight) => sum + weight * weight, 0);
}

function sumsOfSquares({ labels, predicted, weights }: RegressionRows): {
  errors: number;
  spread: number;
  mean: number;
} {
  let [total, sum] = [0, 0];
  for (let row = 0; row < labels.length; row += 1) {
    const weight = weights === null ? 1 : weights[row];
    total += weight;
    sum += weight * labels[row];
  }
  const mean = sum / total;
  let [errors, spread] = [0, 0];
  for (let row = 0; row < labels.length; row += 1) {
    const weight = weights === null ? 1 : weights[row];
    errors += weight * (labels[row] - predicted[row]) ** 2;
    spread += weight * (labels[row] - mean) ** 2;
  }
  return { errors, spread, mean };
}

function rSquaredContributions(rows: RegressionRows): Float64Array {
  const { labels, predicted, weights } = rows;
  const { errors, spread, mean } = sumsOfSquares(rows);
  return labels.map((label, row) => {
    const weight = weights === null ? 1 : weights[row];
    const error = (label - predicted[row]) ** 2;
    return -weight * (error / spread - (errors / spread) * ((label - mean) ** 2 / spread));
  });
}

/** See Sample.contributions; in the order of `rows`. The metric must be defined. */
export function regressionContributions(rows: RegressionRows, metric: RegressionMetric): Float64Array | null {
  const percent = percentOf(metric);
  if (percent !== undefined) return fromLosses(pinballLosses(rows, percent), rows.weights);
  switch (metric) {
    case "r2":
      return rSquaredContributions(rows);
    case "mae":
      return fromLosses(absoluteErrors(rows), rows.weights);
    case "mean_absolute_percentage_error":
      return fromLosses(percentageErrors(rows), rows.weights);
    case "median_absolute_error":
      return medianContributions(weighedErrors(rows));
    case "rmse":
      return rootContributions(rows);
    default:
      return null;
  }
}

function rootContributions(rows: RegressionRows): Float64Array {
  const squared = squaredErrors(rows);
  const rmse = Math.sqrt(moments(squared, rows.weights).mean);
  return fromLosses(squared, rows.weights).map((value) => (rmse > 0 ? value / (2 * rmse) : 0));
}
