import { rankOrder } from "../stats/rank-order.ts";
import type { EvaluationFile } from "./evaluation-file.ts";
import type { RegressionPredictions } from "./predictions.ts";

type Residuals = NonNullable<EvaluationFile["residuals"]>;

const mostBins = 20;
const fewestRowsPerBin = 20;

/** Quantiles 0.05, 0.5, 0.95 (numpy's default, R type 7) of actual − predicted in at most 20 equal-mass bins of the prediction. */
export function residualBins({ labels, predicted }: RegressionPredictions): Residuals | null {
  const finite = labels.every((label, row) => Number.isFinite(label - predicted[row]));
  if (labels.length === 0 || !finite) return null;
  const order = rankOrder(predicted);
  const bins = Math.max(1, Math.min(mostBins, Math.floor(order.length / fewestRowsPerBin)));
  return Array.from({ length: bins }, (_, bin) => {
    const [from, to] = [bin, bin + 1].map((edge) => Math.round((order.length * edge) / bins));
    const rows = order.subarray(from, to);
    const errors = Float64Array.from(rows, (row) => labels[row] - predicted[row]).sort();
    const sum = rows.reduce((total, row) => total + predicted[row], 0);
    return {
      predicted: sum / rows.length,
      lower: sortedQuantile(errors, 0.05),
      median: sortedQuantile(errors, 0.5),
      upper: sortedQuantile(errors, 0.95),
      rows: rows.length,
    };
  });
}

function sortedQuantile(sorted: Float64Array, p: number): number {
  const at = (sorted.length - 1) * p;
  const below = Math.floor(at);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
}
