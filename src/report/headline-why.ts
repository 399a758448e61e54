import type { EvaluationFile, GateResult } from "../evaluation/evaluation-file.ts";
import { mainMetric } from "../evaluation/main-metric.ts";
import { isBlocking } from "../evaluation/verdict.ts";
import { counted } from "../kit/counted.ts";
import type { Finding, Outcome } from "../kit/outcome.ts";
import { decimalsFor, formatMeasured, formatValue } from "./format-numbers.ts";
import { formOf } from "./gate-form.ts";
import { formatGate, partsOf } from "./gate-text.ts";
import { goalRows, goalTarget } from "./goals.ts";
import { type ReportInputs, reportedActions } from "./report-inputs.ts";
import { missingSteps, type ReportVerdict } from "./report-verdict.ts";
import { clause, listed, messageOf } from "./wording.ts";

/** Why the verdict is what it is, one clause each, the deciding ones first. */
export function reasonsOf(verdict: ReportVerdict, inputs: ReportInputs): string[] {
  switch (verdict) {
    case "pass":
      return inputs.evaluation === null ? [] : [...passReasons(inputs.evaluation), ...overdueGoals(inputs)];
    case "fail":
    case "inconclusive":
      return blockingReasons(verdict, inputs);
    case "pending":
      return stepSummaries("pending", inputs);
    case "incomplete": {
      const missing = missingSteps(inputs);
      return [`${listed(missing)} ${missing.length === 1 ? "has" : "have"} not run`];
    }
  }
}

/** The main metric beside the baseline, and the gates that hold. */
export function passReasons(evaluation: EvaluationFile): string[] {
  const held = evaluation.gates.filter((gate) => gate.verdict === "pass").length;
  const gates =
    evaluation.gates.length === 0
      ? "no gates are set, so nothing could stop it"
      : `${held} of ${counted(evaluation.gates.length, "gate")} ${held === 1 ? "holds" : "hold"}${skippedNote(evaluation.gates)}`;
  return [mainMetricText(evaluation), gates].filter((each) => each !== null);
}

/** The gates that hold the model back, with their numbers. */
export function gateReasons({ gates }: EvaluationFile, verdict: "fail" | "inconclusive"): string[] {
  return gates.filter((gate) => gate.verdict === verdict && isBlocking(gate)).map(gateReason);
}

function skippedNote(gates: readonly GateResult[]): string {
  const skipped = gates.filter((gate) => gate.verdict === "skipped").length;
  const open = gates.filter((gate) => gate.verdict === "inconclusive").length;
  const failed = gates.filter((gate) => gate.verdict === "fail").length;
  const notes = [
    skipped === 0 ? null : `${skipped} skipped, as what it compares with does not exist`,
    failed === 0 ? null : `${failed} failed but only a warning`,
    open === 0 ? null : `${open} undecided but only a warning`,
  ].filter((each) => each !== null);
  return notes.length === 0 ? "" : ` (${notes.join("; ")})`;
}

/** `roc_auc is 0.905 [0.898, 0.911], 0.500 for the baseline (prior)`. */
function mainMetricText(evaluation: EvaluationFile): string | null {
  const main = mainMetric(evaluation);
  const value = main === null ? undefined : evaluation.metrics[main];
  if (main === null || value === undefined) return null;
  const baseline = evaluation.baseline[main];
  const beside =
    baseline === undefined
      ? ""
      : `, ${formatValue(baseline, decimalsFor(value))} for the baseline (${evaluation.baseline_kind ?? "naive"})`;
  return `${main} is ${formatMeasured(value)}${beside}`;
}

function overdueGoals(inputs: ReportInputs): string[] {
  return goalRows(inputs)
    .filter(({ isOverdue }) => isOverdue)
    .map((goal) => `the goal ${goal.metric} ${goalTarget(goal)} was due by ${goal.by ?? ""} and is not met`);
}

function blockingReasons(verdict: "fail" | "inconclusive", inputs: ReportInputs): string[] {
  const action = reportedActions.find((each) => inputs.outcomes[each]?.verdict === verdict);
  const outcome = action === undefined ? null : inputs.outcomes[action];
  const gates = action === "evaluate" && inputs.evaluation !== null ? gateReasons(inputs.evaluation, verdict) : [];
  const errors = (outcome?.findings ?? [])
    .filter(({ severity, code }) => severity === "error" && (gates.length === 0 || code !== "gate_failed"))
    .map(findingReason);
  return gates.length + errors.length > 0 ? [...gates, ...errors] : stepSummaries(verdict, inputs);
}

/** `roc_auc >= 0.89 fails: measured 0.861 (0.852 to 0.870)`; the bound stands in the gate. */
function gateReason(gate: GateResult): string {
  const state = gate.verdict === "fail" ? "fails" : "is open";
  if (gate.conditions !== undefined) {
    const deciding = partsOf(gate).filter(({ verdict }) => verdict === gate.verdict);
    return `${gate.gate} ${state}: ${listed(deciding.map((part) => `${part.gate} ${numbersText(part)}`))}`;
  }
  return `${gate.gate} ${state}: ${numbersText(gate)}`;
}

function numbersText(gate: GateResult): string {
  if (gate.measured === null) return missingPart(gate);
  const { measured, interval } = formatGate(gate);
  const what = formOf(gate.gate).isDifference ? "the difference is" : "measured";
  return `${what} ${measured}${interval === "" ? "" : ` (${interval})`}`;
}

/** What a gate without a measured number lacks, as a clause. */
export function missingPart({ why }: GateResult): string {
  return clause(why.replace(/^Cannot be decided: /, ""));
}

function findingReason(finding: Finding): string {
  return `${finding.subject}: ${clause(messageOf(finding))}`;
}

function stepSummaries(verdict: Outcome["verdict"], { outcomes }: ReportInputs): string[] {
  return reportedActions.flatMap((action) => {
    const outcome = outcomes[action];
    return outcome?.verdict === verdict ? [`${action}: ${clause(outcome.summary)}`] : [];
  });
}
