import type { Margins } from "./contingency-table.ts";
import { drawHypergeometric } from "./hypergeometric.ts";
import { seeded } from "./resample.ts";

export interface Permutations {
  /** Random tables of a permutation test; p is a multiple of 1 / (permutations + 1). Default 9999. */
  permutations?: number;
  /** Any 32-bit integer; the same seed gives the same p-value everywhere. Default 1. */
  seed?: number;
}

/**
 * (b + 1) / (m + 1), where b of m tables with these margins, as random permutations of the rows' labels make them, have a statistic at
 * least as large as the observed one. Holds its level with any counts and ties. `of` gets the counts row by row, in one array that
 * is filled anew each time. O(m · cells · the cells' standard deviation).
 * Source: Patefield (1981), Applied Statistics 30:91 (random tables); Phipson & Smyth (2010), SAGMB 9:39 (the p-value).
 */
export function permutationPValue(
  margins: Pick<Margins, "rowTotals" | "columnTotals" | "total">,
  { statistic, of }: { statistic: number; of(counts: Float64Array): number },
  { permutations = 9999, seed = 1 }: Permutations,
): number {
  const uniform = seeded(seed);
  // Equal statistics may differ in their last digits by the order of their sums.
  const atLeast = statistic * (1 - 1e-12);
  let further = 0;
  const table = new Float64Array(margins.rowTotals.length * margins.columnTotals.length);
  for (let drawn = 0; drawn < permutations; drawn += 1) {
    drawTable(table, margins, uniform);
    further += Number(of(table) >= atLeast);
  }
  return (further + 1) / (permutations + 1);
}

/** A random table, row by row and cell by cell: each count is hypergeometric given those before. */
function drawTable(
  table: Float64Array,
  { rowTotals, columnTotals, total }: Pick<Margins, "rowTotals" | "columnTotals" | "total">,
  uniform: () => number,
): void {
  const columns = columnTotals.length;
  const left = columnTotals.slice();
  let leftInAll = total;
  for (let row = 0; row < rowTotals.length; row += 1) {
    let [population, draws] = [leftInAll, rowTotals[row]];
    for (let column = 0; column < columns; column += 1) {
      const marked = left[column];
      const count = drawHypergeometric({ population, marked, draws }, uniform);
      table[row * columns + column] = count;
      left[column] = marked - count;
      population -= marked;
      draws -= count;
    }
    leftInAll -= rowTotals[row];
  }
}
