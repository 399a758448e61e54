import type { Finding } from "../kit/outcome.ts";
import { formatShare, shortest } from "./format-numbers.ts";
import type { ReportModel } from "./report-model.ts";

/** `≥ 0.9`, `≤ 1,200`, `≥ 0.2 and ≤ 0.4`. */
export function goalTarget(goal: { at_least?: number | undefined; at_most?: number | undefined }): string {
  const parts = [
    goal.at_least === undefined ? null : `≥ ${shortest(goal.at_least)}`,
    goal.at_most === undefined ? null : `≤ ${shortest(goal.at_most)}`,
  ];
  return parts.filter((part) => part !== null).join(" and ");
}

/** Confidence level of the metrics' intervals: `95%`. */
export function levelOf(model: ReportModel): string {
  return formatShare(model.metrics[0]?.value.level ?? 0.95).replace(".0%", "%");
}

/** A finding's message without its subject in front, where the subject stands beside it. */
export function messageOf({ subject, message }: Pick<Finding, "subject" | "message">): string {
  return message.startsWith(`${subject}: `) ? message.slice(subject.length + 2) : message;
}
