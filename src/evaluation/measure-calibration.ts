import { fillRows } from "../stats/fill-rows.ts";
import { rankOrder } from "../stats/rank-order.ts";
import { selectBinary } from "./binary-rows.ts";
import { calibrationOf } from "./calibration.ts";
import type { EvaluationFile } from "./evaluation-file.ts";
import { selectMulticlass } from "./multiclass-rows.ts";
import type { BinaryPredictions, MulticlassPredictions } from "./predictions.ts";
import { estimateOrNull } from "./quantity.ts";
import { clusteringOf, type Subjected } from "./sample.ts";
import { topLabelForecasts } from "./top-label.ts";

/** The calibration section of an evaluation; null where there are no probabilities. */
export function measureCalibration(
  predictions: BinaryPredictions | MulticlassPredictions,
  { all, order }: Subjected,
  level: number,
): EvaluationFile["calibration"] {
  // Defined where ECE is, and computed anyway; NaN where no row has a weight.
  if (!Number.isFinite(estimateOrNull(all.metrics.get("brier_score"))?.value)) return null;
  const { clusters = null } = predictions;
  const shared = { level, clustering: clusters === null ? null : clusteringOf(order, clusters) };
  if (predictions.task === "multiclass-classification") {
    const forecasts = topLabelForecasts(selectMulticlass(predictions, order));
    return calibrationOf({ ...shared, of: "top_label", forecasts, ranked: rankOrder(forecasts.probabilities) });
  }
  const { labels, scores, weights } = selectBinary(predictions, order);
  if (scores === null) return null;
  const forecasts = { probabilities: scores, outcomes: labels, weights };
  // Selected in the order of their scores.
  const ranked = fillRows(new Uint32Array(scores.length), (row) => row);
  return calibrationOf({ ...shared, of: "positive", forecasts, ranked });
}
