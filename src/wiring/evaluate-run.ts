import type { Inputs } from "../actions/evaluate/io.ts";
import type { Api } from "../github/api.ts";
import { createContext } from "../kit/context.ts";
import type { Log } from "../kit/log.ts";
import type { StepContext, StepOutcome } from "../kit/step.ts";
import { evaluateStep } from "./evaluate.ts";
import { finishedRun } from "./finished-run.ts";

export interface EvaluateRun {
  inputs: Inputs;
  environment: Readonly<Record<string, string | undefined>>;
  log: Log;
  /** Instead of one for the token and repository of the job. */
  api?: Api;
}

/**
 * The evaluate action: a run's own model; or, with trust: rescore in a `workflow_run` job, the model of the run that ended, found by
 * the event, judged by the default branch.
 */
export async function evaluateRun(request: EvaluateRun): Promise<{ context: StepContext; step: StepOutcome }> {
  const { inputs, environment, log } = request;
  const run = inputs.trust === "rescore" && inputs.artifact === undefined ? await finishedRun(environment) : null;
  if (run !== null) {
    // Octokit is loaded only here.
    const { scoreRun } = await import("./score-run.ts");
    return scoreRun(request, run);
  }
  const context = await createContext({ ...inputs, log, environment });
  return { context, step: await evaluateStep(context, inputs) };
}
