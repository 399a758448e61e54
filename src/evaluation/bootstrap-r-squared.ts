import { bootstrapTBounds, type StudentizedStatistic } from "../stats/bootstrap.ts";
import type { Bounds, Estimate } from "../stats/bounds.ts";
import { bootstrapDrawing, resampledEstimate } from "./resampled-estimate.ts";

/**
 * In evaluations of at most this many rows R² has bootstrap bounds, slices and comparisons included; in others the jackknife's.
 * One limit for the whole evaluation keeps one method for all its numbers and bounds the time: some 20 ms for each subject
 * and for each slice column.
 */
export const bootstrappedRows = 1000;

/**
 * R² with bootstrap-t bounds, made on the scale of ln(1 − R²): they miss less often than the jackknife's (docs/calibration.md).
 * rows: unweighted, finite, with spread and errors above 0. `jackknife` is the same R² with the jackknife's bounds; for an
 * alpha too small to be resampled (shared among many slices) the wider of both is given.
 */
export function bootstrapRSquared(rows: RegressionPairs, jackknife: Estimate): Estimate {
  return resampledEstimate(jackknife, "bootstrap-t", () => {
    const boundsAt = bootstrapTBounds(logUnexplained(rows), bootstrapDrawing);
    return (alpha) => fromLogUnexplained(boundsAt(alpha));
  });
}

/** Labels and what was predicted for them, row by row. */
export interface RegressionPairs {
  labels: Float64Array;
  predicted: Float64Array;
}

function fromLogUnexplained({ lower, upper }: Bounds): Bounds {
  return { lower: 1 - Math.exp(upper), upper: 1 - Math.exp(lower) };
}

/**
 * ln(1 − R²) = ln Σe² − ln Σ(y − ȳ)² and its infinitesimal jackknife's error from eight sums: of e², e⁴, c, c², c³, c⁴, e²c and
 * e²c², where e are the errors and c the labels less their mean, so that powers of large labels do not cancel.
 */
export function logUnexplained({ labels, predicted }: RegressionPairs): StudentizedStatistic {
  const mean = labels.reduce((sum, label) => sum + label, 0) / labels.length;
  // R² has no unit: in units of the labels' spread no fourth power overflows.
  const unit = Math.sqrt(labels.reduce((sum, label) => sum + (label - mean) ** 2, 0) / labels.length);
  const centered = labels.map((label) => (label - mean) / unit);
  const squared = labels.map((label, row) => ((label - predicted[row]) / unit) ** 2);
  return {
    columns: [
      squared,
      squared.map((error) => error ** 2),
      centered,
      centered.map((c) => c ** 2),
      centered.map((c) => c ** 3),
      centered.map((c) => c ** 4),
      squared.map((error, row) => error * centered[row]),
      squared.map((error, row) => error * centered[row] ** 2),
    ],
    value: (sums, rows) => Math.log(sums[0] / (sums[3] - sums[2] ** 2 / rows)),
    standardError: (sums, rows) => Math.sqrt((Math.max(0, squaredShares(sums, rows)) * rows) / (rows - 1)),
  };
}

/** Σ (e²/Σe² − d²/Σd²)² where d are the labels less the mean of the rows drawn. */
function squaredShares(sums: Float64Array, rows: number): number {
  const [errors, fourthErrors, c, c2, c3, c4, errorsC, errorsC2] = sums;
  const shift = c / rows;
  const spread = c2 - rows * shift ** 2;
  const errorsD2 = errorsC2 - 2 * shift * errorsC + shift ** 2 * errors;
  const d4 = c4 - 4 * shift * c3 + 6 * shift ** 2 * c2 - 3 * rows * shift ** 4;
  return fourthErrors / errors ** 2 - (2 * errorsD2) / (errors * spread) + d4 / spread ** 2;
}
