import type { Estimate } from "../stats/bounds.ts";
import type { Design } from "../stats/design-effect.ts";
import { sumBounds } from "../stats/mover.ts";
import type { RankingTotals } from "../stats/roc-auc.ts";
import { agreementEstimate, anyDifference, kappa, matthews } from "./agreement.ts";
import { binaryLoss, type ScoredRows } from "./binary-losses.ts";
import type { BinaryRows, Cells } from "./binary-rows.ts";
import { binForecasts, calibrationError, equalWidthBins, type Forecasts } from "./calibration-error.ts";
import { f1FromJaccard } from "./class-means.ts";
import type { Confusion } from "./confusion.ts";
import {
  exactEstimate,
  logitEstimate,
  logLogEstimate,
  type Measured,
  shareEstimate,
  undefinedBecause,
} from "./measured.ts";
import type { MetricOf } from "./metric-names.ts";
import { type RankingSums, rankingSums } from "./ranking.ts";
import { worthEstimate } from "./worth.ts";

type Estimator = (rows: BinaryRows, design: Design) => Measured;
/** Scores, where they are known, tell a constant model from one that happens to say the same of these rows. */
type LabelledRows = Pick<BinaryRows, "cells"> & { scores?: BinaryRows["scores"] };
type LabelEstimator = (rows: LabelledRows, design: Design) => Measured;

/** Of predicted labels: functions of the four cells. */
const labelEstimators = {
  accuracy: share([0, 3], [0, 1, 2, 3], "no rows"),
  balanced_accuracy: (rows, design) => meanOf([recallOf(rows, design), specificityOf(rows, design)]),
  precision: share([3], [1, 3], "no row is predicted positive"),
  recall: recallOf,
  f1: (rows, design) => {
    const jaccard = jaccardOf(rows, design);
    return jaccard.value === null ? jaccard : f1FromJaccard(jaccard);
  },
  selection_rate: share([1, 3], [0, 1, 2, 3], "no rows"),
  matthews_corrcoef: (rows, design) => agreementEstimate(matthews, answeredBy(rows), design),
  cohen_kappa: (rows, design) => agreementEstimate(kappa(anyDifference), answeredBy(rows), design),
  specificity: specificityOf,
  false_positive_rate: share([1], [0, 1], "no row is negative"),
  false_negative_rate: share([2], [2, 3], "no row is positive"),
} as const satisfies Partial<Record<BinaryMetric, LabelEstimator>>;

/** The metrics of predicted labels. */
export const labelMetrics: ReadonlyMap<string, LabelEstimator> = new Map(Object.entries(labelEstimators));

/** scikit-learn's definitions, null with a reason where 0 would be divided by 0. */
const estimators: Record<BinaryMetric, Estimator> = {
  ...labelEstimators,
  roc_auc: scored(ranked(rocAucOf)),
  average_precision: scored(ranked(averagePrecisionOf)),
  log_loss: scored(probable((rows, design) => binaryLoss("log_loss", rows, design))),
  brier_score: scored(probable((rows, design) => binaryLoss("brier_score", rows, design))),
  ece: scored(probable(calibrationErrorOf)),
  value: ({ cells, value }, design) =>
    value === null ? undefinedBecause("nothing says what an answer is worth") : worthEstimate(cells, value, design),
};

export type BinaryMetric = MetricOf<"binary-classification">;

export function isBinaryMetric(name: string): name is BinaryMetric {
  return Object.hasOwn(estimators, name);
}

/** One metric of a binary classifier on these rows. */
export function binaryMetric(rows: BinaryRows, metric: BinaryMetric, design: Design): Measured {
  return estimators[metric](rows, design);
}

/** The cells of two classes lie as a confusion matrix has them. */
export function confusionOfCells({ weight, squared }: Cells): Confusion {
  return { classes: 2, weight: Float64Array.from(weight), squared: Float64Array.from(squared) };
}

type Cell = 0 | 1 | 2 | 3;

/** Weight and effective rows of some cells together. */
function cellTotal(cells: Cells, which: readonly Cell[]): { weight: number; effective: number } {
  const weight = which.reduce<number>((sum, cell) => sum + cells.weight[cell], 0);
  const squared = which.reduce<number>((sum, cell) => sum + cells.squared[cell], 0);
  return { weight, effective: weight === 0 ? 0 : weight ** 2 / squared };
}

/** Share that some cells (true negative, false positive, false negative, true positive) have of others. */
function share(part: readonly Cell[], whole: readonly Cell[], reason: string): LabelEstimator {
  return ({ cells }, design) => {
    const { weight, effective } = cellTotal(cells, whole);
    return weight === 0
      ? undefinedBecause(reason)
      : shareEstimate(cellTotal(cells, part).weight / weight, effective, design);
  };
}

function answeredBy({ cells, scores = null }: LabelledRows): { confusion: Confusion; constant: boolean } {
  const { weight } = cells;
  const sameClass = weight[1] + weight[3] === 0 || weight[0] + weight[2] === 0;
  return {
    confusion: confusionOfCells(cells),
    constant: sameClass && (scores === null || scores[0] === scores.at(-1)),
  };
}

function recallOf(rows: Pick<BinaryRows, "cells">, design: Design): Measured {
  return share([3], [2, 3], "no row is positive")(rows, design);
}

function specificityOf(rows: Pick<BinaryRows, "cells">, design: Design): Measured {
  return share([0], [0, 1], "no row is negative")(rows, design);
}

function jaccardOf(rows: Pick<BinaryRows, "cells">, design: Design): Measured {
  return share([3], [1, 2, 3], "no row is positive or predicted positive")(rows, design);
}

/**
 * Mean of independent estimates; undefined as soon as one of them is. Bounds by MOVER.
 * Balanced accuracy of one class alone would be that class's recall under another name, so it is not given.
 */
function meanOf(parts: readonly Measured[]): Measured {
  const estimates: Estimate[] = [];
  for (const part of parts) {
    if (part.value === null) return part;
    estimates.push(part);
  }
  const addends = estimates.map((estimate) => ({ coefficient: 1 / estimates.length, estimate }));
  return {
    value: addends.reduce((sum, { coefficient, estimate }) => sum + coefficient * estimate.value, 0),
    method: "wilson_mover",
    effectiveRows: Math.min(...estimates.map(({ effectiveRows }) => effectiveRows)),
    bounds: (alpha) => sumBounds(addends, () => 0, alpha),
  };
}

function scored(of: (rows: ScoredRows, design: Design) => Measured): Estimator {
  return (rows, design) => {
    const problem = scoreProblem(rows);
    if (problem !== null || rows.scores === null) return undefinedBecause(problem ?? "no scores");
    return of({ ...rows, scores: rows.scores }, design);
  };
}

/** Why these rows have no score metrics at all, or null. Rows are in order of score, so the ends tell. */
export function scoreProblem({ scores, count }: BinaryRows): string | null {
  if (count === 0) return "no rows";
  if (scores === null) return "the model gives no scores";
  if (Number.isFinite(scores[0]) && Number.isFinite(scores[count - 1])) return null;
  const broken = scores.reduce((sum, score) => sum + Number(!Number.isFinite(score)), 0);
  return `${broken} of ${count} scores are not finite numbers`;
}

export function rankingTotals(cells: Cells): RankingTotals {
  return {
    positives: cells.weight[2] + cells.weight[3],
    negatives: cells.weight[0] + cells.weight[1],
    positivesSquared: cells.squared[2] + cells.squared[3],
    negativesSquared: cells.squared[0] + cells.squared[1],
  };
}

interface Ranking {
  sums: RankingSums;
  totals: RankingTotals;
}

/** For metrics of the order of rows, which take both classes. */
function ranked(of: (ranking: Ranking, design: Design) => Measured): (rows: ScoredRows, design: Design) => Measured {
  return (rows, design) => {
    const totals = rankingTotals(rows.cells);
    if (totals.positives === 0) return undefinedBecause("no row is positive");
    if (totals.negatives === 0) return undefinedBecause("no row is negative");
    return of({ sums: sumsOf(rows), totals }, design);
  };
}

// Both metrics of the order come from one pass.
const knownSums = new WeakMap<Float64Array, RankingSums>();

function sumsOf(rows: ScoredRows): RankingSums {
  const sums = knownSums.get(rows.scores) ?? rankingSums(rows, rankingTotals(rows.cells));
  knownSums.set(rows.scores, sums);
  return sums;
}

function rocAucOf({ sums, totals }: Ranking, design: Design): Measured {
  return rocAucEstimate(sums, totals, design);
}

/** ROC AUC of ranked rows of both classes. */
export function rocAucEstimate(sums: RankingSums, totals: RankingTotals, design: Design): Estimate {
  if (sums.constant) return exactEstimate(sums.rocAuc, "constant_score");
  const { positive, negative } = effectiveClasses(totals);
  return logitEstimate(sums.rocAuc, {
    standardError: Math.sqrt(steadied(sums, { positive, negative })),
    effectiveRows: Math.min(positive, negative),
    method: "delong_logit",
    design,
  });
}

function effectiveClasses({ positives, negatives, positivesSquared, negativesSquared }: RankingTotals): {
  positive: number;
  negative: number;
} {
  return { positive: positives ** 2 / positivesSquared, negative: negatives ** 2 / negativesSquared };
}

function averagePrecisionOf({ sums, totals }: Ranking, design: Design): Measured {
  return logLogEstimate(sums.averagePrecision, {
    standardError: Math.sqrt(sums.averagePrecisionVariance),
    degrees: sums.averagePrecisionDegrees,
    bias: sums.averagePrecisionBias,
    effectiveRows: effectiveClasses(totals).positive,
    method: "jackknife_log_log",
    design,
  });
}

// Rows of the smaller class at which DeLong's variance counts as much as the model's.
const priorRows = 3;

/**
 * DeLong's variance, drawn towards the larger one of Hanley & McNeil (1982) where a class has few rows: with 20 positives that
 * happen to rank high DeLong's is far too small, and the one-sided 5 % bound then lies above the true value in 8 % of samples.
 */
function steadied(
  { rocAuc, rocAucVariance }: { rocAuc: number; rocAucVariance: number },
  rows: { positive: number; negative: number },
): number {
  const smaller = Math.min(rows.positive, rows.negative);
  const q1 = rocAuc / (2 - rocAuc) - rocAuc ** 2;
  const q2 = (2 * rocAuc ** 2) / (1 + rocAuc) - rocAuc ** 2;
  const spread = rocAuc * (1 - rocAuc) + (rows.positive - 1) * q1 + (rows.negative - 1) * q2;
  const model = Math.max(rocAucVariance, spread / (rows.positive * rows.negative));
  return (smaller * rocAucVariance + priorRows * model) / (smaller + priorRows);
}

/** For losses of probabilities. Rows are in order of score, so the ends tell. */
function probable(of: (rows: ScoredRows, design: Design) => Measured): typeof of {
  return (rows, design) =>
    rows.scores[0] < 0 || rows.scores[rows.count - 1] > 1
      ? undefinedBecause("scores outside [0, 1] are not probabilities")
      : of(rows, design);
}

function calibrationErrorOf(rows: ScoredRows, design: Design): Measured {
  if (cellTotal(rows.cells, [0, 1, 2, 3]).weight === 0) return undefinedBecause("no row has a weight");
  const forecasts = forecastsOf(rows);
  return calibrationError(binForecasts(forecasts, equalWidthBins(forecasts.probabilities)), design);
}

/** P(positive) and the labels; the scores must be probabilities. */
export function forecastsOf({ scores, labels, weights }: ScoredRows): Forecasts {
  return { probabilities: scores, outcomes: labels, weights };
}
