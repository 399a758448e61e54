import type { Estimate } from "../stats/bounds.ts";
import {
  type Clustering,
  clusterSums,
  countClusters,
  type Design,
  designOf,
  independentRows,
} from "../stats/design-effect.ts";
import { type Measured, type MeasuredMetrics, ofOneCluster } from "./measured.ts";
import type { MetricDescription, MetricName } from "./metric-names.ts";

/** One subject's predictions of some rows: all of them, or a slice. */
export interface Sample {
  rows: number;
  metrics: MeasuredMetrics;
  /** What is known of a metric, own ones included; undefined for one that these predictions do not have. */
  describe(metric: MetricName): MetricDescription | undefined;
  /**
   * What each independent unit adds to a metric's deviation: weight times the metric's derivative by the weight, 0 outside the
   * sample. One entry for every row of the evaluation in its order; where rows are clustered one for every cluster, the sum over
   * its rows (times √(G/(G − 1)) for G clusters). The sum of squares is the metric's variance, the sum of products with another's
   * is their covariance (infinitesimal jackknife: Jaeckel, 1972; for ROC AUC it is DeLong's, 1988).
   * null where the metric is not defined or has no derivative (max_error), and where all rows are of one cluster.
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

/** How the metrics of some rows are made: by the task's room. */
export interface Measures {
  /** undefined: not a metric of these predictions. */
  measure(metric: MetricName, design: Design): Measured | undefined;
  /** Contributions in the order of the sample's rows; the metric must be defined. null: it has no derivative. */
  contributions(metric: MetricName): Float64Array | null;
  /** Contributions of all rows in their given order, where the sample is all rows and they come cheaper so; else null. */
  unranked(metric: MetricName): Float64Array | null;
}

interface SampleParts extends Measures {
  /** Row numbers of the sample. */
  order: Uint32Array;
  /** Rows of the evaluation. */
  total: number;
  names: readonly MetricName[];
  describe(metric: MetricName): MetricDescription | undefined;
  /** Of all rows of the evaluation; null: rows are independent. */
  clusters: Int32Array | null;
}

/** Metrics whose contributions are kept: a comparison and a gate ask for the same one in a row. 8 MB each at 1M rows. */
const keptContributions = 2;

/** A sample that computes each metric when it is asked for; the latest contributions are kept. */
export function makeSample(parts: SampleParts): Sample {
  const { order, names, describe } = parts;
  const measure = parts.clusters === null ? parts.measure : clustered(parts, parts.clusters);
  const measured = new Map<MetricName, Measured | undefined>();
  const get = (metric: MetricName): Measured | undefined => {
    if (!measured.has(metric)) measured.set(metric, measure(metric, independentRows));
    return measured.get(metric);
  };
  const known = new Map<MetricName, Float64Array | null>();
  return {
    rows: order.length,
    metrics: { names, get },
    describe,
    contributions: (metric) => {
      if ((get(metric)?.value ?? null) === null) return null;
      const before = known.get(metric);
      if (before !== undefined) return before;
      const computed = unitContributions(parts, metric);
      known.set(metric, computed);
      const [oldest] = known.keys();
      if (known.size > keptContributions && oldest !== undefined) known.delete(oldest);
      return computed;
    },
  };
}

/** By rows of the evaluation, or by its clusters. */
function unitContributions(parts: SampleParts, metric: MetricName): Float64Array | null {
  const { order, total, clusters } = parts;
  const cheap = clusters === null ? parts.unranked(metric) : null;
  const values = cheap ?? parts.contributions(metric);
  if (values === null || cheap !== null) return cheap;
  if (clusters === null) return spread(values, order, total);
  const clustering = clusteringOf(order, clusters);
  const occupied = countClusters(clustering);
  if (occupied < 2) return null;
  const scale = Math.sqrt(occupied / (occupied - 1));
  return clusterSums(values, clustering).map((sum) => scale * sum);
}

function spread(values: Float64Array, order: Uint32Array, total: number): Float64Array {
  const result = new Float64Array(total);
  for (let index = 0; index < order.length; index += 1) result[order[index]] = values[index];
  return result;
}

/** Clusters of some rows, in their order. `clusters`: of every row. */
export function clusteringOf(order: Uint32Array, clusters: Int32Array): Clustering {
  const codes = new Int32Array(order.length);
  for (let index = 0; index < order.length; index += 1) codes[index] = clusters[order[index]];
  return { codes, count: clusters.reduce((most, code) => Math.max(most, code + 1), 0) };
}

/** Measures with the design that the rows' clusters give each metric. */
function clustered(parts: SampleParts, clusters: Int32Array): (metric: MetricName) => Measured | undefined {
  const clustering = clusteringOf(parts.order, clusters);
  const occupied = countClusters(clustering);
  return (metric) => {
    const independent = parts.measure(metric, independentRows);
    if (independent === undefined || independent.value === null) return independent;
    if (occupied < 2) return ofOneCluster(independent);
    const contributions = parts.contributions(metric);
    // Without a derivative nothing is known of the design, and nothing depends on it.
    if (contributions === null) return independent;
    const measured = parts.measure(metric, designOf(contributions, clustering));
    return measured === undefined || measured.value === null ? measured : named(measured);
  };
}

function named(estimate: Estimate): Estimate {
  return { ...estimate, method: `${estimate.method}, clustered` };
}
