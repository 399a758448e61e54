import { clusterSums, countClusters } from "../stats/design-effect.ts";
import { permutation } from "../stats/draws.ts";
import { studentQuantile } from "../stats/quantile-functions.ts";
import { seeded } from "../stats/resample.ts";
import type { EvaluationFile } from "./evaluation-file.ts";
import { finiteOrNull, toMetricValue } from "./measured.ts";
import type { MetricName } from "./metric-names.ts";
import type { Predictions } from "./predictions.ts";
import { askUnchanged, type Drop, dropFrom, noDrop, type ProbeRequest, type Unchanged } from "./probed-metric.ts";
import { measureSubject } from "./subject.ts";

type Importance = NonNullable<EvaluationFile["importance"]>;

export interface ImportanceRequest extends ProbeRequest {
  /** How often each feature is permuted, at least once. */
  repeats: number;
}

/**
 * Permutation importance: how much worse the metric gets, on average, when a feature's values are shuffled among the rows, so
 * that it tells nothing of its row and stays as it is distributed. Source: Breiman (2001), Machine Learning 45:5; Fisher, Rudin
 * & Dominici (2019), JMLR 20(177). Oracle for given orders: scikit-learn's metrics over onnxruntime's answers.
 */
export async function measureImportance(request: ImportanceRequest): Promise<Importance> {
  const { probe, repeats, level } = request;
  const unchanged = await askUnchanged(request);
  const columns: Importance["columns"] = [];
  for (const [place, feature] of probe.features.entries()) {
    const uniform = seeded(place + 1);
    const orders = Array.from({ length: repeats }, () => permutation(probe.rows, uniform));
    columns.push({ column: feature, ...(await importanceOf(request, unchanged, { feature, orders })) });
    request.progress((place + 1) / probe.features.length);
  }
  const { metric, measured } = unchanged;
  const value = toMetricValue(measured, level);
  return { metric, value, rows: probe.rows, of_rows: probe.ofRows, repeats, columns };
}

/** Mean drop over given orders of one feature. */
export async function importanceOf(
  { probe, decide, level }: ProbeRequest,
  unchanged: Unchanged,
  { feature, orders }: { feature: string; orders: readonly Uint32Array[] },
): Promise<Drop> {
  const { metric, measured, predictions } = unchanged;
  if (measured.value === null) return noDrop(measured.reason);
  const before = rowContributions(predictions, metric);
  const influence = new Float64Array(predictions.labels.length);
  let sum = 0;
  for (const order of orders) {
    const answer = await probe.answer({ feature, change: { kind: "order", order } });
    if ("reason" in answer) return noDrop(answer.reason);
    const shuffled = decide(answer);
    const found = measureSubject(shuffled).all.metrics.get(metric);
    if (found === undefined || found.value === null) return noDrop(found?.reason ?? `there is no ${metric}`);
    // Differences, so that a feature without effect has exactly none.
    sum += found.value - measured.value;
    addRoles(influence, { before, after: rowContributions(shuffled, metric), order, share: 1 / orders.length });
  }
  const difference = sum / orders.length;
  const bounds = boundsAround(difference, {
    influence,
    clusters: predictions.clusters ?? null,
    alpha: (1 - level) / 2,
  });
  return dropFrom(unchanged, { difference, ...bounds, method: "jackknife_t" });
}

interface Shuffle {
  /** Contributions of each row to the metric as it was and when shuffled; null for a metric that has none. */
  before: Float64Array | null;
  after: Float64Array | null;
  order: Uint32Array;
  share: number;
}

/**
 * A row counts twice in a shuffled metric: it receives another row's value, and gives its own to another. What the drop gains by
 * a row is the sum of both, on average over the orders (the projections of a statistic of pairs: Hoeffding, 1948). The orders'
 * own spread is in both, which is once too often: with few orders the interval is a little too wide, never too short.
 */
function addRoles(influence: Float64Array, { before, after, order, share }: Shuffle): void {
  for (let row = 0; row < order.length; row += 1) {
    const gained = before === null || after === null ? Number.NaN : share * (after[row] - before[row]);
    influence[row] += gained;
    influence[order[row]] += gained;
  }
}

function boundsAround(
  value: number,
  { influence, clusters, alpha }: { influence: Float64Array; clusters: Int32Array | null; alpha: number },
): { lower: number | null; upper: number | null } {
  const { sums, units } = unitsOf(influence, clusters);
  const variance = sums.reduce((total, each) => total + each * each, 0) * (units / (units - 1));
  const margin = units < 2 ? Number.POSITIVE_INFINITY : studentQuantile(1 - alpha, units - 1) * Math.sqrt(variance);
  return { lower: finiteOrNull(value - margin), upper: finiteOrNull(value + margin) };
}

/** Independent units: rows, or the clusters that they come in. */
function unitsOf(influence: Float64Array, clusters: Int32Array | null): { sums: Float64Array; units: number } {
  if (clusters === null) return { sums: influence, units: influence.length };
  const clustering = { codes: clusters, count: clusters.reduce((most, code) => Math.max(most, code + 1), 0) };
  return { sums: clusterSums(influence, clustering), units: countClusters(clustering) };
}

/** By row even where rows come in clusters. */
function rowContributions(predictions: Predictions, metric: MetricName): Float64Array | null {
  return measureSubject({ ...predictions, clusters: null }).all.contributions(metric);
}
