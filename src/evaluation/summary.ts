import { counted, grouped } from "../kit/counted.ts";
import type { EvaluationFile, MetricValue } from "./evaluation-file.ts";
import { mainMetric } from "./main-metric.ts";
import { isBlocking } from "./verdict.ts";

/** One sentence: the first metric with its interval and the baseline's, the rows, how many gates hold. */
export function evaluationSummary(file: EvaluationFile): string {
  const main = mainMetric(file);
  const measured = main === null ? undefined : file.metrics[main];
  const metric = measured === undefined ? "no metric" : `${main} ${metricText(measured)}`;
  const naive = main === null ? undefined : file.baseline[main]?.value;
  const baseline = naive === undefined || naive === null ? "" : `, baseline ${numberText(naive)}`;
  return `${metric}${baseline}, on ${rowsText(file)}${worthText(file, main)}; ${gatesText(file)}`;
}

/** What 1,000 cases are worth, unless that is the first metric itself. */
function worthText({ metrics, baseline, value_matrix: matrix }: EvaluationFile, main: string | null): string {
  const worth = metrics.value;
  if (matrix === null || worth === undefined || main === "value") return "";
  const naive = baseline.value?.value ?? null;
  const against = naive === null ? "" : `, baseline ${numberText(naive)}`;
  return `; value ${metricText(worth)}${matrix.unit === undefined ? "" : ` ${matrix.unit}`} per 1000${against}`;
}

/** `0.9065 [0.8993, 0.9137]`. @example metricText({ value: 0.5, lower: null, upper: null, level: 0.95, method: "none" }) // "0.5000" */
function metricText({ value, lower, upper, reason }: MetricValue): string {
  if (value === null) return `undefined${reason === undefined ? "" : ` (${reason})`}`;
  const interval = lower === null || upper === null ? "" : ` [${numberText(lower)}, ${numberText(upper)}]`;
  return `${numberText(value)}${interval}`;
}

function rowsText({ rows, clusters }: EvaluationFile): string {
  const groups = clusters === undefined ? "" : ` in ${counted(clusters, "group")}`;
  return `${counted(rows, "row")}${groups}`;
}

function gatesText({ gates }: EvaluationFile): string {
  if (gates.length === 0) return "no gates";
  const held = gates.filter(({ verdict }) => verdict === "pass").length;
  const blocking = gates.filter(isBlocking);
  const failed = blocking.filter(({ verdict }) => verdict === "fail").map(({ gate }) => gate);
  const undecided = blocking.filter(({ verdict }) => verdict === "inconclusive").map(({ gate }) => gate);
  const warnings = gates.filter((gate) => gate.verdict !== "pass" && gate.verdict !== "skipped" && !isBlocking(gate));
  const parts = [`${held} of ${counted(gates.length, "gate")} ${held === 1 ? "holds" : "hold"}`];
  if (failed.length > 0) parts.push(`failed: ${failed.join("; ")}`);
  if (undecided.length > 0) parts.push(`undecided: ${undecided.join("; ")}`);
  if (warnings.length > 0) parts.push(`only warned of: ${warnings.map(({ gate }) => gate).join("; ")}`);
  return parts.join(", ");
}

/** Four significant decimals for small numbers, whole numbers for large ones. */
function numberText(value: number): string {
  return Math.abs(value) >= 1000 ? grouped(Math.round(value)) : value.toFixed(4);
}
