import { normalCdf } from "../stats/quantile-functions.ts";
import type { Comparison } from "./evaluation-file.ts";
import { finiteOrNull } from "./measured.ts";
import type { MetricName } from "./metric-names.ts";
import { combine, estimateOrNull, pairedError, quantityOf } from "./quantity.ts";
import type { Sample } from "./sample.ts";

interface Pair {
  against: string;
  candidate: Sample;
  reference: Sample;
  level: number;
}

/** Candidate minus reference for each metric, paired row by row. */
export function compareSamples(pair: Pair, metrics: readonly MetricName[]): Comparison[] {
  return metrics.map((metric) => compareMetric(pair, metric));
}

/** The p-value is two-sided for no difference, from the paired error (for ROC AUC: DeLong's test). */
function compareMetric({ against, candidate, reference, level }: Pair, metric: MetricName): Comparison {
  const ours = estimateOrNull(candidate.metrics.get(metric));
  const theirs = estimateOrNull(reference.metrics.get(metric));
  const empty = { against, metric, difference: null, lower: null, upper: null, p_value: null, method: "none" };
  if (ours === null || theirs === null) {
    const without = ours === null ? "this model" : `the ${against} model`;
    return { ...empty, reason: `${without} has no ${metric} on these rows` };
  }
  const difference = combine([
    { coefficient: 1, quantity: quantityOf(candidate, metric, ours) },
    { coefficient: -1, quantity: quantityOf(reference, metric, theirs) },
  ]);
  const { lower, upper } = difference.bounds((1 - level) / 2);
  return {
    ...empty,
    difference: difference.value,
    lower: finiteOrNull(lower),
    upper: finiteOrNull(upper),
    p_value: pValue(difference.value, candidate.contributions(metric), reference.contributions(metric)),
    method: metric === "roc_auc" ? "paired_delong" : difference.method,
    ...(difference.unbounded === undefined ? {} : { method: "none", reason: difference.unbounded }),
  };
}

function pValue(difference: number, ours: Float64Array | null, theirs: Float64Array | null): number | null {
  if (ours === null || theirs === null) return null;
  const error = pairedError(ours, theirs);
  if (error === 0) return difference === 0 ? 1 : null;
  return 2 * normalCdf(-Math.abs(difference) / error);
}
