import { type Estimate, unboundedText } from "../stats/bounds.ts";
import { sumBounds } from "../stats/mover.ts";
import { normalQuantile } from "../stats/quantile-functions.ts";
import type { Measured } from "./measured.ts";
import type { MetricName } from "./metric-names.ts";
import type { Sample } from "./sample.ts";

/** An estimate that can be added to others: with what each row adds to it, where that is known. */
export interface Quantity {
  estimate: Estimate;
  /** null: its relation to other quantities is not known, and the least favourable one is assumed. */
  contributions: (() => Float64Array | null) | null;
  /** It moves by about swing / effectiveRows when one prediction changes (shares of rows: 1); 0 for what is no mean of answers. */
  swing: number;
  /** Smallest and largest value that it can have. */
  range: readonly [number, number];
}

/** A metric of a sample as a quantity. */
export function quantityOf(sample: Sample, metric: MetricName, estimate: Estimate): Quantity {
  const description = sample.describe(metric);
  const share = description?.needsScores === false && description.range[1] === 1 && description.range[0] === 0;
  const swing = estimate.swing ?? Number(share);
  const range = description?.range ?? everything;
  return { estimate, contributions: () => sample.contributions(metric), swing, range };
}

export interface Part {
  coefficient: number;
  quantity: Quantity;
}

/**
 * Weighted sum of quantities over the same rows: paired, by the correlation of their contributions. A difference of two
 * shares (or mean worths) gets the room of one discordant row each way, without which two models that agree on the few rows at hand would
 * count as equal for certain (Bonett & Price, 2012).
 */
export function combine(parts: readonly Part[]): Estimate {
  if (parts.length === 1 && parts[0].coefficient === 1) return parts[0].quantity.estimate;
  const addends = parts.map(({ coefficient, quantity }) => ({ coefficient, estimate: quantity.estimate }));
  const correlation = correlations(parts.map(({ quantity }) => quantity));
  const room = discordantRoom(parts);
  const unbounded = unboundedText(addends.map(({ estimate }) => estimate));
  const [least, most] = unbounded.unbounded === undefined ? rangeOf(parts) : everything;
  return {
    value: addends.reduce((sum, { coefficient, estimate }) => sum + coefficient * estimate.value, 0),
    method: parts.length === 1 ? parts[0].quantity.estimate.method : "paired_mover",
    effectiveRows: Math.min(...addends.map(({ estimate }) => estimate.effectiveRows)),
    ...unbounded,
    bounds: (alpha) => {
      const { lower, upper } = sumBounds(addends, correlation, alpha);
      const value = addends.reduce((sum, { coefficient, estimate }) => sum + coefficient * estimate.value, 0);
      const extra = room * normalQuantile(1 - alpha);
      return {
        lower: Math.max(least, value - Math.hypot(value - lower, extra)),
        upper: Math.min(most, value + Math.hypot(upper - value, extra)),
      };
    },
  };
}

const everything = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY] as const;

/** What a weighted sum can be: 0 where nothing is added. */
export function rangeOf(parts: readonly Part[]): [lowest: number, highest: number] {
  const ends = parts.map(({ coefficient, quantity }) => quantity.range.map((end) => coefficient * end));
  return [
    ends.reduce((sum, each) => sum + Math.min(...each), 0),
    ends.reduce((sum, each) => sum + Math.max(...each), 0),
  ];
}

/** Standard error that one discordant row each way would leave. */
function discordantRoom(parts: readonly Part[]): number {
  if (parts.length !== 2 || parts.some(({ quantity }) => quantity.contributions === null)) return 0;
  if (parts[0].coefficient * parts[1].coefficient > 0) return 0;
  const rows = Math.min(...parts.map(({ quantity }) => quantity.estimate.effectiveRows));
  const swing = Math.min(...parts.map(({ quantity }) => quantity.swing));
  return Number.isFinite(rows) ? (swing * Math.SQRT2) / (rows + 2) : 0;
}

function correlations(quantities: readonly Quantity[]): (i: number, j: number) => number | null {
  const known = new Map<string, number | null>();
  return (i, j) => {
    const key = i < j ? `${i} ${j}` : `${j} ${i}`;
    const before = known.get(key);
    if (before !== undefined) return before;
    const value = correlationOf(quantities[i], quantities[j]);
    known.set(key, value);
    return value;
  };
}

function correlationOf(first: Quantity, second: Quantity): number | null {
  const [a, b] = [first.contributions?.() ?? null, second.contributions?.() ?? null];
  if (a === null || b === null) return null;
  const rows = Math.min(first.estimate.effectiveRows, second.estimate.effectiveRows);
  // A correlation from a handful of rows is worth nothing; from a few more it is taken with caution.
  if (rows <= 4) return null;
  const { products, firstSquares, secondSquares } = productsOf(a, b);
  if (firstSquares === 0 || secondSquares === 0) return 0;
  const correlation = products / Math.sqrt(firstSquares * secondSquares);
  return Number.isFinite(rows) ? Math.min(correlation, correlation * (1 - 4 / rows)) : correlation;
}

interface Products {
  products: number;
  firstSquares: number;
  secondSquares: number;
}

// A comparison needs the sums for its interval and for its p-value; contributions are computed once per sample.
const knownProducts = new WeakMap<Float64Array, WeakMap<Float64Array, Products>>();

function productsOf(a: Float64Array, b: Float64Array): Products {
  const ofFirst = knownProducts.get(a) ?? new WeakMap<Float64Array, Products>();
  knownProducts.set(a, ofFirst);
  const sums = ofFirst.get(b) ?? sumsOfProducts(a, b);
  ofFirst.set(b, sums);
  return sums;
}

function sumsOfProducts(a: Float64Array, b: Float64Array): Products {
  let [products, firstSquares, secondSquares] = [0, 0, 0];
  for (let row = 0; row < a.length; row += 1) {
    products += a[row] * b[row];
    firstSquares += a[row] * a[row];
    secondSquares += b[row] * b[row];
  }
  return { products, firstSquares, secondSquares };
}

/** Covariance of two estimators from what each row contributes to them. */
export function covariance(first: Float64Array, second: Float64Array): number {
  return productsOf(first, second).products;
}

/** Standard error of first − second over the same rows. */
export function pairedError(first: Float64Array, second: Float64Array): number {
  const { products, firstSquares, secondSquares } = productsOf(first, second);
  return Math.sqrt(Math.max(0, firstSquares + secondSquares - 2 * products));
}

/** The estimate, or null where the metric is not defined. */
export function estimateOrNull(measured: Measured | undefined): Estimate | null {
  return measured === undefined || measured.value === null ? null : measured;
}
