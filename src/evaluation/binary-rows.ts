import { fillRows } from "../stats/fill-rows.ts";
import { gatherBytes, gatherNumbers } from "../stats/gather.ts";
import { rankOrder } from "../stats/rank-order.ts";
import type { BinaryPredictions, ValueMatrix } from "./predictions.ts";

/** Rows of a binary classifier by ascending score (in their given order where there are none), NaN last. */
export interface BinaryRows {
  count: number;
  labels: Uint8Array;
  predicted: Uint8Array;
  scores: Float64Array | null;
  weights: Float64Array | null;
  /** Smallest and largest probability that log_loss uses. */
  clip: number;
  value: ValueMatrix | null;
  cells: Cells;
}

/** Row numbers by ascending score. */
export function rankBinary(predictions: BinaryPredictions): Uint32Array {
  if (predictions.scores !== null) return rankOrder(predictions.scores);
  return fillRows(new Uint32Array(predictions.labels.length), (row) => row);
}

/** The rows named in `order`, which must be a part of rankBinary's in the same order. */
export function selectBinary(predictions: BinaryPredictions, order: Uint32Array): BinaryRows {
  const { scores, weights } = predictions;
  const labels = gatherBytes(predictions.labels, order);
  const predicted = gatherBytes(predictions.predicted, order);
  const gathered = weights === null ? null : gatherNumbers(weights, order);
  return {
    count: order.length,
    labels,
    predicted,
    scores: scores === null ? null : gatherNumbers(scores, order),
    weights: gathered,
    clip: clipOf(predictions.scorePrecision),
    value: predictions.value ?? null,
    cells: countCells({ labels, predicted, weights: gathered }),
  };
}

/** All rows in their given order, without a copy: for what does not need their ranks. */
export function unrankedBinary(predictions: BinaryPredictions, cells: Cells): BinaryRows {
  const { labels, predicted, scores, weights, scorePrecision, value = null } = predictions;
  return { count: labels.length, labels, predicted, scores, weights, clip: clipOf(scorePrecision), value, cells };
}

/** Where log_loss clips: the spacing of numbers just above 1, as numpy's finfo(dtype).eps. */
export function clipOf(precision: "float32" | "float64" | undefined): number {
  return precision === "float32" ? 2 ** -23 : 2 ** -52;
}

/** Weights of the four cells, at 2·label + predicted, and their squares' sums. */
export interface Cells {
  weight: readonly [trueNegative: number, falsePositive: number, falseNegative: number, truePositive: number];
  squared: readonly [number, number, number, number];
}

function countCells({ labels, predicted, weights }: Pick<BinaryRows, "labels" | "predicted" | "weights">): Cells {
  const weight: [number, number, number, number] = [0, 0, 0, 0];
  const squared: [number, number, number, number] = [0, 0, 0, 0];
  if (weights === null) {
    for (let row = 0; row < labels.length; row += 1) weight[2 * labels[row] + predicted[row]] += 1;
    return { weight, squared: weight };
  }
  for (let row = 0; row < labels.length; row += 1) {
    const cell = 2 * labels[row] + predicted[row];
    weight[cell] += weights[row];
    squared[cell] += weights[row] ** 2;
  }
  return { weight, squared };
}
