import { chiSquareSurvival } from "./chi-square-distribution.ts";
import { type ContingencyTable, checked, type Margins, marginsOf, withoutEmpty } from "./contingency-table.ts";
import { type Permutations, permutationPValue } from "./permutation.ts";

export interface ChiSquare {
  statistic: number;
  degreesOfFreedom: number;
  pValue: number;
  method: "asymptotic" | "permutation";
}

export interface ContingencyOptions extends Permutations {
  /** Default auto: by permutation where any expected count is below 5 (Cochran, 1954). */
  method?: "auto" | "asymptotic" | "permutation";
}

const leastExpected = 5;

/**
 * Pearson's chi-square test that the rows of a table have one distribution over its columns (equally: that the two
 * classifications are independent), without Yates' correction. Rows and columns without counts are left out; with fewer than two of
 * either p is 1. The permutation test draws tables with the same margins, p = (b + 1) / (m + 1) with b of m tables at least as far off.
 * Throws RangeError for a table of another size than its counts, and for counts that are negative or not whole.
 * Source: Pearson (1900); Patefield (1981), Applied Statistics 30:91 (random tables); Phipson & Smyth (2010), SAGMB 9:39 (p).
 * Oracle: scipy.stats.chi2_contingency(correction=False), scipy.stats.permutation_test.
 * @example chiSquareTest(tableOf(Float64Array.of(30, 20), Float64Array.of(20, 30))).pValue // 0.0455
 */
export function chiSquareTest(table: ContingencyTable, options: ContingencyOptions = {}): ChiSquare {
  const margins = marginsOf(withoutEmpty(checked(table)));
  const { counts, rowTotals, columnTotals } = margins;
  const degreesOfFreedom = Math.max(0, rowTotals.length - 1) * Math.max(0, columnTotals.length - 1);
  const expected = expectedCounts(margins);
  const statistic = degreesOfFreedom === 0 ? 0 : pearson(counts, expected);
  const { method = "auto" } = options;
  const sparse = expected.some((count) => count < leastExpected);
  if (degreesOfFreedom === 0 || method === "asymptotic" || (method === "auto" && !sparse)) {
    return {
      statistic,
      degreesOfFreedom,
      pValue: degreesOfFreedom === 0 ? 1 : chiSquareSurvival(statistic, degreesOfFreedom),
      method: "asymptotic",
    };
  }
  const of = (counts: Float64Array): number => pearson(counts, expected);
  return {
    statistic,
    degreesOfFreedom,
    pValue: permutationPValue(margins, { statistic, of }, options),
    method: "permutation",
  };
}

/**
 * Pearson's goodness of fit of counts to expected counts of the same sum, as if these were known without error. Where they are a
 * sample too, this is not a test (docs/calibration.md): use `chiSquareTest`. Oracle: scipy.stats.chisquare.
 * @example chiSquareGoodnessOfFit(Float64Array.of(60, 40), Float64Array.of(50, 50)).pValue // 0.0455
 */
export function chiSquareGoodnessOfFit(observed: Float64Array, expected: Float64Array): ChiSquare {
  if (observed.length !== expected.length) throw new RangeError("observed and expected count different categories");
  const statistic = pearson(observed, expected);
  const degreesOfFreedom = observed.length - 1;
  return { statistic, degreesOfFreedom, pValue: chiSquareSurvival(statistic, degreesOfFreedom), method: "asymptotic" };
}

function expectedCounts({ rowTotals, columnTotals, total }: Margins): Float64Array {
  const expected = new Float64Array(rowTotals.length * columnTotals.length);
  for (let cell = 0; cell < expected.length; cell += 1) {
    const row = Math.floor(cell / columnTotals.length);
    expected[cell] = (rowTotals[row] * columnTotals[cell % columnTotals.length]) / total;
  }
  return expected;
}

/** Σ (observed − expected)² / expected. */
function pearson(observed: Float64Array, expected: Float64Array): number {
  let sum = 0;
  for (let cell = 0; cell < observed.length; cell += 1) {
    const difference = observed[cell] - expected[cell];
    sum += (difference * difference) / expected[cell];
  }
  return sum;
}
