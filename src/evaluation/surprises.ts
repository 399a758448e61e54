import { type Design, scoreRows } from "../stats/design-effect.ts";

// A loss of probabilities is large where the model was sure and wrong. With few rows, or a rare class, no such row may be among
// those measured, and their spread then says nothing of what one costs: the scores do.

export type ProbabilityLoss = "log_loss" | "brier_score";

/** What a model thought of rows, one by one. */
export interface Certainty {
  /** Chance, by the model, that its likeliest class is wrong. */
  doubt(row: number): number;
  /** That class was wrong. */
  surprised(row: number): boolean;
  /** The likeliest class, where rows are told apart by it: 0 or 1. */
  side(row: number): number;
  /** How much more the row costs where that class is wrong than where it is right. */
  gap(row: number, loss: ProbabilityLoss): number;
}

/** Rows of about the same certainty, none of which surprised. */
export interface CertainRows {
  /** Their share of all weight. */
  share: number;
  /** Kish's effective number. */
  rows: number;
  /** Mean cost of a surprise among them. */
  gap: Readonly<Record<ProbabilityLoss, number>>;
}

/** Doubts that part the rows: likeliest classes given less than 0.8, 0.95, 0.99 … */
const doubts = [0.2, 0.05, 0.01, 1e-3, 1e-4, 1e-6];
const bins = doubts.length + 1;

/** Rows by certainty (and side), where none of a bin surprised. weights null: every row counts 1. */
export function certainRows(certainty: Certainty, count: number, weights: Float64Array | null): CertainRows[] {
  const binOf = (row: number): number => certainty.side(row) * bins + doubtBin(certainty.doubt(row));
  const surprised = new Uint8Array(2 * bins);
  const occupied = new Uint8Array(2 * bins);
  for (let row = 0; row < count; row += 1) {
    const bin = binOf(row);
    occupied[bin] = 1;
    if (certainty.surprised(row)) surprised[bin] = 1;
  }
  // With many rows each bin has seen one, as a rule, and nothing is left to do.
  if (occupied.every((each, bin) => each === surprised[bin])) return [];
  const sums = { total: 0, weight: new Float64Array(2 * bins), squared: new Float64Array(2 * bins) };
  const gaps = { log_loss: new Float64Array(2 * bins), brier_score: new Float64Array(2 * bins) };
  for (let row = 0; row < count; row += 1) {
    const weight = weights === null ? 1 : weights[row];
    sums.total += weight;
    const bin = binOf(row);
    if (surprised[bin] === 1) continue;
    sums.weight[bin] += weight;
    sums.squared[bin] += weight * weight;
    gaps.log_loss[bin] += weight * certainty.gap(row, "log_loss");
    gaps.brier_score[bin] += weight * certainty.gap(row, "brier_score");
  }
  return [...sums.weight].flatMap((weight, bin) =>
    weight === 0
      ? []
      : {
          share: weight / sums.total,
          rows: weight ** 2 / sums.squared[bin],
          gap: { log_loss: gaps.log_loss[bin] / weight, brier_score: gaps.brier_score[bin] / weight },
        },
  );
}

function doubtBin(doubt: number): number {
  let bin = 0;
  while (bin < doubts.length && doubt < doubts[bin]) bin += 1;
  return bin;
}

/**
 * How far above the measured mean loss the true one may lie because of surprises of which none is among these rows: where no
 * row of a bin surprised, up to a share 1 − alpha^(1/rows) of others may (Clopper & Pearson for no hits). Surprises of all bins
 * together have that chance only, so it is the costliest bin's.
 */
export function unseenLoss(
  certain: readonly CertainRows[],
  { loss, design, alpha }: { loss: ProbabilityLoss; design: Design; alpha: number },
): number {
  const costs = certain.map(
    ({ share, rows, gap }) => share * gap[loss] * (1 - alpha ** (1 / scoreRows(rows, design, alpha))),
  );
  return Math.max(0, ...costs);
}
