const digitBits = 11;
const buckets = 1 << digitBits;
const digitsOfWord = [0, 11, 22] as const;

/**
 * Row numbers in ascending order of their values, equal values in their given order, NaN last; -0 equals 0.
 * Radix sort by the least significant digit, O(rows): several times as fast as a comparison sort of 1,000,000 rows, twice so
 * for values that float32 holds, as a model's scores usually are.
 * @example rankOrder(Float64Array.of(0.3, 0.1)) // Uint32Array [1, 0]
 */
export function rankOrder(values: Float64Array): Uint32Array {
  const order = new Uint32Array(values.length);
  for (let row = 0; row < order.length; row += 1) order[row] = row;
  if (fitsFloat32(values)) return sortByWord(float32Keys(values), order);
  const { low, high } = float64Keys(values);
  return sortByWord(high, sortByWord(low, order));
}

function fitsFloat32(values: Float64Array): boolean {
  for (const value of values) if (Math.fround(value) !== value && !Number.isNaN(value)) return false;
  return true;
}

/** Floats as unsigned integers of the same order: negative ones reversed, the others above them. */
function float32Keys(values: Float64Array): Uint32Array {
  const floats = Float32Array.from(values);
  const keys = new Uint32Array(floats.buffer);
  for (let row = 0; row < keys.length; row += 1) {
    if (Number.isNaN(values[row])) keys[row] = 0xffffffff;
    else if (values[row] === 0) keys[row] = 0x80000000;
    else keys[row] = keys[row] >>> 31 === 1 ? ~keys[row] : keys[row] | 0x80000000;
  }
  return keys;
}

function float64Keys(values: Float64Array): { low: Uint32Array; high: Uint32Array } {
  const low = new Uint32Array(values.length);
  const high = new Uint32Array(values.length);
  const one = new Float64Array(1);
  const [words, lowAt, highAt] = [new Uint32Array(one.buffer), littleEndian ? 0 : 1, littleEndian ? 1 : 0];
  for (let row = 0; row < values.length; row += 1) {
    one[0] = values[row] === 0 ? 0 : values[row];
    const negative = words[highAt] >>> 31 === 1;
    low[row] = negative ? ~words[lowAt] : words[lowAt];
    high[row] = negative ? ~words[highAt] : words[highAt] | 0x80000000;
    if (Number.isNaN(one[0])) [low[row], high[row]] = [0xffffffff, 0xffffffff];
  }
  return { low, high };
}

const littleEndian = new Uint8Array(Uint32Array.of(1).buffer)[0] === 1;

/** `order` sorted by keys[row], stably; keys travel with the rows so that every pass reads memory in sequence. */
function sortByWord(keys: Uint32Array, order: Uint32Array): Uint32Array {
  let now: KeyedRows = { keys: gatherKeys(keys, order), rows: order };
  let spare: KeyedRows = { keys: new Uint32Array(order.length), rows: new Uint32Array(order.length) };
  for (const shift of digitsOfWord) {
    if (sortByDigit(now, spare, shift)) [now, spare] = [spare, now];
  }
  return now.rows;
}

function gatherKeys(keys: Uint32Array, order: Uint32Array): Uint32Array {
  const gathered = new Uint32Array(order.length);
  for (let index = 0; index < order.length; index += 1) gathered[index] = keys[order[index]];
  return gathered;
}

interface KeyedRows {
  keys: Uint32Array;
  rows: Uint32Array;
}

/** One stable counting pass; false when all rows share the digit and nothing moved. */
function sortByDigit(from: KeyedRows, to: KeyedRows, shift: number): boolean {
  const { keys, rows } = from;
  const { keys: keysTo, rows: rowsTo } = to;
  const mask = buckets - 1;
  const starts = new Uint32Array(buckets);
  for (let index = 0; index < keys.length; index += 1) starts[(keys[index] >>> shift) & mask] += 1;
  if (keys.length === 0 || starts[(keys[0] >>> shift) & mask] === keys.length) return false;
  accumulate(starts);
  for (let index = 0; index < keys.length; index += 1) {
    const key = keys[index];
    const digit = (key >>> shift) & mask;
    const at = starts[digit];
    starts[digit] = at + 1;
    keysTo[at] = key;
    rowsTo[at] = rows[index];
  }
  return true;
}

/** Counts to starting places. */
function accumulate(counts: Uint32Array): void {
  let start = 0;
  for (let bucket = 0; bucket < counts.length; bucket += 1) {
    const count = counts[bucket];
    counts[bucket] = start;
    start += count;
  }
}
