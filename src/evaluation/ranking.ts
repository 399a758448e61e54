// ROC AUC and average precision from rows in ascending order of score, with their variances.

export interface RankedRows {
  scores: Float64Array;
  /** 1 = positive. */
  labels: Uint8Array;
  weights: Float64Array | null;
}

export interface RankingTotals {
  positives: number;
  negatives: number;
  /** Sums of squared weights. */
  positivesSquared: number;
  negativesSquared: number;
}

/** Groups of equal scores in ascending order, one entry a group. */
export interface TieGroups {
  count: number;
  /** One past the group's last row. */
  end: Uint32Array;
  /** Weight of the group's positives and negatives. */
  positive: Float64Array;
  negative: Float64Array;
  /** The same of squared weights; the same arrays where rows are not weighted. */
  positiveSquared: Float64Array;
  negativeSquared: Float64Array;
}

/** Finds the groups of equal scores. Scores finite and ascending. O(rows). */
export function tieGroups({ scores, labels, weights }: RankedRows): TieGroups {
  const rows = scores.length;
  const groups = countGroups(scores);
  const end = new Uint32Array(groups);
  const positive = new Float64Array(groups);
  const negative = new Float64Array(groups);
  const positiveSquared = weights === null ? positive : new Float64Array(groups);
  const negativeSquared = weights === null ? negative : new Float64Array(groups);
  let count = 0;
  for (let row = 0; row < rows; row += 1) {
    const weight = weights === null ? 1 : weights[row];
    if (labels[row] === 1) positive[count] += weight;
    else negative[count] += weight;
    if (weights !== null) {
      if (labels[row] === 1) positiveSquared[count] += weight * weight;
      else negativeSquared[count] += weight * weight;
    }
    if (row + 1 === rows || scores[row + 1] !== scores[row]) {
      end[count] = row + 1;
      count += 1;
    }
  }
  return { count, end, positive, negative, positiveSquared, negativeSquared };
}

function countGroups(scores: Float64Array): number {
  let groups = scores.length > 0 ? 1 : 0;
  for (let row = 1; row < scores.length; row += 1) groups += Number(scores[row] !== scores[row - 1]);
  return groups;
}

export interface RankingSums {
  rocAuc: number;
  /** DeLong's variance; with weights its sandwich form, equal to DeLong's where all weights are equal. */
  rocAucVariance: number;
  averagePrecision: number;
  averagePrecisionVariance: number;
  averagePrecisionDegrees: number;
  /** By how much it is expected to lie above the population's. */
  averagePrecisionBias: number;
  /** All rows have the same score. */
  constant: boolean;
}

/**
 * ROC AUC and average precision as scikit-learn defines them, ties and weights included; both classes must occur.
 * Variance of AUC: DeLong, DeLong & Clarke-Pearson (1988), by placements from one sort (Sun & Xu, 2014); of average
 * precision: infinitesimal jackknife.
 */
export function rankingSums(rows: RankedRows, totals: RankingTotals): RankingSums {
  const groups = tieGroups(rows);
  return { ...rocAucSums(groups, totals), ...averagePrecisionSums(groups, totals), constant: groups.count <= 1 };
}

function rocAucSums(groups: TieGroups, totals: RankingTotals): Pick<RankingSums, "rocAuc" | "rocAucVariance"> {
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

/**
 * Its variance is the infinitesimal jackknife's with what rows of large influence hide of themselves (Σc² + 2·Σc⁴/Σc², to
 * first order HC3 of MacKinnon & White, 1985), worth (Σc²)²/Σc⁴ degrees of freedom (Satterthwaite, 1946).
 * Average precision of a sample is biased: each positive counts itself among those at or above its score, which adds
 * (1 − precision)/selected; and samples with more positives have a higher one but weigh no more, which takes away
 * Σ precision·(1 − precision)/positives². Simulated at 100 to 3,000 rows both together are the bias to a tenth of it.
 */
function averagePrecisionSums(
  groups: TieGroups,
  totals: RankingTotals,
): Pick<
  RankingSums,
  "averagePrecision" | "averagePrecisionVariance" | "averagePrecisionDegrees" | "averagePrecisionBias"
> {
  const { positives, positivesSquared, negativesSquared, negatives } = totals;
  const { lift, push, averagePrecision } = precisionShifts(groups, totals);
  // Weights enter the fourth powers as their typical square.
  const [positiveWeight, negativeWeight] = [(positivesSquared / positives) ** 2, (negativesSquared / negatives) ** 2];
  let [squares, fourths, ownShare, spread] = [0, 0, 0, 0];
  let [selectedPositives, selected] = [positives, positives + negatives];
  for (let group = 0; group < groups.count; group += 1) {
    const pulled = (lift[group] - averagePrecision) ** 2;
    const pushed = push[group] ** 2;
    squares += groups.positiveSquared[group] * pulled + groups.negativeSquared[group] * pushed;
    fourths += groups.positiveSquared[group] * positiveWeight * pulled ** 2;
    fourths += groups.negativeSquared[group] * negativeWeight * pushed ** 2;
    if (groups.positive[group] > 0) {
      const precision = selectedPositives / selected;
      ownShare += (groups.positiveSquared[group] * (1 - precision)) / selected;
      spread += groups.positive[group] * precision * (1 - precision);
    }
    selectedPositives -= groups.positive[group];
    selected -= groups.positive[group] + groups.negative[group];
  }
  const hidden = squares > 0 ? (2 * fourths) / squares : 0;
  return {
    averagePrecision,
    averagePrecisionVariance: (squares + hidden) / positives ** 2,
    averagePrecisionDegrees: fourths > 0 ? squares ** 2 / fourths : Number.POSITIVE_INFINITY,
    averagePrecisionBias: (ownShare - (spread * positivesSquared) / positives ** 2) / positives,
  };
}

/**
 * How a positive (`lift`) or a negative (−`push`) of each group moves Σ precision over positives: by its own precision and
 * by what it adds to the precision at every threshold at or below its score.
 */
export function precisionShifts(
  groups: TieGroups,
  { positives, negatives }: Pick<RankingTotals, "positives" | "negatives">,
): { lift: Float64Array; push: Float64Array; averagePrecision: number } {
  const lift = new Float64Array(groups.count);
  const push = new Float64Array(groups.count);
  let [selectedPositives, selectedNegatives, inverse, precisionInverse, sum] = [positives, negatives, 0, 0, 0];
  for (let group = 0; group < groups.count; group += 1) {
    const selected = selectedPositives + selectedNegatives;
    const precision = selected > 0 ? selectedPositives / selected : 0;
    const positive = groups.positive[group];
    if (positive > 0) {
      inverse += positive / selected;
      precisionInverse += (positive * precision) / selected;
      sum += positive * precision;
    }
    lift[group] = precision + inverse - precisionInverse;
    push[group] = precisionInverse;
    selectedPositives -= positive;
    selectedNegatives -= groups.negative[group];
  }
  return { lift, push, averagePrecision: sum / positives };
}

/** n / (n − 1) for the effective number of rows of a class; 0, and with it no usable variance, for a single row. */
export function unbiased(effectiveRows: number): number {
  return effectiveRows > 1 + 1e-9 ? effectiveRows / (effectiveRows - 1) : 0;
}
