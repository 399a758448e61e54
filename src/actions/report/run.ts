import { relative, sep } from "node:path";
import { writeFileAtomically } from "../../kit/atomic-write.ts";
import type { Finding } from "../../kit/outcome.ts";
import { runStep, type StepContext, type StepOutcome } from "../../kit/step.ts";
import type { Charts } from "../../report/charts.ts";
import { tellHeadline } from "../../report/headline.ts";
import { renderHtml } from "../../report/html.ts";
import { moreInHtml, renderMarkdown } from "../../report/markdown.ts";
import type { RunEvidence } from "../../report/read-run.ts";
import { type ReportModel, reportModel } from "../../report/report-model.ts";
import type { StepInputs } from "./io.ts";

export interface Ports {
  /** What the plan found, which the run's files do not say. */
  changes: readonly Finding[];
  readRun(context: StepContext): Promise<RunEvidence>;
  /** Draws the charts of the HTML report as SVG. */
  drawCharts(model: ReportModel): Promise<Charts>;
}

/**
 * Renders report.md and report.html of what the run left. Always passes: a report says what was decided, it decides
 * nothing; its summary is the report's first line. Throws UserError evidence_changed.
 */
export async function report(context: StepContext, _inputs: StepInputs, ports: Ports): Promise<StepOutcome> {
  const { inputs, files } = await ports.readRun(context);
  const plan = {
    action: "report",
    inputs: files,
    parameters: {
      spec: JSON.stringify(inputs.spec),
      head_sha: inputs.headSha,
      changes: ports.changes.map(({ code, subject, message }) => ({ code, subject, message })),
      missing: Object.entries(inputs.outcomes).flatMap(([action, outcome]) => (outcome === null ? [action] : [])),
    },
  };
  return runStep(context, plan, async () => {
    const model = reportModel(inputs);
    const { reportHtml, reportMarkdown } = context.folder;
    const shownHtml = relative(context.workingDirectory, reportHtml).split(sep).join("/");
    await writeFileAtomically(reportMarkdown, renderMarkdown(model, { more: moreInHtml(shownHtml) }));
    await writeFileAtomically(reportHtml, renderHtml(model, await ports.drawCharts(model)));
    return {
      verdict: "pass",
      reasonCode: "report_written",
      summary: tellHeadline(model.headline),
      findings: [],
      outputs: [reportMarkdown, reportHtml],
    };
  });
}
