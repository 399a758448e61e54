import { forEachDistinct, requireValues, type SortedSample } from "./sorted-sample.ts";

/**
 * Wasserstein-1 (earth mover's) distance: the area between the two empirical distribution functions, in the values' unit. At
 * least one value each, finite; with an infinite value the distance is infinite or NaN. Throws RangeError for an empty sample.
 * Source: Vallender (1974), Theory of Probability 18:784. Oracle: scipy.stats.wasserstein_distance.
 * @example wassersteinDistance(sortSample(Float64Array.of(0, 1)), sortSample(Float64Array.of(5, 6))) // 5
 */
export function wassersteinDistance(x: SortedSample, y: SortedSample): number {
  return integrateDifference(x, y, Math.abs);
}

/**
 * Energy distance √(2E|X − Y| − E|X − X′| − E|Y − Y′|) of two samples, √ of the values' unit. Assumptions and errors as
 * for wassersteinDistance. Source: Székely & Rizzo (2013), JSPI 143:1249. Oracle: scipy.stats.energy_distance.
 * @example energyDistance(sortSample(Float64Array.of(0)), sortSample(Float64Array.of(2))) // 2
 */
export function energyDistance(x: SortedSample, y: SortedSample): number {
  return Math.sqrt(2 * integrateDifference(x, y, (difference) => difference * difference));
}

/** ∫ of `measure` of F(v) − G(v) over all v. */
function integrateDifference(x: SortedSample, y: SortedSample, measure: (difference: number) => number): number {
  requireValues(x, y);
  const [n, m] = [x.values.length, y.values.length];
  let [sum, difference, previous] = [0, 0, Number.NaN];
  forEachDistinct(x, y, (value, upToX, upToY) => {
    if (difference !== 0) sum += measure(difference) * (value - previous);
    difference = upToX / n - upToY / m;
    previous = value;
  });
  return sum;
}
