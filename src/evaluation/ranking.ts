import { type RankingTotals, rocAucSums } from "../stats/roc-auc.ts";
import { type RankedRows, type TieGroups, tieGroups } from "../stats/tie-groups.ts";

// ROC AUC and average precision from rows in ascending order of score, with their variances.

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
