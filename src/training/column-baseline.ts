import type { Column, NumberColumn, TextColumn } from "../stats/table.ts";

// A baseline that looks at one column: yesterday's value, the rule in use today, another model's score.

/** Probabilities of the classes for each row: rows × classes. */
export interface ClassAnswer {
  probabilities: Float64Array;
}

interface Rows<Labels> {
  labels: Labels;
  weights: Float64Array | null;
  column: Column | null;
}

export interface ColumnNumbers {
  history: Rows<Float64Array>;
  test: Rows<Float64Array>;
  /** Said where the value is missing or unknown. */
  mean: number;
}

/** The number itself, or the mean label of the rows of history with the same text. */
export function columnNumbers({ history, test, mean }: ColumnNumbers): Float64Array {
  const column = given(test);
  if (column.kind === "number") return column.values.map((value) => (Number.isFinite(value) ? value : mean));
  const means = meansByText(history, mean);
  return Float64Array.from(column.codes, (code) => means.get(column.levels[code] ?? null) ?? mean);
}

function meansByText({ labels, weights, column }: Rows<Float64Array>, mean: number): Map<string | null, number> {
  if (column?.kind !== "text") return new Map();
  const sums = new Float64Array(column.levels.length);
  const totals = new Float64Array(column.levels.length);
  labels.forEach((label, row) => {
    const code = column.codes[row] ?? -1;
    if (code < 0 || !Number.isFinite(label)) return;
    const weight = weights?.[row] ?? 1;
    sums[code] = (sums[code] ?? 0) + weight * label;
    totals[code] = (totals[code] ?? 0) + weight;
  });
  return new Map(
    column.levels.map((level, code) => {
      const total = totals[code] ?? 0;
      return [level, total > 0 ? (sums[code] ?? 0) / total : mean];
    }),
  );
}

export interface ColumnClasses {
  /** Places of classes; −1 where none of them is. */
  history: Rows<Int32Array>;
  test: Rows<Int32Array>;
  prior: Float64Array;
  /** Place of the positive class of a binary task; −1 where there is none. */
  positive: number;
}

/** The column as probability where it is one, else the classes' shares among history's rows with the same value. */
export function columnClasses({ history, test, prior, positive }: ColumnClasses): ClassAnswer {
  const past = given(history);
  const now = given(test);
  if (past.kind === "number" && now.kind === "number" && prior.length === 2 && isProbability(past)) {
    return { probabilities: asProbability(now, { prior, positive }) };
  }
  const keys = keysOf(past, now);
  const shares = sharesByKey(history, { keys: keys.past, count: keys.count, prior });
  const probabilities = new Float64Array(
    now.kind === "number" ? now.values.length * prior.length : now.codes.length * prior.length,
  );
  keys.now.forEach((key, row) => {
    probabilities.set(
      key < 0 ? prior : shares.subarray(key * prior.length, (key + 1) * prior.length),
      row * prior.length,
    );
  });
  return { probabilities };
}

/** Truths (0 and 1) are values like any other: their shares are learned. */
function isProbability({ values }: NumberColumn): boolean {
  const known = values.filter((value) => !Number.isNaN(value));
  return known.every((value) => value >= 0 && value <= 1) && known.some((value) => value > 0 && value < 1);
}

function asProbability(
  { values }: NumberColumn,
  { prior, positive }: { prior: Float64Array; positive: number },
): Float64Array {
  const probabilities = new Float64Array(values.length * 2);
  values.forEach((value, row) => {
    const known = value >= 0 && value <= 1 ? value : (prior[positive] ?? 0.5);
    probabilities[row * 2 + positive] = known;
    probabilities[row * 2 + 1 - positive] = 1 - known;
  });
  return probabilities;
}

interface Keys {
  /** −1: no value, or one that history does not have. */
  past: Int32Array;
  now: Int32Array;
  count: number;
}

function keysOf(past: Column, now: Column): Keys {
  if (past.kind === "text" && now.kind === "text") return textKeys(past, now);
  if (past.kind === "number" && now.kind === "number") return numberKeys(past, now);
  throw new Error("the column has two kinds");
}

function textKeys(past: TextColumn, now: TextColumn): Keys {
  const places = new Map(past.levels.map((level, place) => [level, place]));
  const moved = now.levels.map((level) => places.get(level) ?? -1);
  return { past: past.codes, now: now.codes.map((code) => moved[code] ?? -1), count: past.levels.length };
}

const tenths = 10;

/** Bins between the deciles of history. */
function numberKeys(past: NumberColumn, now: NumberColumn): Keys {
  const sorted = past.values.filter((value) => !Number.isNaN(value)).sort();
  const edges = Array.from(
    { length: tenths - 1 },
    (_, i) => sorted[Math.floor(((i + 1) * sorted.length) / tenths)] ?? 0,
  );
  const keyOf = (value: number): number => {
    if (Number.isNaN(value)) return -1;
    const bin = edges.findIndex((edge) => value < edge);
    return bin < 0 ? tenths - 1 : bin;
  };
  return { past: Int32Array.from(past.values, keyOf), now: Int32Array.from(now.values, keyOf), count: tenths };
}

function sharesByKey(
  { labels, weights }: Rows<Int32Array>,
  { keys, count, prior }: { keys: Int32Array; count: number; prior: Float64Array },
): Float64Array {
  const classes = prior.length;
  // One row's weight of prior, so that a value seen once gives no certainty.
  const shares = Float64Array.from({ length: count * classes }, (_, place) => prior[place % classes] ?? 0);
  const totals = new Float64Array(count).fill(1);
  labels.forEach((label, row) => {
    const key = keys[row] ?? -1;
    if (key < 0 || label < 0) return;
    const weight = weights?.[row] ?? 1;
    shares[key * classes + label] = (shares[key * classes + label] ?? 0) + weight;
    totals[key] = (totals[key] ?? 0) + weight;
  });
  return shares.map((sum, place) => sum / (totals[Math.floor(place / classes)] ?? 1));
}

function given({ column }: { column: Column | null }): Column {
  if (column === null) throw new Error("the baseline's column was not read");
  return column;
}
