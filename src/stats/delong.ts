import { gatherBytes, gatherNumbers } from "./gather.ts";
import { normalCdf } from "./quantile-functions.ts";
import { rankOrder } from "./rank-order.ts";
import { type RankingTotals, rocAucContributions, rocAucSums } from "./roc-auc.ts";
import { type RankedRows, tieGroups } from "./tie-groups.ts";

/** A model's scores of rows of two classes: no NaN, at least two rows of each class. */
export interface ScoredLabels {
  /** 1 = positive, 0 = negative. */
  labels: Uint8Array;
  scores: Float64Array;
}

export interface Delong {
  /** Probability that a positive has a higher score than a negative, ties counting half. */
  rocAuc: number;
  /** Root of DeLong's unbiased variance; 0 where the classes do not overlap, or all scores are equal. */
  standardError: number;
}

/**
 * ROC AUC of one model with DeLong's standard error. O(rows): one radix sort. The error is too small where a class has a handful of
 * rows that happen to rank well (0 where they rank perfectly): the intervals of `evaluate` allow for that. Throws RangeError for
 * arrays of different lengths, labels that are neither 0 nor 1, NaN scores and fewer than two rows of a class.
 * Source: DeLong, DeLong & Clarke-Pearson (1988), Biometrics 44:837; by sorting: Sun & Xu (2014), IEEE SPL 21:1389. Oracle: its
 * definition, every positive against every negative, in numpy; scikit-learn's roc_auc_score.
 * @example delong({ labels: Uint8Array.of(0, 0, 1, 1), scores: Float64Array.of(0.1, 0.4, 0.35, 0.8) }).rocAuc // 0.75
 */
export function delong({ labels, scores }: ScoredLabels): Delong {
  const totals = totalsOf(labels, scores);
  const { rows } = rankRows(labels, scores);
  const { rocAuc, rocAucVariance } = rocAucSums(tieGroups(rows), totals);
  return { rocAuc, standardError: Math.sqrt(rocAucVariance) };
}

/** Scores of two models on the same rows: no NaN, at least two rows of each class. */
export interface PairedScores {
  /** 1 = positive, 0 = negative. */
  labels: Uint8Array;
  first: Float64Array;
  second: Float64Array;
}

export interface PairedDelong {
  /** ROC AUCs. */
  first: number;
  second: number;
  /** first − second. */
  difference: number;
  standardError: number;
  /** Two-sided, for no difference; null where the standard error is 0 and the difference is not. */
  pValue: number | null;
}

/**
 * DeLong's test of two correlated ROC AUCs, of two models on the same rows. O(rows): two radix sorts. With a handful of positives
 * the p-value is too small (docs/calibration.md has how often). Throws RangeError as `delong` does. Source and oracle as there.
 * @example pairedDelong({ labels, first: scores, second: scores }).pValue // 1
 */
export function pairedDelong({ labels, first, second }: PairedScores): PairedDelong {
  const [one, two] = [rankModel(labels, first), rankModel(labels, second)];
  const difference = one.rocAuc - two.rocAuc;
  const standardError = Math.sqrt(
    one.contributions.reduce((sum, each, row) => sum + (each - two.contributions[row]) ** 2, 0),
  );
  const pValue = standardError > 0 ? 2 * normalCdf(-Math.abs(difference) / standardError) : difference === 0 ? 1 : null;
  return { first: one.rocAuc, second: two.rocAuc, difference, standardError, pValue };
}

interface RankedModel {
  /** Row numbers in ascending order of score. */
  order: Uint32Array;
  /** In that order. */
  rows: RankedRows;
  rocAuc: number;
  /** What each row adds to the deviation of ROC AUC, in the rows' given order. */
  contributions: Float64Array;
}

/** The rows in order of a model's scores, and what each adds to its ROC AUC. Throws RangeError as `delong` does. */
export function rankModel(labels: Uint8Array, scores: Float64Array): RankedModel {
  const totals = totalsOf(labels, scores);
  const { order, rows } = rankRows(labels, scores);
  const found = rocAucContributions(rows, totals);
  const contributions = new Float64Array(order.length);
  for (let index = 0; index < order.length; index += 1) contributions[order[index]] = found.contributions[index];
  return { order, rows, rocAuc: found.rocAuc, contributions };
}

function rankRows(labels: Uint8Array, scores: Float64Array): { order: Uint32Array; rows: RankedRows } {
  const order = rankOrder(scores);
  return { order, rows: { scores: gatherNumbers(scores, order), labels: gatherBytes(labels, order), weights: null } };
}

function totalsOf(labels: Uint8Array, scores: Float64Array): RankingTotals {
  if (labels.length !== scores.length) throw new RangeError(`${labels.length} labels and ${scores.length} scores`);
  let positives = 0;
  for (let row = 0; row < labels.length; row += 1) {
    if (labels[row] > 1) throw new RangeError(`the label of row ${row} is ${labels[row]}, neither 0 nor 1`);
    if (Number.isNaN(scores[row])) throw new RangeError(`the score of row ${row} is NaN`);
    positives += labels[row];
  }
  const negatives = labels.length - positives;
  if (positives < 2 || negatives < 2) {
    throw new RangeError(
      `DeLong's variance takes two rows of each class: ${positives} positive, ${negatives} negative`,
    );
  }
  return { positives, negatives, positivesSquared: positives, negativesSquared: negatives };
}
