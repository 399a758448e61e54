import type { NumberColumn, Table, TextColumn } from "../stats/table.ts";
import {
  type FeatureEncoding,
  largestNumber,
  missingPlace,
  type NumberEncoding,
  type TextEncoding,
  unknownPlace,
  widthOf,
} from "./encoding.ts";

/**
 * The design matrix with its one-hot part by index: feature j of a row is `z[row·numbers + j]` for the numbers, and 1
 * at each of the row's `hot` places. Numbers come first, then the texts' levels, each in the order of the encodings.
 */
export interface Design {
  rows: number;
  /** Columns of the matrix. */
  width: number;
  numbers: number;
  texts: number;
  z: Float64Array;
  /** Places in the matrix, ascending within a row; −1 where a text counts nothing. */
  hot: Int32Array;
}

/** Where each feature's first column lies in the matrix, in the order of the encodings. */
export function firstColumns(encodings: readonly FeatureEncoding[]): number[] {
  const first: number[] = [];
  let number = 0;
  let text = encodings.filter(({ kind }) => kind === "number").length;
  for (const encoding of encodings) {
    if (encoding.kind === "number") first.push(number++);
    else {
      first.push(text);
      text += widthOf(encoding);
    }
  }
  return first;
}

/** The rows of a table under a learned encoding. The table has the encoded columns, with their kinds, in any order. */
export function makeDesign(table: Table, encodings: readonly FeatureEncoding[]): Design {
  const first = firstColumns(encodings);
  const numbers = encodings.filter(({ kind }) => kind === "number").length;
  const texts = encodings.length - numbers;
  const width = encodings.reduce((sum, encoding) => sum + widthOf(encoding), 0);
  const z = new Float64Array(table.rows * numbers);
  const hot = new Int32Array(table.rows * texts);
  let text = 0;
  for (const [index, encoding] of encodings.entries()) {
    const place = first[index] ?? 0;
    if (encoding.kind === "number") fillNumbers(numberColumn(table, encoding), encoding, { z, place, step: numbers });
    else fillHot(textColumn(table, encoding), encoding, { hot, base: place, place: text++, step: texts });
  }
  return { rows: table.rows, width, numbers, texts, z, hot };
}

function numberColumn(table: Table, { name }: NumberEncoding): NumberColumn {
  const column = table.columns.find((one) => one.name === name);
  if (column?.kind !== "number") throw new Error(`the table has no number column ${name}`);
  return column;
}

function textColumn(table: Table, { name }: TextEncoding): TextColumn {
  const column = table.columns.find((one) => one.name === name);
  if (column?.kind !== "text") throw new Error(`the table has no text column ${name}`);
  return column;
}

function fillNumbers(
  { values }: NumberColumn,
  { mean, scale, type }: NumberEncoding,
  { z, place, step }: { z: Float64Array; place: number; step: number },
): void {
  if (scale === 0) return;
  const inverse = 1 / scale;
  const rounds = type === "float32";
  for (let row = 0; row < values.length; row += 1) {
    // The weights are learned from the values that the graph will be given.
    const value = rounds ? Math.fround(values[row]) : values[row];
    z[row * step + place] = Math.abs(value) <= largestNumber ? (value - mean) * inverse : 0;
  }
}

function fillHot(
  { codes, levels }: TextColumn,
  encoding: TextEncoding,
  { hot, base, place, step }: { hot: Int32Array; base: number; place: number; step: number },
): void {
  const placeOf = placesOfCodes(levels, encoding, base);
  for (let row = 0; row < codes.length; row += 1) hot[row * step + place] = placeOf[codes[row] + 1];
}

/** The matrix column of each code of this table; entry 0 is that of a missing text. */
function placesOfCodes(levels: readonly string[], encoding: TextEncoding, base: number): Int32Array {
  const own = new Map(encoding.levels.map((level, index) => [level, index]));
  const unknown = unknownPlace(encoding);
  const missing = missingPlace(encoding) ?? unknown;
  const absolute = (place: number | null): number => (place === null ? -1 : base + place);
  const places = new Int32Array(levels.length + 1);
  places[0] = absolute(missing);
  levels.forEach((level, code) => {
    places[code + 1] = absolute(level === "" ? missing : (own.get(level) ?? unknown));
  });
  return places;
}
