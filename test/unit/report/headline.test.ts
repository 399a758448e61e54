import { expect, it } from "vitest";
import { headlineOf, overallVerdict } from "../../../src/report/headline.ts";
import { aGate, anEvaluation } from "../../support/builders/evaluation.ts";
import { aFinding, anOutcome } from "../../support/builders/outcome.ts";
import { everyOutcome, reportInputs } from "../../support/builders/report.ts";

const passing = reportInputs();

it("says to ship with the main metric beside the baseline and the gates that hold", () => {
  expect(headlineOf(passing)).toEqual({
    ship: "Ship it",
    why: [
      "roc_auc is 0.905 [0.898, 0.912], 0.500 for the baseline (prior)",
      "5 of 6 gates hold (1 skipped, as what it compares with does not exist)",
    ],
    next: "Read the card, then approve and merge.",
  });
});

it("says that nothing could have stopped a model without gates", () => {
  const { why } = headlineOf({ ...passing, evaluation: anEvaluation({ gates: [] }) });
  expect(why[1]).toBe("no gates are set, so nothing could stop it");
});

it("names the gates that fail with measured number, interval and bound", () => {
  const gate = aGate({ verdict: "fail", measured: 0.861, lower: 0.8521, upper: 0.8702 });
  const evaluate = anOutcome({ action: "evaluate", verdict: "fail", reason_code: "gate_failed" });
  const failing = {
    ...passing,
    evaluation: anEvaluation({ verdict: "fail", gates: [aGate(), gate] }),
    outcomes: { ...passing.outcomes, evaluate },
  };
  const { ship, why } = headlineOf(failing);
  expect(ship).toBe("Do not ship");
  expect(why).toEqual(["roc_auc >= 0.89: measured 0.861 (0.852 to 0.870), bound 0.89"]);
});

it("tells how many test rows would decide an open gate", () => {
  const gate = aGate({ verdict: "inconclusive", measured: 0.895, lower: 0.888, upper: 0.902, rows_needed: 41000 });
  const evaluate = anOutcome({ action: "evaluate", verdict: "inconclusive", reason_code: "gate_inconclusive" });
  const open = {
    ...passing,
    evaluation: anEvaluation({ verdict: "inconclusive", gates: [gate] }),
    outcomes: { ...passing.outcomes, evaluate },
  };
  const { ship, next } = headlineOf(open);
  expect(ship).toBe("Not proven: do not ship yet");
  expect(next).toBe("Collect more test rows: about 41,000 would decide it, 6,512 are there.");
});

it("names the data's errors when validation stopped the run, not the steps that did not happen", () => {
  const findings = [aFinding({ severity: "error", subject: "age", message: "age: 3 values are over 100" })];
  const stopped = {
    ...passing,
    evaluation: null,
    outcomes: everyOutcome({
      "collect-data": anOutcome({ action: "collect-data" }),
      "validate-data": anOutcome({ action: "validate-data", verdict: "fail", reason_code: "data_invalid", findings }),
    }),
  };
  expect(overallVerdict(stopped)).toBe("fail");
  expect(headlineOf(stopped).why).toEqual(["age: 3 values are over 100"]);
});

it("does not judge a run whose deciding steps have not run", () => {
  const begun = { ...passing, outcomes: everyOutcome({ "collect-data": anOutcome({ action: "collect-data" }) }) };
  expect(headlineOf(begun)).toEqual({
    ship: "Nothing to decide yet",
    why: ["validate-data, train and evaluate have not run"],
    next: "Run validate-data, or mlops run for all steps.",
  });
});

it("waits for a step that outlives its job", () => {
  const train = anOutcome({ action: "train", verdict: "pending", summary: "job 7 is queued" });
  const waiting = { ...passing, outcomes: { ...passing.outcomes, train, evaluate: null } };
  expect(headlineOf(waiting)).toMatchObject({ ship: "Still running", why: ["train: job 7 is queued"] });
});

it("mentions warnings and goals not met when it says to ship", () => {
  const [goal] = anEvaluation().goals;
  const evaluation = anEvaluation({ goals: goal === undefined ? [] : [{ ...goal, met: "no" }] });
  const validate = anOutcome({ action: "validate-data", findings: [aFinding(), aFinding({ severity: "note" })] });
  const { next } = headlineOf({ ...passing, evaluation, outcomes: { ...passing.outcomes, "validate-data": validate } });
  expect(next).toBe("Read 1 warning and the card, then approve and merge. 1 goal is not met yet.");
});
