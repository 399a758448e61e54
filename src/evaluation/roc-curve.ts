import { rankingTotals, scoreProblem } from "./binary-metrics.ts";
import type { BinaryRows } from "./binary-rows.ts";

const mostPoints = 200;

/** [false positive rate, true positive rate] from (0, 0) to (1, 1), at most 200 points evenly spread along the curve. */
export function rocCurve(rows: BinaryRows): [number, number][] | null {
  const { scores, labels, weights, count } = rows;
  const { positives, negatives } = rankingTotals(rows.cells);
  if (scores === null || scoreProblem(rows) !== null || positives === 0 || negatives === 0) return null;
  const points: [number, number][] = [[0, 0]];
  const step = 2 / (mostPoints - 2);
  let [truePositive, falsePositive, next] = [0, 0, step];
  for (let row = count - 1; row >= 0; row -= 1) {
    const weight = weights === null ? 1 : weights[row];
    if (labels[row] === 1) truePositive += weight;
    else falsePositive += weight;
    if (row > 0 && scores[row - 1] === scores[row]) continue;
    const point: [number, number] = [falsePositive / negatives, truePositive / positives];
    if (point[0] + point[1] < next || row === 0) continue;
    points.push(point);
    next = point[0] + point[1] + step;
  }
  points.push([1, 1]);
  return points;
}
