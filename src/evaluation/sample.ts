import type { MeasuredMetrics } from "./measured.ts";
import type { MetricName } from "./metric-names.ts";

/** One subject's predictions of some rows: all of them, or a slice. */
export interface Sample {
  rows: number;
  metrics: MeasuredMetrics;
  /**
   * What each row adds to a metric's deviation: weight times the metric's derivative by the weight, 0 outside the sample,
   * one entry for every row of the evaluation in its order. The sum of squares is the metric's variance, the sum of products
   * with another's is their covariance (infinitesimal jackknife: Jaeckel, 1972; for ROC AUC it is DeLong's, 1988).
   * null where the metric is not defined.
   */
  contributions(metric: MetricName): Float64Array | null;
}

/** One subject: all its rows, and any part of them. */
export interface Subjected {
  all: Sample;
  /** Every row number, in the order in which part() wants them: a part then needs no sort of its own. */
  order: Uint32Array;
  /** The rows named, a part of `order` in the same order. */
  part(rows: Uint32Array): Sample;
}

interface SampleParts {
  /** Row numbers of the sample. */
  order: Uint32Array;
  /** Rows of the evaluation. */
  total: number;
  metrics: MeasuredMetrics;
  /** Contributions in the order of `order`. */
  contributions(metric: MetricName): Float64Array;
  /** Contributions of all rows in their given order, where the sample is all rows and they come cheaper so; else null. */
  unranked(metric: MetricName): Float64Array | null;
}

/** Metrics whose contributions are kept: a comparison and a gate ask for the same one in a row. 8 MB each at 1M rows. */
const keptContributions = 2;

/** A sample whose contributions are spread over the evaluation's rows; the latest are kept. */
export function makeSample({ order, total, metrics, contributions, unranked }: SampleParts): Sample {
  const known = new Map<MetricName, Float64Array>();
  return {
    rows: order.length,
    metrics,
    contributions: (metric) => {
      if ((metrics.get(metric)?.value ?? null) === null) return null;
      const before = known.get(metric);
      if (before !== undefined) return before;
      const computed = unranked(metric) ?? spread(contributions(metric), order, total);
      known.set(metric, computed);
      const [oldest] = known.keys();
      if (known.size > keptContributions && oldest !== undefined) known.delete(oldest);
      return computed;
    },
  };
}

function spread(values: Float64Array, order: Uint32Array, total: number): Float64Array {
  const result = new Float64Array(total);
  for (let index = 0; index < order.length; index += 1) result[order[index]] = values[index];
  return result;
}
