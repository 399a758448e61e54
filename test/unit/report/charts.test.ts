import { expect, it } from "vitest";
import { histogramLimit, planCharts } from "../../../src/report/charts.ts";
import { drawCharts } from "../../../src/report/draw-charts.ts";
import { reportModel } from "../../../src/report/report-model.ts";
import { aMetric, anEvaluation, aRegressionEvaluation } from "../../support/builders/evaluation.ts";
import { aNumberColumn, aProfile } from "../../support/builders/profile.ts";
import { reportInputs } from "../../support/builders/report.ts";

const modelOf = (fields: Parameters<typeof reportInputs>[0]) => reportModel(reportInputs(fields));

it("draws ROC and calibration for a classifier, residuals for a regression", () => {
  const titles = (fields: Parameters<typeof reportInputs>[0]) =>
    planCharts(modelOf(fields)).evaluation.map(({ title }) => title);
  expect(titles({})).toEqual(["ROC curve", "Calibration"]);
  expect(titles({ evaluation: aRegressionEvaluation() })).toEqual(["Residuals"]);
  expect(titles({ evaluation: null })).toEqual([]);
});

it("puts the operating point where the confusion matrix says", () => {
  const [roc] = planCharts(modelOf({})).evaluation;
  expect(roc?.data.point).toEqual([{ x: 341 / 4944, y: 943 / 1568 }]);
});

it("gives slices whose shortened labels are equal a line each", () => {
  const slices = [1, 2].map((end) => ({
    column: "city",
    value: `${"a".repeat(60)}${end}`,
    rows: 5,
    metrics: { roc_auc: aMetric(0.5) },
  }));
  const [forest] = planCharts(modelOf({ evaluation: anEvaluation({ slices }) })).slices;
  expect(new Set(forest?.data.slices?.map(({ label }) => label)).size).toBe(2);
});

it("leaves out slices without a value, and the chart when fewer than two are left", () => {
  const empty = { value: null, lower: null, upper: null, level: 0.95, method: "none" };
  const slices = [
    { column: "a", value: "x", rows: 5, metrics: { roc_auc: aMetric(0.5) } },
    { column: "a", value: "y", rows: 5, metrics: { roc_auc: empty } },
  ];
  expect(planCharts(modelOf({ evaluation: anEvaluation({ slices }) })).slices).toEqual([]);
});

it("draws at most a fixed number of histograms, however wide the table is", () => {
  const columns = Array.from({ length: 2000 }, (_, index) => aNumberColumn(`c${index}`));
  expect(planCharts(modelOf({ profile: aProfile({ columns }) })).histograms).toHaveLength(histogramLimit);
});

it("draws SVG in the page's colours, the same every time", async () => {
  const model = modelOf({});
  const [first, second] = [await drawCharts(model), await drawCharts(model)];
  expect(second).toEqual(first);
  expect(first.evaluation.map(({ svg }) => /^<svg [^>]*viewBox="0 0 [\d.]+ [\d.]+"/.test(svg))).toEqual([true, true]);
  const all = [...first.evaluation, ...first.slices, ...first.histograms.values()].map(({ svg }) => svg).join("");
  expect(all).toContain("var(--accent)");
  expect(all).not.toMatch(/(?:fill|stroke)="(?!none|var\(--|transparent)[^"]+"/);
  expect(all).not.toContain("NaN");
});
