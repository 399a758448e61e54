import { existsSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { glob } from "tinyglobby";
import type { Inputs } from "../actions/train/io.ts";
import { type Ports, train } from "../actions/train/run.ts";
import { sha256OfFile } from "../kit/file-digest.ts";
import type { StepContext, StepOutcome } from "../kit/step.ts";
import { madeFiles, modelInputs } from "../spec/model-inputs.ts";
import { finishBundle } from "../training/model-bundle.ts";

/** The train step bound to DuckDB, the built-in learner and the shell. */
export function trainStep(context: StepContext, inputs: Inputs): Promise<StepOutcome> {
  return train(context, inputs, ports);
}

const ports: Ports = {
  trainLinear: async (context, staging) => (await import("../training/train-linear.ts")).trainLinear(context, staging),
  trainByCommand: async (context, request) =>
    (await import("../training/train-command.ts")).trainByCommand(context, request),
  finishBundle,
  digestOf: async (path) => (existsSync(path) ? sha256OfFile(path) : null),
  trainerFiles,
};

/**
 * The files that decide what is trained. model.yml itself is not among them: its parts that matter are parameters of
 * the step, so that a new gate trains nothing anew; data.lock.json is in the snapshot's digest.
 */
export async function trainerFiles({ model, workingDirectory }: StepContext): Promise<string[]> {
  const patterns = modelInputs(model.spec).filter((pattern) => pattern !== "model.yml" && pattern !== "data.lock.json");
  // Not the glob of Node: it came with 22. A link that leads nowhere has no content to decide anything.
  const found = await glob(patterns, {
    cwd: model.folder,
    absolute: true,
    dot: true,
    expandDirectories: false,
    ignore: [...madeFiles],
  });
  const own = resolve(workingDirectory, model.path);
  return found.filter((path) => path !== own && statSync(path, { throwIfNoEntry: false })?.isFile() === true).sort();
}
