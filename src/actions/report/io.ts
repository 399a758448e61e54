import * as z from "zod";
import { sharedInputs, sharedOutputs } from "../../kit/io.ts";

export const description =
  "Renders what a run found as one report: whether to ship and why, gates, metrics, slices, data findings, charts.";

export const Inputs = z.strictObject({ ...sharedInputs });
export type Inputs = z.infer<typeof Inputs>;

export const Outputs = z.strictObject({
  ...sharedOutputs,
  reportMarkdown: z.string().describe("Path of report.md: GitHub-flavoured Markdown under 65,536 characters."),
  reportHtml: z.string().describe("Path of report.html: one file with all charts that needs no network."),
});
export type Outputs = z.infer<typeof Outputs>;
