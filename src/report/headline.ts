import type { GateResult } from "../evaluation/evaluation-file.ts";
import { mainMetric } from "../evaluation/main-metric.ts";
import { errorCodes, findingCodes, reasonCodes } from "../kit/codes.ts";
import type { Finding, Outcome } from "../kit/outcome.ts";
import { formatCount, formatGate, formatMeasured, formatValue } from "./format-numbers.ts";
import { decidingActions, type ReportedAction, type ReportInputs, reportedActions } from "./report-inputs.ts";
import { messageOf } from "./wording.ts";

// The three lines at the top of every report: ship or not, why, what next.

/** `incomplete`: a step that decides has not run, so there is nothing to judge yet. */
export type ReportVerdict = "pass" | "fail" | "inconclusive" | "pending" | "incomplete";

export interface Headline {
  /** Ship or not, in words. */
  ship: string;
  /** Why, with numbers; one sentence each, the deciding ones first. */
  why: readonly string[];
  /** What a person does next. */
  next: string;
}

const shipWords = {
  pass: "Ship it",
  fail: "Do not ship",
  inconclusive: "Not proven: do not ship yet",
  pending: "Still running",
  incomplete: "Nothing to decide yet",
} as const satisfies Record<ReportVerdict, string>;

/** The verdict of the run: the worst of its steps; `incomplete` when a deciding step is missing and none failed. */
export function overallVerdict({ outcomes }: Pick<ReportInputs, "outcomes">): ReportVerdict {
  const verdicts = reportedActions.flatMap((action) => outcomes[action]?.verdict ?? []);
  if (verdicts.includes("fail")) return "fail";
  if (verdicts.includes("pending")) return "pending";
  if (decidingActions.some((action) => outcomes[action] === null)) return "incomplete";
  return verdicts.includes("inconclusive") ? "inconclusive" : "pass";
}

/** The three lines, as plain text: renderers escape them. */
export function headlineOf(inputs: ReportInputs): Headline {
  const verdict = overallVerdict(inputs);
  return { ship: shipWords[verdict], why: reasonsOf(verdict, inputs), next: nextOf(verdict, inputs) };
}

/** The headline on one line: `Ship it: roc_auc is 0.905 …`. */
export function tellHeadline({ ship, why }: Headline): string {
  const [first] = why;
  const more = why.length > 1 ? `; and ${why.length - 1} more` : "";
  return first === undefined ? ship : `${ship}: ${first}${more}`;
}

function reasonsOf(verdict: ReportVerdict, inputs: ReportInputs): string[] {
  switch (verdict) {
    case "pass":
      return passReasons(inputs);
    case "fail":
    case "inconclusive":
      return blockingReasons(verdict, inputs);
    case "pending":
      return stepSummaries("pending", inputs);
    case "incomplete":
      return [`${listed(missingSteps(inputs))} ${missingSteps(inputs).length === 1 ? "has" : "have"} not run`];
  }
}

function passReasons(inputs: ReportInputs): string[] {
  const { evaluation } = inputs;
  if (evaluation === null) return [];
  const held = evaluation.gates.filter((gate) => gate.verdict === "pass").length;
  const gates =
    evaluation.gates.length === 0
      ? "no gates are set, so nothing could stop it"
      : `${held} of ${counted(evaluation.gates.length, "gate")} ${held === 1 ? "holds" : "hold"}${skippedNote(evaluation.gates)}`;
  return [mainMetricText(inputs), gates].filter((each) => each !== null);
}

function skippedNote(gates: readonly GateResult[]): string {
  const skipped = gates.filter((gate) => gate.verdict === "skipped").length;
  const open = gates.filter((gate) => gate.verdict === "inconclusive").length;
  const notes = [
    skipped === 0 ? null : `${skipped} skipped, as what it compares with does not exist`,
    open === 0 ? null : `${open} undecided but only a warning`,
  ].filter((each) => each !== null);
  return notes.length === 0 ? "" : ` (${notes.join("; ")})`;
}

/** `roc_auc is 0.905 [0.898, 0.911], 0.500 for the baseline (prior)`. */
function mainMetricText({ evaluation }: ReportInputs): string | null {
  const main = evaluation === null ? null : mainMetric(evaluation);
  const value = main === null ? undefined : evaluation?.metrics[main];
  if (evaluation === null || main === null || value === undefined) return null;
  const baseline = evaluation.baseline[main];
  const beside =
    baseline === undefined
      ? ""
      : `, ${formatValue(baseline)} for the baseline (${evaluation.baseline_kind ?? "naive"})`;
  return `${main} is ${formatMeasured(value)}${beside}`;
}

function blockingReasons(verdict: "fail" | "inconclusive", inputs: ReportInputs): string[] {
  const action = reportedActions.find((each) => inputs.outcomes[each]?.verdict === verdict);
  const outcome = action === undefined ? null : inputs.outcomes[action];
  if (action === "evaluate" && inputs.evaluation !== null) {
    const gates = inputs.evaluation.gates.filter((gate) => gate.verdict === verdict).map(gateReason);
    if (gates.length > 0) return gates;
  }
  const errors = (outcome?.findings ?? []).filter((finding) => finding.severity === "error");
  return errors.length > 0 ? errors.map(findingReason) : stepSummaries(verdict, inputs);
}

/** `roc_auc >= 0.89: measured 0.861 [0.852, 0.870], bound 0.89`. */
function gateReason(gate: GateResult): string {
  if (gate.measured === null) return `${gate.gate}: ${gate.why}`;
  const text = formatGate(gate);
  const interval = text.interval === "" ? "" : ` (${text.interval})`;
  const bound = gate.bound === null ? "" : `, bound ${text.bound}`;
  return `${gate.gate}: measured ${text.measured}${interval}${bound}`;
}

function findingReason(finding: Finding): string {
  return `${finding.subject}: ${messageOf(finding)}`;
}

function stepSummaries(verdict: Outcome["verdict"], { outcomes }: ReportInputs): string[] {
  return reportedActions.flatMap((action) => {
    const outcome = outcomes[action];
    return outcome?.verdict === verdict ? [`${action}: ${outcome.summary}`] : [];
  });
}

function nextOf(verdict: ReportVerdict, inputs: ReportInputs): string {
  switch (verdict) {
    case "pass":
      return passNext(inputs);
    case "fail":
    case "inconclusive":
      return blockedNext(verdict, inputs);
    case "pending":
      return "Wait for it to end, then run the same command again.";
    case "incomplete":
      return `Run ${missingSteps(inputs)[0] ?? "mlops run"}, or mlops run for all steps.`;
  }
}

function passNext({ outcomes, evaluation }: ReportInputs): string {
  const warnings = reportedActions.flatMap((action) => outcomes[action]?.findings ?? []);
  const look = warnings.filter((finding) => finding.severity !== "note").length;
  const unmet = evaluation?.goals.filter((goal) => goal.met === "no").length ?? 0;
  const read = [look === 0 ? null : counted(look, "warning"), "the card"].filter((each) => each !== null);
  const goals = unmet === 0 ? "" : ` ${counted(unmet, "goal")} ${unmet === 1 ? "is" : "are"} not met yet.`;
  return `Read ${listed(read)}, then approve and merge.${goals}`;
}

function blockedNext(verdict: "fail" | "inconclusive", inputs: ReportInputs): string {
  const needed = rowsNeeded(inputs);
  if (verdict === "inconclusive" && needed !== null) return needed;
  const action = reportedActions.find((each) => inputs.outcomes[each]?.verdict === verdict);
  const outcome = action === undefined ? null : inputs.outcomes[action];
  const finding = outcome?.findings.find((each) => each.severity === "error");
  const advice = adviceOf(finding?.code) ?? adviceOf(outcome?.reason_code);
  if (advice !== null) return advice;
  return action === "evaluate"
    ? "Improve the model or its data, or change the gate in a pull request of its own."
    : `Repair what ${action ?? "the run"} found, then run again.`;
}

function rowsNeeded({ evaluation }: ReportInputs): string | null {
  const open = (evaluation?.gates ?? []).filter((gate) => gate.verdict === "inconclusive");
  const needed = Math.max(0, ...open.map((gate) => gate.rows_needed ?? 0));
  if (evaluation === null || needed === 0) return null;
  return `Collect more test rows: about ${formatCount(needed)} would decide it, ${formatCount(evaluation.rows)} are there.`;
}

/** What the closed list of codes says to do; null for a code of another version. */
function adviceOf(code: string | undefined): string | null {
  if (code === undefined) return null;
  for (const codes of [findingCodes, reasonCodes, errorCodes]) {
    const known: Readonly<Record<string, { action: string }>> = codes;
    if (Object.hasOwn(known, code)) return known[code]?.action ?? null;
  }
  return null;
}

function missingSteps({ outcomes }: ReportInputs): ReportedAction[] {
  return decidingActions.filter((action) => outcomes[action] === null);
}

function counted(count: number, noun: string): string {
  return `${formatCount(count)} ${noun}${count === 1 ? "" : "s"}`;
}

function listed(items: readonly string[]): string {
  return items.length < 2 ? (items[0] ?? "") : `${items.slice(0, -1).join(", ")} and ${items[items.length - 1] ?? ""}`;
}
