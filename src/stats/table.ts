// Columns as typed arrays: what the engines hand to the pure rooms and to the learners.

/** Numbers; NaN is missing. */
export interface NumberColumn {
  kind: "number";
  name: string;
  values: Float64Array;
}

/** Texts by dictionary: `levels[codes[row]]`, code -1 is missing; levels are distinct and sorted by code unit. */
export interface TextColumn {
  kind: "text";
  name: string;
  codes: Int32Array;
  levels: readonly string[];
}

export type Column = NumberColumn | TextColumn;

/** Every column has `rows` entries. */
export interface Table {
  rows: number;
  columns: readonly Column[];
}
