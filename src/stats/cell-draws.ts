import { poissonTable } from "./poisson-table.ts";
import { type Drawing, seeded } from "./resample.ts";

// In how many standard deviations of its Poisson total a resample is drawn short, to be filled up row by row.
const shortBy = 4.5;

/**
 * The bootstrap of rows of which only the cell matters: draws as many rows as there are, with replacement, and hands `visit` how
 * many of them fell into each cell. Exactly the multinomial distribution of drawing row by row, in O(cells + √rows) a resample
 * instead of O(rows): each cell's count is first drawn from a Poisson distribution of a slightly smaller mean. Given their sum
 * such counts are multinomial, and so they stay when the missing rows are drawn one by one. A sum above `rows` (3 in a million) is
 * drawn anew.
 *
 * cells: rows in each cell, integers ≥ 0, at least one above 0. `counts` is the same array every time: read it, do not keep it.
 */
export function forEachCellDraw(
  cells: Float64Array,
  { resamples, seed }: Drawing,
  visit: (counts: Float64Array, resample: number) => void,
): void {
  const uniform = seeded(seed);
  const rows = cells.reduce((sum, count) => sum + count, 0);
  const cellOfRow = new Uint32Array(rows);
  for (let cell = 0, row = 0; cell < cells.length; cell += 1) {
    cellOfRow.fill(cell, row, row + cells[cell]);
    row += cells[cell];
  }
  const counts = new Float64Array(cells.length);
  const drawShort = shortDraw(cells, rows, uniform);
  for (let resample = 0; resample < resamples; resample += 1) {
    let drawn = drawShort(counts);
    while (drawn > rows) drawn = drawShort(counts);
    for (; drawn < rows; drawn += 1) counts[cellOfRow[Math.floor(uniform() * rows)]] += 1;
    visit(counts, resample);
  }
}

/** Fills an array with one Poisson count a cell and gives their sum. */
function shortDraw(cells: Float64Array, rows: number, uniform: () => number): (counts: Float64Array) => number {
  const kept = 1 - shortBy / Math.sqrt(rows);
  // Of a handful of rows each is drawn by itself.
  if (kept <= 0) return drawNone;
  const { tableOf, start, size, first, chance, other } = flatTables(cells, kept);
  return (counts) => {
    let drawn = 0;
    for (let cell = 0; cell < counts.length; cell += 1) {
      const table = tableOf[cell];
      const place = uniform() * size[table];
      const column = Math.floor(place);
      const at = start[table] + column;
      counts[cell] = first[table] + (place - column < chance[at] ? column : other[at]);
      drawn += counts[cell];
    }
    return drawn;
  };
}

function drawNone(counts: Float64Array): number {
  counts.fill(0);
  return 0;
}

/** One table for each number of rows that a cell has, one behind the other. */
function flatTables(cells: Float64Array, kept: number) {
  const sizes = [...new Set(cells)];
  const tables = sizes.map((rows) => poissonTable(rows * kept));
  const placeOf = new Map(sizes.map((rows, place) => [rows, place]));
  const start = Uint32Array.from(tables, () => 0);
  for (let table = 1; table < tables.length; table += 1) {
    start[table] = start[table - 1] + tables[table - 1].chance.length;
  }
  return {
    tableOf: Uint32Array.from(cells, (rows) => placeOf.get(rows) ?? 0),
    start,
    size: Float64Array.from(tables, ({ chance }) => chance.length),
    first: Float64Array.from(tables, ({ first }) => first),
    chance: Float64Array.from(tables.flatMap(({ chance }) => [...chance])),
    other: Int32Array.from(tables.flatMap(({ other }) => [...other])),
  };
}
