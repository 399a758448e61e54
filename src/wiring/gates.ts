import { evaluationRequest, judgeInFull } from "../actions/evaluate/run.ts";
import { gather } from "../evaluation/evaluate.ts";
import { type GatesPower, gatePower } from "../evaluation/gate-power.ts";
import type { StepContext } from "../kit/step.ts";
import { readManifest } from "../onnx/read-manifest.ts";
import { findCompared } from "./compared-models.ts";
import { ports } from "./evaluate.ts";

export interface PowerOptions {
  /** As the input `compare` of evaluate. */
  compare: string;
  /** Test rows that the new model will be judged on; null: as many as there are. */
  rows: number | null;
  correlation: number;
}

/** The chance of the gates in force to pass a model as good as the one before, from the trained model and the test part. */
export async function powerOfGates(context: StepContext, options: PowerOptions): Promise<GatesPower> {
  const manifest = await readManifest(context.folder.modelManifest);
  const compared = await findCompared(context.workingDirectory, options.compare);
  const judged = await judgeInFull(context, { manifest, compared, threads: undefined }, ports);
  const { alpha } = context.model.spec.evaluate;
  context.log.progress("drawing test sets");
  const gathered = gather(evaluationRequest(context, judged));
  const { rows, correlation } = options;
  return gatePower({ ...gathered, alpha, correlation, ...(rows === null ? {} : { rows }) });
}
