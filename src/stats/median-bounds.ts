import incompleteBeta from "@stdlib/math-base-special-betainc";
import type { Bounds } from "./bounds.ts";
import { normalQuantile } from "./quantile-functions.ts";

/** Values in ascending order. */
export interface SortedValues {
  values: Float64Array;
  /** Σ of the weights up to and including each value; rows that count 1 each: 1, 2, 3 … */
  cumulative: Float64Array;
}

/**
 * The median: the value with as much weight below as above, the mean of two where the middle falls between them (for equal
 * weights numpy's median). At least one value with weight. Oracle: scikit-learn's median_absolute_error, weighted too.
 */
export function medianOf({ values, cumulative }: SortedValues): number {
  const total = cumulative[cumulative.length - 1];
  const middle = total / 2;
  // Sums of weights that should be equal differ by rounding.
  const slack = 1e-12 * total;
  const at = cumulative.findIndex((sum) => sum >= middle - slack);
  if (Math.abs(cumulative[at] - middle) > slack) return values[at];
  const next = cumulative.findIndex((sum) => sum > cumulative[at] + slack);
  return (values[at] + values[next]) / 2;
}

/**
 * Bounds of the median by order statistics, each missed with probability at most `alpha`, whatever the distribution: how many
 * of n values lie below it is binomial(n, 1/2). rows: n, or the effective number of weighted or clustered rows, by whose
 * shares the values are then chosen (Woodruff, 1952). Infinite where there are too few rows for any value to bound it.
 * Source: Thompson (1936), Annals of Mathematical Statistics 7:122. Oracle: the same by scipy.stats.binom.
 * @example medianBounds({ values: Float64Array.of(1, 2, 3, 4, 5, 6), cumulative: Float64Array.of(1, 2, 3, 4, 5, 6) }, 6, 0.05) // 1, 6
 */
export function medianBounds({ values, cumulative }: SortedValues, rows: number, alpha: number): Bounds {
  const whole = Math.floor(rows + 1e-9);
  const rank = medianRank(whole, alpha);
  if (rank < 1) return { lower: Number.NEGATIVE_INFINITY, upper: Number.POSITIVE_INFINITY };
  const outside = (rank - 1) / whole;
  const total = cumulative[cumulative.length - 1];
  const slack = 1e-12 * total;
  const lower = cumulative.findIndex((sum) => sum > outside * total + slack);
  const upper = cumulative.findIndex((sum) => sum >= (1 - outside) * total - slack);
  return { lower: values[lower], upper: values[upper] };
}

/** Largest rank whose value lies above the median of n rows with probability at most alpha; 0: none does. */
function medianRank(rows: number, alpha: number): number {
  /** P(at most k of the rows lie below the median). */
  const atMost = (k: number): number => (k < 0 ? 0 : incompleteBeta(0.5, rows - k, k + 1));
  let rank = Math.max(0, Math.floor(rows / 2 + (normalQuantile(alpha) * Math.sqrt(rows)) / 2));
  while (rank > 0 && atMost(rank - 1) > alpha) rank -= 1;
  while (rank < rows / 2 && atMost(rank) <= alpha) rank += 1;
  return rank;
}
