import { describe, expect, it } from "vitest";
import { reportModel } from "../../../src/report/report-model.ts";
import { aGate, aMetric, anEvaluation } from "../../support/builders/evaluation.ts";
import { aFinding, anOutcome } from "../../support/builders/outcome.ts";
import { everyOutcome, reportInputs } from "../../support/builders/report.ts";

const inputs = reportInputs();

it("shows the metrics that model.yml names first, the others after them", () => {
  const { metrics } = reportModel(inputs);
  expect(metrics.slice(0, 5).map(({ name }) => name)).toEqual([
    "roc_auc",
    "log_loss",
    "accuracy",
    "recall",
    "precision",
  ]);
  expect(metrics[1]).toMatchObject({
    better: "lower",
    baseline: { value: 0.5512 },
    difference: { difference: -0.2321 },
  });
});

it("shows slices by the main metric and those that slice gates name", () => {
  const { sliceMetrics } = reportModel(inputs);
  expect(sliceMetrics.map(({ name }) => name)).toEqual(["roc_auc", "recall", "selection_rate"]);
});

describe("worst first", () => {
  const order = (metric: string, ...slices: [string, number, number][]) =>
    reportModel({
      ...inputs,
      evaluation: anEvaluation({
        metrics: { [metric]: aMetric(0.8) },
        slices: slices.map(([value, at, half]) => ({
          column: "a",
          value,
          rows: 9,
          metrics: { [metric]: aMetric(at, half) },
        })),
      }),
    }).slices.map(({ value }) => value);

  it("is a slice that is surely bad, not a small one that may be anything", () => {
    expect(order("roc_auc", ["tiny", 0.3, 0.6], ["good", 0.9, 0.01], ["bad", 0.6, 0.05])).toEqual([
      "bad",
      "tiny",
      "good",
    ]);
    expect(order("log_loss", ["tiny", 9, 9], ["good", 0.2, 0.01], ["bad", 0.9, 0.05])).toEqual(["bad", "good", "tiny"]);
  });
});

it("shows slices by the main metric alone where no gate asks for another", () => {
  const evaluation = anEvaluation({ gates: [aGate({ gate: "worst(roc_auc by sex) >= 0.8" })] });
  expect(reportModel({ ...inputs, evaluation }).sliceMetrics.map(({ name }) => name)).toEqual(["roc_auc"]);
});

it("leaves out findings that only repeat a gate", () => {
  const evaluate = anOutcome({
    action: "evaluate",
    findings: [aFinding({ code: "gate_inconclusive" }), aFinding({ code: "prediction_missing" })],
  });
  const { findings } = reportModel({ ...inputs, outcomes: { ...inputs.outcomes, evaluate } });
  expect(findings.map(({ code }) => code)).toEqual(["prediction_missing"]);
});

it("sorts findings of all steps by severity", () => {
  const collect = anOutcome({ action: "collect-data", findings: [aFinding({ severity: "note" })] });
  const validate = anOutcome({
    action: "validate-data",
    findings: [aFinding({ severity: "warning" }), aFinding({ severity: "error" })],
  });
  const { findings } = reportModel({
    ...inputs,
    outcomes: everyOutcome({ "collect-data": collect, "validate-data": validate }),
  });
  expect(findings.map(({ severity, action }) => `${severity} ${action}`)).toEqual([
    "error validate-data",
    "warning validate-data",
    "note collect-data",
  ]);
});

it("says which steps an earlier run had done", () => {
  const run = { id: "41", attempt: 1, workflow: "ml", event: "pull_request" };
  const old = anOutcome({ action: "collect-data", started_at: "2026-11-20T08:00:00.000Z", run });
  const { steps } = reportModel({ ...inputs, outcomes: { ...inputs.outcomes, "collect-data": old } });
  expect(steps.map(({ action, reused }) => `${action} ${reused}`)).toEqual([
    "collect-data true",
    "validate-data false",
    "train false",
    "evaluate false",
    "model-card false",
  ]);
});

it("says which steps another workflow run or, on a laptop, another commit had done", () => {
  const ran = (id: string | null, second: number, head = inputs.headSha) =>
    anOutcome({
      action: "train",
      run: { id, attempt: 1, workflow: "ml", event: "pull_request" },
      git: { head_sha: head, base_sha: null, tested_sha: null },
      started_at: `2026-11-21T08:00:0${second}.000Z`,
    });
  const reused = (outcomes: Parameters<typeof everyOutcome>[0]) => {
    const { steps } = reportModel({ ...inputs, outcomes: everyOutcome(outcomes) });
    return steps.filter((step) => step.reused).map(({ action }) => action);
  };
  const other = "0".repeat(40);
  expect(reused({ "collect-data": ran("1", 0), train: ran("2", 1), evaluate: ran("2", 2, other) })).toEqual([
    "collect-data",
  ]);
  expect(reused({ train: ran(null, 1), evaluate: ran(null, 2, other) })).toEqual(["evaluate"]);
});

it("leaves empty what was not reached, and shows goals as not measured", () => {
  const model = reportModel({
    ...inputs,
    outcomes: everyOutcome({}),
    evaluation: null,
    profile: null,
    training: null,
    manifest: null,
  });
  expect(model).toMatchObject({ gates: [], metrics: [], slices: [], training: [], findings: [] });
  expect(model.goals).toEqual([expect.objectContaining({ metric: "roc_auc", measured: null, met: "undecided" })]);
  expect(model.steps.every(({ verdict }) => verdict === "missing")).toBe(true);
});
