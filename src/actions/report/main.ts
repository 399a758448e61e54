import { runAction } from "../../kit/run-action.ts";
import { actionResult } from "../../kit/step-result.ts";
import { placesOf } from "../../wiring/outputs.ts";
import { jobSummary, reportStep } from "../../wiring/report.ts";
import * as io from "./io.ts";

await runAction(io, async (context, inputs) => {
  const step = await reportStep(context, inputs);
  return actionResult(context, step, await jobSummary(context), placesOf(context, io.Outputs));
});
