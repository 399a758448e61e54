/**
 * Jensen-Shannon divergence of two distributions over the same categories, from counts or shares (each is divided by its sum). In [0, 1]
 * for base 2, [0, ln 2] for the default base e. Throws RangeError as all divergences here do: other lengths, a value that is negative or
 * not finite, a sum of 0. Source: Lin (1991), IEEE Transactions on Information Theory 37:145.
 * @example jensenShannonDivergence(Float64Array.of(1, 0), Float64Array.of(0, 1), 2) // 1
 */
export function jensenShannonDivergence(p: Float64Array, q: Float64Array, base = Math.E): number {
  const [first, second] = distributions(p, q);
  const middle = first.map((share, at) => (share + second[at]) / 2);
  return Math.max(0, (relativeEntropy(first, middle) + relativeEntropy(second, middle)) / 2 / Math.log(base));
}

/** Square root of the divergence, a metric. Source: Endres & Schindelin (2003). Oracle: scipy.spatial.distance.jensenshannon. */
export function jensenShannonDistance(p: Float64Array, q: Float64Array, base = Math.E): number {
  return Math.sqrt(jensenShannonDivergence(p, q, base));
}

/**
 * Kullback-Leibler divergence Σ p·log(p / q), ≥ 0; infinite where q lacks what p has. Source: Kullback & Leibler (1951).
 * Oracle: scipy.stats.entropy(p, q, base).
 * @example kullbackLeiblerDivergence(Float64Array.of(1, 1), Float64Array.of(1, 3)) // 0.1438
 */
export function kullbackLeiblerDivergence(p: Float64Array, q: Float64Array, base = Math.E): number {
  const [first, second] = distributions(p, q);
  return Math.max(0, relativeEntropy(first, second) / Math.log(base));
}

/**
 * Hellinger distance √(Σ(√p − √q)² / 2), in [0, 1]. Source: Hellinger (1909). Oracle: its formula in numpy.
 * @example hellingerDistance(Float64Array.of(1, 0), Float64Array.of(0, 1)) // 1
 */
export function hellingerDistance(p: Float64Array, q: Float64Array): number {
  const [first, second] = distributions(p, q);
  const squares = first.reduce((sum, share, at) => sum + (Math.sqrt(share) - Math.sqrt(second[at])) ** 2, 0);
  return Math.min(1, Math.sqrt(squares / 2));
}

/**
 * Population stability index Σ (p − q)·ln(p / q) of the reference's shares p and the current ones q, ≥ 0 (Jeffreys' divergence).
 * A share below `floor` counts as `floor`, without scaling the rest anew; the index depends on it much, so compare only
 * indices of one floor. Default 0.0001, as in Evidently. Source: Lewis (1994), Introduction to Credit Scoring; Yurdakul (2018).
 * @example populationStabilityIndex(Float64Array.of(90, 10, 0), Float64Array.of(80, 10, 10)) // 0.7019
 */
export function populationStabilityIndex(reference: Float64Array, current: Float64Array, floor = 1e-4): number {
  const [p, q] = distributions(reference, current);
  return p.reduce((sum, share, at) => {
    const [first, second] = [Math.max(share, floor), Math.max(q[at], floor)];
    return sum + (first - second) * Math.log(first / second);
  }, 0);
}

function relativeEntropy(p: Float64Array, q: Float64Array): number {
  return p.reduce((sum, share, at) => (share > 0 ? sum + share * Math.log(share / q[at]) : sum), 0);
}

function distributions(p: Float64Array, q: Float64Array): [Float64Array, Float64Array] {
  if (p.length !== q.length) throw new RangeError(`${p.length} categories cannot be compared with ${q.length}`);
  return [shares(p), shares(q)];
}

function shares(weights: Float64Array): Float64Array {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const wrong = weights.find((weight) => !(weight >= 0 && Number.isFinite(weight)));
  if (wrong !== undefined) throw new RangeError(`${wrong} is neither a count nor a share`);
  if (!(total > 0)) throw new RangeError("no distribution: all counts are 0");
  return weights.map((weight) => weight / total);
}
