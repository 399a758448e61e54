import type { GoalResult } from "./evaluation-file.ts";
import { gateAlpha } from "./gate.ts";
import { toMetricValue } from "./measured.ts";
import { estimateOrNull } from "./quantity.ts";
import type { Sample } from "./sample.ts";

/** A goal of model.yml. */
export interface Goal {
  metric: string;
  at_least?: number | undefined;
  at_most?: number | undefined;
  by?: string | undefined;
  why?: string | undefined;
}

/** A goal is met when the one-sided bound clears it, as a gate passes; it decides nothing. */
export function judgeGoal(
  goal: Goal,
  sample: Sample,
  { level, alpha = gateAlpha }: { level: number; alpha?: number | undefined },
): GoalResult {
  const measured = sample.metrics.get(goal.metric);
  const estimate = estimateOrNull(measured);
  return {
    metric: goal.metric,
    ...(goal.at_least === undefined ? {} : { at_least: goal.at_least }),
    ...(goal.at_most === undefined ? {} : { at_most: goal.at_most }),
    ...(goal.by === undefined ? {} : { by: goal.by }),
    ...(goal.why === undefined ? {} : { why: goal.why }),
    measured: measured === undefined ? null : toMetricValue(measured, level),
    met: estimate === null ? "undecided" : metBy(goal, estimate.bounds(alpha)),
  };
}

function metBy(goal: Goal, { lower, upper }: { lower: number; upper: number }): GoalResult["met"] {
  const atLeast = goal.at_least ?? Number.NEGATIVE_INFINITY;
  const atMost = goal.at_most ?? Number.POSITIVE_INFINITY;
  if (goal.at_least === undefined && goal.at_most === undefined) return "undecided";
  if (upper < atLeast || lower > atMost) return "no";
  return lower >= atLeast && upper <= atMost ? "yes" : "undecided";
}
