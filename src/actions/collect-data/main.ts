import { runAction } from "../../kit/run-action.ts";
import { actionResult } from "../../kit/step-result.ts";
import { renderStepSummary } from "../../report/step-summary.ts";
import { collectDataStep } from "../../wiring/collect-data.ts";
import { placesOf } from "../../wiring/outputs.ts";
import * as io from "./io.ts";

await runAction(io, async (context, inputs) => {
  const step = await collectDataStep(context, inputs);
  return actionResult(context, step, renderStepSummary(step), placesOf(context, io.Outputs));
});
