// p-values adjusted for how many were looked at, in their given order: compare each with the level as if it were the only one.
// All throw RangeError for a value outside [0, 1]; NaN too. Oracle: statsmodels.stats.multitest.multipletests.

/**
 * Holm's step-down: the probability that any true hypothesis is rejected stays below the level, whatever the dependence.
 * Source: Holm (1979), Scandinavian Journal of Statistics 6:65.
 * @example holm(Float64Array.of(0.01, 0.04, 0.03)) // Float64Array [0.03, 0.06, 0.06]
 */
export function holm(pValues: Float64Array): Float64Array {
  const adjusted = new Float64Array(pValues.length);
  let largest = 0;
  ascending(pValues).forEach((at, rank) => {
    largest = Math.max(largest, Math.min(1, (pValues.length - rank) * pValues[at]));
    adjusted[at] = largest;
  });
  return adjusted;
}

/**
 * Benjamini & Hochberg's step-up: the expected share of false ones among the rejected stays below the level, for independent or
 * positively dependent tests. Source: Benjamini & Hochberg (1995), JRSS B 57:289.
 * @example benjaminiHochberg(Float64Array.of(0.01, 0.04, 0.03)) // Float64Array [0.03, 0.04, 0.04]
 */
export function benjaminiHochberg(pValues: Float64Array): Float64Array {
  return stepUp(pValues, 1);
}

/**
 * The same under any dependence, at the price of a factor Σ 1/i. Source: Benjamini & Yekutieli (2001), Annals of Statistics 29:1165.
 * @example benjaminiYekutieli(Float64Array.of(0.01, 0.5)) // Float64Array [0.03, 0.75]
 */
export function benjaminiYekutieli(pValues: Float64Array): Float64Array {
  let harmonic = 0;
  for (let rank = 1; rank <= pValues.length; rank += 1) harmonic += 1 / rank;
  return stepUp(pValues, harmonic);
}

function stepUp(pValues: Float64Array, factor: number): Float64Array {
  const adjusted = new Float64Array(pValues.length);
  const order = ascending(pValues);
  let smallest = 1;
  for (let rank = order.length; rank > 0; rank -= 1) {
    const at = order[rank - 1];
    smallest = Math.min(smallest, (factor * pValues.length * pValues[at]) / rank);
    adjusted[at] = smallest;
  }
  return adjusted;
}

function ascending(pValues: Float64Array): Uint32Array {
  const wrong = pValues.find((p) => !(p >= 0 && p <= 1));
  if (wrong !== undefined) throw new RangeError(`${wrong} is no p-value`);
  return Uint32Array.from(pValues.keys()).sort((first, second) => pValues[first] - pValues[second]);
}
