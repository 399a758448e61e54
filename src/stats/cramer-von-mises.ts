import logGamma from "@stdlib/math-base-special-gammaln";
import { forEachDistinct, requireValues, type SortedSample } from "./sorted-sample.ts";

export interface CramerVonMises {
  /** Anderson's T: squared distances of the two empirical distribution functions, summed over all values. */
  statistic: number;
  pValue: number;
}

/**
 * Two-sample Cramér-von Mises test of "both samples are from one distribution": like Kolmogorov-Smirnov, with all distances
 * instead of the largest. At least two values each; ties get midranks. The p-value is from the limiting distribution of T
 * with its mean and variance matched to n and m. Throws RangeError for a sample of fewer than two values.
 * Source: Anderson (1962), Annals of Mathematical Statistics 33:1148; Csörgő & Faraway (1996), JRSS B 58:221, (1.2). Oracle:
 * scipy.stats.cramervonmises_2samp(method="asymptotic"); p to 1e-6, for scipy stops its series there.
 */
export function cramerVonMisesTest(x: SortedSample, y: SortedSample): CramerVonMises {
  requireValues(x, y);
  const [n, m] = [x.values.length, y.values.length];
  if (Math.min(n, m) < 2) throw new RangeError("the Cramér-von Mises test needs two values in each sample");
  const [rows, pairs] = [n + m, n * m];
  const statistic = rankDistances(x, y) / (pairs * rows) - (4 * pairs - 1) / (6 * rows);
  const mean = (1 + 1 / rows) / 6;
  const variance = ((rows + 1) * (4 * pairs * rows - 3 * (n * n + m * m) - 2 * pairs)) / (45 * rows ** 2 * 4 * pairs);
  const standardised = 1 / 6 + (statistic - mean) / Math.sqrt(45 * variance);
  return { statistic, pValue: limitingSurvival(standardised) };
}

/** n·Σ(rank of xᵢ − i)² + m·Σ(rank of yⱼ − j)². */
function rankDistances(x: SortedSample, y: SortedSample): number {
  let [sumX, sumY, belowX, belowY] = [0, 0, 0, 0];
  forEachDistinct(x, y, (_, upToX, upToY) => {
    const rank = (belowX + belowY + 1 + upToX + upToY) / 2;
    for (let i = belowX + 1; i <= upToX; i += 1) sumX += (rank - i) ** 2;
    for (let j = belowY + 1; j <= upToY; j += 1) sumY += (rank - j) ** 2;
    [belowX, belowY] = [upToX, upToY];
  });
  return x.values.length * sumX + y.values.length * sumY;
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
