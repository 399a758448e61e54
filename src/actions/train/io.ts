import * as z from "zod";
import { sharedInputs, sharedOutputs } from "../../kit/io.ts";
import { stepInputs } from "../../kit/step-inputs.ts";

export const description =
  "Trains the model on the training part of the snapshot: with a built-in learner, or with your own command.";

export const Inputs = z.strictObject({ ...sharedInputs, timeoutMinutes: stepInputs.timeoutMinutes });
export type Inputs = z.infer<typeof Inputs>;

export const Outputs = z.strictObject({
  ...sharedOutputs,
  model: z.string().describe("Folder of the model: model.json, model.onnx, features.sql, training.json."),
  modelManifest: z.string().describe("Path of model.json: the model's files with their digests, and its signature."),
  training: z.string().describe("Path of training.json: how the model was made."),
});
export type Outputs = z.infer<typeof Outputs>;
