import { expect, it } from "vitest";
import { type BaselineRows, baselineAnswers } from "../../../src/training/baselines.ts";
import { numbers, texts } from "../../support/builders/columns.ts";

const labels = (values: readonly (string | null)[], rest: Partial<BaselineRows> = {}): BaselineRows => ({
  label: texts("y", values),
  weights: null,
  times: null,
  column: null,
  ...rest,
});
const amounts = (values: readonly number[], rest: Partial<BaselineRows> = {}): BaselineRows => ({
  ...labels([], rest),
  label: numbers("y", values),
});
const binary = { task: "binary-classification", classes: ["no", "yes"], positive: 1 } as const;
const regression = { task: "regression", classes: [], positive: -1 } as const;

it("says the weighted share of the positive class of history, whatever the test rows are", () => {
  const history = labels(["yes", "no", "no"], { weights: Float64Array.of(2, 1, 1) });
  const answers = baselineAnswers({ kind: "prior", ...binary, history, test: labels(["yes", "yes"]) });
  expect(answers).toMatchObject({ scores: Float64Array.of(0.5, 0.5), predicted: Uint8Array.of(0, 0) });
});

it("says the likeliest of many classes", () => {
  const classes = ["a", "b", "c"];
  const history = labels(["c", "c", "a", "b"]);
  const answers = baselineAnswers({
    kind: "prior",
    task: "multiclass-classification",
    classes,
    positive: -1,
    history,
    test: labels(["a"]),
  });
  expect(answers).toMatchObject({ predicted: Int32Array.of(2), probabilities: Float64Array.of(0.25, 0.25, 0.5) });
});

it("says the weighted mean of history", () => {
  const history = amounts([10, 20], { weights: Float64Array.of(3, 1) });
  const answers = baselineAnswers({ kind: "mean", ...regression, history, test: amounts([1, 2]) });
  expect(answers).toMatchObject({ predicted: Float64Array.of(12.5, 12.5) });
});

it("walks forward: the last value is that of the row before in time, a test row's label included", () => {
  const history = amounts([1, 2], { times: Float64Array.of(10, 20) });
  const test = amounts([30, 25, 15], { times: Float64Array.of(30, 25, 15) });
  // In time: 1 (10), 15 (15), 2 (20), 25 (25), 30 (30).
  const answers = baselineAnswers({ kind: "last-value", ...regression, history, test });
  expect(answers).toMatchObject({ predicted: Float64Array.of(25, 2, 1) });
});

it("starts with the prior where no label is known before", () => {
  const history = labels(["no", "no", "no", "yes"], { times: Float64Array.of(5, 6, 7, 8) });
  const test = labels(["yes"], { times: Float64Array.of(1) });
  expect(baselineAnswers({ kind: "last-value", ...binary, history, test })).toMatchObject({
    scores: Float64Array.of(0.25),
  });
});

it("gives the last class how often history kept its class, and never less than an even chance", () => {
  const steady = labels(["no", "no", "no", "yes", "yes"]);
  const answers = baselineAnswers({ kind: "last-value", ...binary, history: steady, test: labels(["no", "no"]) });
  // Three of four steps kept the class: (3 + 1) / (4 + 2).
  expect(answers).toMatchObject({ scores: Float64Array.of(4 / 6, 1 - 4 / 6), predicted: Uint8Array.of(1, 0) });
  const restless = labels(["no", "yes", "no", "yes"]);
  const forced = baselineAnswers({ kind: "last-value", ...binary, history: restless, test: labels(["no"]) });
  expect(forced).toMatchObject({ predicted: Uint8Array.of(1) });
});

it("takes a column of numbers as the forecast, and the mean where it is missing", () => {
  const test = amounts([1, 2], { column: numbers("yesterday", [7, Number.NaN]) });
  const history = amounts([10, 20], { column: numbers("yesterday", [1, 2]) });
  expect(baselineAnswers({ kind: "column", ...regression, history, test })).toMatchObject({
    predicted: Float64Array.of(7, 15),
  });
});

it("takes a column of scores in [0, 1] as the probability of the positive class", () => {
  const history = labels(["no", "yes"], { column: numbers("score", [0.1, 0.9]) });
  const test = labels(["no", "yes"], { column: numbers("score", [0.2, Number.NaN]) });
  expect(baselineAnswers({ kind: "column", ...binary, history, test })).toMatchObject({
    scores: Float64Array.of(0.2, 0.5),
  });
});

it("learns from history what a text of the column means, and says the prior for new and missing texts", () => {
  const history = labels(["yes", "yes", "no", "no"], { column: texts("rule", ["hi", "hi", "lo", "lo"]) });
  const test = labels(["no", "no", "no"], { column: texts("rule", ["hi", null, "new"]) });
  expect(baselineAnswers({ kind: "column", ...binary, history, test })).toMatchObject({
    scores: Float64Array.of(2.5 / 3, 0.5, 0.5),
  });
});

it("learns what tenths of a number mean", () => {
  const values = Array.from({ length: 100 }, (_, i) => i);
  const history = labels(
    values.map((i) => (i >= 90 ? "yes" : "no")),
    { column: numbers("size", values) },
  );
  const test = labels(["no", "no"], { column: numbers("size", [95, 5]) });
  expect(baselineAnswers({ kind: "column", ...binary, history, test })).toMatchObject({
    scores: Float64Array.of(10.1 / 11, 0.1 / 11),
  });
});
