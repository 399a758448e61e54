import * as z from "zod";
import { sharedInputs, sharedOutputs } from "../../kit/io.ts";
import { stepInputs } from "../../kit/step-inputs.ts";

export const description =
  "Writes the model card from the run's evidence and the sections that people wrote, which are kept byte for byte.";

export const Inputs = z.strictObject({ ...sharedInputs, write: stepInputs.write });
export type Inputs = z.infer<typeof Inputs>;

export const Outputs = z.strictObject({
  ...sharedOutputs,
  card: z.string().describe("Path of model-card.md: Markdown with the Hugging Face Hub's front matter."),
});
export type Outputs = z.infer<typeof Outputs>;
