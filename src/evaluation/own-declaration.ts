import type { MetricDescription } from "./metric-names.ts";
import type { EvaluatedTask } from "./predictions.ts";

// Metrics of a user's own as they are declared: read wherever model.yml is checked, so without any statistics.

/** As model.yml declares it, without its SQL. */
export interface OwnMetric {
  name: string;
  better: "higher" | "lower";
  unit?: string | undefined;
  min?: number | undefined;
  max?: number | undefined;
}

const allTasks: readonly EvaluatedTask[] = ["binary-classification", "multiclass-classification", "regression"];

/** What is known of a metric of a user's own before its rows are seen. */
export function describeOwn(metrics: readonly OwnMetric[]): MetricDescription[] {
  return metrics.map(({ name, better, unit, min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY }) => ({
    name,
    tasks: allTasks,
    better,
    range: [min, max],
    needsScores: false,
    label: unit === undefined ? name : `${name} (${unit})`,
    description: "Mean over rows of the SQL in evaluate.own_metrics.",
  }));
}
