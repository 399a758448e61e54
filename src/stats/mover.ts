import type { Bounds, Estimate } from "./bounds.ts";

/** One estimate in a weighted sum. */
export interface Addend {
  coefficient: number;
  estimate: Estimate;
}

/**
 * One-sided bounds of Σ coefficient·value from the bounds of the single values (MOVER, the method of variance estimates
 * recovery): keeps the skewness and the good small-sample behaviour of each. `correlation(i, j)` is that of the two
 * estimators, 0 for separate rows; unknown (null) counts as the least favourable.
 * Source: Newcombe (1998), Statistics in Medicine 17:873; Zou & Donner (2008), Statistics in Medicine 27:1693.
 */
export function sumBounds(
  addends: readonly Addend[],
  correlation: (i: number, j: number) => number | null,
  alpha: number,
): Bounds {
  const value = addends.reduce((sum, { coefficient, estimate }) => sum + coefficient * estimate.value, 0);
  const margins = addends.map((addend) => signedMargins(addend, alpha));
  const spread = (side: "below" | "above"): number => {
    let sum = 0;
    margins.forEach((first, i) => {
      margins.forEach((second, j) => {
        sum += agreement(addends, correlation, [i, j]) * (first[side] * second[side] || 0);
      });
    });
    return Number.isNaN(sum) ? Number.POSITIVE_INFINITY : Math.sqrt(Math.max(0, sum));
  };
  return { lower: value - spread("below"), upper: value + spread("above") };
}

/** How far coefficient·value may lie below and above what was measured. */
function signedMargins({ coefficient, estimate }: Addend, alpha: number): { below: number; above: number } {
  const { lower, upper } = estimate.bounds(alpha);
  const [below, above] = [estimate.value - lower, upper - estimate.value].map((m) => m * Math.abs(coefficient));
  return coefficient >= 0 ? { below, above } : { below: above, above: below };
}

function agreement(
  addends: readonly Addend[],
  correlation: (i: number, j: number) => number | null,
  [i, j]: readonly [number, number],
): number {
  if (i === j) return 1;
  const known = correlation(i, j);
  return known === null ? 1 : Math.sign(addends[i].coefficient * addends[j].coefficient) * known;
}

/**
 * One-sided bounds of numerator / denominator of two independent estimates ≥ 0, from their own bounds.
 * Source: Donner & Zou (2012), Statistical Methods in Medical Research 21:347 (MOVER-R).
 */
export function ratioBounds(numerator: Estimate, denominator: Estimate, alpha: number): Bounds {
  const [a, b] = [numerator.value, denominator.value];
  const [top, bottom] = [numerator.bounds(alpha), denominator.bounds(alpha)];
  const product = a * b;
  const low = product ** 2 - top.lower * bottom.upper * (2 * a - top.lower) * (2 * b - bottom.upper);
  const high = product ** 2 - top.upper * bottom.lower * (2 * a - top.upper) * (2 * b - bottom.lower);
  const lowest = bottom.upper * (2 * b - bottom.upper);
  const highest = bottom.lower * (2 * b - bottom.lower);
  return {
    // Where the denominator's bound passes twice its value Fieller's region is unbounded: nothing is known on that side.
    lower: lowest > 0 && low >= 0 ? Math.max(0, (product - Math.sqrt(low)) / lowest) : 0,
    upper: highest > 0 && high >= 0 ? (product + Math.sqrt(high)) / highest : Number.POSITIVE_INFINITY,
  };
}
