import type { Alternative } from "./alternative.ts";
import { normalCdf } from "./quantile-functions.ts";
import { forEachDistinct, requireValues, type SortedSample } from "./sorted-sample.ts";

export interface MannWhitney {
  /** U of the first sample: pairs in which its value is the greater one, ties counting half. */
  statistic: number;
  /** U / (n·m): the probability that a value of the first sample exceeds one of the second; 0.5 without a difference. */
  superiority: number;
  pValue: number;
  method: "exact" | "asymptotic";
}

export interface MannWhitneyOptions {
  /** "greater": values of the first sample tend to be greater. Default two-sided. */
  alternative?: Alternative;
  /** Default auto: exact where the smaller sample has at most 8 values and nothing is tied, as in scipy. */
  method?: "auto" | "exact" | "asymptotic";
}

const mostExactRows = 8;

/**
 * Mann-Whitney U test (Wilcoxon's rank-sum test) of "both samples are from one distribution". At least one value each. Asymptotic
 * by the normal distribution with the variance corrected for ties and half a unit of continuity. All values equal: p = 1.
 * Throws RangeError for a sample without values, and for method "exact" with ties.
 * Source: Mann & Whitney (1947), Annals of Mathematical Statistics 18:50; Lehmann (1975), Nonparametrics, 1.2. Oracle:
 * scipy.stats.mannwhitneyu.
 * @example mannWhitneyTest(sortSample(Float64Array.of(4, 5, 6)), sortSample(Float64Array.of(1, 2, 3))).superiority // 1
 */
export function mannWhitneyTest(x: SortedSample, y: SortedSample, options: MannWhitneyOptions = {}): MannWhitney {
  requireValues(x, y);
  const { alternative = "two-sided", method = "auto" } = options;
  const [n, m] = [x.values.length, y.values.length];
  const { statistic, tieTerm } = rankSums(x, y);
  if (method === "exact" && tieTerm > 0) throw new RangeError("no exact Mann-Whitney test of samples with ties");
  const exact = method === "exact" || (method === "auto" && Math.min(n, m) <= mostExactRows && tieTerm === 0);
  const tail = exact ? exactTail(n, m) : normalTail(n, m, tieTerm);
  return {
    statistic,
    superiority: statistic / (n * m),
    pValue: fromTails(alternative, { atLeast: tail(statistic), atMost: tail(n * m - statistic) }),
    method: exact ? "exact" : "asymptotic",
  };
}

function fromTails(alternative: Alternative, { atLeast, atMost }: { atLeast: number; atMost: number }): number {
  switch (alternative) {
    case "greater":
      return atLeast;
    case "less":
      return atMost;
    case "two-sided":
      return Math.min(1, 2 * Math.min(atLeast, atMost));
  }
}

/** U of the first sample, and Σ(t³ − t) over groups of t tied values. */
function rankSums(x: SortedSample, y: SortedSample): { statistic: number; tieTerm: number } {
  let [statistic, tieTerm, belowX, belowY] = [0, 0, 0, 0];
  forEachDistinct(x, y, (_, upToX, upToY) => {
    const [hereX, hereY] = [upToX - belowX, upToY - belowY];
    statistic += hereX * (belowY + hereY / 2);
    const tied = hereX + hereY;
    tieTerm += tied ** 3 - tied;
    [belowX, belowY] = [upToX, upToY];
  });
  return { statistic, tieTerm };
}

/** P(U ≥ u), by the normal distribution. */
function normalTail(n: number, m: number, tieTerm: number): (u: number) => number {
  const rows = n + m;
  const variance = ((n * m) / 12) * (rows + 1 - tieTerm / (rows * (rows - 1)));
  return (u) => (variance > 0 ? normalCdf(-(u - (n * m) / 2 - 0.5) / Math.sqrt(variance)) : 1);
}

/** P(U ≥ u) exactly: U's counts are the coefficients of the Gaussian binomial coefficient of n + m over n. */
function exactTail(n: number, m: number): (u: number) => number {
  const [few, many] = [Math.min(n, m), Math.max(n, m)];
  const middle = Math.floor((n * m) / 2);
  const counts = new Float64Array(middle + 1);
  counts[0] = 1;
  let total = 1;
  // Times (1 − q^(many + k)) / (1 − q^k). Coefficients up to the middle determine all, for U is symmetric.
  for (let k = 1; k <= few; k += 1) {
    for (let u = k; u <= middle; u += 1) counts[u] += counts[u - k];
    for (let u = middle; u >= many + k; u -= 1) counts[u] -= counts[u - many - k];
    total *= (many + k) / k;
  }
  const upTo = (u: number): number => counts.subarray(0, Math.max(0, u + 1)).reduce((sum, count) => sum + count, 0);
  return (u) => (n * m - u <= middle ? upTo(n * m - u) / total : 1 - upTo(u - 1) / total);
}
