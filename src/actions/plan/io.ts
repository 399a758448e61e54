import * as z from "zod";
import { sharedInputs, sharedOutputs } from "../../kit/io.ts";
import { tokenInput } from "../../kit/step-inputs.ts";

export const description =
  "Says which models a change touches, as a matrix for the jobs that run them, and which rules it edits.";

/** What the command line, which speaks to no GitHub, takes. */
export const StepInputs = z.strictObject({
  workingDirectory: sharedInputs.workingDirectory.describe(
    "Folder of the repository's clone, or one in it; the plan is for the whole repository.",
  ),
  failOn: sharedInputs.failOn,
  base: z
    .string()
    .optional()
    .describe(
      "Branch, tag or commit that the change is to be merged into; default: as the event says, or origin's default branch.",
    ),
  head: z.string().optional().describe("Branch, tag or commit with the change; default: as the event says, or HEAD."),
});
export type StepInputs = z.infer<typeof StepInputs>;

export const Inputs = StepInputs.extend({
  token: tokenInput.describe(
    "In a `workflow_run` job, token that finds the pull request and fetches its head commit (contents and pull-requests: read); the job's own if left out.",
  ),
});
export type Inputs = z.infer<typeof Inputs>;

export const Outputs = z.strictObject({
  ...sharedOutputs,
  any: z.boolean().describe("`true` when at least one job is in the matrix; an empty matrix would fail its job."),
  matrix: z
    .string()
    .describe(
      "JSON for `strategy.matrix`: `{include: [{model, model-file, working-directory, runner, artifact, scored-artifact, on-base}]}`, one entry for each model that the change touches.",
    ),
  models: z.string().describe("JSON list of the names in the matrix, for `contains(fromJSON(…), 'name')`."),
  plan: z
    .string()
    .describe("Path of plan.json: every model with why it is touched, and what the change does to rules."),
});
export type Outputs = z.infer<typeof Outputs>;
