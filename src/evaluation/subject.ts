import { binaryContributions } from "./binary-contributions.ts";
import { binaryMetric, isBinaryMetric } from "./binary-metrics.ts";
import { rankBinary, selectBinary, unrankedBinary } from "./binary-rows.ts";
import { bootstrapBinary } from "./bootstrap-binary.ts";
import { undefinedBecause } from "./measured.ts";
import { describeMetric, type MetricName, metricsOf } from "./metric-names.ts";
import { isMulticlassMetric, multiclassContributions, multiclassMetric } from "./multiclass-metrics.ts";
import { selectMulticlass } from "./multiclass-rows.ts";
import { type OwnValues, ownContributions, ownEstimate } from "./own-metrics.ts";
import type { BinaryPredictions, MulticlassPredictions, Predictions, RegressionPredictions } from "./predictions.ts";
import {
  isRegressionMetric,
  regressionContributions,
  regressionMetric,
  selectRegression,
} from "./regression-metrics.ts";
import { clusteringOf, type Measures, makeSample, type Sample, type Subjected } from "./sample.ts";
import { unansweredRows, unansweredText } from "./unanswered.ts";

/** How intervals are made: by formulas, or of binary classification by resampling rows (bootstrapBinary). */
export type Intervals = "analytic" | "bootstrap";

/** Measures one subject's predictions: metrics when they are asked for, of all rows and of parts. */
export function measureSubject(predictions: Predictions, intervals: Intervals = "analytic"): Subjected {
  const order = predictions.task === "binary-classification" ? rankBinary(predictions) : everyRow(predictions);
  const unanswered = new Set(unansweredRows(predictions));
  const part = (rows: Uint32Array): Sample => measurePart(predictions, rows, { intervals, unanswered });
  return { order, all: part(order), part };
}

function everyRow(predictions: Predictions): Uint32Array {
  const order = new Uint32Array(predictions.labels.length);
  for (let row = 0; row < order.length; row += 1) order[row] = row;
  return order;
}

interface Measuring {
  intervals: Intervals;
  /** Rows of the evaluation to which the model gave no finite number. */
  unanswered: ReadonlySet<number>;
}

function measurePart(predictions: Predictions, order: Uint32Array, { intervals, unanswered }: Measuring): Sample {
  const { task, clusters = null, labels } = predictions;
  const hasValue = predictions.task === "binary-classification" && (predictions.value ?? null) !== null;
  const ownValues = predictions.own ?? [];
  const own = ownValues.map(({ description }) => description);
  const names = metricsOf(task, { hasValue, own });
  const broken = unanswered.size === 0 ? [] : [...order].filter((row) => unanswered.has(row));
  const measures =
    broken.length > 0
      ? undefinedMeasures(names, unansweredText(predictions, broken, order.length))
      : withOwn(measuresOf(predictions, order, intervals), ownValues, { order, weights: predictions.weights });
  return makeSample({
    ...measures,
    order,
    total: labels.length,
    names,
    describe: (metric) => (names.includes(metric) ? describeMetric(metric, own, task) : undefined),
    clusters,
  });
}

/** None of the metrics has a value, for one reason. */
function undefinedMeasures(names: readonly MetricName[], reason: string): Measures {
  return {
    measure: (metric) => (names.includes(metric) ? undefinedBecause(reason) : undefined),
    contributions: () => null,
    unranked: () => null,
  };
}

/** Metrics of a user's own beside those of the task. */
function withOwn(
  measures: Measures,
  own: readonly OwnValues[],
  { order, weights }: { order: Uint32Array; weights: Float64Array | null },
): Measures {
  if (own.length === 0) return measures;
  const find = (metric: MetricName) => own.find(({ name }) => name === metric);
  return {
    measure: (metric, design) => {
      const found = find(metric);
      return found === undefined ? measures.measure(metric, design) : ownEstimate(found, { order, weights, design });
    },
    contributions: (metric) => {
      const found = find(metric);
      return found === undefined ? measures.contributions(metric) : ownContributions(found, order, weights);
    },
    unranked: (metric) => (find(metric) === undefined ? measures.unranked(metric) : null),
  };
}

function measuresOf(predictions: Predictions, order: Uint32Array, intervals: Intervals): Measures {
  switch (predictions.task) {
    case "binary-classification":
      return binaryMeasures(predictions, order, intervals);
    case "multiclass-classification":
      return multiclassMeasures(predictions, order);
    case "regression":
      return regressionMeasures(predictions, order);
  }
}

function binaryMeasures(predictions: BinaryPredictions, order: Uint32Array, intervals: Intervals): Measures {
  const rows = selectBinary(predictions, order);
  const whole = order.length === predictions.labels.length ? unrankedBinary(predictions, rows.cells) : null;
  const hasValue = rows.value !== null;
  const isKnown = (metric: MetricName) => isBinaryMetric(metric) && (hasValue || metric !== "value");
  const analytic: Measures = {
    measure: (metric, design) =>
      isBinaryMetric(metric) && isKnown(metric) ? binaryMetric(rows, metric, design) : undefined,
    contributions: (metric) => (isBinaryMetric(metric) ? binaryContributions(rows, metric) : null),
    unranked: (metric) =>
      whole === null || !isBinaryMetric(metric) || metric === "roc_auc" || metric === "average_precision"
        ? null
        : binaryContributions(whole, metric),
  };
  if (intervals === "analytic") return analytic;
  const { clusters = null } = predictions;
  return bootstrapBinary(rows, analytic, clusters === null ? null : clusteringOf(order, clusters));
}

function multiclassMeasures(predictions: MulticlassPredictions, order: Uint32Array): Measures {
  const rows = selectMulticlass(predictions, order);
  return {
    measure: (metric, design) => (isMulticlassMetric(metric) ? multiclassMetric(rows, metric, design) : undefined),
    contributions: (metric) => (isMulticlassMetric(metric) ? multiclassContributions(rows, metric) : null),
    unranked: () => null,
  };
}

function regressionMeasures(predictions: RegressionPredictions, order: Uint32Array): Measures {
  const rows = selectRegression(predictions, order);
  const total = predictions.labels.length;
  return {
    measure: (metric, design) =>
      isRegressionMetric(metric) ? regressionMetric(rows, { metric, design, total }) : undefined,
    contributions: (metric) => (isRegressionMetric(metric) ? regressionContributions(rows, metric) : null),
    unranked: () => null,
  };
}
