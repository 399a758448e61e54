import { describe, expect, it } from "vitest";
import { applyThreshold } from "../../../src/evaluation/apply-threshold.ts";
import { atThreshold, chooseOperatingPoint, type ThresholdRule } from "../../../src/evaluation/operating-point.ts";
import type { BinaryPredictions, ValueMatrix } from "../../../src/evaluation/predictions.ts";
import { UserError } from "../../../src/kit/user-error.ts";
import oracle from "../../oracles/operating_point.json" with { type: "json" };
import { binaryPredictions, randomBinary } from "../../support/builders/predictions.ts";

type Case = (typeof oracle.thresholds)[number];
type At = Case["at"][number];

function matrix([true_negative, false_positive, false_negative, true_positive]: readonly number[]): ValueMatrix {
  return { true_negative, false_positive, false_negative, true_positive };
}

function rowsOf(rows: Case): BinaryPredictions {
  return { ...binaryPredictions(rows), value: matrix(rows.values) };
}

/** How many of the rows the point calls positive, and its metrics: what is to be told apart. */
function pointOf(rows: BinaryPredictions, rule: ThresholdRule) {
  const point = chooseOperatingPoint(rule, rows);
  const { predicted } = atThreshold(rows, point.threshold);
  return { ...point, positives: predicted.reduce((sum, each) => sum + each, 0) };
}

/** The best of scikit-learn's points, the highest threshold of equally good ones. */
function bestOf(points: readonly At[], goodness: (at: At) => number): At {
  return points.reduce((best, at) => (goodness(at) >= goodness(best) - 1e-12 ? at : best));
}

describe("a threshold chosen on validation rows", () => {
  const names = oracle.thresholds.map((rows, place) => [`${rows.labels.length} rows, case ${place}`, rows] as const);

  it.each(names)("is the best of all by scikit-learn's metrics: %s", (_, rows) => {
    const predictions = rowsOf(rows);
    const rules: [ThresholdRule, (at: At) => number][] = [
      [{ by: "value" }, (at) => at.value],
      [{ by: "f1" }, (at) => at.f1],
      [{ by: "recall", at_least: 0.8 }, (at) => (at.recall >= 0.8 ? (at.precision ?? -1) : -2)],
      [{ by: "precision", at_least: 0.6 }, (at) => ((at.precision ?? -1) >= 0.6 ? at.recall : -2)],
    ];
    for (const [rule, goodness] of rules) {
      const expected = bestOf(rows.at, goodness);
      const point = pointOf(predictions, rule);
      expect(point.positives).toBe(rows.scores.filter((score) => score > expected.score).length);
      for (const name of ["precision", "recall", "f1", "value"] as const) {
        const [found, wanted] = [point.valid?.[name] ?? Number.NaN, expected[name] ?? Number.NaN];
        expect(Math.abs(found - wanted), name).toBeLessThan(1e-9 * Math.max(1, Math.abs(wanted)));
      }
    }
  });

  it.each(names)("is one of a curve that has every point of scikit-learn's: %s", (_, rows) => {
    const { curve } = chooseOperatingPoint({ by: "f1" }, rowsOf(rows));
    expect(curve.length).toBe(rows.at.length);
    for (const [place, at] of rows.at.entries()) {
      expect(curve[place].recall).toBeCloseTo(at.recall, 9);
      expect(curve[place].value).toBeCloseTo(at.value, 6);
      // Half way to the next score, so that a score a little off falls on the same side.
      expect(curve[place].threshold).toBeGreaterThanOrEqual(at.score);
      expect(curve[place].threshold).toBeLessThan(rows.at[place + 1]?.score ?? Number.POSITIVE_INFINITY);
    }
  });

  it("counts a score that is the threshold as negative, as 0.5 is without one", () => {
    const rows = binaryPredictions({ labels: [0, 1, 1], scores: [0.3, 0.4, 0.5] });
    expect([...atThreshold(rows, 0.4).predicted]).toEqual([0, 0, 1]);
  });

  it("lies between neighbouring doubles too", () => {
    // Half way between these rounds up to the second.
    const [first, second] = [0.5 + Number.EPSILON / 2, 0.5 + Number.EPSILON];
    const rows = binaryPredictions({ labels: [0, 1], scores: [first, second] });
    expect(pointOf(rows, { by: "f1" })).toMatchObject({ positives: 1, valid: { f1: 1 } });
  });

  it("may call every row positive, or none, also where all scores are equal", () => {
    const rows = binaryPredictions({ labels: [0, 0, 1], scores: [0.3, 0.3, 0.3] });
    const eager = { ...rows, value: matrix([0, -1, -100, 1]) };
    const shy = { ...rows, value: matrix([0, -100, -1, 1]) };
    expect(pointOf(eager, { by: "value" }).positives).toBe(3);
    expect(pointOf(shy, { by: "value" }).positives).toBe(0);
  });

  it("of equally good ones is that which calls fewest rows positive", () => {
    const rows = {
      ...binaryPredictions({ labels: [0, 1, 0, 1], scores: [0.1, 0.2, 0.3, 0.4] }),
      value: matrix([0, 0, 0, 0]),
    };
    expect(pointOf(rows, { by: "value" }).positives).toBe(0);
  });

  it("prefers the higher recall where the precision is the same", () => {
    const rows = binaryPredictions({ labels: [0, 1, 1, 1, 1], scores: [0.1, 0.2, 0.3, 0.4, 0.5] });
    expect(pointOf(rows, { by: "recall", at_least: 0.5 }).positives).toBe(4);
  });

  it("is the nearest where nothing reaches the target, and says so", () => {
    const rows = binaryPredictions({ labels: [1, 0, 1, 0], scores: [0.1, 0.4, 0.3, 0.4] });
    const point = pointOf(rows, { by: "precision", at_least: 0.9 });
    expect(point).toMatchObject({ reaches_target: false, positives: 4, valid: { precision: 0.5, recall: 1 } });
    expect(pointOf(rows, { by: "precision", at_least: 0.5 }).reaches_target).toBe(true);
  });

  it("never counts a row without a score as positive", () => {
    const rows = binaryPredictions({ labels: [1, 1, 0], scores: [Number.NaN, 0.6, 0.4] });
    expect(pointOf(rows, { by: "recall", at_least: 1 })).toMatchObject({
      reaches_target: false,
      valid: { recall: 0.5 },
    });
  });

  it.each([
    ["rows of one class", binaryPredictions({ labels: [0, 0], scores: [0.2, 0.8] }), /none .* is "yes"/],
    ["only positive rows", binaryPredictions({ labels: [1, 1], scores: [0.2, 0.8] }), /none .* is "no"/],
    ["positives of no weight", binaryPredictions({ labels: [0, 1], scores: [0.2, 0.8], weights: [1, 0] }), /is "yes"/],
    ["no scores", binaryPredictions({ labels: [0, 1], predicted: [0, 1] }), /no scores/],
  ])("cannot be chosen from %s", (_, rows, message) => {
    const choose = () => chooseOperatingPoint({ by: "f1" }, rows);
    expect(choose).toThrow(UserError);
    expect(choose).toThrow(message);
  });

  it("shows at most 200 points of many, the chosen one and the ends among them", () => {
    const rows = randomBinary({ count: 5000, seed: 7 });
    const { threshold, curve } = chooseOperatingPoint({ by: "f1" }, rows);
    expect(curve.length).toBeLessThanOrEqual(200);
    expect(curve.length).toBeGreaterThan(190);
    expect(curve.map((at) => at.threshold)).toContain(threshold);
    expect([curve.at(0)?.recall, curve.at(-1)?.recall]).toEqual([1, 0]);
  });
});

describe("the test part at an operating point", () => {
  const test = binaryPredictions({ labels: [0, 1, 1, 0], scores: [0.2, 0.4, 0.6, 0.7] });
  const valid = binaryPredictions({ labels: [0, 0, 1, 1], scores: [0.1, 0.3, 0.35, 0.9] });
  const naive = { test: binaryPredictions({ labels: [0, 1, 1, 0], scores: [0.45, 0.45, 0.45, 0.45] }) };
  const priors = binaryPredictions({ labels: [0, 0, 1, 1], scores: [0.4, 0.4, 0.4, 0.4] });
  const request = {
    value: matrix([0, -1, -100, 1]),
    test: { predictions: test, baseline: naive.test },
    valid: { predictions: valid, baseline: priors },
  };
  const labels = (predictions: { predicted: ArrayLike<number> } | null) => Array.from(predictions?.predicted ?? []);

  it("has the labels that the validation part's threshold makes, and the baseline keeps its own", () => {
    const found = applyThreshold({ ...request, rule: { by: "f1" } });
    expect(found.operating_point).toMatchObject({
      threshold: expect.closeTo(0.325, 12),
      valid_rows: 4,
      baseline_threshold: null,
    });
    expect(labels(found.predictions)).toEqual([0, 1, 1, 1]);
    expect(labels(found.baseline)).toEqual([0, 0, 0, 0]);
  });

  it("by value has a baseline that answers as is worth most without a look at the row", () => {
    const eager = applyThreshold({ ...request, rule: { by: "value" } });
    expect(labels(eager.baseline)).toEqual([1, 1, 1, 1]);
    const shy = applyThreshold({ ...request, value: matrix([0, -100, -1, 1]), rule: { by: "value" } });
    expect(labels(shy.baseline)).toEqual([0, 0, 0, 0]);
  });

  it("fixed needs no validation part", () => {
    const found = applyThreshold({ ...request, valid: null, rule: { fixed: 0.65 } });
    expect(found.operating_point).toEqual({
      threshold: 0.65,
      by: "fixed",
      reaches_target: null,
      valid_rows: null,
      valid: null,
      curve: [],
      baseline_threshold: null,
    });
    expect(labels(found.predictions)).toEqual([0, 0, 0, 1]);
  });

  it("is as the model says without a rule", () => {
    const found = applyThreshold({ ...request, rule: undefined });
    expect(found.operating_point).toBeNull();
    expect(found.predictions).toBe(test);
  });
});
