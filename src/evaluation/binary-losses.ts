import type { Design } from "../stats/design-effect.ts";
import { moments } from "../stats/mean-bounds.ts";
import type { BinaryRows } from "./binary-rows.ts";
import { lossEstimate, type Measured } from "./measured.ts";
import { type CertainRows, certainRows, type ProbabilityLoss, unseenLoss } from "./surprises.ts";

// What a probability costs, row by row, and the mean of it.

export type ScoredRows = BinaryRows & { scores: Float64Array };

/** log_loss or brier_score of probabilities. */
export function binaryLoss(loss: ProbabilityLoss, rows: ScoredRows, design: Design): Measured {
  const certain = certainOf(rows);
  const losses = loss === "log_loss" ? logLosses(rows) : squaredErrors(rows);
  return lossEstimate(moments(losses, rows.weights), {
    design,
    most: loss === "brier_score" ? 1 : Number.POSITIVE_INFINITY,
    unseen: (alpha) => unseenLoss(certain, { loss, design, alpha }),
  });
}

// Both losses come from one look at the rows.
const knownCertain = new WeakMap<Float64Array, CertainRows[]>();

function certainOf({ scores, labels, weights, count, clip }: ScoredRows): CertainRows[] {
  const known = knownCertain.get(scores);
  if (known !== undefined) return known;
  const side = (row: number): number => Number(scores[row] > 0.5);
  const doubt = (row: number): number => Math.min(scores[row], 1 - scores[row]);
  const gap = (row: number, loss: ProbabilityLoss): number =>
    loss === "log_loss" ? logLoss(doubt(row), clip) - logLoss(1 - doubt(row), clip) : Math.abs(1 - 2 * scores[row]);
  const found = certainRows({ doubt, surprised: (row) => labels[row] !== side(row), side, gap }, count, weights);
  knownCertain.set(scores, found);
  return found;
}

/** −ln of the probability of the true class, clipped to [clip, 1 − clip] as scikit-learn does by the scores' precision. */
export function logLosses({ scores, labels, clip }: ScoredRows): Float64Array {
  const losses = new Float64Array(scores.length);
  // Rows often come in runs of one score (a baseline has no other): the logarithms of the last one are kept.
  let [score, ofNegative, ofPositive] = [Number.NaN, 0, 0];
  for (let row = 0; row < scores.length; row += 1) {
    if (scores[row] !== score) {
      score = scores[row];
      [ofNegative, ofPositive] = [Number.NaN, Number.NaN];
    }
    if (labels[row] === 1) {
      if (Number.isNaN(ofPositive)) ofPositive = logLoss(score, clip);
      losses[row] = ofPositive;
    } else {
      if (Number.isNaN(ofNegative)) ofNegative = logLoss(1 - score, clip);
      losses[row] = ofNegative;
    }
  }
  return losses;
}

/** −ln of a probability kept within [clip, 1 − clip]. */
export function logLoss(probability: number, clip: number): number {
  return -Math.log(Math.min(1 - clip, Math.max(clip, probability)));
}

/** (P(positive) − label)², whose mean is the Brier score. */
export function squaredErrors({ scores, labels }: ScoredRows): Float64Array {
  const losses = new Float64Array(scores.length);
  for (let row = 0; row < scores.length; row += 1) losses[row] = (scores[row] - labels[row]) ** 2;
  return losses;
}
