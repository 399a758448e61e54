import { rm } from "node:fs/promises";
import { join } from "node:path";
import { createContext } from "../kit/context.ts";
import type { StepContext, StepOutcome } from "../kit/step.ts";
import { downloadSubmission } from "./download-submission.ts";
import { evaluateStep } from "./evaluate.ts";
import type { EvaluateRun } from "./evaluate-run.ts";
import type { FinishedRun } from "./finished-run.ts";
import { apiFor } from "./github-api.ts";
import { trustedModel } from "./trusted-model.ts";

/** Scores what a run that has ended left of a model: its artifact is downloaded, and nothing besides the event says which it is. */
export async function scoreRun(
  { inputs, environment, log, api = apiFor(inputs.token, environment, log) }: EvaluateRun,
  run: FinishedRun,
): Promise<{ context: StepContext; step: StepOutcome }> {
  const { headSha } = run;
  const { isNew, ...governed } = await trustedModel(api, { ...inputs, headSha });
  const context = await createContext({ ...inputs, log, environment }, () => Promise.resolve(governed));
  const path = join(context.folder.root, "artifact.zip");
  const archive = await downloadSubmission(api, { run, model: governed.model.spec.name, path });
  try {
    return { context, step: await evaluateStep(context, inputs, () => ({ archive, headSha, isNew })) };
  } finally {
    // It is nobody's evidence: what was scored of it lies unpacked beside it.
    await rm(path, { force: true });
  }
}
