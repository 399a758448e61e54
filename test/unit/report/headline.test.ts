import { describe, expect, it } from "vitest";
import type { GateResult, GoalResult } from "../../../src/evaluation/evaluation-file.ts";
import type { Finding } from "../../../src/kit/outcome.ts";
import { headlineOf } from "../../../src/report/headline.ts";
import { openNext } from "../../../src/report/headline-open.ts";
import { overallVerdict } from "../../../src/report/report-verdict.ts";
import { aGate, aJoinedGate, anEvaluation } from "../../support/builders/evaluation.ts";
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
    tone: "pass",
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
  expect(why).toEqual(["roc_auc >= 0.89 fails: measured 0.861 (0.852 to 0.870)"]);
});

describe("open gates", () => {
  const open = (...gates: Partial<GateResult>[]) =>
    headlineOf({
      ...passing,
      evaluation: anEvaluation({
        verdict: "inconclusive",
        gates: gates.map((gate) => aGate({ verdict: "inconclusive", ...gate })),
      }),
      outcomes: {
        ...passing.outcomes,
        evaluate: anOutcome({ action: "evaluate", verdict: "inconclusive", reason_code: "gate_inconclusive" }),
      },
    });
  const nearly = { measured: 0.895, lower: 0.888, upper: 0.902, rows_needed: 41_000 };
  const unknown = {
    gate: "roc_auc > production.roc_auc",
    measured: null,
    lower: null,
    upper: null,
    bound: 0,
    why: "Cannot be decided: no version of this model is in production.",
  };

  it("need the test rows that would decide them", () => {
    const { ship, why, next } = open(nearly);
    expect(ship).toBe("Not proven: do not ship yet");
    expect(why).toEqual(["roc_auc >= 0.89 is open: measured 0.895 (0.888 to 0.902)"]);
    expect(next).toBe("Collect more test rows: about 41,000 would decide it, 6,512 are there.");
  });

  it("are neither reason nor work when they are only a warning", () => {
    const { why, next } = open(nearly, {
      ...nearly,
      gate: "recall >= 0.9",
      rows_needed: 900_000,
      on_inconclusive: "warn",
    });
    expect(why).toHaveLength(1);
    expect(next).toContain("about 41,000 would decide it");
  });

  it("that no number of rows decides are told apart from those that rows decide", () => {
    expect(open(unknown).next).toBe(
      'No number of rows decides roc_auc > production.roc_auc, since no version of this model is in production: write "if production exists" behind the gate, or drop it.',
    );
    expect(open(unknown).next).not.toContain("Collect");
    expect(open(unknown, nearly).next).toMatch(
      /Collect more test rows: about 41,000 would decide roc_auc >= 0\.89, 6,512/,
    );
    expect(open(unknown, nearly).why[0]).toBe(
      "roc_auc > production.roc_auc is open: no version of this model is in production",
    );
  });

  it("on slices need rows of the slice that has too few", () => {
    const slice = { column: "sex", value: "Female", rows: 120, rows_needed: 480 };
    expect(open({ ...nearly, limited_by: slice }).next).toBe(
      "Collect more rows of sex = Female: about 480 would decide it, 120 are there.",
    );
    expect(open({ ...nearly, limited_by: slice }, nearly).next).toBe(
      "Collect more rows of sex = Female: about 480 would decide roc_auc >= 0.89, 120 are there. Collect more test rows: about 41,000 would decide roc_auc >= 0.89, 6,512 are there.",
    );
  });

  it("ask for a better model where nobody could have so many rows", () => {
    expect(open({ ...nearly, rows_needed: 41_000_000, passes_at: 0.8969 }).next).toBe(
      "Improve the model on roc_auc >= 0.89 (measured 0.895; 0.897 or more would pass): as it is, over a hundred times as many rows would be needed.",
    );
  });

  it("that join conditions are told by the conditions that are open", () => {
    const { why, next } = open(aJoinedGate());
    expect(why).toEqual(["roc_auc >= 0.89 and recall >= 0.6 is open: recall >= 0.6 measured 0.610 (0.590 to 0.630)"]);
    expect(next).toBe("Collect more test rows: about 41,000 would decide it, 6,512 are there.");
  });

  it("on times are told by their own sentence: no row decides them", () => {
    const why = "latency_ratio_p99 is 5.2, between 3.1 and 9: 400 timed runs cannot decide <= 5.";
    const timed = {
      gate: "latency_ratio_p99 <= 5",
      measured: 5.2,
      lower: 3.1,
      upper: 9,
      bound: 5,
      rows_needed: undefined,
    };
    expect(open({ ...nearly, ...timed, why }).next).toBe(why);
  });

  it("that no value would pass ask for rows, or for another gate where no model can", () => {
    const gate = { ...nearly, passes_at: undefined };
    expect(open({ ...gate, rows_needed: 41_000_000, out_of_reach: "rows" }).next).toBe(
      "No value passes roc_auc >= 0.89 on so few rows: over a hundred times as many are needed.",
    );
    expect(open({ ...gate, measured: 0.88, out_of_reach: "rows" }).next).toBe(
      "Improve the model on roc_auc >= 0.89 (measured 0.880; no value would pass on so few rows): it takes a better model and more test rows.",
    );
    expect(open({ ...gate, measured: 0.88, out_of_reach: "bound" }).next).toBe(
      "No model can pass roc_auc >= 0.89 on these rows: ask for less.",
    );
  });

  it("on rows of one group ask for more groups, once for all of them", () => {
    const evaluation = anEvaluation({
      clusters: 1,
      rows: 160,
      verdict: "inconclusive",
      gates: [aGate({ verdict: "inconclusive" }), aGate({ verdict: "inconclusive" })],
    });
    const next =
      "Test on rows of more groups: all 160 test rows are of one (data.group), so that no number has an interval.";
    expect(openNext(evaluation)).toBe(next);
    expect(openNext({ ...evaluation, clusters: 2 })).not.toBe(next);
    expect(openNext({ ...evaluation, gates: [] })).toBeNull();
  });

  it("whose measured value misses the bound ask for a better model, not for more rows", () => {
    const { next } = open({ ...nearly, measured: 0.88 });
    expect(next).toBe(
      "Improve the model on roc_auc >= 0.89 (measured 0.880): more test rows would rather confirm the miss.",
    );
  });
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
    next: "Run mlops validate, or mlops run for all steps.",
    tone: "incomplete",
  });
});

it("waits for a step that outlives its job", () => {
  const train = anOutcome({ action: "train", verdict: "pending", summary: "job 7 is queued" });
  const waiting = { ...passing, outcomes: { ...passing.outcomes, train, evaluate: null } };
  expect(headlineOf(waiting)).toMatchObject({ ship: "Still running", why: ["train: job 7 is queued"] });
});

describe("a run whose gates hold", () => {
  const [goal] = anEvaluation().goals;
  const withGoal = (fields: Partial<GoalResult>) =>
    headlineOf({ ...passing, evaluation: anEvaluation({ goals: goal === undefined ? [] : [{ ...goal, ...fields }] }) });
  const withFinding = (...findings: Finding[]) =>
    headlineOf({
      ...passing,
      outcomes: { ...passing.outcomes, "validate-data": anOutcome({ action: "validate-data", findings }) },
    });

  it("counts the warnings to read", () => {
    const { next, tone } = withFinding(aFinding(), aFinding({ severity: "note" }));
    expect([next, tone]).toEqual(["Read 1 warning and the card, then approve and merge.", "pass"]);
  });

  it("is not to be shipped without a look when a column may leak the label", () => {
    const leak = aFinding({ code: "label_leakage_suspected", subject: "paid", message: "the column alone …" });
    const { ship, why, next, tone } = withFinding(leak, aFinding());
    expect([ship, tone]).toEqual(["Look before you ship", "caution"]);
    expect(why[0]).toBe("paid alone almost determines income, which may be a leak");
    expect(next).toBe(
      "Drop paid in model.yml (data.drop), unless its value is known when the model is asked. Then read 1 warning and the card, and approve.",
    );
  });

  it("is not to be shipped without a look when test rows are among those learned from", () => {
    const message = "12 of 161 test rows (7.5 %) are also among the rows that the model learns from";
    const { ship, why, next } = withFinding(aFinding({ code: "train_test_overlap", subject: "rows", message }));
    expect(ship).toBe("Look before you ship");
    expect(why[0]).toBe(message);
    expect(next).toMatch(/^Set drop_duplicates: true/);
  });

  it("names goals that are overdue, and counts those that have time", () => {
    const overdue = withGoal({ met: "no", by: "2026-06-30" });
    expect(overdue.why).toContain("the goal roc_auc ≥ 0.9 was due by 2026-06-30 and is not met");
    expect(overdue.next).toContain("agree on a new date for the overdue goal roc_auc ≥ 0.9.");
    expect(withGoal({ met: "no", by: "2027-06-30" }).next).toMatch(/1 goal is not met yet\.$/);
    expect(withGoal({ met: "yes", by: "2026-06-30" }).next).toBe("Read the card, then approve and merge.");
  });
});
