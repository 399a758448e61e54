import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { Inputs } from "../actions/evaluate/io.ts";
import type { Api } from "../github/api.ts";
import { createContext } from "../kit/context.ts";
import type { Log } from "../kit/log.ts";
import type { StepContext, StepOutcome } from "../kit/step.ts";
import { evaluateStep } from "./evaluate.ts";
import { type FinishedRun, finishedRun } from "./finished-run.ts";
import { apiFor } from "./github-api.ts";
import { downloadSubmission } from "./submission.ts";
import { trustedModel } from "./trusted-model.ts";

type Environment = Readonly<Record<string, string | undefined>>;

export interface EvaluateRun {
  inputs: Inputs;
  environment: Environment;
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
  if (run !== null) return scoreRun(request, run);
  const context = await createContext({ ...inputs, log, environment });
  return { context, step: await evaluateStep(context, inputs) };
}

async function scoreRun(
  { inputs, environment, log, api = apiFor(inputs.token, environment) }: EvaluateRun,
  run: FinishedRun,
): Promise<{ context: StepContext; step: StepOutcome }> {
  const { headSha } = run;
  const model = await trustedModel(api, { ...inputs, headSha });
  const context = await createContext({ ...inputs, log, environment }, () => Promise.resolve(model));
  const path = join(context.folder.root, "artifact.zip");
  const archive = await downloadSubmission(api, { run, model: model.model.spec.name, path });
  try {
    return { context, step: await evaluateStep(context, inputs, () => ({ archive, headSha, isNew: model.isNew })) };
  } finally {
    // It is nobody's evidence: what was scored of it lies unpacked beside it.
    await rm(path, { force: true });
  }
}
