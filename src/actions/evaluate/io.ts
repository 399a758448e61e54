import * as z from "zod";
import { sharedInputs, sharedOutputs } from "../../kit/io.ts";
import { stepInputs, tokenInput } from "../../kit/step-inputs.ts";

export const description =
  "Evaluates the model on the test part: metrics with intervals, the naive baseline beside them, slices, and the gates of model.yml.";

/** What the command line, which speaks to no GitHub, takes. */
export const StepInputs = z.strictObject({
  ...sharedInputs,
  compare: stepInputs.compare,
  recordUse: stepInputs.recordUse,
  threads: stepInputs.threads,
  trust: z
    .enum(["claimed", "rescore"])
    .default("claimed")
    .describe(
      "`claimed`: evaluates the run folder's own model. `rescore`: for a job of the default branch, evaluates the model in `artifact`, which is not trusted, on this checkout's data and policy.",
    ),
  artifact: z
    .string()
    .min(1)
    .optional()
    .describe(
      "With `rescore`: path of the zip file that the pull request's run uploaded, as GitHub gives it. In a `workflow_run` job left out: the run's own is downloaded.",
    ),
  headSha: z
    .string()
    .regex(/^([0-9a-f]{40}|[0-9a-f]{64})$/, "a commit's full SHA is 40 or 64 hexadecimal digits")
    .optional()
    .describe(
      "With `rescore`: the pull request's head commit. In a `workflow_run` job left out: as the event names it.",
    ),
  scoringMinutes: z.coerce
    .number()
    .gt(0)
    .max(360)
    .default(10)
    .describe("With `rescore`: minutes after which the process that loads the model is ended."),
  scoringMemory: z.coerce
    .number()
    .int()
    .min(2048)
    .default(4096)
    .describe(
      "With `rescore`: MiB of memory that this process may have; 700 of them are its own, and 250 for each thread.",
    ),
});
export type StepInputs = z.infer<typeof StepInputs>;

export const Inputs = StepInputs.extend({
  token: tokenInput.describe(
    "With `rescore` in a `workflow_run` job: token that downloads the artifact and reads the head's model.yml (actions and contents: read); the job's own if left out. The model never sees it.",
  ),
});
export type Inputs = z.infer<typeof Inputs>;

export const Outputs = z.strictObject({
  ...sharedOutputs,
  evaluation: z.string().describe("Path of evaluation.json: metrics, slices, gates, goals."),
  predictions: z
    .string()
    .describe("Path of predictions.parquet: row_id, label, prediction and scores of each test row."),
});
export type Outputs = z.infer<typeof Outputs>;
