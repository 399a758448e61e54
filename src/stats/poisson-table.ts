/** A distribution on first, first + 1, … from which one uniform number draws (Walker's alias method). */
export interface AliasTable {
  first: number;
  /** Column i gives first + i with this probability, else first + other[i]. */
  chance: Float64Array;
  other: Int32Array;
}

// Probabilities below this share of the largest one are left out: together less than 1e-15.
const leastShare = 2 ** -60;

/**
 * Poisson probabilities as an alias table, mean > 0; O(√mean) long. Made by recurrence from the mode outward, with sums and
 * products alone, so that every machine makes the same table.
 * Source: Walker (1977), ACM TOMS 3:253; Vose (1991), IEEE TSE 17:972.
 */
export function poissonTable(mean: number): AliasTable {
  const mode = Math.floor(mean);
  const below: number[] = [];
  for (let value = mode, share = mean > 0 ? value / mean : 0; share > leastShare; ) {
    below.push(share);
    value -= 1;
    share *= value / mean;
  }
  const above: number[] = [];
  for (let value = mode + 1, share = mean / value; share > leastShare; ) {
    above.push(share);
    value += 1;
    share *= mean / value;
  }
  return { first: mode - below.length, ...aliases(Float64Array.from([...below.reverse(), 1, ...above])) };
}

/** Columns of equal width, each shared by at most two values. */
function aliases(weights: Float64Array): Pick<AliasTable, "chance" | "other"> {
  const size = weights.length;
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const chance = weights.map((weight) => (weight * size) / total);
  const other = Int32Array.from(chance.keys());
  const small = [...chance.keys()].filter((index) => chance[index] < 1);
  const large = [...chance.keys()].filter((index) => chance[index] >= 1);
  let [from, to] = [small.pop(), large.at(-1)];
  while (from !== undefined && to !== undefined) {
    other[from] = to;
    chance[to] -= 1 - chance[from];
    if (chance[to] < 1) {
      large.pop();
      small.push(to);
    }
    [from, to] = [small.pop(), large.at(-1)];
  }
  // Rounding leaves columns that nobody fills up: they are their own.
  for (let column = 0; column < size; column += 1) if (other[column] === column) chance[column] = 1;
  return { chance, other };
}
