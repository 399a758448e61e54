import type { Alternative } from "./alternative.ts";
import { requireCounts } from "./counts.ts";
import { hypergeometricTable } from "./hypergeometric.ts";

/** Counts of a 2 × 2 table: whole numbers ≥ 0, [[a, b], [c, d]]. */
export interface FourfoldTable {
  a: number;
  b: number;
  c: number;
  d: number;
}

export interface FisherExact {
  /** a·d / (b·c), of the sample; NaN where a row or a column is empty. */
  oddsRatio: number;
  pValue: number;
}

// Two probabilities that differ by less are one: as in R's fisher.test.
const sameProbability = 1 + 1e-7;

/**
 * Fisher's exact test of a 2 × 2 table, given its margins. "greater": the odds ratio is above 1. The two-sided p-value sums the
 * probabilities of all tables at most as probable as this one. Holds its level always, and is conservative: with small counts far
 * below it. An empty row or column: p = 1. Throws RangeError for negative or broken counts. O(smallest margin).
 * Source: Fisher (1935), The Design of Experiments, 2. Oracle: scipy.stats.fisher_exact.
 * @example fisherExactTest({ a: 3, b: 1, c: 1, d: 3 }).pValue // 0.4857142857142857
 */
export function fisherExactTest({ a, b, c, d }: FourfoldTable, alternative: Alternative = "two-sided"): FisherExact {
  requireCounts([a, b, c, d]);
  const { least, probabilities } = hypergeometricTable({ population: a + b + c + d, marked: a + c, draws: a + b });
  const observed = a - least;
  const counted = (at: number, probability: number): boolean => {
    if (alternative === "less") return at <= observed;
    if (alternative === "greater") return at >= observed;
    return probability <= probabilities[observed] * sameProbability;
  };
  const pValue = probabilities.reduce((sum, each, at) => sum + (counted(at, each) ? each : 0), 0);
  return { oddsRatio: (a * d) / (b * c), pValue: Math.min(1, pValue) };
}
