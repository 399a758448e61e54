import type { StepInputs } from "../actions/report/io.ts";
import { report } from "../actions/report/run.ts";
import type { StepContext, StepOutcome } from "../kit/step.ts";
import { renderMarkdown } from "../report/markdown.ts";
import { readRun } from "../report/read-run.ts";
import { type ReportModel, reportModel } from "../report/report-model.ts";
import { renderTerminal, type TerminalOptions } from "../report/terminal.ts";

/** Renders the run's report; vega is loaded only when a chart is drawn. */
export async function reportStep(context: StepContext, inputs: StepInputs): Promise<StepOutcome> {
  return report(context, inputs, {
    readRun,
    async drawCharts(model) {
      const { drawCharts } = await import("../report/draw-charts.ts");
      return drawCharts(model);
    },
  });
}

/** Of GitHub's 1 MiB for a step, in which a character may take three bytes. */
const summaryLimit = 340_000;

/** Markdown for the job's summary: the whole report, which a comment may have to cut, and which needs no token. */
export async function jobSummary(context: StepContext): Promise<string> {
  return renderMarkdown(await currentModel(context), { limit: summaryLimit });
}

/** What a person reads at the end of `mlops run`. */
export async function terminalSummary(context: StepContext, options: TerminalOptions): Promise<string> {
  return renderTerminal(await currentModel(context), options);
}

async function currentModel(context: StepContext): Promise<ReportModel> {
  return reportModel((await readRun(context)).inputs);
}
