import type { SumStatistic } from "./bootstrap.ts";
import { fillRows } from "./fill-rows.ts";

/**
 * The same statistic for rows that come in clusters: whole clusters are drawn (and left out by the jackknife), each with all its
 * rows, so that rows of a cluster may depend on each other. Source: Field & Welsh (2007), JRSS B 69:369; Davison & Hinkley (1997), 3.8.
 * clusters: for each row the number of its cluster, 0 … count − 1, of which each occurs.
 */
export function byCluster({ columns, value }: SumStatistic, clusters: Uint32Array): SumStatistic {
  const count = 1 + clusters.reduce((most, cluster) => Math.max(most, cluster), -1);
  const ones = fillRows(new Float64Array(clusters.length), () => 1);
  // A cluster counts its rows in one more column: resamples of as many clusters differ in their rows.
  return {
    columns: [...columns, ones].map((column) => clusterSums(column, clusters, count)),
    value: (sums) => value(sums.subarray(0, columns.length), sums[columns.length]),
  };
}

/** Sums over the rows of each cluster. */
function clusterSums(values: Float64Array, clusters: Uint32Array, count: number): Float64Array {
  const sums = new Float64Array(count);
  for (let row = 0; row < values.length; row += 1) sums[clusters[row]] += values[row];
  return sums;
}
