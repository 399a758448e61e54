// Random choices from a stream of uniform numbers in [0, 1), such as seeded() gives: the same seed, the same choices everywhere.

type Uniform = () => number;

/** A standard normal number (Box & Muller, 1958). */
export function drawNormal(uniform: Uniform): number {
  return Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
}

/** `count` of `rows` rows without replacement, ascending; all of them where there are no more. O(rows). */
export function drawRows(rows: number, count: number, uniform: Uniform): Uint32Array {
  if (count >= rows) return inOrder(rows);
  return shuffledFirst(rows, count, uniform).slice(0, count).sort();
}

/** A random order of `rows` rows (Fisher & Yates, 1938). */
export function permutation(rows: number, uniform: Uniform): Uint32Array {
  return shuffledFirst(rows, rows, uniform);
}

/** 0, 1, … rows − 1. */
export function inOrder(rows: number): Uint32Array {
  return Uint32Array.from({ length: rows }, (_, row) => row);
}

function shuffledFirst(rows: number, count: number, uniform: Uniform): Uint32Array {
  const order = inOrder(rows);
  for (let at = 0; at < count; at += 1) {
    const other = at + Math.floor(uniform() * (rows - at));
    [order[at], order[other]] = [order[other], order[at]];
  }
  return order;
}
