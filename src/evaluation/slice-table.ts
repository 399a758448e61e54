// Sums over the rows of every slice of a column or of a pair of columns, counted in one pass over codes: no lists of rows.

/** Per row: what it adds to a slice's sums. */
export interface SearchedRows {
  /** Loss less its mean over all rows, which keeps the sums of squares exact. */
  losses: Float64Array;
  /** null: every row counts 1. */
  weights: Float64Array | null;
  /** How many times the variance of a mean is that of independent rows (Kish, 1965): above 1 where rows come in clusters. */
  designEffect: number;
}

/** Levels of a column as one byte a row; 0: a level that is not searched. */
export interface SearchedColumn {
  codes: Uint8Array;
  /** Highest code. */
  levels: number;
}

/** Sums over some rows. */
export interface LossSums {
  rows: number;
  weight: number;
  /** Σ weight² times the design effect. */
  squaredWeight: number;
  /** Σ weight · loss. */
  loss: number;
  /** Σ weight · loss². */
  squaredLoss: number;
}

const width = 5;

export class SliceTable {
  readonly #first: SearchedColumn;
  readonly #second: SearchedColumn | null;
  readonly #sums: Float64Array;
  /** Slices of the table, unsearched levels included. */
  readonly cells: number;

  constructor(first: SearchedColumn, second: SearchedColumn | null) {
    this.#first = first;
    this.#second = second;
    this.cells = (first.levels + 1) * this.#stride;
    this.#sums = new Float64Array(this.cells * width);
  }

  get #stride(): number {
    return this.#second === null ? 1 : this.#second.levels + 1;
  }

  /** Codes of a cell in both columns; the second is 0 in a table of one column. */
  codesOf(cell: number): readonly [first: number, second: number] {
    return [Math.floor(cell / this.#stride), this.#second === null ? 0 : cell % this.#stride];
  }

  /** Adds rows to the cells that they are in; `sign` −1 takes them out again. */
  add({ losses, weights, designEffect }: SearchedRows, rows: Uint32Array, sign: 1 | -1): void {
    const sums = this.#sums;
    const { codes } = this.#first;
    const others = this.#second?.codes ?? null;
    const stride = this.#stride;
    for (let at = 0; at < rows.length; at += 1) {
      const row = rows[at];
      const cell = width * (others === null ? codes[row] : codes[row] * stride + others[row]);
      const weight = weights === null ? sign : sign * weights[row];
      const loss = losses[row];
      sums[cell] += sign;
      sums[cell + 1] += weight;
      sums[cell + 2] += weight * weight * sign * designEffect;
      sums[cell + 3] += weight * loss;
      sums[cell + 4] += weight * loss * loss;
    }
  }

  sumsOf(cell: number): LossSums {
    const sums = this.#sums;
    const at = width * cell;
    return {
      rows: sums[at],
      weight: sums[at + 1],
      squaredWeight: sums[at + 2],
      loss: sums[at + 3],
      squaredLoss: sums[at + 4],
    };
  }

  /** Rows of a cell, from those given. */
  rowsIn(cell: number, rows: Uint32Array): Uint32Array {
    const [first, second] = this.codesOf(cell);
    const others = this.#second?.codes ?? null;
    return rows.filter((row) => this.#first.codes[row] === first && (others === null || others[row] === second));
  }
}

export function subtract(from: LossSums, part: LossSums): LossSums {
  return {
    rows: from.rows - part.rows,
    weight: from.weight - part.weight,
    squaredWeight: from.squaredWeight - part.squaredWeight,
    loss: from.loss - part.loss,
    squaredLoss: from.squaredLoss - part.squaredLoss,
  };
}

/** Mean loss, its variance between rows and Kish's effective rows. */
export interface LossMoments {
  mean: number;
  variance: number;
  effectiveRows: number;
}

export function momentsOf({ weight, squaredWeight, loss, squaredLoss }: LossSums): LossMoments {
  const effectiveRows = weight ** 2 / squaredWeight;
  const mean = loss / weight;
  const spread = Math.max(0, squaredLoss / weight - mean ** 2);
  return { mean, variance: (spread * effectiveRows) / (effectiveRows - 1), effectiveRows };
}
