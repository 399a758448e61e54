import { describe, expect, it } from "vitest";
import type { Comparison } from "../../../src/evaluation/evaluation-file.ts";
import { renderHtml } from "../../../src/report/html.ts";
import { renderMarkdown } from "../../../src/report/markdown.ts";
import { reportModel } from "../../../src/report/report-model.ts";
import { evaluationLines } from "../../../src/report/terminal-evaluation.ts";
import { aMetric, anEvaluation } from "../../support/builders/evaluation.ts";
import { reportInputs } from "../../support/builders/report.ts";

const aDifference = (metric: string, difference: number, half: number): Comparison => ({
  against: "production",
  metric,
  difference,
  lower: difference - half,
  upper: difference + half,
  p_value: 0.01,
  method: "paired_mover",
});

const evaluation = anEvaluation({
  comparisons: [
    ...anEvaluation().comparisons,
    aDifference("log_loss", -0.02, 0.005),
    aDifference("roc_auc", 0.01, 0.004),
    aDifference("recall", -0.1, 0.02),
    aDifference("accuracy", 0.001, 0.01),
    { ...aDifference("f1", 0, 0), difference: null, lower: null, upper: null, reason: "production has no f1" },
  ],
});
const model = reportModel(reportInputs({ evaluation }));

describe("the model beside the one in production", () => {
  it("is better, worse or not clearly different, by the interval and the metric's better direction", () => {
    const [{ against, rows }] = model.compared;
    expect(against).toBe("production");
    expect(rows.map(({ name, standing }) => [name, standing])).toEqual([
      ["roc_auc", "better"],
      ["log_loss", "better"],
      ["accuracy", "open"],
      ["recall", "worse"],
      ["f1", null],
    ]);
  });

  it("has a part of its own in HTML, Markdown and on a terminal", () => {
    const page = renderHtml(model);
    expect(page).toContain("Against production");
    expect(page).toContain('aria-label="−0.100, −0.120 to −0.080"');
    const text = renderMarkdown(model);
    expect(text).toContain("### Against production");
    expect(text).toContain("| `recall` ↑ | **−0.100**<br><sub>−0.120&nbsp;to&nbsp;−0.080</sub> | ❌ worse |");
    expect(text).toContain("| `f1` ↑ | –<br>production has no f1 |  |");
    expect(evaluationLines(evaluation, [], { colour: false, width: 80 })).toMatch(
      /^against production\n {2}roc_auc +\+0\.0100 \[\+0\.0060, \+0\.0140\] +better$/m,
    );
  });

  it("is not there without such a model", () => {
    expect(renderMarkdown(reportModel(reportInputs()))).not.toContain("Against");
  });
});

describe("the forest of metrics", () => {
  it("draws shares on one axis from 0 to 1, so that equal numbers lie under each other", () => {
    const metrics = { accuracy: aMetric(0.8, 0.01), recall: aMetric(0.8, 0.3) };
    const page = renderHtml(reportModel(reportInputs({ evaluation: anEvaluation({ metrics, baseline: {} }) })));
    const dots = [...page.matchAll(/<circle cx="([\d.]+)%" cy="12" r="4"/g)].map(([, place]) => place);
    expect(dots).toEqual(["78.20", "78.20"]);
  });

  it("says in words what it draws", () => {
    expect(renderHtml(model)).toContain('aria-label="0.905 [0.898, 0.912], baseline 0.500"');
  });

  it("names what a metric of the user's own counts, and which way it is better", () => {
    const own_metrics = [{ name: "late_cost", better: "lower" as const, unit: "EUR a parcel" }];
    const own = anEvaluation({ own_metrics, metrics: { late_cost: aMetric(3.2, 0.4) }, baseline: {} });
    expect(renderMarkdown(reportModel(reportInputs({ evaluation: own })))).toContain("`late_cost` ↓<br>EUR a parcel");
  });

  it("names what the value counts", () => {
    const matrix = { true_positive: 1, false_positive: -1, false_negative: 0, true_negative: 0, unit: "EUR" };
    const worth = anEvaluation({ value_matrix: matrix, metrics: { value: aMetric(120, 30) }, baseline: {} });
    expect(renderMarkdown(reportModel(reportInputs({ evaluation: worth })))).toContain(
      "`value` ↑<br>EUR per 1,000 rows",
    );
  });
});

it("says into how many groups the rows fall, where they belong together", () => {
  const clustered = reportModel(reportInputs({ evaluation: anEvaluation({ clusters: 812 }) }));
  expect(renderMarkdown(clustered)).toContain("### Metrics on 6,512 test rows in 812 groups");
  expect(renderHtml(clustered)).toContain("On 6,512 test rows in 812 groups, with");
});
