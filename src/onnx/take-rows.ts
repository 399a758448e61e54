import { type BoundInput, widthOf } from "./batches.ts";
import type { PackedCodes, PackedColumn, PackedNumbers } from "./packed-columns.ts";

/** Copies of some rows of bound inputs, in the order of `rows`; a row may be named more than once. */
export function takeRows(inputs: readonly BoundInput[], rows: Uint32Array): BoundInput[] {
  return inputs.map((input) => ({ ...input, column: takeFrom(input.column, rows, widthOf(input)) }));
}

function takeFrom(column: PackedColumn, rows: Uint32Array, width: number): PackedColumn {
  if (column.kind !== "number") return { ...column, codes: takeCodes(column.codes, rows) };
  return { ...column, values: takeNumbers(column.values, cellsOf(rows, width)) };
}

/** Places of the rows' values in a matrix of `width` values a row. */
function cellsOf(rows: Uint32Array, width: number): Uint32Array {
  if (width === 1) return rows;
  const cells = new Uint32Array(rows.length * width);
  for (let place = 0; place < cells.length; place += 1) {
    cells[place] = rows[Math.floor(place / width)] * width + (place % width);
  }
  return cells;
}

function takeCodes(codes: PackedCodes["codes"], rows: Uint32Array): PackedCodes["codes"] {
  const codeAt = (row: number): number => codes[row];
  if (codes instanceof Uint8Array) return Uint8Array.from(rows, codeAt);
  return codes instanceof Uint16Array ? Uint16Array.from(rows, codeAt) : Uint32Array.from(rows, codeAt);
}

function takeNumbers(values: PackedNumbers["values"], cells: Uint32Array): PackedNumbers["values"] {
  if (values instanceof BigInt64Array) {
    const taken = new BigInt64Array(cells.length);
    for (let place = 0; place < cells.length; place += 1) taken[place] = values[cells[place]];
    return taken;
  }
  const valueAt = (cell: number): number => values[cell];
  if (values instanceof Float32Array) return Float32Array.from(cells, valueAt);
  if (values instanceof Float64Array) return Float64Array.from(cells, valueAt);
  return values instanceof Int32Array ? Int32Array.from(cells, valueAt) : Uint8Array.from(cells, valueAt);
}
