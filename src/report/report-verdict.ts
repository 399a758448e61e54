import { decidingActions, type ReportInputs, reportedActions } from "./report-inputs.ts";

/** `incomplete`: a step that decides has not run, so there is nothing to judge yet. */
export type ReportVerdict = "pass" | "fail" | "inconclusive" | "pending" | "incomplete";

/** How the verdict looks; `caution`: every gate holds, but what makes the numbers doubtful was found. */
export type Tone = ReportVerdict | "caution";

/** The verdict of the run: the worst of its steps; `incomplete` when a deciding step is missing and none failed. */
export function overallVerdict({ outcomes }: Pick<ReportInputs, "outcomes">): ReportVerdict {
  const verdicts = reportedActions.flatMap((action) => outcomes[action]?.verdict ?? []);
  if (verdicts.includes("fail")) return "fail";
  if (verdicts.includes("pending")) return "pending";
  if (decidingActions.some((action) => outcomes[action] === null)) return "incomplete";
  return verdicts.includes("inconclusive") ? "inconclusive" : "pass";
}
