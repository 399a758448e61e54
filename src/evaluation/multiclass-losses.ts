import type { Design } from "../stats/design-effect.ts";
import { fillRows } from "../stats/fill-rows.ts";
import { moments } from "../stats/mean-bounds.ts";
import { logLoss } from "./binary-losses.ts";
import { lossEstimate, type Measured } from "./measured.ts";
import type { MulticlassRows } from "./multiclass-rows.ts";
import { type CertainRows, certainRows, type ProbabilityLoss, unseenLoss } from "./surprises.ts";

/** Loss of each row: −ln of the true class's probability (clipped), or the squared error summed over classes. */
export function multiclassLosses(rows: MulticlassRows, metric: ProbabilityLoss): Float64Array {
  const { labels, clip } = rows;
  const probabilities = rows.probabilities ?? new Float64Array(0);
  const width = rows.classes.length;
  const losses = new Float64Array(labels.length);
  for (let row = 0; row < labels.length; row += 1) {
    if (metric === "log_loss") {
      losses[row] = logLoss(probabilities[row * width + labels[row]], clip);
      continue;
    }
    for (let column = 0; column < width; column += 1) {
      losses[row] += (probabilities[row * width + column] - Number(column === labels[row])) ** 2;
    }
  }
  return losses;
}

/** log_loss or brier_score of probabilities. */
export function multiclassLoss(rows: MulticlassRows, loss: ProbabilityLoss, design: Design): Measured {
  const certain = certainOf(rows);
  return lossEstimate(moments(multiclassLosses(rows, loss), rows.weights), {
    design,
    most: loss === "brier_score" ? 2 : Number.POSITIVE_INFINITY,
    unseen: (alpha) => unseenLoss(certain, { loss, design, alpha }),
  });
}

const knownCertain = new WeakMap<MulticlassRows, CertainRows[]>();

function certainOf(rows: MulticlassRows): CertainRows[] {
  const known = knownCertain.get(rows);
  if (known !== undefined) return known;
  const { classes, labels, clip, weights } = rows;
  const width = classes.length;
  const probabilities = rows.probabilities ?? new Float64Array(0);
  const likeliest = likeliestClasses(probabilities, width);
  const given = (row: number, index: number): number => probabilities[row * width + index];
  const gap = (row: number, loss: ProbabilityLoss): number => {
    const first = given(row, likeliest[row]);
    // Another class than the likeliest, as often as the model says itself.
    const doubt = Math.max(1 - first, Number.EPSILON);
    let cost = 0;
    for (let index = 0; index < width; index += 1) {
      const each = given(row, index);
      if (index !== likeliest[row]) cost += (each / doubt) * (loss === "log_loss" ? logLoss(each, clip) : -2 * each);
    }
    return cost - (loss === "log_loss" ? logLoss(first, clip) : -2 * first);
  };
  const found = certainRows(
    {
      doubt: (row) => 1 - given(row, likeliest[row]),
      surprised: (row) => labels[row] !== likeliest[row],
      side: () => 0,
      gap,
    },
    labels.length,
    weights,
  );
  knownCertain.set(rows, found);
  return found;
}

/** Place of the largest probability of each row. */
function likeliestClasses(probabilities: Float64Array, width: number): Uint32Array {
  return fillRows(new Uint32Array(probabilities.length / width), (row) => {
    let most = 0;
    for (let index = 1; index < width; index += 1) {
      if (probabilities[row * width + index] > probabilities[row * width + most]) most = index;
    }
    return most;
  });
}
