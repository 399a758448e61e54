import * as z from "zod";
import { sharedInputs, sharedOutputs } from "../../kit/io.ts";
import { stepInputs } from "../../kit/step-inputs.ts";

export const description =
  "Runs every step for one model: collect and validate data, train, evaluate behind gates, write the card and the report.";

/** The steps' own inputs are handed on to them. */
export const Inputs = z.strictObject({ ...sharedInputs, ...stepInputs });
export type Inputs = z.infer<typeof Inputs>;

export const Outputs = z.strictObject({
  ...sharedOutputs,
  report: z.string().describe("Path of report.md."),
  reportHtml: z.string().describe("Path of the self-contained report.html."),
  runFolder: z.string().describe("Path of the run folder with all evidence."),
});
export type Outputs = z.infer<typeof Outputs>;
