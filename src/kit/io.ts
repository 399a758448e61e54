import * as z from "zod";
import { verdicts } from "./outcome.ts";

// Inputs and outputs that every action has. action.yml, README tables and the command line's flags are generated from
// these schemas: names are camelCase here, kebab-case in YAML and on the command line, snake_case in JSON.

export const sharedInputs = {
  modelFile: z
    .string()
    .min(1)
    .default("model.yml")
    .describe("Path of the model's model.yml, relative to working-directory."),
  workingDirectory: z
    .string()
    .min(1)
    .default(".")
    .describe("Folder to work in; the run folder `.mlops/` is made there."),
  failOn: z
    .enum(["fail", "inconclusive", "never"])
    .default("fail")
    .describe("Which verdicts fail the job: `fail`, `inconclusive` (and fail), or `never`."),
  force: z.stringbool().default(false).describe("`true` does the step again although nothing changed."),
};

export const sharedOutputs = {
  verdict: z.enum(verdicts).describe("`pass`, `fail`, `inconclusive`, `skipped` or `pending`."),
  reasonCode: z.string().describe("Why, for machines; listed in docs/reason-codes.md."),
  outcome: z.string().describe("Path of the outcome file (JSON)."),
};

const Shared = z.strictObject(sharedInputs);
export type SharedInputs = z.infer<typeof Shared>;
