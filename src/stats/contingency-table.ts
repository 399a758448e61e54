import { requireCounts } from "./counts.ts";

/** Counts of two crossed classifications, row by row: `counts[row * columns + column]`. */
export interface ContingencyTable {
  rows: number;
  columns: number;
  /** Whole numbers ≥ 0. */
  counts: Float64Array;
}

/**
 * A table of one row a sample and one column a category, for testing whether samples come from one distribution of categories.
 * @example tableOf(Float64Array.of(3, 7), Float64Array.of(6, 4)) // rows 2, columns 2
 */
export function tableOf(...samples: readonly Float64Array[]): ContingencyTable {
  const columns = samples[0]?.length ?? 0;
  if (samples.some(({ length }) => length !== columns)) throw new RangeError("samples count different categories");
  const counts = new Float64Array(samples.length * columns);
  for (const [row, sample] of samples.entries()) counts.set(sample, row * columns);
  return { rows: samples.length, columns, counts };
}

/** A table's counts with their sums. */
export interface Margins {
  counts: Float64Array;
  rowTotals: Float64Array;
  columnTotals: Float64Array;
  total: number;
}

/** A table without the rows and columns that count nothing. */
export function withoutEmpty(table: ContingencyTable): ContingencyTable {
  const { rowTotals, columnTotals } = marginsOf(table);
  const keep = table.counts.filter((_, cell) => {
    return rowTotals[Math.floor(cell / table.columns)] > 0 && columnTotals[cell % table.columns] > 0;
  });
  const [rows, columns] = [rowTotals, columnTotals].map((totals) => totals.filter((total) => total > 0).length);
  return { rows, columns, counts: keep };
}

export function marginsOf({ rows, columns, counts }: ContingencyTable): Margins {
  const rowTotals = new Float64Array(rows);
  const columnTotals = new Float64Array(columns);
  let total = 0;
  for (let row = 0; row < rows; row += 1) {
    for (let column = 0; column < columns; column += 1) {
      const count = counts[row * columns + column];
      rowTotals[row] += count;
      columnTotals[column] += count;
      total += count;
    }
  }
  return { counts, rowTotals, columnTotals, total };
}

/** Throws a RangeError unless the table has as many counts as its size says, all of them counts. */
export function checked(table: ContingencyTable): ContingencyTable {
  if (table.counts.length !== table.rows * table.columns) {
    throw new RangeError(`${table.counts.length} counts are no table of ${table.rows} × ${table.columns}`);
  }
  requireCounts(table.counts);
  return table;
}
