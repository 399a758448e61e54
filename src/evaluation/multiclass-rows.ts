import { gatherNumbers } from "../stats/gather.ts";
import { clipOf } from "./binary-rows.ts";
import type { MulticlassPredictions } from "./predictions.ts";

/** Some rows of a multiclass model, in the order of `order`. */
export interface MulticlassRows {
  classes: readonly string[];
  labels: Int32Array;
  predicted: Int32Array;
  /** rows × classes. */
  probabilities: Float64Array | null;
  weights: Float64Array | null;
  /** Smallest and largest probability that log_loss uses. */
  clip: number;
}

export function selectMulticlass(predictions: MulticlassPredictions, order: Uint32Array): MulticlassRows {
  const { classes, labels, predicted, probabilities, weights } = predictions;
  return {
    classes,
    labels: gatherCodes(labels, order),
    predicted: gatherCodes(predicted, order),
    probabilities: probabilities === null ? null : gatherBlocks(probabilities, order, classes.length),
    weights: weights === null ? null : gatherNumbers(weights, order),
    clip: clipOf(predictions.scorePrecision),
  };
}

function gatherCodes(codes: Int32Array, rows: Uint32Array): Int32Array {
  const gathered = new Int32Array(rows.length);
  for (let index = 0; index < rows.length; index += 1) gathered[index] = codes[rows[index]];
  return gathered;
}

function gatherBlocks(values: Float64Array, rows: Uint32Array, width: number): Float64Array {
  const gathered = new Float64Array(rows.length * width);
  for (let index = 0; index < rows.length; index += 1) {
    for (let column = 0; column < width; column += 1) {
      gathered[index * width + column] = values[rows[index] * width + column];
    }
  }
  return gathered;
}
