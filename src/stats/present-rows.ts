import type { Column } from "./table.ts";

/** Rows in which a column has a value. @example presentRows({ kind: "number", name: "x", values: Float64Array.of(1, NaN) }) // [0] */
export function presentRows(column: Column): number[] {
  const rows: number[] = [];
  if (column.kind === "number") {
    for (const [row, value] of column.values.entries()) if (!Number.isNaN(value)) rows.push(row);
  } else {
    for (const [row, code] of column.codes.entries()) if (code >= 0) rows.push(row);
  }
  return rows;
}
