import { type RankedRows, type TieGroups, tieGroups } from "./tie-groups.ts";

// ROC AUC from rows in ascending order of score, with DeLong's variance. Both classes must occur. Source: DeLong, DeLong &
// Clarke-Pearson (1988), Biometrics 44:837; placements by sorting: Sun & Xu (2014), IEEE SPL 21:1389.

/** Rows of each class, by weight. */
export interface RankingTotals {
  positives: number;
  negatives: number;
  /** Sums of squared weights. */
  positivesSquared: number;
  negativesSquared: number;
}

/** ROC AUC with DeLong's variance; with weights its sandwich form, equal to DeLong's where all weights are equal. */
export function rocAucSums(groups: TieGroups, totals: RankingTotals): { rocAuc: number; rocAucVariance: number } {
  const { positives, negatives, positivesSquared, negativesSquared } = totals;
  let [positivesAbove, negativesAbove] = [positives, negatives];
  // Sums of u = 1 − placement: small numbers for a good model, so that squares do not cancel.
  let [missed, above, aboveSquared, below, belowSquared] = [0, 0, 0, 0, 0];
  for (let group = 0; group < groups.count; group += 1) {
    positivesAbove -= groups.positive[group];
    negativesAbove -= groups.negative[group];
    const u = (negativesAbove + groups.negative[group] / 2) / negatives;
    const v = 1 - (positivesAbove + groups.positive[group] / 2) / positives;
    missed += groups.positive[group] * u;
    above += groups.positiveSquared[group] * u;
    aboveSquared += groups.positiveSquared[group] * u * u;
    below += groups.negativeSquared[group] * v;
    belowSquared += groups.negativeSquared[group] * v * v;
  }
  const loss = missed / positives;
  const positivePart = aboveSquared - 2 * loss * above + loss ** 2 * positivesSquared;
  const negativePart = belowSquared - 2 * loss * below + loss ** 2 * negativesSquared;
  const variance =
    (positivePart / positives ** 2) * unbiased(positives ** 2 / positivesSquared) +
    (negativePart / negatives ** 2) * unbiased(negatives ** 2 / negativesSquared);
  // Rounding leaves about 1e-16 where every placement is equal.
  return { rocAuc: 1 - loss, rocAucVariance: variance > 1e-15 * loss ** 2 ? variance : 0 };
}

/** ROC AUC, and what each row adds to it: DeLong's structural components, scaled so that their squares add up to his unbiased variance. */
export function rocAucContributions(
  rows: RankedRows,
  totals: RankingTotals,
): { rocAuc: number; contributions: Float64Array } {
  const { scores, labels, weights } = rows;
  const { positives, negatives } = totals;
  // A naive baseline gives every row one score: each placement is one half.
  if (scores[0] === scores[scores.length - 1]) return { rocAuc: 1 / 2, contributions: new Float64Array(scores.length) };
  const { rocAuc, placements } = placementsOf(rows, totals);
  const scale = [
    Math.sqrt(unbiased(negatives ** 2 / totals.negativesSquared)) / negatives,
    Math.sqrt(unbiased(positives ** 2 / totals.positivesSquared)) / positives,
  ];
  for (let row = 0; row < labels.length; row += 1) {
    const weight = weights === null ? 1 : weights[row];
    placements[row] = (placements[row] - rocAuc) * weight * scale[labels[row]];
  }
  return { rocAuc, contributions: placements };
}

/** Share of the other class that each row is on the right side of, ties counting half. */
function placementsOf(
  rows: RankedRows,
  { positives, negatives }: RankingTotals,
): { rocAuc: number; placements: Float64Array } {
  const groups = tieGroups(rows);
  const placements = new Float64Array(rows.labels.length);
  let [positivesBelow, negativesBelow, area, row] = [0, 0, 0, 0];
  for (let group = 0; group < groups.count; group += 1) {
    const ofPositive = (negativesBelow + groups.negative[group] / 2) / negatives;
    const ofNegative = 1 - (positivesBelow + groups.positive[group] / 2) / positives;
    area += groups.positive[group] * ofPositive;
    for (; row < groups.end[group]; row += 1) placements[row] = rows.labels[row] === 1 ? ofPositive : ofNegative;
    positivesBelow += groups.positive[group];
    negativesBelow += groups.negative[group];
  }
  return { rocAuc: area / positives, placements };
}

/** n / (n − 1) for the effective number of rows of a class; 0, and with it no usable variance, for a single row. */
export function unbiased(effectiveRows: number): number {
  return effectiveRows > 1 + 1e-9 ? effectiveRows / (effectiveRows - 1) : 0;
}
