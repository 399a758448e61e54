import { join } from "node:path";
import { snapshotFiles } from "../../data/snapshot-files.ts";
import type { FileDigest } from "../../kit/outcome.ts";
import { replaceFolder } from "../../kit/replace-folder.ts";
import { runStep, type StepContext, type StepOutcome, type StepResult } from "../../kit/step.ts";
import { UserError } from "../../kit/user-error.ts";
import { collected } from "../../spec/collected.ts";
import { requireBuilt } from "../../spec/not-built.ts";
import { trainParameters } from "../../training/train-parameters.ts";
import type { Trained } from "../../training/trained.ts";
import type { Inputs } from "./io.ts";

/** The ways to make a model; each leaves its files in the empty folder `staging`. */
export interface Ports {
  trainLinear(context: StepContext, staging: string): Promise<Trained>;
  trainByCommand(
    context: StepContext,
    request: { command: string; staging: string; timeoutMinutes: number },
  ): Promise<Trained>;
  /** Completes the model in `staging` with features, manifest and training.json; returns the names of all its files. */
  finishBundle(context: StepContext, bundle: { staging: string; trained: Trained }): Promise<readonly string[]>;
  /** Null for a file that is not there. */
  digestOf(path: string): Promise<string | null>;
  /** Files that decide what is trained, besides the snapshot; absolute. */
  trainerFiles(context: StepContext): Promise<readonly string[]>;
}

/** Trains the model of the spec; `model/` is replaced as a whole when the new one is complete. */
export async function train(context: StepContext, inputs: Inputs, ports: Ports): Promise<StepOutcome> {
  const { spec } = context.model;
  requireBuilt(context.model, "train");
  const files = await ports.trainerFiles(context);
  const rows = snapshotFiles(context.folder.snapshot, spec.data);
  const plan = {
    action: "train",
    inputs: [...rows, ...files],
    parameters: trainParameters(spec),
    after: [collected(context, rows)],
  };
  return runStep(context, plan, (digests) => makeModel(context, { inputs, ports, rows: watched(rows, digests) }));
}

/** A file of the snapshot, with the digest that it had before the trainer ran. */
interface WatchedFile {
  path: string;
  before: FileDigest | undefined;
}

/** The files of the snapshot come first among the inputs. */
function watched(rows: readonly string[], digests: readonly FileDigest[]): WatchedFile[] {
  return rows.map((path, index) => ({ path, before: digests[index] }));
}

async function makeModel(
  context: StepContext,
  { inputs, ports, rows }: { inputs: Inputs; ports: Ports; rows: readonly WatchedFile[] },
): Promise<StepResult> {
  const { command } = context.model.spec.train;
  const { timeoutMinutes } = inputs;
  const made = await replaceFolder(context.folder.model, async (staging) => {
    const trained =
      command === undefined
        ? await ports.trainLinear(context, staging)
        : await ports.trainByCommand(context, { command, staging, timeoutMinutes });
    if (command !== undefined)
      for (const file of rows) requireUntouched(context, file, await ports.digestOf(file.path));
    return { trained, files: await ports.finishBundle(context, { staging, trained }) };
  });
  const { summary, findings } = made.trained;
  const outputs = made.files.map((name) => join(context.folder.model, name));
  return { verdict: "pass", reasonCode: "model_trained", summary, findings, outputs };
}

/** The command can find the snapshot, and a model that is judged on rows of its own making would always pass. */
function requireUntouched({ model }: StepContext, { path, before }: WatchedFile, after: string | null): void {
  if (after !== null && after === before?.sha256) return;
  throw new UserError({
    code: "trainer_output_invalid",
    message: `the training command ${after === null ? "removed" : "changed"} ${before?.path ?? path}, the data that the model is to be judged on`,
    where: model.locate(["train", "command"]),
    fix: "let it write into the folder MLOPS_OUT alone, then collect again: mlops run does both",
  });
}
