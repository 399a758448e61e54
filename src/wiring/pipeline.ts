import { rm } from "node:fs/promises";
import type { Inputs } from "../actions/pipeline/io.ts";
import { type PipelineResult, pipeline } from "../actions/pipeline/run.ts";
import type { StepContext, StepOutcome } from "../kit/step.ts";

/** Binds the pipeline to the wired steps, each with its defaults; engines are opened by the first step that needs one. */
export async function runPipeline(
  context: StepContext,
  inputs: Inputs,
  stepDone: (step: StepOutcome) => void,
): Promise<PipelineResult> {
  return pipeline(context, {
    collectData: async (step) => {
      const [{ collectDataStep }, { Inputs }] = await Promise.all([
        import("./collect-data.ts"),
        import("../actions/collect-data/io.ts"),
      ]);
      return collectDataStep(step, Inputs.parse(textsOf(inputs, Inputs.shape)));
    },
    validateData: async (step) => {
      const [{ validateDataStep }, { Inputs }] = await Promise.all([
        import("./validate-data.ts"),
        import("../actions/validate-data/io.ts"),
      ]);
      return validateDataStep(step, Inputs.parse(textsOf(inputs, Inputs.shape)));
    },
    train: async (step) => {
      const [{ trainStep }, { Inputs }] = await Promise.all([import("./train.ts"), import("../actions/train/io.ts")]);
      return trainStep(step, Inputs.parse(textsOf(inputs, Inputs.shape)));
    },
    evaluate: async (step) => {
      const [{ evaluateStep }, { Inputs }] = await Promise.all([
        import("./evaluate.ts"),
        import("../actions/evaluate/io.ts"),
      ]);
      return evaluateStep(step, Inputs.parse(textsOf(inputs, Inputs.shape)));
    },
    modelCard: async (step) => {
      const [{ modelCardStep }, { Inputs }] = await Promise.all([
        import("./model-card.ts"),
        import("../actions/model-card/io.ts"),
      ]);
      return modelCardStep(step, Inputs.parse(textsOf(inputs, Inputs.shape)));
    },
    report: async (step) => {
      const [{ reportStep }, { Inputs }] = await Promise.all([
        import("./report.ts"),
        import("../actions/report/io.ts"),
      ]);
      return reportStep(step, Inputs.parse(textsOf(inputs, Inputs.shape)));
    },
    stepDone,
    forget: (action) => rm(context.folder.outcome(action), { force: true }),
  });
}

/** Those of the pipeline's inputs that a step declares, as the texts that its schema parses. */
function textsOf(inputs: Inputs, shape: Readonly<Record<string, unknown>>): Record<string, string> {
  const given = Object.entries(inputs).filter(([name, value]) => value !== undefined && name in shape);
  return Object.fromEntries(given.map(([name, value]) => [name, String(value)]));
}
