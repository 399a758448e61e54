import type { Column } from "./table.ts";

/** How many rows have a value. @example countPresent({ kind: "number", name: "x", values: Float64Array.of(1, NaN) }) // 1 */
export function countPresent(column: Column): number {
  let present = 0;
  if (column.kind === "number") for (const value of column.values) present += Number(!Number.isNaN(value));
  else for (const code of column.codes) present += Number(code >= 0);
  return present;
}
