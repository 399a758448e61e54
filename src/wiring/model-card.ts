import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Inputs } from "../actions/model-card/io.ts";
import { type HandWrittenCard, modelCard } from "../actions/model-card/run.ts";
import { hasCode } from "../kit/has-code.ts";
import type { StepContext, StepOutcome } from "../kit/step.ts";
import { UserError } from "../kit/user-error.ts";
import { readRun } from "../report/read-run.ts";

/** Writes the model card; opens no native module. */
export async function modelCardStep(context: StepContext, inputs: Inputs): Promise<StepOutcome> {
  return modelCard(context, inputs, {
    // Without the card's own outcome: it would make the card depend on itself.
    readRun: (step) => readRun(step, ["collect-data", "validate-data", "train", "evaluate"]),
    readHandWritten,
  });
}

async function readHandWritten({ model }: StepContext): Promise<HandWrittenCard> {
  const path = join(model.folder, model.spec.card ?? "model-card.md");
  try {
    return { path, text: await readFile(path, "utf8") };
  } catch (error) {
    if (!hasCode(error, "ENOENT")) throw error;
    if (model.spec.card === undefined) return { path, text: null };
    throw new UserError({
      code: "file_missing",
      message: `the card ${JSON.stringify(model.spec.card)} does not exist`,
      where: model.locate(["card"]),
      fix: "correct the path, or leave `card` out and run mlops card --write to make model-card.md",
    });
  }
}
