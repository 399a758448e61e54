import type { CompactTexts } from "../data/compact-texts.ts";
import type { CompactNumbers } from "../data/read-compact.ts";

// Feature columns in memory that threads share, in the types that models take.

export const numberTypes = ["float32", "float64", "int64", "int32", "bool"] as const;
export type NumberType = (typeof numberTypes)[number];

export interface PackedNumbers {
  kind: "number";
  type: NumberType;
  values: Float32Array | Float64Array | BigInt64Array | Int32Array | Uint8Array;
}

export type PackedTexts = Pick<CompactTexts, "kind" | "codes" | "levels">;

/** Codes of a text whose dictionary is inside the graph; int32 for the model. */
export interface PackedCodes {
  kind: "codes";
  codes: CompactTexts["codes"];
}

export type PackedColumn = PackedNumbers | PackedTexts | PackedCodes;

/** Why a column cannot be given in a type: `rows` is how many of its values have no form in it. */
export interface PackProblem {
  problem: "missing" | "fraction";
  rows: number;
}

/** A column of doubles in a type that is none of the float types; those have no form for missing. */
export function packIntegers(
  values: CompactNumbers["values"],
  type: "int64" | "int32" | "bool",
): PackedNumbers | PackProblem {
  const problem = problemOf(values);
  if (problem !== null) return problem;
  switch (type) {
    case "int32":
      return { kind: "number", type, values: filled(new Int32Array(shared(values.length * 4)), values) };
    case "bool":
      return { kind: "number", type, values: booleans(values) };
    case "int64":
      return { kind: "number", type, values: integers(values) };
  }
}

/** Numbers of `columns` as one matrix, row by row, for a model with a single tensor [rows, features]. */
export function packMatrix(columns: readonly CompactNumbers["values"][], type: "float32" | "float64"): PackedNumbers {
  const rows = columns[0]?.length ?? 0;
  const size = rows * columns.length;
  const values = type === "float32" ? new Float32Array(shared(size * 4)) : new Float64Array(shared(size * 8));
  for (const [place, column] of columns.entries()) {
    for (let row = 0; row < rows; row += 1) values[row * columns.length + place] = column[row] ?? Number.NaN;
  }
  return { kind: "number", type, values };
}

/** SharedArrayBuffer, so that worker threads read and write it without a copy. */
export function shared(bytes: number): SharedArrayBuffer {
  return new SharedArrayBuffer(bytes);
}

function filled<Values extends { set(from: ArrayLike<number>): void }>(into: Values, from: ArrayLike<number>): Values {
  into.set(from);
  return into;
}

function problemOf(values: CompactNumbers["values"]): PackProblem | null {
  let missing = 0;
  let fractions = 0;
  for (const value of values) {
    if (Number.isNaN(value)) missing += 1;
    else if (!Number.isInteger(value)) fractions += 1;
  }
  if (missing > 0) return { problem: "missing", rows: missing };
  return fractions > 0 ? { problem: "fraction", rows: fractions } : null;
}

function booleans(values: ArrayLike<number>): Uint8Array {
  const packed = new Uint8Array(shared(values.length));
  for (let row = 0; row < values.length; row += 1) packed[row] = values[row] === 0 ? 0 : 1;
  return packed;
}

function integers(values: ArrayLike<number>): BigInt64Array {
  const packed = new BigInt64Array(shared(values.length * 8));
  for (let row = 0; row < values.length; row += 1) packed[row] = BigInt(values[row] ?? 0);
  return packed;
}
