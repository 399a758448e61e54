import { expect, it } from "vitest";
import type { EvaluationFile } from "../../../src/evaluation/evaluation-file.ts";
import { evaluationLines } from "../../../src/report/terminal-evaluation.ts";
import { displayWidth } from "../../../src/report/terminal-width.ts";
import { aGate, aJoinedGate, anEvaluation, aRegressionEvaluation } from "../../support/builders/evaluation.ts";
import { aFairness, someFoundSlices } from "../../support/builders/evaluation-details.ts";
import { hostileInputs } from "../../support/builders/hostile-report.ts";
import { hostileText } from "../../support/hostile.ts";
import { fc } from "../../support/properties.ts";

const plain = { colour: false, width: 80 };
const linesOf = (fields: Partial<EvaluationFile>) => evaluationLines(anEvaluation(fields), [], plain).split("\n");

it("says the verdict and why, then gates, all metrics beside the baseline, and slices", () => {
  const lines = linesOf({});
  expect(lines[0]).toBe('Pass  binary-classification, 6,512 rows, positive class ">50K"');
  expect(lines[1]).toMatch(/^why {3}roc_auc is 0\.905 \[0\.898, 0\.912\], 0\.500 for the baseline \(prior\)/);
  const text = lines.join("\n");
  expect(text).toMatch(/✓ roc_auc >= 0\.89 +0\.905/);
  expect(text).toMatch(/balanced_accuracy +0\.766 \[0\.754, 0\.778\] +0\.500/);
  expect(text).toContain("slices, worst roc_auc first");
  expect(text).not.toMatch(/in the report|fewer|goals/);
});

it("names the gate that fails, and what to do", () => {
  const gate = aGate({ verdict: "fail", measured: 0.861, lower: 0.8521, upper: 0.8702 });
  const lines = linesOf({ verdict: "fail", reason_code: "gate_failed", gates: [gate] });
  expect(lines.slice(0, 2)).toEqual([
    'Fail  binary-classification, 6,512 rows, positive class ">50K"',
    "why   roc_auc >= 0.89 fails: measured 0.861 (0.852 to 0.870)",
  ]);
  expect(lines[2]).toMatch(/^next {2}\w/);
});

it("says how many rows would decide what is open", () => {
  const gate = aGate({ verdict: "inconclusive", measured: 0.895, rows_needed: 41_000 });
  const text = evaluationLines(anEvaluation({ verdict: "inconclusive", gates: [gate] }), [], plain);
  expect(text).toContain("Not proven");
  expect(text.replace(/\s+/g, " ")).toContain("about 41,000 would decide it, 6,512 are there.");
});

it("shows the conditions of a gate below it, further in", () => {
  const text = linesOf({ verdict: "inconclusive", gates: [aJoinedGate()] }).join("\n");
  expect(text).toMatch(/^ {2}\? roc_auc >= 0\.89 and recall >= 0\.6\n(?: {4}.*\n)+? {4}✓ roc_auc >= 0\.89 +0\.905/m);
  expect(text).toMatch(/^ {4}\? recall >= 0\.6 +0\.610 \[0\.590, 0\.630\]$/m);
});

it("says the reason where no gate is the reason", () => {
  const lines = linesOf({ verdict: "inconclusive", reason_code: "test_one_class", gates: [] });
  expect(lines.slice(1, 4).join(" ")).toMatch(/^why {3}All test rows have the same label/);
});

it("says first what makes the verdict fail whatever the gates say", () => {
  const message = "1 of 200 rows has no score (NaN), row 42: no metric has a value";
  const error = { code: "prediction_missing", severity: "error", subject: "model", message, measured: 1, expected: 0 };
  const file = anEvaluation({ verdict: "fail", reason_code: "predictions_not_finite", gates: [] });
  const text = evaluationLines(file, [{ ...error, severity: "error" }], plain);
  expect(text).toMatch(/^why {3}1 of 200 rows has no score \(NaN\), row 42: no metric has a value$/m);
  expect(text).toMatch(/^next {2}Look at the rows that are named: impute missing values/m);
});

it("asks for rows of another class, whatever the open gates need", () => {
  const gate = {
    gate: "roc_auc > baseline.roc_auc",
    verdict: "inconclusive",
    measured: null,
    lower: null,
    upper: null,
    bound: 0,
    why: 'Cannot be decided: all 200 test rows have the label "0".',
  } as const;
  const text = linesOf({ verdict: "inconclusive", reason_code: "test_one_class", gates: [gate] }).join("\n");
  expect(text).toMatch(/^next {2}Collect test rows of another class/m);
  expect(text).not.toMatch(/[Ii]mprove the model/);
});

it("says that a value at the bound itself needs a better model, not rows", () => {
  const gate = {
    gate: "accuracy > baseline.accuracy",
    verdict: "inconclusive",
    measured: 0,
    lower: -0.02,
    upper: 0.02,
    bound: 0,
    passes_at: 0.02,
    why: "accuracy - baseline.accuracy is 0, between -0.02 and 0.02: 200 test rows cannot decide > 0.",
  } as const;
  const text = linesOf({ verdict: "inconclusive", gates: [gate] })
    .join(" ")
    .replaceAll(/\s+/g, " ");
  expect(text).toContain("next Improve the model on accuracy > baseline.accuracy (measured 0");
  expect(text).toContain("the measured value is the bound itself, which more test rows alone do not decide");
});

it("leaves out baseline and difference where there is no baseline", () => {
  const file = aRegressionEvaluation({ baseline: {}, baseline_kind: null, comparisons: [], gates: [] });
  expect(evaluationLines(file, [], plain)).not.toMatch(/baseline|difference/);
});

it("stays inside the width and passes nothing dangerous on, whatever the values are", () => {
  fc.assert(
    fc.property(
      fc.array(hostileText(), { minLength: 1, maxLength: 4 }),
      fc.integer({ min: 60, max: 120 }),
      (texts, width) => {
        const { evaluation } = hostileInputs(texts);
        if (evaluation === null) throw new Error("the hostile run was evaluated");
        const text = evaluationLines(evaluation, [], { colour: false, width });
        expect(text.split("\n").filter((line) => displayWidth(line) > width)).toEqual([]);
        // biome-ignore lint/suspicious/noControlCharactersInRegex: these must not be there
        expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]|::|##\[/);
      },
    ),
    { numRuns: 50 },
  );
});

it("shows found slices and fairness where they were asked for", () => {
  const lines = linesOf({ found_slices: someFoundSlices(), fairness: aFairness("sex") });
  const at = lines.indexOf("found slices, worse than elsewhere by log_loss");
  expect(lines[at + 1]).toMatch(
    /^ {2}education = Doctorate +0\.550 \[0\.430, 0\.670\] {2}elsewhere 0\.300 {2}412 rows$/,
  );
  expect(lines.join("\n")).toMatch(
    /^fairness by sex\n {2}demographic_parity_difference +0\.179 \[0\.162, 0\.196\] {2}0 if equal$/m,
  );
  expect(linesOf({}).join("\n")).not.toMatch(/found slices|fairness/);
});

it("marks a slice with too few rows", () => {
  const [slice] = anEvaluation().slices;
  expect(linesOf({ slices: [{ ...slice, rows: 12, rows_lacking: 18 }] }).join("\n")).toContain("12 rows, too few");
});
