import { runAction, writeJobSummary } from "../../kit/run-action.ts";
import { runPipeline } from "../../wiring/pipeline.ts";
import { jobSummary } from "../../wiring/report.ts";
import * as io from "./io.ts";

await runAction(io, async (context, inputs) => {
  const ran = runPipeline(context, inputs, ({ outcome, reused }) =>
    context.log.info(`${outcome.verdict} ${outcome.action}: ${outcome.summary}${reused ? " (unchanged)" : ""}`),
  );
  // What a step throws ends the job, but the report is written before: its reader looks at the summary first.
  const { verdict, deciding, steps } = await ran.catch(async (error: unknown) => {
    await writeJobSummary(await jobSummary(context));
    throw error;
  });
  return {
    verdict,
    summary: `${deciding.outcome.action}: ${deciding.outcome.summary}`,
    findings: steps.flatMap((step) => step.outcome.findings),
    outputs: {
      verdict,
      reasonCode: deciding.outcome.reason_code,
      outcome: context.folder.outcome(deciding.outcome.action),
      report: context.folder.reportMarkdown,
      reportHtml: context.folder.reportHtml,
      runFolder: context.folder.root,
    },
    jobSummary: await jobSummary(context),
  };
});
