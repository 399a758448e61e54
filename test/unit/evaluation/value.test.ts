import { describe, expect, it } from "vitest";
import { compareSamples } from "../../../src/evaluation/compare.ts";
import { evaluate } from "../../../src/evaluation/evaluate.ts";
import type { ValueMatrix } from "../../../src/evaluation/predictions.ts";
import { measureSubject } from "../../../src/evaluation/subject.ts";
import { UserErrors } from "../../../src/kit/user-error.ts";
import { binaryPredictions, textColumn } from "../../support/builders/predictions.ts";

const value: ValueMatrix = {
  true_positive: 40,
  false_positive: -15,
  false_negative: -20,
  true_negative: 0,
  unit: "EUR",
};
const labels = [1, 1, 1, 0, 0, 0, 0, 0];
const predicted = [1, 1, 0, 1, 0, 0, 0, 0];
const nothing = { baseline: null, baselineKind: null, metrics: [], slices: [], gates: [], goals: [], facts: {} };

describe("the value of a classifier", () => {
  it("is the mean worth of its answers, for 1000 rows", () => {
    const { metrics } = measureSubject({ ...binaryPredictions({ labels, predicted }), value }).all;
    expect(metrics.get("value")?.value).toBeCloseTo((1000 * (2 * 40 - 20 - 15)) / 8, 9);
  });

  it("weighs rows: a row of weight 2 counts as two", () => {
    const weights = [2, 1, 1, 1, 1, 1, 1, 1];
    const weighted = measureSubject({ ...binaryPredictions({ labels, predicted, weights }), value }).all;
    const doubled = measureSubject({
      ...binaryPredictions({ labels: [1, ...labels], predicted: [1, ...predicted] }),
      value,
    }).all;
    expect(weighted.metrics.get("value")?.value).toBeCloseTo(doubled.metrics.get("value")?.value ?? Number.NaN, 9);
  });

  it("changes with a row's weight as its contributions say", () => {
    const step = 1e-6;
    const at = (weights: number[] | null) =>
      measureSubject({ ...binaryPredictions({ labels, predicted, weights }), value }).all;
    const contributions = at(null).contributions("value") ?? new Float64Array(0);
    const base = labels.map(() => 1);
    for (const [row, expected] of contributions.entries()) {
      const [up, down] = [1 + step, 1 - step].map(
        (weight) => at(base.with(row, weight)).metrics.get("value")?.value ?? Number.NaN,
      );
      expect((up - down) / (2 * step)).toBeCloseTo(expected, 4);
    }
  });

  it("is no metric without a matrix of worths, and a gate on it says what to declare", () => {
    const predictions = binaryPredictions({ labels, predicted });
    expect(Object.keys(evaluate({ ...nothing, predictions }).metrics)).not.toContain("value");
    expect(() => evaluate({ ...nothing, predictions, gates: ["value >= 100"] })).toThrow(UserErrors);
    expect(() => evaluate({ ...nothing, predictions, gates: ["value >= 100"] })).toThrow(/what an answer is worth/);
  });

  it("is compared with the baseline's, sliced, and decided on by gates", () => {
    const many = <Value>(values: readonly Value[]): Value[] => Array.from({ length: 100 }, () => values).flat();
    const predictions = binaryPredictions({ labels: many(labels), predicted: many(predicted) });
    const never = binaryPredictions({ labels: many(labels), predicted: many(labels.map(() => 0)) });
    const evaluation = evaluate({
      ...nothing,
      predictions,
      baseline: never,
      baselineKind: "prior",
      value,
      slices: [textColumn("half", many(["a", "a", "b", "b", "a", "a", "b", "b"]))],
      gates: ["value >= 4 EUR per 1", "value - baseline.value >= 10000", "worst(value by half) >= -5000"],
    });
    expect(evaluation.value_matrix).toEqual(value);
    expect(evaluation.metrics.value.value).toBeCloseTo(5625, 9);
    expect(evaluation.baseline.value.value).toBeCloseTo(-7500, 9);
    const difference = evaluation.comparisons.find(({ metric }) => metric === "value");
    expect(difference?.difference).toBeCloseTo(13_125, 9);
    expect(evaluation.slices.map(({ metrics }) => Math.round(metrics.value.value ?? Number.NaN))).toEqual([
      20_000, -8750,
    ]);
    expect(evaluation.gates.map(({ verdict }) => verdict)).toEqual(["pass", "pass", "fail"]);
  });

  it("leaves room for a row that two models would have answered differently, as shares do", () => {
    const predictions = { ...binaryPredictions({ labels, predicted }), value };
    const sample = measureSubject(predictions).all;
    const [found] = compareSamples({ against: "production", candidate: sample, reference: sample, level: 0.9 }, [
      "value",
    ]);
    expect(found.difference).toBe(0);
    // One row in ten either way, each a swing from −20 to 40; without that room the bound would be 12,433.
    expect(found.upper).toBeGreaterThan((1.6448536269514722 * Math.SQRT2 * 60_000) / 10);
  });
});
