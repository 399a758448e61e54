import type { Estimate } from "../stats/bounds.ts";
import type { Design } from "../stats/design-effect.ts";
import { scoreRows } from "../stats/design-effect.ts";
import { medianBounds, medianOf, type SortedValues } from "../stats/median-bounds.ts";
import { normalQuantile } from "../stats/quantile-functions.ts";
import { rankOrder } from "../stats/rank-order.ts";

// Median and largest of the absolute errors: statistics of their order.

/** errors: at least one, finite, with some weight. effectiveRows: Kish's number of the weights. */
interface Errors {
  errors: Float64Array;
  weights: Float64Array | null;
  effectiveRows: number;
}

/** The median with bounds by order statistics. */
export function medianEstimate(given: Errors, design: Design): Estimate {
  const sorted = sortErrors(given);
  return {
    value: medianOf(sorted),
    method: "order_statistics",
    effectiveRows: given.effectiveRows / design.effect,
    bounds: (alpha) => {
      const { lower, upper } = medianBounds(sorted, scoreRows(given.effectiveRows, design, alpha), alpha);
      return { lower: Math.max(0, lower), upper };
    },
  };
}

const woodruffAlpha = 0.025;

/**
 * What each row adds to the deviation of the median: on which side of it the row lies, scaled so that the squares add up to the
 * variance that the width of the interval implies (Woodruff, 1952, JASA 47:635; Francisco & Fuller, 1991). Null where too few
 * rows bound the median.
 */
export function medianContributions(given: Errors): Float64Array | null {
  const sorted = sortErrors(given);
  const median = medianOf(sorted);
  const { lower, upper } = medianBounds(sorted, given.effectiveRows, woodruffAlpha);
  const standardError = (upper - lower) / (2 * normalQuantile(1 - woodruffAlpha));
  if (!Number.isFinite(standardError)) return null;
  const sides = given.errors.map((error, row) => {
    const weight = given.weights === null ? 1 : given.weights[row];
    return (weight * Math.sign(error - median)) / 2;
  });
  const length = Math.sqrt(sides.reduce((sum, side) => sum + side * side, 0));
  return sides.map((side) => (length > 0 ? (side * standardError) / length : 0));
}

function sortErrors({ errors, weights }: Errors): SortedValues {
  const order = rankOrder(errors);
  const values = new Float64Array(order.length);
  const cumulative = new Float64Array(order.length);
  let sum = 0;
  for (let at = 0; at < order.length; at += 1) {
    values[at] = errors[order[at]];
    sum += weights === null ? 1 : weights[order[at]];
    cumulative[at] = sum;
  }
  return { values, cumulative };
}

/** The largest error seen: that of all rows to come is at least as large, and nothing bounds it from above. */
export function largestEstimate({ errors }: Pick<Errors, "errors">): Estimate {
  const value = errors.reduce((most, error) => Math.max(most, error), 0);
  return {
    value,
    method: "none",
    effectiveRows: errors.length,
    unbounded: "no sample bounds the largest error that other rows can have",
    bounds: () => ({ lower: value, upper: Number.POSITIVE_INFINITY }),
  };
}
