import { describe, expect, it } from "vitest";
import type { Measured } from "../../../src/evaluation/measured.ts";
import type { Predictions } from "../../../src/evaluation/predictions.ts";
import { measureSubject } from "../../../src/evaluation/subject.ts";
import { certainRows, unseenLoss } from "../../../src/evaluation/surprises.ts";
import { independentRows } from "../../../src/stats/design-effect.ts";
import { shareBounds } from "../../../src/stats/share-bounds.ts";
import { binaryPredictions, multiclassPredictions } from "../../support/builders/predictions.ts";

const alpha = 0.05;
const asked = { loss: "log_loss", design: independentRows, alpha } as const;

function measured(predictions: Predictions, metric: string): Measured {
  const found = measureSubject(predictions).all.metrics.get(metric);
  if (found === undefined) throw new Error(`no ${metric}`);
  return found;
}

function boundsOf(predictions: Predictions, metric: string) {
  const found = measured(predictions, metric);
  if (found.value === null) throw new Error(found.reason);
  return { value: found.value, ...found.bounds(alpha) };
}

const repeated = (...runs: readonly (readonly [value: number, times: number])[]): number[] =>
  runs.flatMap(([value, times]) => Array.from({ length: times }, () => value));

describe("losses that no row among those measured has shown", () => {
  const sure = (count: number, surprised: readonly number[]) =>
    certainRows(
      { doubt: () => 0.02, surprised: (row) => surprised.includes(row), side: () => 0, gap: () => 4 },
      count,
      null,
    );

  it("are as frequent as a count of none in so many rows allows, at the price that the scores name", () => {
    expect(unseenLoss(sure(30, []), asked)).toBeCloseTo(4 * (1 - 0.05 ** (1 / 30)), 12);
  });

  it("are none where a row of that certainty has shown one", () => {
    expect(unseenLoss(sure(30, [7]), asked)).toBe(0);
  });

  it("are the costliest certainty's, not the sum over all", () => {
    const doubt = (row: number) => (row < 50 ? 0.02 : 0.3);
    const rows = certainRows(
      { doubt, surprised: () => false, side: () => 0, gap: (row) => (row < 50 ? 4 : 1) },
      100,
      null,
    );
    expect(rows).toHaveLength(2);
    expect(unseenLoss(rows, asked)).toBeCloseTo(0.5 * 4 * (1 - 0.05 ** (1 / 50)), 12);
  });

  it("keep the upper bounds of log loss and Brier score from claiming that a rare class is served well", () => {
    // Not one positive among 60 rows: their losses say 0.02 at most, one positive in 100 would make it 0.05.
    const predictions = binaryPredictions({ labels: repeated([0, 60]), scores: repeated([0.01, 30], [0.02, 30]) });
    expect(boundsOf(predictions, "log_loss").upper).toBeGreaterThan(0.05);
    expect(boundsOf(predictions, "brier_score").upper).toBeGreaterThan(0.02);
  });

  it("change nothing where every certainty has been wrong before", () => {
    const labels = repeated([0, 45], [1, 5], [1, 45], [0, 5]);
    const predictions = binaryPredictions({ labels, scores: repeated([0.1, 50], [0.9, 50]) });
    const { value, upper } = boundsOf(predictions, "brier_score");
    expect(value).toBeCloseTo(0.09, 12);
    expect(upper).toBeLessThan(0.14);
  });
});

describe("classes of which these rows say nothing", () => {
  const threeClasses = (labels: readonly number[], predicted: readonly number[]) =>
    multiclassPredictions({ classes: ["a", "b", "c"], labels, predicted });

  it("may be served in any way: a mean over classes is bounded as if they counted 0 or 1", () => {
    const labels = repeated([0, 50], [1, 50]);
    const predictions = multiclassPredictions({ classes: ["a", "b"], labels, predicted: labels });
    const known = boundsOf(predictions, "balanced_accuracy");
    const withAbsent = boundsOf(threeClasses(labels, labels), "balanced_accuracy");
    expect(withAbsent.value).toBe(known.value);
    expect(withAbsent.lower).toBeCloseTo((2 * known.lower) / 3, 12);
    expect(withAbsent.upper).toBe(1);
  });

  it("may have any precision where they were never predicted, unless the model says the same of every row", () => {
    const labels = repeated([0, 40], [1, 40], [2, 20]);
    const never = boundsOf(threeClasses(labels, repeated([0, 40], [1, 60])), "precision_macro");
    const constant = boundsOf(threeClasses(labels, repeated([0, 100])), "precision_macro");
    expect(never.upper).toBeGreaterThan(never.value + 1 / 3);
    expect(constant.upper).toBeLessThan(constant.value + 0.05);
  });

  it("leave kappa open where all labels are one class", () => {
    const predictions = binaryPredictions({ labels: repeated([0, 50]), scores: repeated([0.1, 48], [0.8, 2]) });
    expect(boundsOf(predictions, "cohen_kappa")).toEqual({ value: 0, lower: -1, upper: 1 });
  });
});

describe("agreement where a class has a row or two", () => {
  // One positive among 60 rows, not found, and one false alarm.
  const missed = binaryPredictions({
    labels: repeated([1, 1], [0, 59]),
    scores: repeated([0.2, 1], [0.8, 1], [0.1, 58]),
  });

  it.each(["matthews_corrcoef", "cohen_kappa"])("%s is not proven low by the one that was missed", (metric) => {
    const { value, upper } = boundsOf(missed, metric);
    expect(value).toBeLessThan(0);
    // Up to 95 of 100 others may be found.
    expect(shareBounds({ share: 0, rows: 1 }, alpha).upper).toBeCloseTo(0.95, 2);
    expect(upper).toBeGreaterThan(0.5);
  });

  it.each(["matthews_corrcoef", "cohen_kappa"])("%s of a constant score is chance's, exactly", (metric) => {
    const constant = binaryPredictions({ labels: repeated([1, 10], [0, 90]), scores: repeated([0.1, 100]) });
    expect(boundsOf(constant, metric)).toEqual({ value: 0, lower: 0, upper: 0 });
  });

  it.each(["matthews_corrcoef", "cohen_kappa"])(
    "%s is open where a model that can tell rows apart told none",
    (metric) => {
      const scores = repeated([0.1, 50], [0.3, 50]);
      const { value, upper } = boundsOf(binaryPredictions({ labels: repeated([1, 2], [0, 98]), scores }), metric);
      expect(value).toBe(0);
      expect(upper).toBeGreaterThan(0.5);
    },
  );
});
