import { type Design, scoreRows } from "../stats/design-effect.ts";

// A loss of probabilities is large where the model was sure and wrong. With few rows, or a rare class, no such row may be among
// those measured, and their spread then says nothing of what one costs: the scores do.

/** What a model thought of rows, one by one. */
export interface Certainty {
  /** Chance, by the model, that its likeliest class is wrong. */
  doubt(row: number): number;
  /** That class was wrong. */
  surprised(row: number): boolean;
  /** The likeliest class, where rows are told apart by it: 0 or 1. */
  side(row: number): number;
  /** How much more the row costs where that class is wrong than where it is right. */
  gap(row: number): number;
}

/** Rows of about the same certainty, none of which surprised. */
export interface CertainRows {
  /** Their share of all weight. */
  share: number;
  /** Kish's effective number. */
  rows: number;
  /** Mean cost of a surprise among them. */
  gap: number;
}

/** Doubts that part the rows: likeliest classes given less than 0.8, 0.95, 0.99 … */
const doubts = [0.2, 0.05, 0.01, 1e-3, 1e-4, 1e-6];
const bins = doubts.length + 1;

/** Rows by certainty (and side), where none of a bin surprised. weights null: every row counts 1. */
export function certainRows(certainty: Certainty, count: number, weights: Float64Array | null): CertainRows[] {
  const places = new Uint8Array(count);
  const [sums, squares, gaps] = [new Float64Array(2 * bins), new Float64Array(2 * bins), new Float64Array(2 * bins)];
  const surprised = new Uint8Array(2 * bins);
  let total = 0;
  for (let row = 0; row < count; row += 1) {
    const place = certainty.side(row) * bins + binOf(certainty.doubt(row));
    const weight = weights === null ? 1 : weights[row];
    places[row] = place;
    total += weight;
    sums[place] += weight;
    squares[place] += weight * weight;
    if (certainty.surprised(row)) surprised[place] = 1;
  }
  for (let row = 0; row < count; row += 1) {
    // Costs take logarithms: only those that count.
    if (surprised[places[row]] === 0) gaps[places[row]] += (weights === null ? 1 : weights[row]) * certainty.gap(row);
  }
  return [...sums.keys()].flatMap((place) =>
    surprised[place] === 1 || sums[place] === 0
      ? []
      : { share: sums[place] / total, rows: sums[place] ** 2 / squares[place], gap: gaps[place] / sums[place] },
  );
}

function binOf(doubt: number): number {
  let bin = 0;
  while (bin < doubts.length && doubt < doubts[bin]) bin += 1;
  return bin;
}

/**
 * How far above the measured mean loss the true one may lie because of surprises of which none is among these rows: where no
 * row of a bin surprised, up to a share 1 − alpha^(1/rows) of others may (Clopper & Pearson for no hits). Surprises of all bins
 * together have that chance only, so it is the costliest bin's.
 */
export function unseenLoss(certain: readonly CertainRows[], design: Design, alpha: number): number {
  const costs = certain.map(
    ({ share, rows, gap }) => share * gap * (1 - alpha ** (1 / scoreRows(rows, design, alpha))),
  );
  return Math.max(0, ...costs);
}
