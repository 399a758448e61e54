import { acceleration, type BoundsAt, bcaBounds, bcaFromReplicates, bcaMeanBounds } from "../stats/bootstrap.ts";
import type { Estimate } from "../stats/bounds.ts";
import { byCluster, occupiedClusters } from "../stats/by-cluster.ts";
import { forEachCellDraw } from "../stats/cell-draws.ts";
import { type Clustering, clusterSums, type Design, independentRows } from "../stats/design-effect.ts";
import { type Drawing, forEachDraw } from "../stats/resample.ts";
import { logLosses, squaredErrors } from "./binary-losses.ts";
import { labelMetrics } from "./binary-metrics.ts";
import type { BinaryRows } from "./binary-rows.ts";
import type { Measured } from "./measured.ts";
import type { MetricName } from "./metric-names.ts";
import { type RankingTally, rankingCells, type ScoredBinaryRows, singleRowCells, tally } from "./ranking-cells.ts";
import { bootstrapDrawing, onDemand, resampledEstimate } from "./resampled-estimate.ts";
import type { Measures } from "./sample.ts";

export type Replicates = ReadonlyMap<MetricName, Float64Array>;

// Of fewer rows a resample may hold none at all (e^-10), and bounds say what happened to be drawn.
const fewestRows = 10;
// Clusters cannot be drawn by cell, so their resamples cost as much as there are rows: two seconds here.
const mostClusteredRows = 100_000;

/**
 * The metrics with BCa bounds from resampled rows, or clusters of them, where rows are not weighted and resamples say something: a
 * value of 0 or 1, or one that rests on fewer than ten rows or clusters, keeps the bounds of its formula. So do metrics that are
 * neither of ranks, of predicted labels nor a mean loss (average_precision), and clusters of more than 100,000 rows.
 * given: the clusters of `rows` in their order; null for independent rows.
 */
export function bootstrapBinary(rows: BinaryRows, analytic: Measures, given: Clustering | null): Measures {
  const { scores } = rows;
  if (scores === null || rows.weights !== null) return analytic;
  if (given !== null && rows.count > mostClusteredRows) return analytic;
  const clustering = given === null ? null : occupiedClusters(given);
  const scored = { ...rows, scores };
  const replicates = onDemand(() =>
    clustering === null
      ? binaryReplicates(scored, bootstrapDrawing)
      : clusteredReplicates(scored, clustering, bootstrapDrawing),
  );
  const ofCells = (metric: MetricName, observed: number) => (): BoundsAt => {
    const contributions = analytic.contributions(metric) ?? new Float64Array(0);
    const units = clustering === null ? contributions : clusterSums(contributions, clustering);
    return fromReplicates(replicates().get(metric) ?? new Float64Array(0), observed, units);
  };
  return {
    ...analytic,
    measure: (metric, design) => {
      const measured = analytic.measure(metric, design);
      const losses = lossesOf(metric, scored);
      const isDrawn = losses !== null || metric === "roc_auc" || labelMetrics.has(metric);
      if (!isDrawn || !saysSomething(measured, design)) return measured;
      const make = losses === null ? ofCells(metric, measured.value) : () => meanBoundsOf(losses(), clustering);
      return resampledEstimate(measured, "bca", make);
    },
  };
}

function meanBoundsOf(losses: Float64Array, clustering: Clustering | null): BoundsAt {
  if (clustering === null) return bcaMeanBounds(losses, bootstrapDrawing);
  const mean = { columns: [losses], value: (sums: Float64Array, rows: number) => sums[0] / rows };
  return bcaBounds(byCluster(mean, clustering), bootstrapDrawing);
}

function saysSomething(measured: Measured | undefined, { degrees }: Design): measured is Estimate {
  if (measured === undefined || measured.value === null || degrees + 1 < fewestRows) return false;
  const { value, effectiveRows } = measured;
  return value !== 0 && value !== 1 && effectiveRows >= fewestRows && effectiveRows < Infinity;
}

function lossesOf(metric: MetricName, rows: BinaryRows & { scores: Float64Array }): (() => Float64Array) | null {
  if (metric === "log_loss") return () => logLosses(rows);
  return metric === "brier_score" ? () => squaredErrors(rows) : null;
}

function fromReplicates(replicates: Float64Array, observed: number, contributions: Float64Array): BoundsAt {
  return bcaFromReplicates({
    observed,
    replicates: replicates.filter((value) => !Number.isNaN(value)),
    // The value without a row is less what the row adds to it.
    acceleration: acceleration(contributions.map((value) => -value)),
  });
}

/**
 * ROC AUC and the metrics of predicted labels in resamples of these rows, all from the same draws; NaN where a resample leaves one
 * undefined. Any number of rows costs about the same once they are sorted: they are drawn by cell (see rankingCells), 0.1 to 0.5 s
 * for 2000 resamples, so no worker threads are used.
 */
export function binaryReplicates(rows: ScoredBinaryRows, drawing: Drawing): Replicates {
  const cells = rankingCells(rows);
  const replicates = new Map<MetricName, Float64Array>();
  forEachCellDraw(cells.rows, drawing, (counts, at) => keep(replicates, tally(cells, counts), { at, ...drawing }));
  return replicates;
}

/**
 * The same of rows in clusters, each of which has a row: whole clusters are drawn. Rows of a cell are no longer alike, so this costs
 * O(rows) a resample.
 */
export function clusteredReplicates(
  rows: ScoredBinaryRows,
  { codes, count }: Clustering,
  drawing: Drawing,
): Replicates {
  const cells = singleRowCells(rows);
  const counts = new Float64Array(codes.length);
  const replicates = new Map<MetricName, Float64Array>();
  forEachDraw(count, drawing, (drawn, at) => {
    for (let row = 0; row < counts.length; row += 1) counts[row] = drawn[codes[row]];
    keep(replicates, tally(cells, counts), { at, ...drawing });
  });
  return replicates;
}

function keep(
  replicates: Map<MetricName, Float64Array>,
  { rocAuc, cells }: RankingTally,
  { at, resamples }: { at: number; resamples: number },
): void {
  const put = (metric: MetricName, value: number | null): void => {
    const values = replicates.get(metric) ?? new Float64Array(resamples);
    replicates.set(metric, values);
    values[at] = value ?? Number.NaN;
  };
  put("roc_auc", rocAuc);
  for (const [metric, estimate] of labelMetrics) {
    put(metric, estimate({ cells: { weight: cells, squared: cells } }, independentRows).value);
  }
}
