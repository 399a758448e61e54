import * as z from "zod";
import { sharedInputs, sharedOutputs } from "../../kit/io.ts";
import { stepInputs } from "../../kit/step-inputs.ts";

export const description =
  "Evaluates the model on the test part: metrics with intervals, the naive baseline beside them, slices, and the gates of model.yml.";

export const Inputs = z.strictObject({
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
    .describe("With `rescore`: path of the zip file that the pull request's run uploaded, as GitHub gives it."),
  headSha: z
    .string()
    .regex(/^([0-9a-f]{40}|[0-9a-f]{64})$/, "a commit's full SHA is 40 or 64 hexadecimal digits")
    .optional()
    .describe("With `rescore`: the pull request's head commit as the event names it (workflow_run.head_sha)."),
  proposed: z
    .string()
    .min(1)
    .optional()
    .describe(
      "With `rescore`: folder with the files of that commit. They are compared with the default branch's policy, and never run.",
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
export type Inputs = z.infer<typeof Inputs>;

export const Outputs = z.strictObject({
  ...sharedOutputs,
  evaluation: z.string().describe("Path of evaluation.json: metrics, slices, gates, goals."),
  predictions: z
    .string()
    .describe("Path of predictions.parquet: row_id, label, prediction and scores of each test row."),
});
export type Outputs = z.infer<typeof Outputs>;
