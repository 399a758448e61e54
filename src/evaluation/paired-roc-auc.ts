import { acceleration, type BoundsAt, bcaFromReplicates, bcaMeanBounds } from "../stats/bootstrap.ts";
import { normalCdf } from "../stats/quantile-functions.ts";
import { rankOrder } from "../stats/rank-order.ts";
import { type Drawing, forEachDraw } from "../stats/resample.ts";
import { rocAucContributions } from "./binary-contributions.ts";
import { gatherBytes, gatherNumbers } from "./binary-rows.ts";
import { pairedError } from "./quantity.ts";
import { singleRowCells, tally } from "./ranking-cells.ts";

/** Scores of two models on the same rows, all finite; both classes occur. */
export interface PairedScores {
  /** 1 = positive. */
  labels: Uint8Array;
  first: Float64Array;
  second: Float64Array;
}

export interface PairedDelong {
  first: number;
  second: number;
  /** first − second. */
  difference: number;
  standardError: number;
  /** Two-sided, for no difference; null where the standard error is 0 and the difference is not. */
  pValue: number | null;
}

/**
 * DeLong's test of two correlated ROC AUCs. O(rows): two radix sorts decide. Source: DeLong, DeLong & Clarke-Pearson (1988),
 * Biometrics 44:837; placements by sorting: Sun & Xu (2014), IEEE SPL 21:1389.
 */
export function pairedDelong({ labels, first, second }: PairedScores): PairedDelong {
  const [one, two] = [rankedModel(labels, first), rankedModel(labels, second)];
  const difference = one.rocAuc - two.rocAuc;
  const standardError = pairedError(one.contributions, two.contributions);
  const pValue = standardError > 0 ? 2 * normalCdf(-Math.abs(difference) / standardError) : difference === 0 ? 1 : null;
  return { first: one.rocAuc, second: two.rocAuc, difference, standardError, pValue };
}

// Up to here every resample ranks all rows anew: 2000 resamples in some two seconds.
const rankedRows = 20_000;

/**
 * BCa bounds of the first ROC AUC less the second, rows drawn in pairs. Above 20,000 rows the difference is resampled as the mean of
 * what each row adds to it (DeLong's placements), in which products of two deviations are left out: of the order of one over the
 * rows of the smaller class, where the difference itself varies by one over their root.
 */
export function pairedRocAucBounds(scores: PairedScores, drawing: Drawing): BoundsAt {
  const [one, two] = [rankedModel(scores.labels, scores.first), rankedModel(scores.labels, scores.second)];
  const deviations = one.contributions.map((value, row) => value - two.contributions[row]);
  const difference = one.rocAuc - two.rocAuc;
  const rows = deviations.length;
  if (rows > rankedRows)
    return bcaMeanBounds(
      deviations.map((value) => difference + rows * value),
      drawing,
    );
  const replicates = new Float64Array(drawing.resamples);
  const [firstCells, secondCells] = [cellsOf(one), cellsOf(two)];
  forEachDraw(rows, drawing, (counts, at) => {
    replicates[at] =
      tally(firstCells, gatherNumbers(counts, one.order)).rocAuc -
      tally(secondCells, gatherNumbers(counts, two.order)).rocAuc;
  });
  return bcaFromReplicates({
    observed: difference,
    replicates: replicates.filter((value) => !Number.isNaN(value)),
    acceleration: acceleration(deviations.map((value) => -value)),
  });
}

interface RankedModel {
  order: Uint32Array;
  /** In the order of `order`. */
  scores: Float64Array;
  labels: Uint8Array;
  rocAuc: number;
  /** What each row adds to the deviation of ROC AUC, in the rows' given order. */
  contributions: Float64Array;
}

function rankedModel(labels: Uint8Array, scores: Float64Array): RankedModel {
  const order = rankOrder(scores);
  const ranked = { scores: gatherNumbers(scores, order), labels: gatherBytes(labels, order), weights: null };
  let positives = 0;
  for (const label of labels) positives += label;
  const negatives = labels.length - positives;
  const totals = { positives, negatives, positivesSquared: positives, negativesSquared: negatives };
  const found = rocAucContributions(ranked, totals);
  const contributions = new Float64Array(order.length);
  for (let index = 0; index < order.length; index += 1) contributions[order[index]] = found.contributions[index];
  return { order, scores: ranked.scores, labels: ranked.labels, rocAuc: found.rocAuc, contributions };
}

function cellsOf({ scores, labels }: RankedModel) {
  return singleRowCells({ scores, labels, predicted: new Uint8Array(labels.length) });
}
