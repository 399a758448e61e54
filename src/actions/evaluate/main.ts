import { actionsLog } from "../../kit/actions-log.ts";
import { runRepositoryAction } from "../../kit/run-action.ts";
import { actionResult } from "../../kit/step-result.ts";
import { renderStepSummary } from "../../report/step-summary.ts";
import { evaluateRun } from "../../wiring/evaluate-run.ts";
import { placesOf } from "../../wiring/outputs.ts";
import * as io from "./io.ts";

await runRepositoryAction(io, async (inputs) => {
  const { context, step } = await evaluateRun({ inputs, environment: process.env, log: actionsLog });
  return actionResult(context, step, renderStepSummary(step), placesOf(context, io.Outputs));
});
