import type { StepInputs } from "../actions/report/io.ts";
import { report } from "../actions/report/run.ts";
import type { Finding } from "../kit/outcome.ts";
import type { StepContext, StepOutcome } from "../kit/step.ts";
import { renderMarkdown } from "../report/markdown.ts";
import { type RunEvidence, readRun } from "../report/read-run.ts";
import { type ReportModel, reportModel } from "../report/report-model.ts";
import { renderTerminal, type TerminalOptions } from "../report/terminal.ts";

/** Renders the run's report; vega is loaded only when a chart is drawn. `changes`: as readChangedRun takes them. */
export async function reportStep(
  context: StepContext,
  inputs: StepInputs,
  changes: readonly Finding[] = [],
): Promise<StepOutcome> {
  return report(context, inputs, {
    changes,
    readRun: (run) => readChangedRun(run, changes),
    async drawCharts(model) {
      const { drawCharts } = await import("../report/draw-charts.ts");
      return drawCharts(model);
    },
  });
}

/** A run's evidence, in which what the plan found that the change does to rules and names stands before what scoring found. */
export async function readChangedRun(context: StepContext, changes: readonly Finding[]): Promise<RunEvidence> {
  const evidence = await readRun(context);
  const { outcomes } = evidence.inputs;
  if (outcomes.evaluate === null || changes.length === 0) return evidence;
  const evaluate = { ...outcomes.evaluate, findings: [...changes, ...outcomes.evaluate.findings] };
  return { ...evidence, inputs: { ...evidence.inputs, outcomes: { ...outcomes, evaluate } } };
}

/** Of GitHub's 1 MiB for a step, in which a character may take three bytes. */
const summaryLimit = 340_000;

/** Markdown for the job's summary: the whole report, which a comment may have to cut, and which needs no token. */
export async function jobSummary(context: StepContext, changes: readonly Finding[] = []): Promise<string> {
  return renderMarkdown(await currentModel(context, changes), { limit: summaryLimit });
}

/** What a person reads at the end of `mlops run`. */
export async function terminalSummary(context: StepContext, options: TerminalOptions): Promise<string> {
  return renderTerminal(await currentModel(context), options);
}

async function currentModel(context: StepContext, changes: readonly Finding[] = []): Promise<ReportModel> {
  return reportModel((await readChangedRun(context, changes)).inputs);
}
