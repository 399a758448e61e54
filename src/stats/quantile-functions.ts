import betainc from "@stdlib/math-base-special-betainc";
import normalCdfOf from "@stdlib/stats-base-dists-normal-cdf";
import normalQuantileOf from "@stdlib/stats-base-dists-normal-quantile";
import studentQuantileOf from "@stdlib/stats-base-dists-t-quantile";

/** P(Z ≤ z) of the standard normal distribution. Oracle: scipy.stats.norm.cdf. */
export function normalCdf(z: number): number {
  return normalCdfOf(z, 0, 1);
}

/**
 * Quantile of the standard normal distribution, p in (0, 1). Oracle: scipy.stats.norm.ppf, 1e-12.
 * @example normalQuantile(0.975) // 1.959963984540054
 */
export function normalQuantile(p: number): number {
  const z = normalQuantileOf(p, 0, 1);
  // The library is off by 2e-9 at p = 1e-10; one Newton step on its cdf repairs that.
  const density = Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);
  return density > 0 ? z - (normalCdf(z) - p) / density : z;
}

/** Quantile of Student's t distribution with `degrees` > 0 degrees of freedom, p in (0, 1). Oracle: scipy.stats.t.ppf. */
export function studentQuantile(p: number, degrees: number): number {
  // Beyond 1e5 degrees the two agree to 1e-5 of a standard error, and the normal quantile is quicker.
  return degrees > 1e5 ? normalQuantile(p) : studentQuantileOf(p, degrees);
}

/**
 * P(T > t) of Student's t distribution with `degrees` > 0 degrees of freedom. Oracle: scipy.stats.t.sf.
 * @example studentSurvival(2, 10) // 0.03669401738537018
 */
export function studentSurvival(t: number, degrees: number): number {
  const tail = betainc(degrees / (degrees + t * t), degrees / 2, 0.5, true, false) / 2;
  return t >= 0 ? tail : 1 - tail;
}
