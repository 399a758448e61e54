import { actionsLog } from "../../kit/actions-log.ts";
import { createContext } from "../../kit/context.ts";
import { runRepositoryAction } from "../../kit/run-action.ts";
import { actionResult } from "../../kit/step-result.ts";
import { placesOf } from "../../wiring/outputs.ts";
import { jobSummary, reportStep } from "../../wiring/report.ts";
import * as io from "./io.ts";

await runRepositoryAction(io, async (inputs) => {
  const edge = { log: actionsLog, environment: process.env };
  if (inputs.publish) {
    // Octokit and resvg are loaded only here.
    const { publishRun } = await import("../../wiring/publish-run.ts");
    return publishRun({ inputs, ...edge });
  }
  const context = await createContext({ ...inputs, ...edge });
  const step = await reportStep(context, inputs);
  return actionResult(context, step, await jobSummary(context), placesOf(context, io.Outputs));
});
