import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { sensitiveColumns } from "../../data/roles.ts";
import { snapshotFiles } from "../../data/snapshot-files.ts";
import type { Json } from "../../kit/digest.ts";
import { replaceFolder } from "../../kit/replace-folder.ts";
import { runStep, type StepContext, type StepOutcome, type StepResult } from "../../kit/step.ts";
import type { ModelSpec } from "../../spec/model-spec.ts";
import { requireBuilt } from "../../spec/not-built.ts";
import { listFiles, writeManifest } from "../../training/model-bundle.ts";
import type { Trained } from "../../training/trained.ts";
import type { Inputs } from "./io.ts";

/** The ways to make a model; each leaves its files in the empty folder `staging`. */
export interface Ports {
  trainLinear(context: StepContext, staging: string): Promise<Trained>;
  trainByCommand(
    context: StepContext,
    request: { command: string; staging: string; timeoutMinutes: number },
  ): Promise<Trained>;
  /** Files that decide what is trained, besides the snapshot; absolute. */
  trainerFiles(context: StepContext): Promise<readonly string[]>;
}

/** Trains the model of the spec; `model/` is replaced as a whole when the new one is complete. */
export async function train(context: StepContext, inputs: Inputs, ports: Ports): Promise<StepOutcome> {
  const { spec } = context.model;
  requireBuilt(context.model, "train");
  const files = await ports.trainerFiles(context);
  const plan = {
    action: "train",
    inputs: [...snapshotFiles(context.folder.snapshot, spec.data), ...files],
    parameters: parametersOf(spec),
  };
  return runStep(context, plan, () => makeModel(context, { inputs, ports }));
}

async function makeModel(
  context: StepContext,
  { inputs, ports }: { inputs: Inputs; ports: Ports },
): Promise<StepResult> {
  const { command } = context.model.spec.train;
  const { timeoutMinutes } = inputs;
  const made = await replaceFolder(context.folder.model, async (staging) => {
    const trained =
      command === undefined
        ? await ports.trainLinear(context, staging)
        : await ports.trainByCommand(context, { command, staging, timeoutMinutes });
    if (trained.signature !== null) await writeManifest(context, { staging, signature: trained.signature });
    await writeFile(join(staging, "training.json"), `${JSON.stringify(trained.training, null, 2)}\n`);
    return { trained, files: await listFiles(staging) };
  });
  const { summary, findings } = made.trained;
  const outputs = made.files.map((name) => join(context.folder.model, name));
  return { verdict: "pass", reasonCode: "model_trained", summary, findings, outputs };
}

/** What decides the result besides files: the whole of `train` but the runner, and the roles of the columns. */
function parametersOf({ task, train: chosen, data }: ModelSpec): Json {
  const { builtin, command, params, seed } = chosen;
  const { label, positive, drop, key, time, group, weight, features } = data;
  return {
    task,
    train: { builtin, command, params, seed },
    data: { label, positive, drop, key, time, group, weight, features },
    // Training evidence shows no values of these: marking a column is a reason to write it again.
    sensitive: [...sensitiveColumns(data)].sort(),
  };
}
