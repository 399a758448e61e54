import logGamma from "@stdlib/math-base-special-gammaln";

/**
 * P(X ≥ x) of the chi-square distribution, degrees > 0, x ≥ 0: exact in the far tail. Own code, for @stdlib's gammainc 0.3.1 is off
 * by up to 1 % from some 1,000 degrees on (its P(X ≥ 10000) at 10,000 degrees is 0.5038, not 0.4981), and simple-statistics has a
 * table only. Source: Abramowitz & Stegun (1964), 6.5.29 and 6.5.31. Oracle: scipy.stats.chi2.sf.
 * @example chiSquareSurvival(3.841458820694124, 1) // 0.05
 */
export function chiSquareSurvival(x: number, degrees: number): number {
  if (!(x > 0)) return Number.isNaN(x) ? Number.NaN : 1;
  if (x === Number.POSITIVE_INFINITY) return 0;
  const [a, half] = [degrees / 2, x / 2];
  const density = Math.exp(a * Math.log(half) - half - logGamma(a));
  return half < a + 1 ? 1 - density * lowerSeries(a, half) : density / upperFraction(a, half);
}

/** γ(a, x) / (xᵃ·e⁻ˣ), by its series. */
function lowerSeries(a: number, x: number): number {
  let [sum, term] = [1 / a, 1 / a];
  for (let k = a + 1; term > sum * 1e-17; k += 1) {
    term *= x / k;
    sum += term;
  }
  return sum;
}

/** xᵃ·e⁻ˣ / Γ(a, x), by its continued fraction (Lentz's method). */
function upperFraction(a: number, x: number): number {
  let b = x + 1 - a;
  let [c, d, fraction, step] = [b, 0, b, 1];
  let k = 0;
  do {
    k += 1;
    const numerator = -k * (k - a);
    b += 2;
    d = 1 / (b + numerator * d);
    c = b + numerator / c;
    step = c * d;
    fraction *= step;
  } while (Math.abs(step - 1) > 4e-16);
  return fraction;
}
