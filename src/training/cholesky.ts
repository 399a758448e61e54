/**
 * Solves A·x = b in place of b, for a symmetric positive definite A of `size` rows, of which only the lower triangle
 * (row-major) is read; it is overwritten by its factor L (A = L·Lᵀ; Golub & Van Loan, Matrix Computations, 4.2).
 * False, with both spoiled, where a pivot is not positive: A is not definite as far as a double can tell.
 */
export function solveByCholesky(a: Float64Array, b: Float64Array, size: number): boolean {
  if (!factorise(a, size)) return false;
  for (let i = 0; i < size; i += 1) {
    let sum = b[i];
    for (let k = 0; k < i; k += 1) sum -= a[i * size + k] * b[k];
    b[i] = sum / a[i * size + i];
  }
  for (let i = size - 1; i >= 0; i -= 1) {
    const x = b[i] / a[i * size + i];
    b[i] = x;
    for (let k = 0; k < i; k += 1) b[k] = b[k] - a[i * size + k] * x;
  }
  return true;
}

/** Row by row, so that the innermost loop reads two contiguous rows. */
function factorise(a: Float64Array, size: number): boolean {
  for (let i = 0; i < size; i += 1) {
    for (let j = 0; j <= i; j += 1) {
      const sum = a[i * size + j] - dot(a, { i: i * size, j: j * size, length: j });
      if (i !== j) a[i * size + j] = sum / a[j * size + j];
      else if (sum > 0) a[i * size + i] = Math.sqrt(sum);
      else return false;
    }
  }
  return true;
}

/** Four sums at once: one alone waits for each addition to finish. */
function dot(a: Float64Array, { i, j, length }: { i: number; j: number; length: number }): number {
  let s0 = 0;
  let s1 = 0;
  let s2 = 0;
  let s3 = 0;
  let k = 0;
  for (; k + 3 < length; k += 4) {
    s0 += a[i + k] * a[j + k];
    s1 += a[i + k + 1] * a[j + k + 1];
    s2 += a[i + k + 2] * a[j + k + 2];
    s3 += a[i + k + 3] * a[j + k + 3];
  }
  for (; k < length; k += 1) s0 += a[i + k] * a[j + k];
  return s0 + s1 + (s2 + s3);
}
