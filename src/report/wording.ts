import { counted } from "../kit/counted.ts";
import type { Finding } from "../kit/outcome.ts";
import { formatShare } from "./format-numbers.ts";
import type { ReportedAction } from "./report-inputs.ts";

/** `95 %`: confidence level of the metrics' intervals. */
export function levelOf({ metrics }: { metrics: readonly { value: { level: number } }[] }): string {
  return percent(metrics[0]?.value.level ?? 0.95);
}

/** ` in 812 groups`, where rows belong together; empty where none do. */
export function clustersText({ clusters }: { clusters?: number | undefined }): string {
  return clusters === undefined ? "" : ` in ${counted(clusters, "group")}`;
}

/** `90 %`: a gate's interval, of which each end alone is sure to 1 − alpha. */
export function gateLevel({ alpha }: { alpha: number }): string {
  return percent(1 - 2 * alpha);
}

/** `95 %`: how sure each end of a gate's interval is by itself. */
export function gateEndLevel({ alpha }: { alpha: number }): string {
  return percent(1 - alpha);
}

function percent(share: number): string {
  return formatShare(share).replace(".0 %", " %");
}

/** A finding's message without its subject in front, where the subject stands beside it. */
export function messageOf({ subject, message }: Pick<Finding, "subject" | "message">): string {
  return message.startsWith(`${subject}: `) ? message.slice(subject.length + 2) : message;
}

const commands = {
  "collect-data": "mlops collect",
  "validate-data": "mlops validate",
  train: "mlops train",
  evaluate: "mlops evaluate",
  "model-card": "mlops card",
} as const satisfies Record<ReportedAction, string>;

/** What a person types to run a step: on the command line some have shorter names than their actions. */
export function commandOf(action: ReportedAction): string {
  return commands[action];
}

/** `a`, `a and b`, `a, b and c`. */
export function listed(items: readonly string[]): string {
  return items.length < 2 ? (items[0] ?? "") : `${items.slice(0, -1).join(", ")} and ${items[items.length - 1] ?? ""}`;
}

/** A sentence as a clause inside another one: without the full stop at its end. */
export function clause(sentence: string): string {
  return sentence.replace(/\.\s*$/, "");
}
