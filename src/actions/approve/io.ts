import * as z from "zod";
import { sharedInputs, sharedOutputs } from "../../kit/io.ts";
import { tokenInput } from "../../kit/step-inputs.ts";

export const description =
  "Answers commands in comments of a pull request and shows in the check `mlops / approval` who approved which report; checks nothing out.";

export const Inputs = z.strictObject({
  workingDirectory: sharedInputs.workingDirectory,
  failOn: sharedInputs.failOn
    .default("never")
    .describe(
      "Which verdicts fail the job; the check run is what holds a merge back, so by default none: `fail`, `inconclusive` or `never`.",
    ),
  pullRequest: z.coerce
    .number()
    .int()
    .positive()
    .optional()
    .describe(
      "Number of the pull request; default: that of the event (issue_comment, or workflow_run after a review).",
    ),
  workflow: z
    .string()
    .min(1)
    .default("ml-pull-request.yml")
    .describe("File of the workflow that trains and evaluates pull requests, which `/rerun` starts again."),
  reportWorkflow: z
    .string()
    .min(1)
    .default("ml-report.yml")
    .describe(
      "File of the workflow that publishes reports: what its runs decided is what people approve, and no other's.",
    ),
  token: tokenInput.describe("Token of the job; the job's own if left out."),
  teamToken: z
    .string()
    .default("")
    .describe(
      "Token of an App with the organization permission members: read; only where roles of mlops.yml name teams.",
    ),
});
export type Inputs = z.infer<typeof Inputs>;

export const Outputs = z.strictObject({
  ...sharedOutputs,
  approvals: z
    .string()
    .describe("Path of approvals.json: every word of approval with whether it counts, and the receipts."),
});
export type Outputs = z.infer<typeof Outputs>;
