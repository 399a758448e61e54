import { binaryContributions } from "./binary-contributions.ts";
import { binaryMetrics } from "./binary-metrics.ts";
import { rankBinary, selectBinary, unrankedBinary } from "./binary-rows.ts";
import { bootstrapBinary } from "./bootstrap-binary.ts";
import type { MetricName } from "./metric-names.ts";
import { multiclassContributions, multiclassMetrics } from "./multiclass-metrics.ts";
import { selectMulticlass } from "./multiclass-rows.ts";
import type { Predictions } from "./predictions.ts";
import { regressionContributions, regressionMetrics, selectRegression } from "./regression-metrics.ts";
import { makeSample, type Sample, type Subjected } from "./sample.ts";

/** How intervals are made: by formulas, or of binary classification by resampling rows (bootstrapBinary). */
export type Intervals = "analytic" | "bootstrap";

/** Measures one subject's predictions: all rows now, parts when asked. */
export function measureSubject(predictions: Predictions, intervals: Intervals = "analytic"): Subjected {
  const order = predictions.task === "binary-classification" ? rankBinary(predictions) : everyRow(predictions);
  const part = (rows: Uint32Array): Sample => measurePart(predictions, rows, intervals);
  return { order, all: part(order), part };
}

function everyRow(predictions: Predictions): Uint32Array {
  const order = new Uint32Array(predictions.labels.length);
  for (let row = 0; row < order.length; row += 1) order[row] = row;
  return order;
}

function measurePart(predictions: Predictions, order: Uint32Array, intervals: Intervals): Sample {
  const total = predictions.labels.length;
  switch (predictions.task) {
    case "binary-classification": {
      const rows = selectBinary(predictions, order);
      const contributions = binaryContributions.bind(null, rows);
      const whole = order.length === total ? unrankedBinary(predictions, rows.cells) : null;
      const unranked = (metric: MetricName) =>
        whole === null || metric === "roc_auc" || metric === "average_precision"
          ? null
          : binaryContributions(whole, metric);
      const analytic = binaryMetrics(rows);
      const metrics = intervals === "analytic" ? analytic : bootstrapBinary(rows, analytic, contributions);
      return makeSample({ order, total, metrics, contributions, unranked });
    }
    case "multiclass-classification": {
      const rows = selectMulticlass(predictions, order);
      const contributions = multiclassContributions.bind(null, rows);
      return makeSample({ order, total, metrics: multiclassMetrics(rows), contributions, unranked: () => null });
    }
    case "regression": {
      const rows = selectRegression(predictions, order);
      const contributions = regressionContributions.bind(null, rows);
      return makeSample({ order, total, metrics: regressionMetrics(rows, total), contributions, unranked: () => null });
    }
  }
}
