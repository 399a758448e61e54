import type { ReasonCode } from "../kit/codes.ts";
import { decidingActions, type ReportedAction, type ReportInputs, reportedActions } from "./report-inputs.ts";

/** `incomplete`: a step that decides has not run, so there is nothing to judge yet. */
export type ReportVerdict = "pass" | "fail" | "inconclusive" | "pending" | "incomplete";

/** How the verdict looks; `caution`: every gate holds, but what makes the numbers doubtful was found. */
export type Tone = ReportVerdict | "caution";

/** The verdict of the run: the worst of its steps; `incomplete` when a deciding step is missing and none failed. */
export function overallVerdict({ outcomes }: Pick<ReportInputs, "outcomes">): ReportVerdict {
  const verdicts = reportedActions.flatMap((action) => outcomes[action]?.verdict ?? []);
  if (verdicts.includes("fail")) return "fail";
  if (verdicts.includes("pending")) return "pending";
  if (missingSteps({ outcomes }).length > 0) return "incomplete";
  return verdicts.includes("inconclusive") ? "inconclusive" : "pass";
}

/** Steps that decide and have not run. Scoring by the default branch takes the place of training, and, without rows, of all before it. */
export function missingSteps({ outcomes }: Pick<ReportInputs, "outcomes">): ReportedAction[] {
  const { evaluate } = outcomes;
  const withoutRows = evaluate?.reason_code === ("claimed_not_rescored" satisfies ReasonCode);
  const isScored = evaluate?.trust === "rescored" || withoutRows;
  return decidingActions.filter((action) => {
    if (action === "train" && isScored) return false;
    return outcomes[action] === null && !(withoutRows && action !== "evaluate");
  });
}
