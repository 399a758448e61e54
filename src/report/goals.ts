import type { GoalResult } from "../evaluation/evaluation-file.ts";
import { shortest } from "./format-numbers.ts";
import type { ReportInputs } from "./report-inputs.ts";

/** A goal of model.yml and how far it is reached. */
export interface GoalRow extends GoalResult {
  /** Its date is past and it is not known to be met. */
  isOverdue: boolean;
}

/** Goals in the order of model.yml; before an evaluation none is measured. */
export function goalRows({
  spec,
  evaluation,
  outcomes,
}: Pick<ReportInputs, "spec" | "evaluation" | "outcomes">): GoalRow[] {
  const today = newestDay(outcomes);
  const goals = evaluation?.goals ?? spec.problem.goals.map(unmeasured);
  return goals.map((goal) => ({ ...goal, isOverdue: goal.met !== "yes" && isPast(goal.by, today) }));
}

/** `≥ 0.9`, `≤ 1,200`, `≥ 0.2 and ≤ 0.4`. */
export function goalTarget(goal: Pick<GoalResult, "at_least" | "at_most">): string {
  const parts = [
    goal.at_least === undefined ? null : `≥ ${shortest(goal.at_least)}`,
    goal.at_most === undefined ? null : `≤ ${shortest(goal.at_most)}`,
  ];
  return parts.filter((part) => part !== null).join(" and ");
}

function unmeasured({
  metric,
  at_least,
  at_most,
  by,
  why,
}: ReportInputs["spec"]["problem"]["goals"][number]): GoalResult {
  return {
    metric,
    ...(at_least === undefined ? {} : { at_least }),
    ...(at_most === undefined ? {} : { at_most }),
    ...(by === undefined ? {} : { by }),
    ...(why === undefined ? {} : { why }),
    measured: null,
    met: "undecided",
  };
}

/** The day of the newest step, as YYYY-MM-DD: a report of the same run says the same whenever it is written. */
function newestDay(outcomes: ReportInputs["outcomes"]): string | null {
  const days = Object.values(outcomes).flatMap((outcome) => outcome?.started_at.slice(0, 10) ?? []);
  return days.sort().at(-1) ?? null;
}

function isPast(day: string | undefined, today: string | null): boolean {
  return day !== undefined && today !== null && /^\d{4}-\d{2}-\d{2}$/.test(day) && day < today;
}
