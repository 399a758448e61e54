/** Bin edges, ascending and distinct: bin i holds edges[i] ≤ x < edges[i + 1], the last one its upper edge too (numpy.histogram). */
export type Edges = readonly number[];

const bins = 32;

/**
 * Edges of at most 32 bins of equal width over [min, max] (finite, min ≤ max). Bins of integers hold equally many
 * integers each, since 32 bins over 40 integers would show a comb that is not in the data.
 * @example histogramEdges(0, 2, true) // [-0.5, 0.5, 1.5, 2.5]
 */
export function histogramEdges(min: number, max: number, integers: boolean): Edges {
  if (integers && Number.isSafeInteger(min) && Number.isSafeInteger(max)) {
    const width = Math.ceil((max - min + 1) / bins);
    const count = Math.ceil((max - min + 1) / width);
    return Array.from({ length: count + 1 }, (_, edge) => min - 0.5 + edge * width);
  }
  if (min === max) return aroundConstant(min);
  // Not min + i × (max − min) / 32: the difference of two large numbers of opposite sign overflows.
  const edges = Array.from({ length: bins + 1 }, (_, edge) => min * (1 - edge / bins) + max * (edge / bins));
  return [...new Set(edges)];
}

/** Counts of the bins as a list, last bin first; NULL is in none. Negated, as DuckDB's bins hold their upper edge, not their lower. */
export function histogramExpression(x: string, edges: Edges): string {
  const boundaries = edges.slice(0, -1).map((edge) => -edge);
  return `map_values(histogram(-(${x})::double, ${JSON.stringify(boundaries.reverse())}::double[]))`;
}

/** One bin that is wide enough to be drawn and to differ from its middle in double precision. */
function aroundConstant(value: number): Edges {
  const half = Math.max(0.5, Math.abs(value) * 2 ** -50);
  return [Math.max(value - half, -Number.MAX_VALUE), Math.min(value + half, Number.MAX_VALUE)];
}
