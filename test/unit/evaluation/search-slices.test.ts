import { describe, expect, it } from "vitest";
import { type EvaluationRequest, evaluate } from "../../../src/evaluation/evaluate.ts";
import { evaluationFindings } from "../../../src/evaluation/findings.ts";
import type { Predictions } from "../../../src/evaluation/predictions.ts";
import type { SliceColumn } from "../../../src/evaluation/slice-column.ts";
import {
  binaryPredictions,
  multiclassPredictions,
  regressionPredictions,
  textColumn,
  uniform,
} from "../../support/builders/predictions.ts";

const rows = 1200;
const random = uniform(17);
const towns = Array.from({ length: rows }, () => ["north", "south", "west"][Math.floor(random() * 3)]);
const isBad = towns.map((town) => town === "west");
const labels = towns.map(() => Number(random() < 0.5));
/** Right three times out of four, in the west as often as not. */
const predicted = labels.map((label, row) => (random() < (isBad[row] ? 0.5 : 0.75) ? label : 1 - label));
const other = textColumn(
  "other",
  towns.map(() => (random() < 0.5 ? "a" : "b")),
);

function search(predictions: Predictions, rest: Partial<EvaluationRequest> = {}, columns?: readonly SliceColumn[]) {
  return evaluate({
    predictions,
    baseline: null,
    baselineKind: null,
    metrics: [],
    slices: [],
    gates: [],
    goals: [],
    facts: {},
    search: { columns: columns ?? [textColumn("town", towns), other], depth: 2, most: 10 },
    ...rest,
  });
}

const meanOf = (values: readonly number[], isIn: (row: number) => boolean): number => {
  const chosen = values.filter((_, row) => isIn(row));
  return chosen.reduce((sum, value) => sum + value, 0) / chosen.length;
};

describe("the rows that a model serves worst", () => {
  it("are found by log_loss where there are probabilities, with the metric there and elsewhere", () => {
    const scores = predicted.map((each) => (each === 1 ? 0.75 : 0.25));
    const { found_slices: found } = search(binaryPredictions({ labels, scores }));
    const losses = scores.map((score, row) => -Math.log(labels[row] === 1 ? score : 1 - score));
    expect(found).toMatchObject({ metric: "log_loss", columns: ["town", "other"], smallest: 30 });
    expect(found?.slices).toHaveLength(1);
    const [slice] = found?.slices ?? [];
    expect(slice).toMatchObject({
      conditions: [{ column: "town", value: "west" }],
      rows: isBad.filter(Boolean).length,
    });
    expect(slice.measured.value).toBeCloseTo(
      meanOf(losses, (row) => isBad[row]),
      12,
    );
    expect(slice.rest).toBeCloseTo(
      meanOf(losses, (row) => !isBad[row]),
      12,
    );
    expect(slice.difference).toBeCloseTo((slice.measured.value ?? 0) - slice.rest, 12);
    expect(slice.lower).toBeGreaterThan(0);
    expect(slice.p_adjusted).toBeLessThan(0.05);
  });

  it("are found by accuracy where there are none, below that of the others", () => {
    const right = predicted.map((each, row) => Number(each === labels[row]));
    for (const predictions of [
      binaryPredictions({ labels, predicted }),
      multiclassPredictions({ classes: ["x", "y"], labels, predicted }),
    ]) {
      const { found_slices: found } = search(predictions);
      expect(found?.metric).toBe("accuracy");
      const [slice] = found?.slices ?? [];
      expect(slice.measured.value).toBeCloseTo(
        meanOf(right, (row) => isBad[row]),
        12,
      );
      expect(slice.upper).toBeLessThan(0);
      expect(slice.measured.upper).toBeLessThan(slice.rest);
    }
  });

  it("are found by mae in a regression", () => {
    const numbers = labels.map(() => 10 * random());
    const answers = numbers.map((value, row) => value + (random() - 0.5) * (isBad[row] ? 6 : 2));
    const { found_slices: found } = search(regressionPredictions({ labels: numbers, predicted: answers }));
    expect(found?.metric).toBe("mae");
    const errors = numbers.map((value, row) => Math.abs(value - answers[row]));
    expect(found?.slices[0].measured.value).toBeCloseTo(
      meanOf(errors, (row) => isBad[row]),
      10,
    );
  });

  it("count by their weights", () => {
    const weights = towns.map((_, row) => 0.5 + (row % 5));
    const { found_slices: found } = search(binaryPredictions({ labels, predicted, weights }));
    const right = predicted.map((each, row) => Number(each === labels[row]) * weights[row]);
    const expected = meanOf(right, (row) => isBad[row]) / meanOf(weights, (row) => isBad[row]);
    expect(found?.slices[0].measured.value).toBeCloseTo(expected, 12);
  });

  it("are looked for among rows without a value, never among merged groups, and shown as they may be", () => {
    const missing = textColumn(
      "town",
      towns.map((town) => (town === "west" ? null : town)),
    );
    expect(search(binaryPredictions({ labels, predicted }), {}, [missing]).found_slices?.slices).toMatchObject([
      { conditions: [{ column: "town", value: null }] },
    ]);
    const merged = textColumn(
      "town",
      towns.map((town) => (town === "west" ? "other groups" : town)),
    );
    expect(search(binaryPredictions({ labels, predicted }), {}, [merged]).found_slices?.slices).toEqual([]);
    const hidden = { ...textColumn("town", towns), shown: ["(value 1)", "(value 2)", "(value 3)"] };
    const { found_slices: found } = search(binaryPredictions({ labels, predicted }), {}, [hidden]);
    expect(found?.slices).toMatchObject([{ conditions: [{ column: "town", value: "(value 3)" }] }]);
  });

  it("are not claimed where whole clusters go wrong together", () => {
    const perTown = [0, 1, 2].map((town) => towns.indexOf(["north", "south", "west"][town]));
    const clusters = Int32Array.from(towns, (town) => perTown.findIndex((row) => towns[row] === town));
    const clustered = { ...binaryPredictions({ labels, predicted }), clusters };
    expect(search(clustered).found_slices?.slices).toEqual([]);
  });

  it("are one finding, a warning where their loss is at least twice the others'", () => {
    const told = (predictions: Predictions) =>
      evaluationFindings({
        file: { ...search(predictions), model: null, latency_ms: null, latency_ratio: null, worst_errors: [] },
        predictions,
        unseen: [],
        unlabelled: 0,
        weight: null,
        unweighted: 0,
        label: "y",
      });
    const [note] = told(binaryPredictions({ labels, predicted }));
    expect(note).toMatchObject({ code: "slice_found", severity: "note", subject: "town" });
    expect(note.message).toBe("accuracy is worse than elsewhere, beyond chance, in 1 slice");
    expect(note.measured).toMatchObject([{ slice: "town = west" }]);
    const hopeless = labels.map((label, row) => (isBad[row] ? 1 - label : predicted[row]));
    expect(told(binaryPredictions({ labels, predicted: hopeless }))).toMatchObject([
      {
        severity: "warning",
        message: "accuracy is worse than elsewhere, beyond chance, in 1 slice, with at least twice the loss",
      },
    ]);
    const fine = labels.map((label) => (random() < 0.8 ? label : 1 - label));
    expect(told(binaryPredictions({ labels, predicted: fine }))).toEqual([]);
  });
});
