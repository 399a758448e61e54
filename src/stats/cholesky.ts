/** A lower triangular matrix L with L·Lᵀ the matrix it was made from. */
export interface CholeskyFactor {
  /** L·vector. */
  times(vector: Float64Array): Float64Array;
}

/** Parts of a diagonal below this share of it are rounding: the row depends on those before. */
const smallest = 1e-10;

/**
 * Cholesky factor of a symmetric positive semi-definite matrix: with standard normal numbers it draws from the normal
 * distribution with that covariance. A row that depends on earlier ones gets no column of its own.
 * Source: Golub & Van Loan, Matrix Computations, 4.2.8 (outer-product form, without pivots).
 */
export function choleskyFactor(matrix: readonly (readonly number[])[]): CholeskyFactor {
  const size = matrix.length;
  const rows = Array.from({ length: size }, () => new Float64Array(size));
  for (let column = 0; column < size; column += 1) {
    for (let row = column; row < size; row += 1) {
      let rest = matrix[row][column];
      for (let k = 0; k < column; k += 1) rest -= rows[row][k] * rows[column][k];
      if (row === column) rows[row][column] = rest > smallest * matrix[row][row] ? Math.sqrt(rest) : 0;
      else rows[row][column] = rows[column][column] > 0 ? rest / rows[column][column] : 0;
    }
  }
  return {
    times: (vector) =>
      new Float64Array(size).map((_, row) => {
        let sum = 0;
        for (let k = 0; k <= row; k += 1) sum += rows[row][k] * vector[k];
        return sum;
      }),
  };
}
