import type { Bounds } from "./bounds.ts";
import { sumBounds } from "./mover.ts";
import { normalQuantile } from "./quantile-functions.ts";
import { shareBounds } from "./share-bounds.ts";

/** Rows that can have one of a few known values: worths of the four cells of a confusion matrix. */
export interface ValuedCells {
  /** Worth of a row in each cell; at least one, finite. */
  values: readonly number[];
  /** Shares of the rows in each cell, summing to 1; a cell without rows is possible all the same. */
  shares: readonly number[];
  /** > 0, fractional for weighted rows (Kish's effective number). */
  rows: number;
}

/**
 * One-sided bounds, each missed with probability `alpha` at most, of the mean Σ p·value where all values that there can be are
 * known: the wider of two. The score test's: the mean is tested against every other by the score statistic, whose variance and
 * skewness are those of the likeliest shares with that mean, with the first Cornish-Fisher term, so that a cell that no row fell
 * into still counts. And the exact bounds of the cells' shares, added up (MOVER): a costly cell that a handful of rows fall into
 * has whole numbers of them, and the score test then errs in up to 11 % of samples where 5 % are promised. Never outside of the
 * values; two bounds equal only where all values are.
 * Source: Gart & Nam (1988), Biometrics 44:323 for proportions; Laud (2017), Pharmaceutical Statistics 16:334; Zou & Donner
 * (2008), Statistics in Medicine 27:1693. Oracle: the score test's equations solved by scipy (test/oracles/operating_point.py).
 */
export function cellMeanBounds(cells: ValuedCells, alpha: number): Bounds {
  const { values } = cells;
  if (values.every((value) => value === values[0])) return { lower: values[0], upper: values[0] };
  const [score, exact] = [cellScoreBounds(cells, alpha), addedBounds(cells, alpha)];
  return { lower: Math.min(score.lower, exact.lower), upper: Math.max(score.upper, exact.upper) };
}

/** The score test's bounds alone. */
export function cellScoreBounds(cells: ValuedCells, alpha: number): Bounds {
  const negated = { ...cells, values: cells.values.map((value) => -value) };
  return { lower: 0 - upperBound(negated, alpha), upper: upperBound(cells, alpha) };
}

/** The most frequent cell is what the others leave, and its value the origin. */
function addedBounds({ values, shares, rows }: ValuedCells, alpha: number): Bounds {
  const origin = values[shares.indexOf(Math.max(...shares))];
  const addends = values.map((value, cell) => {
    const estimate = { value: shares[cell], method: "", effectiveRows: rows };
    const bounds = (a: number): Bounds => shareBounds({ share: shares[cell], rows }, a);
    return { coefficient: value - origin, estimate: { ...estimate, bounds } };
  });
  const { lower, upper } = sumBounds(addends, () => 0, alpha);
  return { lower: Math.max(origin + lower, Math.min(...values)), upper: Math.min(origin + upper, Math.max(...values)) };
}

function upperBound(cells: ValuedCells, alpha: number): number {
  const z = normalQuantile(1 - alpha);
  const measured = meanOf(cells.values, cells.shares);
  const isInside = (tilted: readonly number[]): boolean => {
    const { mean, variance, skewness } = momentsOf(cells.values, tilted);
    if (variance <= 0) return mean <= measured;
    const score = (measured - mean) / Math.sqrt(variance / cells.rows);
    return score >= -z + (skewness * (z * z - 1)) / (6 * Math.sqrt(cells.rows));
  };
  let [inside, outside] = [0, 2];
  for (let step = 0; step < bisections; step += 1) {
    const middle = (inside + outside) / 2;
    if (isInside(likeliestShares(cells, middle))) inside = middle;
    else outside = middle;
  }
  return meanOf(cells.values, likeliestShares(cells, inside));
}

/** Halvings of the path from the measured shares to the largest value: to the last bits of a double. */
const bisections = 60;

/**
 * The likeliest shares for some mean above the measured one, by the way to it: 0 are the measured shares, at 1 the largest
 * value's cell is about to take over (it does so only here where it has no rows), 2 is that cell alone. By Lagrange they are
 * share / (1 − way · rank), where rank is 0 for the smallest value and 1 for the largest.
 */
function likeliestShares({ values, shares }: ValuedCells, way: number): number[] {
  const [smallest, largest] = [Math.min(...values), Math.max(...values)];
  const last = values.indexOf(largest);
  const tilt = Math.min(way, 1);
  const tilted = values.map((value, cell) => {
    if (shares[cell] === 0) return 0;
    return shares[cell] / (1 - tilt * ((value - smallest) / (largest - smallest)));
  });
  const total = tilted.reduce((sum, share) => sum + share, 0);
  if (!Number.isFinite(total)) return values.map((_, cell) => Number(cell === last));
  const taken = Math.max(0, way - 1);
  return tilted.map((share, cell) => (1 - taken) * (share / total) + (cell === last ? taken : 0));
}

function meanOf(values: readonly number[], shares: readonly number[]): number {
  return values.reduce((sum, value, cell) => sum + shares[cell] * value, 0);
}

function momentsOf(
  values: readonly number[],
  shares: readonly number[],
): { mean: number; variance: number; skewness: number } {
  const mean = meanOf(values, shares);
  let [second, third] = [0, 0];
  values.forEach((value, cell) => {
    second += shares[cell] * (value - mean) ** 2;
    third += shares[cell] * (value - mean) ** 3;
  });
  return { mean, variance: second, skewness: second > 0 ? third / second ** 1.5 : 0 };
}
