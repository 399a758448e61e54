import * as z from "zod";
import { sharedInputs, sharedOutputs } from "../../kit/io.ts";

export const description =
  "Profiles the collected data and checks them: the rules of data.expect, duplicates, leaks between train and test, labels.";

export const Inputs = z.strictObject({ ...sharedInputs });
export type Inputs = z.infer<typeof Inputs>;

export const Outputs = z.strictObject({
  ...sharedOutputs,
  profile: z.string().describe("Path of profile.json: what is in each column."),
});
export type Outputs = z.infer<typeof Outputs>;
