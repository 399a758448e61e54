export interface MinimiserOptions {
  maxIterations: number;
  /** How far above the minimum the value may stay, as a share of it. */
  tolerance: number;
  progress(iteration: number, value: number): void;
}

export interface Minimum {
  theta: Float64Array;
  value: number;
  iterations: number;
  converged: boolean;
}

/** Where no step gains anything more, the minimum counts as reached when it is this near, as a share of the value. */
export const roundingGap = 1e-9;

export function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let j = 0; j < a.length; j += 1) sum += a[j] * b[j];
  return sum;
}
