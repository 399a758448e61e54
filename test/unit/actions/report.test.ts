import { readFile, rm, writeFile } from "node:fs/promises";
import { expect, it } from "vitest";
import { Inputs } from "../../../src/actions/report/io.ts";
import { readRun } from "../../../src/report/read-run.ts";
import { jobSummary, reportStep, terminalSummary } from "../../../src/wiring/report.ts";
import { aContext } from "../../support/builders/context.ts";
import { anEvaluation } from "../../support/builders/evaluation.ts";
import { anOutcome } from "../../support/builders/outcome.ts";
import { anIncomeSpec } from "../../support/builders/report.ts";
import { writeRun } from "../../support/run-evidence.ts";
import { scratchFolder } from "../../support/scratch.ts";

const inputs = Inputs.parse({});

async function aRun() {
  const context = await aContext(await scratchFolder(), anIncomeSpec());
  await writeRun(context);
  return context;
}

it("writes Markdown and one HTML file with charts, and passes with the headline as its summary", async () => {
  const context = await aRun();
  const { outcome } = await reportStep(context, inputs);
  expect(outcome).toMatchObject({ verdict: "pass", reason_code: "report_written" });
  expect(outcome.summary).toMatch(/^Ship it: roc_auc is 0\.905/);
  expect(outcome.outputs.map(({ path }) => path)).toEqual([
    ".mlops/income/report/report.md",
    ".mlops/income/report/report.html",
  ]);
  const markdown = await readFile(context.folder.reportMarkdown, "utf8");
  expect(markdown).toContain("Charts and everything else: `.mlops/income/report/report.html`");
  expect(await readFile(context.folder.reportHtml, "utf8")).toContain("<h3>ROC curve</h3>");
});

it("is not written again while nothing changed, and the same bytes come of the same run", async () => {
  const context = await aRun();
  await reportStep(context, inputs);
  const first = await readFile(context.folder.reportHtml, "utf8");
  expect((await reportStep(context, inputs)).reused).toBe(true);
  expect((await reportStep({ ...context, force: true }, inputs)).reused).toBe(false);
  expect(await readFile(context.folder.reportHtml, "utf8")).toBe(first);
});

it("is written anew when a step's outcome goes away", async () => {
  const context = await aRun();
  await reportStep(context, inputs);
  await rm(context.folder.outcome("evaluate"));
  const { reused, outcome } = await reportStep(context, inputs);
  expect(reused).toBe(false);
  expect(outcome.summary).toBe("Nothing to decide yet: evaluate has not run");
});

it("believes no step that read other files than the steps before it left, nor what such a step wrote", async () => {
  const context = await aRun();
  const evaluate = context.folder.outcome("evaluate");
  const outcome = JSON.parse(await readFile(evaluate, "utf8"));
  outcome.inputs = [{ path: ".mlops/income/model/model.json", sha256: "0".repeat(64) }];
  await writeFile(evaluate, JSON.stringify(outcome));
  const card = anOutcome({ action: "model-card", inputs: outcome.outputs });
  await writeFile(context.folder.outcome("model-card"), JSON.stringify(card));
  const { inputs: read, evidence } = await readRun(context);
  expect(read).toMatchObject({ evaluation: null, outcomes: { evaluate: null, "model-card": null } });
  expect(read.outcomes.train).not.toBeNull();
  expect(evidence.map(({ path }) => path)).not.toContain(".mlops/income/evaluation/evaluation.json");
});

it("believes no number that its step did not write", async () => {
  const context = await aRun();
  await writeFile(context.folder.evaluation, JSON.stringify(anEvaluation({ rows: 1 })));
  await expect(reportStep(context, inputs)).rejects.toMatchObject({
    code: "evidence_changed",
    where: ".mlops/income/evaluation/evaluation.json",
    fix: "run mlops evaluate --force",
  });
});

it("says when evidence has another form than this version writes", async () => {
  const context = await aContext(await scratchFolder(), anIncomeSpec());
  await writeRun(context, { verdict: "pass", reason_code: "gates_pass" });
  await expect(reportStep(context, inputs)).rejects.toMatchObject({ code: "evidence_changed" });
});

it("gives the job's summary and the terminal the same verdict", async () => {
  const context = await aRun();
  expect(await jobSummary(context)).toMatch(/^## ✅ Ship it: `income`/);
  expect(await terminalSummary(context, { colour: false, width: 80 })).toMatch(/^Ship it {2}income/);
});
