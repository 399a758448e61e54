import type { Finding } from "../kit/outcome.ts";
import { moments } from "../stats/mean-bounds.ts";
import type { Predictions } from "./predictions.ts";

/** With fewer rows any sample looks so now and then. */
const fewestRows = 100;

/**
 * |skewness| / √rows of the squared errors, in [0, 1], from which on the bounds of RMSE and R² are not to be trusted: errors of
 * Student's t with 5 degrees have 0.2 to 0.4 with 100 to 1,000 rows, errors of which a few make the sum 0.5 and more (docs/calibration.md).
 */
const most = 0.45;

/** A regression whose squared errors are a few rows' in the main: rows like them may be missing from the test part altogether. */
export function heavyTails(predictions: Predictions): Finding[] {
  if (predictions.task !== "regression" || predictions.labels.length < fewestRows) return [];
  const { labels, predicted, weights } = predictions;
  const squared = labels.map((label, row) => (label - predicted[row]) ** 2);
  const { skewness, effectiveRows } = moments(squared, weights);
  if (!(Math.abs(skewness) / Math.sqrt(effectiveRows) > most)) return [];
  const few = Math.max(1, Math.floor(labels.length / 100));
  const sum = squared.reduce((total, each) => total + each, 0);
  const largest = squared.toSorted().subarray(-few);
  const share = largest.reduce((total, each) => total + each, 0) / sum;
  return [
    {
      code: "errors_heavy_tailed",
      severity: "warning",
      subject: "rmse",
      message: `${few === 1 ? "one row makes" : `${few} of ${labels.length} rows make`} ${Math.round(100 * share)} % of the squared error: the intervals of rmse and r2 may be too narrow, for others like them may be missing here; judge by mae or median_absolute_error, or predict the label's logarithm`,
      measured: { rows: few, share },
      expected: null,
    },
  ];
}
