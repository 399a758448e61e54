import { kolmogorovSurvival } from "./kolmogorov-distribution.ts";
import { type Permutations, permutationPValue } from "./permutation.ts";
import { countDistinct, forEachDistinct, requireValues, type SortedSample } from "./sorted-sample.ts";

export interface KolmogorovSmirnov {
  /** Largest distance of the two empirical distribution functions, in [0, 1]. */
  statistic: number;
  /** Two-sided. */
  pValue: number;
  method: "exact" | "asymptotic" | "permutation";
}

export interface KolmogorovSmirnovOptions extends Permutations {
  /** Default auto: exact while neither sample has more than 10,000 values (scipy's rule), else asymptotic. */
  method?: "auto" | "exact" | "asymptotic" | "permutation";
}

// scipy's limit for method="auto": beyond it the exact distribution's n·m·D steps no longer pay.
const mostExactRows = 10_000;

/**
 * Two-sample Kolmogorov-Smirnov test of "both samples are from one distribution", two-sided. At least one value each. The exact and the
 * asymptotic p-value (Kolmogorov's distribution of one sample of nm/(n+m) rows) are those of a continuous distribution: with ties they
 * are too large, by far with few distinct values. By permutation they hold with ties too, in O(permutations · distinct values).
 * Throws RangeError for a sample without values, and for method "exact" with n·m above 2^53.
 * Source: Hodges (1958), Arkiv för Matematik 3:469; Simard & L'Ecuyer (2011), JSS 39(11). Oracle: scipy.stats.ks_2samp.
 * @example kolmogorovSmirnovTest(sortSample(Float64Array.of(1, 2)), sortSample(Float64Array.of(3, 4))).statistic // 1
 */
export function kolmogorovSmirnovTest(
  x: SortedSample,
  y: SortedSample,
  options: KolmogorovSmirnovOptions = {},
): KolmogorovSmirnov {
  requireValues(x, y);
  const [n, m] = [x.values.length, y.values.length];
  const distance = largestDistance(x, y);
  const statistic = distance / (n * m);
  const { method = "auto" } = options;
  const usual = Math.max(n, m) <= mostExactRows ? "exact" : "asymptotic";
  const used = method === "auto" ? usual : method;
  switch (used) {
    case "exact":
      if (n * m > Number.MAX_SAFE_INTEGER) throw new RangeError(`no exact test of ${n} and ${m} values`);
      return { statistic, pValue: exactSurvival(n, m, distance), method: used };
    case "asymptotic": {
      const rows = Math.max(1, Math.round((n * m) / (n + m)));
      return { statistic, pValue: kolmogorovSurvival(rows, statistic), method: used };
    }
    case "permutation":
      return { statistic, pValue: permutedPValue(x, y, distance, options), method: used };
  }
}

function permutedPValue(x: SortedSample, y: SortedSample, distance: number, options: Permutations): number {
  const { both: columnTotals } = countDistinct(x, y);
  const rowTotals = Float64Array.of(x.values.length, y.values.length);
  const [n, m] = rowTotals;
  const of = (counts: Float64Array): number => {
    let [upToX, upTo, largest] = [0, 0, 0];
    for (let value = 0; value < columnTotals.length; value += 1) {
      upToX += counts[value];
      upTo += columnTotals[value];
      largest = Math.max(largest, Math.abs(upToX * m - (upTo - upToX) * n));
    }
    return largest;
  };
  return permutationPValue({ rowTotals, columnTotals, total: n + m }, { statistic: distance, of }, options);
}

/** D · n · m, a whole number: no rounding decides whether a path touches the boundary. */
function largestDistance(x: SortedSample, y: SortedSample): number {
  const [n, m] = [x.values.length, y.values.length];
  let largest = 0;
  forEachDistinct(x, y, (_, upToX, upToY) => {
    largest = Math.max(largest, Math.abs(upToX * m - upToY * n));
  });
  return largest;
}

// P(D ≥ d) ≤ e · exp(−2·nm/(n+m)·d²) (Wei & Dudley, 2012): beyond this exponent no double is small enough.
const vanishingExponent = 750;

/**
 * P(n·m·D ≥ distance) for untied samples: the share of lattice paths from (0, 0) to (n, m) that somewhere leave the band
 * |i·m − j·n| < distance. Going column by column, `left[j]` is the share of paths to (i, j) that have left it: sums of positive
 * terms, so that small p-values are as exact as large ones. O(n·m·D).
 */
function exactSurvival(n: number, m: number, distance: number): number {
  if (distance === 0) return 1;
  const squared = (distance / (n * m)) ** 2;
  if (((2 * n * m) / (n + m)) * squared > vanishingExponent) return 0;
  const left = new Float64Array(m + 1).fill(1);
  let low = 0;
  for (let i = 0; i <= n; i += 1) {
    const lowNow = Math.max(0, Math.floor((i * m - distance) / n) + 1);
    const highNow = Math.min(m, Math.ceil((i * m + distance) / n) - 1);
    left.fill(1, low, lowNow);
    low = lowNow;
    for (let j = lowNow; j <= highNow; j += 1) left[j] = i + j === 0 ? 0 : shareLeft(left, i, j);
  }
  return Math.min(1, left[m]);
}

/** A path to (i, j) came from (i − 1, j) with probability i/(i + j), from (i, j − 1) otherwise. */
function shareLeft(left: Float64Array, i: number, j: number): number {
  return ((i === 0 ? 0 : i * left[j]) + (j === 0 ? 0 : j * left[j - 1])) / (i + j);
}
