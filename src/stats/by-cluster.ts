import type { SumStatistic } from "./bootstrap.ts";
import { type Clustering, clusterSums } from "./design-effect.ts";
import { fillRows } from "./fill-rows.ts";

/**
 * The same statistic for rows that come in clusters: whole clusters are drawn (and left out by the jackknife), each with all its
 * rows, so that rows of a cluster may depend on each other. Each cluster must have a row.
 * Source: Field & Welsh (2007), JRSS B 69:369; Davison & Hinkley (1997), 3.8.
 */
export function byCluster({ columns, value }: SumStatistic, clustering: Clustering): SumStatistic {
  const ones = fillRows(new Float64Array(clustering.codes.length), () => 1);
  // A cluster counts its rows in one more column: resamples of as many clusters differ in their rows.
  return {
    columns: [...columns, ones].map((column) => clusterSums(column, clustering)),
    value: (sums) => value(sums.subarray(0, columns.length), sums[columns.length]),
  };
}

/** The same clusters without those that have no row, as a slice's may. */
export function occupiedClusters({ codes, count }: Clustering): Clustering {
  const renumbered = new Int32Array(count).fill(-1);
  let occupied = 0;
  for (const code of codes) {
    if (renumbered[code] >= 0) continue;
    renumbered[code] = occupied;
    occupied += 1;
  }
  return { codes: codes.map((code) => renumbered[code]), count: occupied };
}
