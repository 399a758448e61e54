import type { NumberColumn, Table, TextColumn } from "../../../src/stats/table.ts";

/** A column of numbers; NaN is missing. */
export function numbers(name: string, values: readonly number[]): NumberColumn {
  return { kind: "number", name, values: Float64Array.from(values) };
}

/** A column of texts; null is missing. */
export function texts(name: string, values: readonly (string | null)[]): TextColumn {
  const levels = [...new Set(values.filter((value) => value !== null))].sort();
  return {
    kind: "text",
    name,
    codes: Int32Array.from(values, (value) => (value === null ? -1 : levels.indexOf(value))),
    levels,
  };
}

/** A table of columns of the same length. */
export function tableOf(...columns: readonly (NumberColumn | TextColumn)[]): Table {
  const [first] = columns;
  const rows = first === undefined ? 0 : first.kind === "number" ? first.values.length : first.codes.length;
  return { rows, columns };
}
