import { type TieGroups, tieGroups } from "../stats/tie-groups.ts";

/** Unweighted rows of a binary classifier in ascending order of score; scores finite, 1 = positive. */
export interface ScoredBinaryRows {
  scores: Float64Array;
  labels: Uint8Array;
  predicted: Uint8Array;
}

/**
 * Cells of rows: within one, rows have the same label and prediction and about the same rank. Every metric of ranks or of labels
 * is then a function of how many rows each cell has.
 */
export interface RankingCells {
  /** Bins of neighbouring scores in ascending order, one entry a cell. */
  bin: Uint32Array;
  /** 2·label + predicted, one entry a cell. */
  kind: Uint8Array;
  /** For each bin, which share of its pairs of a positive and a negative is in the right order, ties counting half. */
  area: Float64Array;
}

// How much of the placements that it lies at a bin may span.
const finest = 1 / 100;

/**
 * Gathers rows into few cells, with the number of rows in each. Inside a bin pairs keep the order that they have in the sample, so
 * the variance of placements within bins is what resampled counts do not show. A bin with rows of both classes spans at most a
 * hundredth of the placements (share of the other class on the wrong side) at which it lies, or of their mean where that is more:
 * at most some 1e-4 of DeLong's variance is lost. A few thousand rows are mostly bins of their own, where nothing is lost; any
 * number of rows has some hundred to two thousand bins. Equal scores are never parted.
 */
export function rankingCells(rows: ScoredBinaryRows): RankingCells & { rows: Float64Array } {
  const groups = tieGroups({ ...rows, weights: null });
  const binOfGroup = cutBins(groups);
  const bins = 1 + (binOfGroup.at(-1) ?? -1);
  const counts = new Float64Array(4 * bins);
  for (let group = 0, row = 0; group < groups.count; group += 1) {
    const first = 4 * binOfGroup[group];
    for (; row < groups.end[group]; row += 1) counts[first + 2 * rows.labels[row] + rows.predicted[row]] += 1;
  }
  const filled = Uint32Array.from(counts.keys()).filter((cell) => counts[cell] > 0);
  return {
    rows: Float64Array.from(filled, (cell) => counts[cell]),
    bin: filled.map((cell) => cell >>> 2),
    kind: Uint8Array.from(filled, (cell) => cell & 3),
    area: insideAreas(groups, binOfGroup, bins),
  };
}

/** Every row as a cell of its own, for resamples in which rows of a cell are not alike. */
export function singleRowCells(rows: ScoredBinaryRows): RankingCells {
  const groups = tieGroups({ ...rows, weights: null });
  const bin = new Uint32Array(rows.labels.length);
  for (let group = 0, row = 0; group < groups.count; group += 1) {
    for (; row < groups.end[group]; row += 1) bin[row] = group;
  }
  return {
    bin,
    kind: rows.predicted.map((predicted, row) => 2 * rows.labels[row] + predicted),
    area: new Float64Array(groups.count).fill(1 / 2),
  };
}

function cutBins({ count, positive, negative }: TieGroups): Uint32Array {
  const positives = positive.reduce((sum, rows) => sum + rows, 0);
  const negatives = negative.reduce((sum, rows) => sum + rows, 0);
  const mean = meanPlacement({ count, positive, negative }, positives * negatives);
  const room = (below: number, all: number): number => finest * Math.max(mean * all, Math.min(below, all - below));
  const binOfGroup = new Uint32Array(count);
  // Rows below the bin, and inside it.
  let [positivesBelow, negativesBelow, positivesIn, negativesIn, bin] = [0, 0, 0, 0, 0];
  for (let group = 0; group < count; group += 1) {
    const [p, n] = [positivesIn + positive[group], negativesIn + negative[group]];
    const tooLong = p > room(positivesBelow, positives) || n > room(negativesBelow, negatives);
    if (p > 0 && n > 0 && tooLong && positivesIn + negativesIn > 0) {
      positivesBelow += positivesIn;
      negativesBelow += negativesIn;
      [positivesIn, negativesIn] = [0, 0];
      bin += 1;
    }
    positivesIn += positive[group];
    negativesIn += negative[group];
    binOfGroup[group] = bin;
  }
  return binOfGroup;
}

/** Share of pairs in the rarer order, right or wrong; ties count half. */
function meanPlacement(
  { count, positive, negative }: Pick<TieGroups, "count" | "positive" | "negative">,
  pairs: number,
) {
  let [below, ordered] = [0, 0];
  for (let group = 0; group < count; group += 1) {
    ordered += positive[group] * (below + negative[group] / 2);
    below += negative[group];
  }
  return pairs === 0 ? 0 : Math.min(ordered, pairs - ordered) / pairs;
}

function insideAreas({ count, positive, negative }: TieGroups, binOfGroup: Uint32Array, bins: number): Float64Array {
  const ordered = new Float64Array(bins);
  const positives = new Float64Array(bins);
  const negatives = new Float64Array(bins);
  for (let group = 0; group < count; group += 1) {
    const bin = binOfGroup[group];
    ordered[bin] += positive[group] * (negatives[bin] + negative[group] / 2);
    positives[bin] += positive[group];
    negatives[bin] += negative[group];
  }
  return ordered.map((pairs, bin) => {
    const all = positives[bin] * negatives[bin];
    return all === 0 ? 1 / 2 : pairs / all;
  });
}

/** ROC AUC and the four cells at 2·label + predicted of rows that occur `counts` times. */
export interface RankingTally {
  rocAuc: number;
  cells: readonly [trueNegative: number, falsePositive: number, falseNegative: number, truePositive: number];
}

/** counts: one entry a cell. rocAuc is NaN without rows of both classes. O(cells). */
export function tally({ bin, kind, area }: RankingCells, counts: Float64Array): RankingTally {
  const cells: [number, number, number, number] = [0, 0, 0, 0];
  // Negatives below the bin; rows inside it; pairs in the right order.
  let [below, positives, negatives, ordered, current] = [0, 0, 0, 0, 0];
  for (let cell = 0; cell < counts.length; cell += 1) {
    if (bin[cell] !== current) {
      ordered += positives * (below + area[current] * negatives);
      below += negatives;
      [positives, negatives, current] = [0, 0, bin[cell]];
    }
    const count = counts[cell];
    cells[kind[cell]] += count;
    if (kind[cell] >= 2) positives += count;
    else negatives += count;
  }
  ordered += positives * (below + area[current] * negatives);
  return { rocAuc: ordered / ((cells[0] + cells[1]) * (cells[2] + cells[3])), cells };
}
