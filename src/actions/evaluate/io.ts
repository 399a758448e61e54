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
