import logGamma from "@stdlib/math-base-special-gammaln";
import { type Permutations, permutationPValue } from "./permutation.ts";
import { countDistinct, requireValues, type SortedSample } from "./sorted-sample.ts";

export interface CramerVonMises {
  /** Anderson's T: squared distances of the two empirical distribution functions, summed over all values, times nm/(n+m)². */
  statistic: number;
  pValue: number;
  method: "asymptotic" | "permutation";
}

/**
 * Two-sample Cramér-von Mises test of "both samples are from one distribution": like Kolmogorov-Smirnov, with all distances
 * instead of the largest. At least two values each. With few ties or none the p-value is from the limiting distribution of T with its
 * mean and variance matched to n and m; with many it is by permutation, in O(permutations · distinct values). (With ties and samples of two
 * sizes the statistic of scipy 1.17 rejects nearly always where nothing differs: docs/calibration.md.)
 * Throws RangeError for a sample of fewer than two values.
 * Source: Anderson (1962), Annals of Mathematical Statistics 33:1148; Csörgő & Faraway (1996), JRSS B 58:221, (1.2). Oracle:
 * scipy.stats.cramervonmises_2samp(method="asymptotic") without ties; p to 1e-6, for scipy stops its series there.
 */
export function cramerVonMisesTest(x: SortedSample, y: SortedSample, options: Permutations = {}): CramerVonMises {
  requireValues(x, y);
  const [n, m] = [x.values.length, y.values.length];
  if (Math.min(n, m) < 2) throw new RangeError("the Cramér-von Mises test needs two values in each sample");
  const { first, both } = countDistinct(x, y);
  const of = (counts: Float64Array): number => squaredDistances(counts, both, [n, m]);
  const statistic = of(first);
  const [rows, pairs] = [n + m, n * m];
  if (tiedShare(both, rows) > mostTied) {
    const margins = { rowTotals: Float64Array.of(n, m), columnTotals: both, total: rows };
    return { statistic, pValue: permutationPValue(margins, { statistic, of }, options), method: "permutation" };
  }
  const mean = (1 + 1 / rows) / 6;
  const variance = ((rows + 1) * (4 * pairs * rows - 3 * (n * n + m * m) - 2 * pairs)) / (45 * rows ** 2 * 4 * pairs);
  const standardised = 1 / 6 + (statistic - mean) / Math.sqrt(45 * variance);
  return { statistic, pValue: limitingSurvival(standardised), method: "asymptotic" };
}

// Ties make the mean of T smaller by about this share: a thousandth changes no decision, 32 equally frequent values have as much.
const mostTied = 0.001;

/** Σ t³ / N³ over the distinct values, each of which occurs t times; that of N different values taken off. */
function tiedShare(counts: Float64Array, rows: number): number {
  return counts.reduce((sum, count) => sum + count ** 3 - count, 0) / rows ** 3;
}

/** nm/N² · Σ (F − G)² over all values of both samples, from the first sample's counts of each distinct value. */
function squaredDistances(counts: Float64Array, totals: Float64Array, [n, m]: readonly [number, number]): number {
  let [upToX, upTo, sum] = [0, 0, 0];
  for (let value = 0; value < totals.length; value += 1) {
    upToX += counts[value];
    upTo += totals[value];
    sum += totals[value] * (upToX / n - (upTo - upToX) / m) ** 2;
  }
  return (sum * n * m) / (n + m) ** 2;
}

/** P(ω² ≥ t) of the limiting distribution. */
function limitingSurvival(t: number): number {
  // The series' first term is below 1e-17 here.
  if (t < 0.003) return 1;
  let sum = 0;
  for (let k = 0, term = 1; term > 1e-17; k += 1) {
    const y = 4 * k + 1;
    const q = y ** 2 / (16 * t);
    const ratio = Math.exp(logGamma(k + 0.5) - logGamma(k + 1)) / (Math.PI ** 1.5 * Math.sqrt(t));
    term = ratio * Math.sqrt(y) * scaledBessel(q);
    sum += term;
  }
  return Math.max(0, 1 - sum);
}

/** exp(−q)·K(q), K the modified Bessel function of order 1/4: the trapezoid rule on its integral over cosh, which decays doubly. */
function scaledBessel(q: number): number {
  const step = 1 / 16;
  let sum = 0.5 * Math.exp(-2 * q);
  for (let t = step; ; t += step) {
    const term = Math.exp(-q * (1 + Math.cosh(t))) * Math.cosh(t / 4);
    sum += term;
    if (term < 1e-18 * sum || term === 0) return sum * step;
  }
}
