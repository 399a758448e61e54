import { normalQuantile, studentQuantile } from "./quantile-functions.ts";

/** How much less some rows tell than as many independent ones, because they come in clusters. */
export interface Design {
  /** Variance by clusters over variance by rows, at least 1 (Kish's design effect): effective rows are divided by it. */
  effect: number;
  /** Degrees of freedom of that variance: clusters less one; infinite for independent rows. */
  degrees: number;
}

export const independentRows: Design = { effect: 1, degrees: Number.POSITIVE_INFINITY };

/** Rows that belong together. */
export interface Clustering {
  /** Cluster of each row, in [0, count). */
  codes: Int32Array;
  count: number;
}

/** Σ of values over each cluster; length `count`. values: one a row. */
export function clusterSums(values: Float64Array, { codes, count }: Clustering): Float64Array {
  const sums = new Float64Array(count);
  for (let row = 0; row < values.length; row += 1) sums[codes[row]] += values[row];
  return sums;
}

/** How many clusters have a row. */
export function countClusters({ codes, count }: Clustering): number {
  const seen = new Uint8Array(count);
  let occupied = 0;
  for (const code of codes) {
    occupied += 1 - seen[code];
    seen[code] = 1;
  }
  return occupied;
}

/**
 * The design of an estimate from what each row adds to its deviation (the infinitesimal jackknife, or a mean's
 * w(x − mean)/Σw): G/(G − 1)·Σ(cluster sum)² over n/(n − 1)·Σ(row)². The numerator is the cluster-robust variance of a mean
 * and, where each cluster has rows of both classes, Obuchowski's of ROC AUC. Where no row deviates (every answer right)
 * nothing is known of how alike the rows of a cluster are, and a cluster counts as one row. Needs two clusters.
 * Source: Kish (1965), Survey Sampling; Liang & Zeger (1986); Obuchowski (1997), Biometrics 53:567.
 * Oracle: statsmodels' cov_type="cluster" (test/oracles/clusters.py).
 */
export function designOf(contributions: Float64Array, clustering: Clustering): Design {
  const rows = contributions.length;
  const clusters = countClusters(clustering);
  const byRow = (rows / (rows - 1)) * sumOfSquares(contributions);
  const byCluster = (clusters / (clusters - 1)) * sumOfSquares(clusterSums(contributions, clustering));
  const effect = byRow > 0 ? Math.max(1, byCluster / byRow) : rows / clusters;
  return { effect, degrees: clusters - 1 };
}

function sumOfSquares(values: Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value * value;
  return sum;
}

/**
 * Rows for a method that knows only the normal quantile (Wilson): divided by the design effect, and by (t / z)² for the few
 * clusters that it was estimated from.
 * Source: Korn & Graubard (1998), Survey Methodology 24:193.
 */
export function scoreRows(rows: number, { effect, degrees }: Design, alpha: number): number {
  if (!Number.isFinite(degrees)) return rows / effect;
  const ratio = normalQuantile(1 - alpha) / studentQuantile(1 - alpha, degrees);
  return (rows / effect) * ratio ** 2;
}
