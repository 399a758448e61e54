import { countBelow, requireValues, type SortedSample, sampleQuantile } from "./sorted-sample.ts";
import type { TextColumn } from "./table.ts";

/**
 * Bins of a number column, fixed by a reference sample: its quantiles are the edges. Every value has a bin, whatever comes later.
 * Counts are in this order: underflow, the bins, overflow, missing.
 */
export interface NumberBins {
  kind: "number";
  /** Ascending and distinct, from the reference's smallest value to its largest. A bin holds its lower edge, the last one both. */
  edges: Float64Array;
}

/** Bins of a text column: the reference's levels. Counts are in this order: the levels, unseen, missing. */
export interface CategoryBins {
  kind: "text";
  levels: readonly string[];
}

/**
 * Bins of about equally many reference values: edges at its quantiles. Equal quantiles (a value that many rows share) make one edge, so
 * there may be fewer bins; a constant column has one. Throws RangeError for a reference without finite values.
 * @example quantileBins(sortSample(Float64Array.of(1, 2, 3, 4, 5)), 2).edges // Float64Array [1, 3, 5]
 */
export function quantileBins(reference: SortedSample, bins = 10): NumberBins {
  requireValues(reference);
  const quantiles = Array.from({ length: bins + 1 }, (_, at) => sampleQuantile(reference, at / bins));
  if (!quantiles.every(Number.isFinite)) throw new RangeError("bins need finite reference values");
  return { kind: "number", edges: Float64Array.from(new Set(quantiles)) };
}

/** Counts of a sample in the bins of a reference. O(bins · log rows). */
export function countInBins({ edges }: NumberBins, sample: SortedSample): Float64Array {
  const last = edges.length - 1;
  const below = [...edges].map((edge, at) => countBelow(sample, edge, at === last && at > 0));
  // A constant reference: one bin that holds just its value.
  if (last === 0) below.push(countBelow(sample, edges[0], true));
  const rows = sample.values.length;
  const bounds = [0, ...below, rows];
  return Float64Array.from([...bounds.slice(1).map((bound, at) => bound - bounds[at]), sample.missing]);
}

/** The levels that occur in a reference column, sorted. */
export function categoryBins({ codes, levels }: TextColumn): CategoryBins {
  const occurs = new Uint8Array(levels.length);
  for (const code of codes) if (code >= 0) occurs[code] = 1;
  return { kind: "text", levels: levels.filter((_, code) => occurs[code] === 1) };
}

/**
 * Counts of a column in the bins of a reference, whatever codes its levels have here. O(rows + levels).
 * @example countInCategories({ kind: "text", levels: ["a"] }, column) // of a, b, missing: Float64Array [1, 1, 1]
 */
export function countInCategories(bins: CategoryBins, { codes, levels }: TextColumn): Float64Array {
  const places = new Map(bins.levels.map((level, at) => [level, at]));
  const unseen = bins.levels.length;
  const placeOf = levels.map((level) => places.get(level) ?? unseen);
  const counts = new Float64Array(unseen + 2);
  for (const code of codes) counts[code < 0 ? unseen + 1 : placeOf[code]] += 1;
  return counts;
}
