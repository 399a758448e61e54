import type { ActionResult } from "./run-action.ts";
import type { StepContext, StepOutcome } from "./step.ts";

/** A step's outcome as its job sees it. */
export function actionResult(
  context: StepContext,
  { outcome, reused }: StepOutcome,
  jobSummary: string,
  outputs: ActionResult["outputs"] = {},
): ActionResult {
  return {
    verdict: outcome.verdict,
    summary: `${outcome.action}: ${outcome.summary}${reused ? " (unchanged since the last run)" : ""}`,
    findings: outcome.findings,
    outputs: {
      verdict: outcome.verdict,
      reasonCode: outcome.reason_code,
      outcome: context.folder.outcome(outcome.action),
      ...outputs,
    },
    jobSummary,
  };
}
