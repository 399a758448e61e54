import logGamma from "@stdlib/math-base-special-gammaln";

/** `draws` items drawn without replacement from `population` items of which `marked` count: whole numbers ≥ 0. */
export interface Urn {
  population: number;
  marked: number;
  draws: number;
}

/** Probabilities of `least`, `least` + 1, … marked items among those drawn; they sum to 1. */
export interface HypergeometricTable {
  least: number;
  probabilities: Float64Array;
}

/**
 * All probabilities of a hypergeometric distribution. From the mode outwards by ratios of neighbours, then scaled to the sum 1:
 * no logarithm of a factorial, whose error grows with the population. O(values). Oracle: scipy.stats.hypergeom, 1e-12.
 */
export function hypergeometricTable(urn: Urn): HypergeometricTable {
  const { least, most, mode } = support(urn);
  const probabilities = new Float64Array(most - least + 1);
  probabilities[mode - least] = 1;
  for (let k = mode; k < most; k += 1) {
    probabilities[k + 1 - least] = probabilities[k - least] * ratioAbove(urn, k);
  }
  for (let k = mode; k > least; k -= 1) {
    probabilities[k - 1 - least] = probabilities[k - least] / ratioAbove(urn, k - 1);
  }
  const total = probabilities.reduce((sum, weight) => sum + weight, 0);
  return { least, probabilities: probabilities.map((weight) => weight / total) };
}

/**
 * log P(at least `k` marked items among those drawn): a logarithm, so that what is all but impossible can still be compared. Terms
 * from `k` upwards until they add nothing: O(standard deviation) for k above the mean. 0 where k is at or below the least
 * possible number, −Infinity above the most. Oracle: scipy.stats.hypergeom.logsf(k − 1), 1e-9.
 */
export function logHypergeometricSurvival(urn: Urn, k: number): number {
  const { least, most } = support(urn);
  if (k <= least) return 0;
  if (k > most) return Number.NEGATIVE_INFINITY;
  let [term, sum] = [1, 1];
  for (let next = k; next < most && term > 1e-17 * sum; next += 1) {
    term *= ratioAbove(urn, next);
    sum += term;
  }
  return Math.min(0, logProbability(urn, k) + Math.log(sum));
}

/** One draw from a hypergeometric distribution, by inversion that starts at the mode: O(standard deviation). */
export function drawHypergeometric(urn: Urn, uniform: () => number): number {
  // The one marked item is drawn or not: the permutation of a value that occurs once.
  if (urn.marked === 1) return Number(uniform() * urn.population < urn.draws);
  const { least, most, mode } = support(urn);
  if (least === most) return least;
  const atMode = Math.exp(logProbability(urn, mode));
  let [below, above, pBelow, pAbove] = [mode, mode, atMode, atMode];
  let rest = uniform() - atMode;
  while (rest >= 0 && (below > least || above < most)) {
    if (above < most) {
      pAbove *= ratioAbove(urn, above);
      above += 1;
      rest -= pAbove;
      if (rest < 0) return above;
    }
    if (below > least) {
      below -= 1;
      pBelow /= ratioAbove(urn, below);
      rest -= pBelow;
      if (rest < 0) return below;
    }
  }
  return mode;
}

function support({ population, marked, draws }: Urn): { least: number; most: number; mode: number } {
  const mode = Math.floor(((draws + 1) * (marked + 1)) / (population + 2));
  return { least: Math.max(0, draws + marked - population), most: Math.min(draws, marked), mode };
}

/** P(k + 1) / P(k). */
function ratioAbove({ population, marked, draws }: Urn, k: number): number {
  return ((marked - k) * (draws - k)) / ((k + 1) * (population - marked - draws + k + 1));
}

function logProbability({ population, marked, draws }: Urn, k: number): number {
  return logChoose(marked, k) + logChoose(population - marked, draws - k) - logChoose(population, draws);
}

function logChoose(n: number, k: number): number {
  return logFactorial(n) - logFactorial(k) - logFactorial(n - k);
}

const tabled = Float64Array.from({ length: 1024 }, (_, n) => logGamma(n + 1));

function logFactorial(n: number): number {
  return n < tabled.length ? tabled[n] : logGamma(n + 1);
}
