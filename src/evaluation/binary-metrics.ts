import type { Estimate } from "../stats/bounds.ts";
import { moments } from "../stats/mean-bounds.ts";
import { sumBounds } from "../stats/mover.ts";
import type { BinaryRows, Cells } from "./binary-rows.ts";
import {
  exactEstimate,
  logitEstimate,
  lossEstimate,
  type Measured,
  type MeasuredMetrics,
  shareEstimate,
  undefinedBecause,
} from "./measured.ts";
import type { MetricName } from "./metric-names.ts";
import { type RankingTotals, rankingSums } from "./ranking.ts";
import { worthEstimate } from "./worth.ts";

/** Every metric of a binary classifier on these rows: scikit-learn's definitions, null with a reason where 0 would be divided by 0. */
export function binaryMetrics(rows: BinaryRows): MeasuredMetrics {
  const { cells, value } = rows;
  const worth: [MetricName, Measured][] = value === null ? [] : [["value", worthEstimate(cells, value)]];
  return new Map<MetricName, Measured>([...scoreMetrics(rows), ...labelMetrics(cells), ...worth]);
}

/** Weight and effective rows of some cells together. */
function cellTotal(cells: Cells, which: readonly (0 | 1 | 2 | 3)[]): { weight: number; effective: number } {
  const weight = which.reduce<number>((sum, cell) => sum + cells.weight[cell], 0);
  const squared = which.reduce<number>((sum, cell) => sum + cells.squared[cell], 0);
  return { weight, effective: weight === 0 ? 0 : weight ** 2 / squared };
}

/** The metrics of predicted labels: functions of the four cells. */
export function labelMetrics(cells: Cells): [MetricName, Measured][] {
  const [trueNegative, falsePositive, , truePositive] = cells.weight;
  const share = (part: number, which: readonly (0 | 1 | 2 | 3)[], reason: string): Measured => {
    const { weight, effective } = cellTotal(cells, which);
    return weight === 0 ? undefinedBecause(reason) : shareEstimate(part / weight, effective);
  };
  const recall = share(truePositive, [2, 3], "no row is positive");
  const specificity = share(trueNegative, [0, 1], "no row is negative");
  return [
    ["accuracy", share(trueNegative + truePositive, [0, 1, 2, 3], "no rows")],
    ["balanced_accuracy", meanOf([recall, specificity])],
    ["precision", share(truePositive, [1, 3], "no row is predicted positive")],
    ["recall", recall],
    ["f1", f1FromJaccard(share(truePositive, [1, 2, 3], "no row is positive or predicted positive"))],
    ["selection_rate", share(falsePositive + truePositive, [0, 1, 2, 3], "no rows")],
  ];
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

/** F1 = 2J/(1 + J) of the Jaccard share J = TP/(TP + FP + FN), so Wilson's bounds of J carry over. */
function f1FromJaccard(jaccard: Measured): Measured {
  if (jaccard.value === null) return jaccard;
  const f1 = (share: number): number => (2 * share) / (1 + share);
  return {
    value: f1(jaccard.value),
    method: "wilson_jaccard",
    effectiveRows: jaccard.effectiveRows,
    bounds: (alpha) => {
      const { lower, upper } = jaccard.bounds(alpha);
      return { lower: f1(lower), upper: f1(upper) };
    },
  };
}

const scoreMetricNames = ["roc_auc", "average_precision", "log_loss", "brier_score"] as const;

function scoreMetrics(rows: BinaryRows): [MetricName, Measured][] {
  const problem = scoreProblem(rows);
  if (problem !== null || rows.scores === null) {
    return scoreMetricNames.map((name) => [name, undefinedBecause(problem ?? "no scores")]);
  }
  const scored = { ...rows, scores: rows.scores };
  return [...rankingMetrics(scored, rankingTotals(rows.cells)), ...probabilityMetrics(scored)];
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

type ScoredRows = BinaryRows & { scores: Float64Array };

function rankingMetrics(rows: ScoredRows, totals: RankingTotals): [MetricName, Measured][] {
  const { positives, negatives, positivesSquared, negativesSquared } = totals;
  if (positives === 0 || negatives === 0) {
    const reason = positives === 0 ? "no row is positive" : "no row is negative";
    return [
      ["roc_auc", undefinedBecause(reason)],
      ["average_precision", undefinedBecause(reason)],
    ];
  }
  const sums = rankingSums(rows, totals);
  const effective = { positive: positives ** 2 / positivesSquared, negative: negatives ** 2 / negativesSquared };
  const smaller = Math.min(effective.positive, effective.negative);
  const rocAuc = sums.constant
    ? exactEstimate(sums.rocAuc, "constant_score")
    : logitEstimate(sums.rocAuc, {
        standardError: Math.sqrt(steadied(sums, effective)),
        effectiveRows: smaller,
        method: "delong_logit",
      });
  const averagePrecision = logitEstimate(sums.averagePrecision, {
    standardError: Math.sqrt(sums.averagePrecisionVariance),
    effectiveRows: effective.positive,
    method: "jackknife_logit",
  });
  return [
    ["roc_auc", rocAuc],
    ["average_precision", averagePrecision],
  ];
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

function probabilityMetrics(rows: ScoredRows): [MetricName, Measured][] {
  if (rows.scores[0] < 0 || rows.scores[rows.count - 1] > 1) {
    const reason = "scores outside [0, 1] are not probabilities";
    return [
      ["log_loss", undefinedBecause(reason)],
      ["brier_score", undefinedBecause(reason)],
    ];
  }
  return [
    ["log_loss", lossEstimate(moments(logLosses(rows), rows.weights))],
    ["brier_score", lossEstimate(moments(squaredErrors(rows), rows.weights), { most: 1 })],
  ];
}

/** −ln of the probability of the true class, clipped to [clip, 1 − clip] as scikit-learn does by the scores' precision. */
export function logLosses({ scores, labels, clip }: ScoredRows): Float64Array {
  const losses = new Float64Array(scores.length);
  // Rows often come in runs of one score (a baseline has no other): the logarithms of the last one are kept.
  let [score, ofNegative, ofPositive] = [Number.NaN, 0, 0];
  for (let row = 0; row < scores.length; row += 1) {
    if (scores[row] !== score) {
      score = scores[row];
      [ofNegative, ofPositive] = [Number.NaN, Number.NaN];
    }
    if (labels[row] === 1) {
      if (Number.isNaN(ofPositive)) ofPositive = logLoss(score, clip);
      losses[row] = ofPositive;
    } else {
      if (Number.isNaN(ofNegative)) ofNegative = logLoss(1 - score, clip);
      losses[row] = ofNegative;
    }
  }
  return losses;
}

function logLoss(probability: number, clip: number): number {
  return -Math.log(Math.min(1 - clip, Math.max(clip, probability)));
}

/** (P(positive) − label)², whose mean is the Brier score. */
export function squaredErrors({ scores, labels }: ScoredRows): Float64Array {
  const losses = new Float64Array(scores.length);
  for (let row = 0; row < scores.length; row += 1) losses[row] = (scores[row] - labels[row]) ** 2;
  return losses;
}
