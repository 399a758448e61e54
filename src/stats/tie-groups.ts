// Rows of a binary classifier in ascending order of score, and which of them share one.

export interface RankedRows {
  scores: Float64Array;
  /** 1 = positive. */
  labels: Uint8Array;
  weights: Float64Array | null;
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
