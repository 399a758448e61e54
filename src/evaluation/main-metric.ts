import type { EvaluationFile } from "./evaluation-file.ts";

/**
 * The metric to show first: the first that is defined for these rows. Those asked for in model.yml stand first; one that
 * is not defined (a class without a test row) would say nothing.
 */
export function mainMetric({ metrics }: Pick<EvaluationFile, "metrics">): string | null {
  const names = Object.keys(metrics);
  return names.find((name) => metrics[name]?.value !== null) ?? names[0] ?? null;
}
