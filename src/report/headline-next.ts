import { findingCodes } from "../kit/codes.ts";
import { counted } from "../kit/counted.ts";
import { type Caution, isCaution, trustCodes } from "./cautions.ts";
import { codeText } from "./code-texts.ts";
import { goalRows, goalTarget } from "./goals.ts";
import { openNext } from "./headline-open.ts";
import { type ReportInputs, reportedActions } from "./report-inputs.ts";
import { missingSteps, type ReportVerdict } from "./report-verdict.ts";
import { commandOf, listed } from "./wording.ts";

/** What a person does next, in sentences. */
export function nextOf(verdict: ReportVerdict, inputs: ReportInputs, cautions: readonly Caution[]): string {
  switch (verdict) {
    case "pass":
      return passNext(inputs, cautions);
    case "fail":
    case "inconclusive":
      return blockedNext(verdict, inputs);
    case "pending":
      return "Wait for it to end, then run the same command again.";
    case "incomplete": {
      const [first] = missingSteps(inputs);
      return first === undefined ? "Run mlops run." : `Run ${commandOf(first)}, or mlops run for all steps.`;
    }
  }
}

function passNext(inputs: ReportInputs, cautions: readonly Caution[]): string {
  const findings = reportedActions.flatMap((action) => inputs.outcomes[action]?.findings ?? []);
  // A gate that is only a warning is told with the gates.
  const warnings = findings.filter(
    (finding) => finding.severity !== "note" && finding.code !== "gate_inconclusive" && !isCaution(finding),
  ).length;
  const read = listed([...(warnings === 0 ? [] : [counted(warnings, "warning")]), "the card"]);
  const approve = cautions.length === 0 ? `Read ${read}, then approve and merge.` : `Then read ${read}, and approve.`;
  return [...cautionNext(cautions), approve, ...goalNext(inputs)].join(" ");
}

function cautionNext(cautions: readonly Caution[]): string[] {
  const leaks = cautions.filter(({ code }) => code === "label_leakage_suspected").map(({ subject }) => subject);
  const overlap = cautions.some(({ code }) => code === "train_test_overlap");
  return [
    ...trustCodes
      .filter((code) => cautions.some((each) => each.code === code))
      .map((code) => findingCodes[code].action),
    ...(leaks.length === 0
      ? []
      : [
          `Drop ${listed(leaks)} in model.yml (data.drop), unless ${leaks.length === 1 ? "its value is" : "their values are"} known when the model is asked.`,
        ]),
    ...(overlap ? [findingCodes.train_test_overlap.action] : []),
  ];
}

function goalNext(inputs: ReportInputs): string[] {
  const unmet = goalRows(inputs).filter(({ met, isOverdue }) => met === "no" || isOverdue);
  const overdue = unmet.filter(({ isOverdue }) => isOverdue).map((goal) => `${goal.metric} ${goalTarget(goal)}`);
  const later = unmet.length - overdue.length;
  return [
    ...(overdue.length === 0
      ? []
      : [
          `Improve the model or agree on a new date for the overdue ${overdue.length === 1 ? "goal" : "goals"} ${listed(overdue)}.`,
        ]),
    ...(later === 0 ? [] : [`${counted(later, "goal")} ${later === 1 ? "is" : "are"} not met yet.`]),
  ];
}

function blockedNext(verdict: "fail" | "inconclusive", inputs: ReportInputs): string {
  const action = reportedActions.find((each) => inputs.outcomes[each]?.verdict === verdict);
  const outcome = action === undefined ? null : inputs.outcomes[action];
  const open = verdict === "inconclusive" && action === "evaluate" ? openNext(inputs.evaluation) : null;
  if (open !== null) return open;
  const finding = outcome?.findings.find((each) => each.severity === "error");
  const advice = codeText(finding?.code)?.action ?? codeText(outcome?.reason_code)?.action;
  if (advice !== undefined) return advice;
  return action === "evaluate"
    ? "Improve the model or its data, or change the gate in a pull request of its own."
    : `Repair what ${action ?? "the run"} found, then run again.`;
}
