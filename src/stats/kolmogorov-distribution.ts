import logGamma from "@stdlib/math-base-special-gammaln";

// The distribution of Kolmogorov's D for one sample of n rows, by the methods that Simard & L'Ecuyer (2011, JSS 39(11)) found
// exact to ten digits in each range. No library on npm has it.

/**
 * P(D_n ≥ d) of the one-sample two-sided Kolmogorov statistic. n ≥ 1 a whole number, d in [0, 1].
 * Oracle: scipy.stats.kstwo.sf, 1e-9; 1e-6 above 140 rows where Pelz & Good's series is summed.
 * @example kolmogorovSurvival(10, 0.3) // 0.2687
 */
export function kolmogorovSurvival(n: number, d: number): number {
  if (d >= 1) return 0;
  if (2 * n * d <= 1) return 1;
  const squared = n * d * d;
  // Above these, P(D ≥ d) is twice the one-sided probability to all digits (Miller, 1956).
  if (d >= 0.5 || squared >= (n > 140 ? 2.2 : 4)) return Math.min(1, 2 * smirnovSurvival(n, d));
  return Math.max(0, 1 - (n > 140 ? pelzGood(n, d) : durbinMatrix(n, d)));
}

/** Beyond it the sum takes long, and its leading terms are exact to 1e-7. */
const mostSummed = 1_000_000;

/**
 * P(D⁺_n ≥ d), one-sided: d·Σ C(n, j)·(d + j/n)^(j − 1)·(1 − d − j/n)^(n − j) (Birnbaum & Tingey, 1951), the binomial coefficient by
 * Stirling's formula, so that no large logarithms are subtracted.
 */
function smirnovSurvival(n: number, d: number): number {
  if (n > mostSummed) return Math.exp(-((6 * n * d + 1) ** 2) / (18 * n));
  const nd = n * d;
  let sum = (1 - d) ** n / d;
  for (let j = 1; j < n - nd; j += 1) {
    const rest = n - j;
    const log = j * Math.log1p(nd / j) + rest * Math.log1p(-nd / rest);
    const stirling = stirlingError(n) - stirlingError(j) - stirlingError(rest);
    sum += Math.exp(log + stirling) * Math.sqrt(n / (2 * Math.PI * j * rest)) * (n / (nd + j));
  }
  return d * sum;
}

const halfLogOf2Pi = Math.log(2 * Math.PI) / 2;

/** log k! less Stirling's formula, k ≥ 1. */
function stirlingError(k: number): number {
  if (k < 16) return logGamma(k + 1) - (k + 0.5) * Math.log(k) + k - halfLogOf2Pi;
  const square = k * k;
  return (1 / 12 - (1 / 360 - (1 / 1260 - (1 / 1680 - 1 / 1188 / square) / square) / square) / square) / k;
}

/** P(D_n < d) exactly, by the power of a small matrix. Source: Durbin (1968); Marsaglia, Tsang & Wang (2003), JSS 8(18). */
function durbinMatrix(n: number, d: number): number {
  const k = Math.ceil(n * d);
  const size = 2 * k - 1;
  let power: Scaled = { matrix: durbinStart(size, k - n * d), exponent: 0 };
  let product: Scaled | null = null;
  for (let left = n; left > 0; left = Math.floor(left / 2)) {
    if (left % 2 === 1) product = product === null ? power : multiply(product, power, size);
    power = multiply(power, power, size);
  }
  if (product === null) return 0;
  const logRatio = logGamma(n + 1) - n * Math.log(n);
  return product.matrix[(k - 1) * size + k - 1] * Math.exp(logRatio + product.exponent * Math.LN2);
}

function durbinStart(size: number, h: number): Float64Array {
  const matrix = new Float64Array(size * size);
  const last = size - 1;
  const factorials = new Float64Array(size + 1).fill(1);
  for (let j = 2; j <= size; j += 1) factorials[j] = factorials[j - 1] * j;
  for (let i = 0; i < size; i += 1) {
    for (let j = 0; j <= Math.min(i + 1, last); j += 1) matrix[i * size + j] = 1;
    matrix[i * size] -= h ** (i + 1);
  }
  for (let j = 0; j < size; j += 1) matrix[last * size + j] -= h ** (size - j);
  // The corner lost h^size twice; it has one correction of its own.
  matrix[last * size] += Math.max(0, 2 * h - 1) ** size;
  for (let i = 0; i < size; i += 1) {
    for (let j = 0; j <= i; j += 1) matrix[i * size + j] /= factorials[i - j + 1];
  }
  return matrix;
}

/** A matrix times 2^exponent: powers would overflow. */
interface Scaled {
  matrix: Float64Array;
  exponent: number;
}

function multiply(first: Scaled, second: Scaled, size: number): Scaled {
  const matrix = new Float64Array(size * size);
  for (let i = 0; i < size; i += 1) {
    for (let through = 0; through < size; through += 1) {
      const factor = first.matrix[i * size + through];
      for (let j = 0; j < size; j += 1) matrix[i * size + j] += factor * second.matrix[through * size + j];
    }
  }
  const exponent = Math.ceil(Math.log2(matrix.reduce((most, value) => Math.max(most, Math.abs(value)), 0)));
  return {
    matrix: matrix.map((value) => value * 2 ** -exponent),
    exponent: first.exponent + second.exponent + exponent,
  };
}

/**
 * P(D_n ≤ d): Kolmogorov's limit with three terms in powers of 1/√n, each as a theta series in exp(−π²/8z²), which is quick for
 * small z = d·√n. Source: Pelz & Good (1976), JRSS B 38:152, equation 6.
 */
function pelzGood(n: number, d: number): number {
  const z2 = n * d * d;
  const z = Math.sqrt(z2);
  const [z4, z6] = [z2 ** 2, z2 ** 3];
  const pi2 = Math.PI ** 2;
  const half = [0, 0, 0, 0];
  const whole = [0, 0];
  for (let k = 1; k <= Math.ceil((16 * z) / Math.PI); k += 1) {
    const odd = (pi2 * (2 * k - 1) ** 2) / 4;
    const weight = Math.exp(-odd / (2 * z2));
    half[0] += weight;
    half[1] += weight * (odd - z2);
    half[2] += weight * (6 * z6 + 2 * z4 + odd * (2 * z4 - 5 * z2) + odd ** 2 * (1 - 2 * z2));
    half[3] +=
      weight *
      (odd ** 3 * (5 - 30 * z2) +
        odd ** 2 * (-60 * z2 + 212 * z4) +
        odd * (135 * z4 - 96 * z6) -
        (30 * z6 + 90 * z2 ** 4));
    const even = pi2 * k ** 2;
    const evenWeight = Math.exp(-even / (2 * z2));
    whole[0] += evenWeight * even;
    whole[1] += evenWeight * even * (3 * z2 - even);
  }
  const terms = [
    half[0] / z,
    half[1] / (6 * z4),
    half[2] / (72 * z ** 7) - whole[0] / (36 * z ** 3),
    half[3] / (6480 * z ** 10) + whole[1] / (216 * z6),
  ];
  return Math.sqrt(2 * Math.PI) * terms.reduce((sum, term, order) => sum + term / n ** (order / 2), 0);
}
