import type { Column, NumberColumn, Table, TextColumn } from "../stats/table.ts";

// What `linear` learns of the columns before it learns weights: the same for the design matrix and the exported graph.

/** Larger numbers count as missing: their squares leave the range of a double. */
export const largestNumber = 1e100;

/** Rounding to float32 is accepted while it moves a value by less than this share of a standard deviation. */
const acceptedRounding = 1e-4;

/** z = (value − mean) / scale; a missing value becomes the mean, so 0. */
export interface NumberEncoding {
  kind: "number";
  name: string;
  /** Of the training rows that have a value. */
  mean: number;
  /** Standard deviation (ddof 0) over all training rows, missing ones at the mean; 0 makes the column count nothing. */
  scale: number;
  /** Type of the graph's input: float64 where float32 would lose what tells the rows apart, as in epoch seconds. */
  type: "float32" | "float64";
  missing: number;
  /** Infinite values and those beyond `largestNumber`, counted as missing too. */
  outOfRange: number;
}

/** One weight a level; then one for missing and one for unknown, where the training rows have such. */
export interface TextEncoding {
  kind: "text";
  name: string;
  /** Levels with a weight of their own, sorted by code unit, with the training rows that have them. */
  levels: readonly string[];
  counts: readonly number[];
  /** Rows without a value (null or the empty text). */
  missing: number;
  /** `own`: a level of its own; `unknown`: shares the bucket of rare and unseen levels. */
  missingAs: "own" | "unknown";
  /** Levels seen too rarely, pooled with those never seen. */
  pooledLevels: number;
  /** Training rows in the bucket of unknown levels; 0: it has no weight, an unseen level counts nothing. */
  pooledRows: number;
}

export type FeatureEncoding = NumberEncoding | TextEncoding;

export interface EncodingOptions {
  /** Levels of a text seen in fewer training rows share the bucket of unknown levels. */
  minFrequency: number;
}

/** Learns the encoding of each column from the training rows. */
export function learnEncoding(features: Table, options: EncodingOptions): FeatureEncoding[] {
  return features.columns.map((column: Column) =>
    column.kind === "number" ? learnNumber(column) : learnText(column, options),
  );
}

/** How many weights a feature has (for each output). */
export function widthOf(encoding: FeatureEncoding): number {
  if (encoding.kind === "number") return 1;
  return encoding.levels.length + (hasMissingWeight(encoding) ? 1 : 0) + (encoding.pooledRows > 0 ? 1 : 0);
}

/** Place of the weight of missing texts within the feature, or null when they count as unknown. */
export function missingPlace(encoding: TextEncoding): number | null {
  return hasMissingWeight(encoding) ? encoding.levels.length : null;
}

/** Place of the weight of unknown texts within the feature, or null when they have none. */
export function unknownPlace(encoding: TextEncoding): number | null {
  return encoding.pooledRows > 0 ? widthOf(encoding) - 1 : null;
}

function hasMissingWeight(encoding: TextEncoding): boolean {
  return encoding.missingAs === "own";
}

// These loops go by index: an iterator over a typed array costs ten times as much before it is optimised.

function learnNumber({ name, values }: NumberColumn): NumberEncoding {
  const rows = values.length;
  let sum = 0;
  let used = 0;
  let outOfRange = 0;
  for (let row = 0; row < rows; row += 1) {
    const value = values[row];
    if (Math.abs(value) <= largestNumber) {
      sum += value;
      used += 1;
    } else if (!Number.isNaN(value)) outOfRange += 1;
  }
  const mean = used === 0 ? 0 : sum / used;
  const { squares, rounding } = spread(values, mean);
  const variance = rows === 0 ? 0 : squares / rows;
  const scale = isConstant({ variance, mean, rows }) ? 0 : Math.sqrt(variance);
  const type = rounding > acceptedRounding * scale && scale > 0 ? "float64" : "float32";
  return { kind: "number", name, mean, scale, type, missing: rows - used, outOfRange };
}

/** Sum of squared distances from the mean, and how far float32 moves a value at most. */
function spread(values: Float64Array, mean: number): { squares: number; rounding: number } {
  let squares = 0;
  let rounding = 0;
  for (let row = 0; row < values.length; row += 1) {
    const value = values[row];
    if (!(Math.abs(value) <= largestNumber)) continue;
    squares += (value - mean) * (value - mean);
    const moved = Math.abs(value - Math.fround(value));
    if (moved > rounding) rounding = moved;
  }
  return { squares, rounding };
}

/** Differences that rounding in the mean alone can make are none (scikit-learn's StandardScaler has the same bound). */
function isConstant({ variance, mean, rows }: { variance: number; mean: number; rows: number }): boolean {
  const epsilon = Number.EPSILON;
  return variance <= rows * epsilon * variance + (rows * mean * epsilon) ** 2;
}

function learnText({ name, codes, levels }: TextColumn, { minFrequency }: EncodingOptions): TextEncoding {
  const rowsOf = countCodes(codes, levels.length);
  // An empty text is missing too: a graph's string tensor has no other way to say it.
  const empty = levels.indexOf("");
  const missing = rowsOf[0] + (empty < 0 ? 0 : rowsOf[empty + 1]);
  const found = levels
    .map((level, code) => ({ level, rows: rowsOf[code + 1] }))
    .filter(({ level, rows }) => level !== "" && rows > 0);
  const own = found.filter(({ rows }) => rows >= minFrequency);
  const pooled = found.filter(({ rows }) => rows < minFrequency);
  const missingIsOwn = found.length > 0 && missing > 0 && missing >= minFrequency;
  const pooledMissing = found.length > 0 && !missingIsOwn ? missing : 0;
  return {
    kind: "text",
    name,
    levels: own.map(({ level }) => level),
    counts: own.map(({ rows }) => rows),
    missing,
    missingAs: missingIsOwn ? "own" : "unknown",
    pooledLevels: pooled.length,
    pooledRows: pooled.reduce((rows, level) => rows + level.rows, pooledMissing),
  };
}

/** Rows of each code; entry 0 is that of missing ones. */
function countCodes(codes: Int32Array, levels: number): Float64Array {
  const rowsOf = new Float64Array(levels + 1);
  for (let row = 0; row < codes.length; row += 1) rowsOf[codes[row] + 1] += 1;
  return rowsOf;
}
