/** A numeric column, sorted once: every two-sample statistic and the quantile bins read it from here. */
export interface SortedSample {
  /** Ascending; ±Infinity are values like others, NaN is not among them. */
  values: Float64Array;
  /** How many values were NaN. */
  missing: number;
}

/**
 * Sorts a column, NaN counted as missing. The column itself is left as it is. O(n log n).
 * @example sortSample(Float64Array.of(3, Number.NaN, 1)) // { values: Float64Array [1, 3], missing: 1 }
 */
export function sortSample(column: Float64Array): SortedSample {
  const sorted = column.slice().sort();
  // The sort of typed arrays puts NaN last.
  let present = sorted.length;
  while (present > 0 && Number.isNaN(sorted[present - 1])) present -= 1;
  return { values: sorted.subarray(0, present), missing: sorted.length - present };
}

/** How many values of a sorted sample are below `value`, or with `orEqual` at most `value`. O(log n). */
export function countBelow({ values }: SortedSample, value: number, orEqual = false): number {
  let [low, high] = [0, values.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (values[middle] < value || (orEqual && values[middle] === value)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * Quantile by linear interpolation between order statistics (type 7 of Hyndman & Fan, 1996; numpy's default).
 * share in [0, 1]. Throws RangeError for an empty sample.
 * @example sampleQuantile(sortSample(Float64Array.of(1, 2, 4)), 0.75) // 3
 */
export function sampleQuantile(sample: SortedSample, share: number): number {
  requireValues(sample);
  const { values } = sample;
  const place = share * (values.length - 1);
  const under = Math.floor(place);
  const step = under + 1 < values.length ? values[under + 1] - values[under] : 0;
  return place > under ? values[under] + (place - under) * step : values[under];
}

/**
 * Walks through the distinct values of two samples in ascending order, and hands each with the number of values at or below
 * it in either sample to `visit`: both empirical distribution functions in one pass. O(n + m).
 */
export function forEachDistinct(
  { values: x }: SortedSample,
  { values: y }: SortedSample,
  visit: (value: number, upToX: number, upToY: number) => void,
): void {
  let [atX, atY] = [0, 0];
  while (atX < x.length || atY < y.length) {
    const value = atY >= y.length || (atX < x.length && x[atX] <= y[atY]) ? x[atX] : y[atY];
    while (atX < x.length && x[atX] === value) atX += 1;
    while (atY < y.length && y[atY] === value) atY += 1;
    visit(value, atX, atY);
  }
}

/** Throws a RangeError where a sample has no value: no statistic of two samples is defined there. */
export function requireValues(...samples: readonly SortedSample[]): void {
  for (const { values, missing } of samples) {
    if (values.length === 0) {
      throw new RangeError(
        missing === 0 ? "a sample has no values" : `a sample has no values: all ${missing} are missing`,
      );
    }
  }
}

/** The distinct values of two samples, ascending: how often each occurs in the first one, and in both together. */
export function countDistinct(x: SortedSample, y: SortedSample): { first: Float64Array; both: Float64Array } {
  const [first, both]: [number[], number[]] = [[], []];
  let [belowX, below] = [0, 0];
  forEachDistinct(x, y, (_, upToX, upToY) => {
    first.push(upToX - belowX);
    both.push(upToX + upToY - below);
    [belowX, below] = [upToX, upToX + upToY];
  });
  return { first: Float64Array.from(first), both: Float64Array.from(both) };
}
