import type { EvaluationFile } from "../evaluation/evaluation-file.ts";
import { formatCount, formatMeasured, formatShare, type Measured, shortest } from "./format-numbers.ts";

// What a model does when a feature is missing, noisy or shuffled: drops of one metric, largest first.

export interface ProbeLine {
  column: string;
  /** What was done to it; empty where the part's title says it. */
  change: string;
  drop: Measured;
  /** Why there is no drop. */
  reason: string | null;
}

export interface Probe {
  id: "robustness" | "importance";
  title: string;
  /** What was done, to which rows. */
  lead: string;
  lines: readonly ProbeLine[];
  /** Ends of the axis that all lines share; 0 lies inside. */
  axis: readonly [number, number];
}

export function robustnessProbe({ robustness }: Pick<EvaluationFile, "robustness">): Probe | null {
  if (robustness === undefined || robustness.columns.length === 0) return null;
  const lines = robustness.columns.map(({ column, change, amount, drop, lower, upper, reason }) => ({
    column,
    change: change === "missing" ? `${formatShare(amount)} missing` : `noise ${shortest(amount)}`,
    drop: { value: drop, lower, upper },
    reason: reason ?? null,
  }));
  const what =
    "when values of one feature are missing, or get noise (in standard deviations; of texts so large a share is drawn anew)";
  return { id: "robustness", title: "Robustness", ...probeOf(lines), lead: leadOf(robustness, what) };
}

export function importanceProbe({ importance }: Pick<EvaluationFile, "importance">): Probe | null {
  if (importance === undefined || importance.columns.length === 0) return null;
  const lines = importance.columns.map(({ column, drop, lower, upper, reason }) => ({
    column,
    change: "",
    drop: { value: drop, lower, upper },
    reason: reason ?? null,
  }));
  const what = `when one feature's values are shuffled among the rows, on average of ${formatCount(importance.repeats)} shuffles: what this model uses, not what the feature is worth`;
  return { id: "importance", title: "Feature importance", ...probeOf(lines), lead: leadOf(importance, what) };
}

function leadOf(
  {
    metric,
    value,
    rows,
    of_rows,
  }: NonNullable<EvaluationFile["importance"]> | NonNullable<EvaluationFile["robustness"]>,
  what: string,
): string {
  const all =
    rows === of_rows ? `${formatCount(rows)} test rows` : `${formatCount(rows)} of ${formatCount(of_rows)} test rows`;
  return `How much worse ${metric}, ${formatMeasured(value)} on ${all}, gets ${what}.`;
}

/** What cannot be measured comes first: there the model has no answer at all. */
function probeOf(lines: readonly ProbeLine[]): Pick<Probe, "lines" | "axis"> {
  const sorted = [...lines].sort((a, b) => (b.drop.value ?? Number.MAX_VALUE) - (a.drop.value ?? Number.MAX_VALUE));
  const ends = lines.flatMap(({ drop }) => [drop.value, drop.lower, drop.upper]).filter((end) => end !== null);
  const [low, high] = [Math.min(0, ...ends), Math.max(0, ...ends)];
  return { lines: sorted, axis: [low - (high - low) * 0.02, high] };
}
