/**
 * Factorises a symmetric positive definite A of `size` rows in place: its lower triangle (row-major), which alone is
 * read, becomes L with A = L·Lᵀ (Golub & Van Loan, Matrix Computations, 4.2). False, with A spoiled, where a pivot is
 * not positive: A is not definite as far as a double can tell. Row by row, so that the innermost loop reads two
 * contiguous rows.
 */
export function factorise(a: Float64Array, size: number): boolean {
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

/** Solves L·Lᵀ·x = b in place of b, with the factor that `factorise` left. */
export function solveFactorised(l: Float64Array, b: Float64Array, size: number): void {
  for (let i = 0; i < size; i += 1) {
    let sum = b[i];
    for (let k = 0; k < i; k += 1) sum -= l[i * size + k] * b[k];
    b[i] = sum / l[i * size + i];
  }
  for (let i = size - 1; i >= 0; i -= 1) {
    const x = b[i] / l[i * size + i];
    b[i] = x;
    for (let k = 0; k < i; k += 1) b[k] = b[k] - l[i * size + k] * x;
  }
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
