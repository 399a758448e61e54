import * as z from "zod";
import { sharedInputs, sharedOutputs } from "../../kit/io.ts";
import { stepInputs } from "../../kit/step-inputs.ts";

export const description =
  "Reads the sources that model.yml names, cleans and splits the rows, and writes them as a snapshot with its digest.";

export const Inputs = z.strictObject({ ...sharedInputs, lock: stepInputs.lock });
export type Inputs = z.infer<typeof Inputs>;

export const Outputs = z.strictObject({
  ...sharedOutputs,
  snapshot: z.string().describe("Path of snapshot.parquet: the cleaned rows with their parts."),
  lock: z.string().describe("Path of the run's data.lock.json: sources, digests, rows, schema."),
});
export type Outputs = z.infer<typeof Outputs>;
