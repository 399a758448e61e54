import { wilsonBounds } from "../stats/wilson.ts";
import { scoreProblem } from "./binary-metrics.ts";
import type { BinaryRows } from "./binary-rows.ts";
import type { EvaluationFile } from "./evaluation-file.ts";

type Bins = NonNullable<EvaluationFile["calibration"]>["bins"];

const mostBins = 15;
const fewestRowsPerBin = 20;

/**
 * Equal-mass bins of P(positive), ascending, at most 15 and of at least 20 rows; equal scores never fall into two bins.
 * `observed` is the share of positives with Wilson bounds at `level`. null where scores are not probabilities.
 */
export function calibrationBins(rows: BinaryRows, level: number): Bins | null {
  const { scores, count } = rows;
  if (scores === null || scoreProblem(rows) !== null || scores[0] < 0 || scores[count - 1] > 1) return null;
  const bins = Math.max(1, Math.min(mostBins, Math.floor(count / fewestRowsPerBin)));
  const result: Bins = [];
  for (let from = 0, bin = 1; from < count; bin += 1) {
    const to = endOfTie(scores, Math.max(from + 1, Math.round((count * bin) / bins)));
    result.push(binOf({ ...rows, scores }, { from, to, level }));
    from = to;
  }
  return result;
}

function endOfTie(scores: Float64Array, end: number): number {
  let to = end;
  while (to < scores.length && scores[to] === scores[to - 1]) to += 1;
  return to;
}

function binOf(
  { scores, labels, weights }: BinaryRows & { scores: Float64Array },
  { from, to, level }: { from: number; to: number; level: number },
): Bins[number] {
  let [total, squared, positive, score] = [0, 0, 0, 0];
  for (let row = from; row < to; row += 1) {
    const weight = weights === null ? 1 : weights[row];
    total += weight;
    squared += weight * weight;
    positive += weight * labels[row];
    score += weight * scores[row];
  }
  // A bin whose rows all weigh nothing says nothing.
  if (total === 0) return { rows: to - from, mean_predicted: scores[from], observed: 0, lower: 0, upper: 1 };
  const observed = Math.min(1, positive / total);
  const { lower, upper } = wilsonBounds({ share: observed, rows: total ** 2 / squared }, (1 - level) / 2);
  return { rows: to - from, mean_predicted: score / total, observed, lower, upper };
}
