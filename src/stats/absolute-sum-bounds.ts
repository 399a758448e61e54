import type { Bounds } from "./bounds.ts";
import { normalCdf } from "./quantile-functions.ts";

/** Independent estimates, about normal around what they estimate. */
export interface Deviations {
  values: Float64Array;
  /** Variance of each; 0 where it is known exactly. */
  variances: Float64Array;
}

/** Mean of |X| for X normal around `mean` (the folded normal distribution; Leone, Nelson & Nottingham, 1961). */
export function foldedMean(mean: number, standardError: number): number {
  if (standardError === 0) return Math.abs(mean);
  const z = mean / standardError;
  return standardError * Math.sqrt(2 / Math.PI) * Math.exp((-z * z) / 2) + mean * (1 - 2 * normalCdf(-z));
}

/**
 * One-sided bounds of Σ|true value| from Σ|estimate|, which is too large on average: noise adds up where it should cancel.
 * `quantile`: z or t at 1 − α for each side.
 * - upper: the largest sum under which so small a sum of estimates is not unusual, where the true sum is spread over the terms in
 *   proportion to their standard errors: that is where noise adds least (the bias is convex in each term), so every other
 *   spread exceeds this bound less often. Not below the sum of the estimates.
 * - lower: the sum of the estimates less all that noise can add to it, and less the quantile of its spread; at least 0.
 */
export function absoluteSumBounds({ values, variances }: Deviations, quantile: number): Bounds {
  const measured = values.reduce((sum, value) => sum + Math.abs(value), 0);
  const [errors, spread] = [sumOf(variances.map(Math.sqrt)), Math.sqrt(sumOf(variances))];
  const lower = measured - foldedMean(0, errors) - quantile * spread;
  const upper = errors === 0 ? measured : errors * leastFavourable({ measured, errors, spread }, quantile);
  return { lower: Math.max(0, lower), upper: Math.max(measured, upper) };
}

/** The true sum in units of the standard errors' sum: of every term, true value over standard error. */
function leastFavourable(sum: { measured: number; errors: number; spread: number }, quantile: number): number {
  const { measured, errors, spread } = sum;
  const lowest = (ratio: number): number => {
    const mean = foldedMean(ratio, 1);
    return errors * mean - quantile * spread * Math.sqrt(1 + ratio * ratio - mean * mean);
  };
  let [inside, outside] = [0, (measured + quantile * spread) / errors + 1];
  for (let step = 0; step < 60; step += 1) {
    const middle = (inside + outside) / 2;
    if (lowest(middle) <= measured) inside = middle;
    else outside = middle;
  }
  return inside;
}

function sumOf(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0);
}
