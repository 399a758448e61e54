import * as z from "zod";
import { sharedInputs, sharedOutputs } from "../../kit/io.ts";
import { tokenInput } from "../../kit/step-inputs.ts";

export const description =
  "Renders what a run found as one report: whether to ship and why, gates, metrics, slices, data findings, charts; publishes it as a comment and checks.";

/** What rendering takes; the command line, which speaks to no GitHub, has these alone. */
export const StepInputs = z.strictObject({ ...sharedInputs });
export type StepInputs = z.infer<typeof StepInputs>;

export const Inputs = z.strictObject({
  ...sharedInputs,
  publish: z
    .stringbool()
    .default(false)
    .describe(
      "`true`, in a `workflow_run` job: publishes each model of the plan in `.mlops/plan.json`, as one comment on the pull request and the check runs `mlops`, `mlops / approval` and `mlops / <model>`.",
    ),
  charts: z
    .stringbool()
    .default(true)
    .describe(
      "With `publish`: `false` leaves out pictures, which need `contents: write` and lie on the branch `mlops-reports`.",
    ),
  token: tokenInput.describe("Token for `publish`; the job's own if left out."),
});
export type Inputs = z.infer<typeof Inputs>;

export const Outputs = z.strictObject({
  ...sharedOutputs,
  reportMarkdown: z.string().describe("Path of report.md: GitHub-flavoured Markdown under 65,536 characters."),
  reportHtml: z.string().describe("Path of report.html: one file with all charts that needs no network."),
});
export type Outputs = z.infer<typeof Outputs>;
