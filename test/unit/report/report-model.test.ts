import { expect, it } from "vitest";
import { reportModel } from "../../../src/report/report-model.ts";
import { aFinding, anOutcome } from "../../support/builders/outcome.ts";
import { everyOutcome, reportInputs } from "../../support/builders/report.ts";

const inputs = reportInputs();

it("shows the metrics that model.yml names first, the others after them", () => {
  const { metrics } = reportModel(inputs);
  expect(metrics.slice(0, 5).map(({ name, chosen }) => [name, chosen])).toEqual([
    ["roc_auc", true],
    ["log_loss", true],
    ["accuracy", true],
    ["recall", true],
    ["precision", false],
  ]);
  expect(metrics[1]).toMatchObject({
    better: "lower",
    baseline: { value: 0.5512 },
    difference: { difference: -0.2321 },
  });
});

it("shows slices by the main metric and those that slice gates name, worst first", () => {
  const model = reportModel(inputs);
  expect(model.sliceMetrics).toEqual(["roc_auc", "recall", "selection_rate"]);
  expect(model.slices.map(({ value }) => value).slice(0, 2)).toEqual(["Amer-Indian-Eskimo", "Male"]);
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
  const old = anOutcome({ action: "collect-data", started_at: "2026-11-20T08:00:00.000Z" });
  const { steps } = reportModel({ ...inputs, outcomes: { ...inputs.outcomes, "collect-data": old } });
  expect(steps.map(({ action, reused }) => `${action} ${reused}`)).toEqual([
    "collect-data true",
    "validate-data false",
    "train false",
    "evaluate false",
    "model-card false",
  ]);
});

it("says which steps another workflow run or another commit had done", () => {
  const ran = (id: string, second: number, head = inputs.headSha) =>
    anOutcome({
      action: "train",
      run: { id, attempt: 1, workflow: "ml", event: "pull_request" },
      git: { head_sha: head, base_sha: null, tested_sha: null },
      started_at: `2026-11-21T08:00:0${second}.000Z`,
    });
  const outcomes = everyOutcome({
    "collect-data": ran("1", 0),
    train: ran("2", 1),
    evaluate: ran("2", 2, "0".repeat(40)),
  });
  const { steps } = reportModel({ ...inputs, outcomes });
  expect(steps.filter(({ reused }) => reused).map(({ action }) => action)).toEqual(["collect-data", "evaluate"]);
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
