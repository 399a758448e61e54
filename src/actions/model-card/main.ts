import { runAction } from "../../kit/run-action.ts";
import { actionResult } from "../../kit/step-result.ts";
import { renderStepSummary } from "../../report/step-summary.ts";
import { modelCardStep } from "../../wiring/model-card.ts";
import { placesOf } from "../../wiring/outputs.ts";
import * as io from "./io.ts";

await runAction(io, async (context, inputs) => {
  const step = await modelCardStep(context, inputs);
  return actionResult(context, step, renderStepSummary(step), placesOf(context, io.Outputs));
});
