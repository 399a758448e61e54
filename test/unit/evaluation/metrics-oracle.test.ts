import { describe, expect, it } from "vitest";
import type { Predictions } from "../../../src/evaluation/predictions.ts";
import { pairedError } from "../../../src/evaluation/quantity.ts";
import { measureSubject } from "../../../src/evaluation/subject.ts";
import oracle from "../../oracles/metrics.json" with { type: "json" };
import { binaryPredictions, multiclassPredictions, regressionPredictions } from "../../support/builders/predictions.ts";

// Expected numbers: test/oracles/metrics.py (scikit-learn, scipy; versions inside the JSON).

interface Case {
  name: string;
  predictions: Predictions;
  metrics: Record<string, number | null>;
  jackknife: Record<string, number>;
}

const cases: Case[] = [
  ...Object.entries(oracle.binary).map(([name, rows]) => ({ ...rows, name, predictions: binaryPredictions(rows) })),
  ...Object.entries(oracle.multiclass).map(([name, rows]) => ({
    ...rows,
    name,
    predictions: multiclassPredictions(rows),
  })),
  ...Object.entries(oracle.regression).map(([name, rows]) => ({
    ...rows,
    name,
    predictions: regressionPredictions(rows),
  })),
];

describe("metrics of the same rows as scikit-learn's", () => {
  it.each(cases)("$predictions.task, $name: equal to 1e-9", ({ predictions, metrics }) => {
    const measured = measureSubject(predictions).all.metrics;
    for (const [name, expected] of Object.entries(metrics)) {
      const value = measured.get(name)?.value;
      if (expected === null) expect(value, name).toBeNull();
      else expect(Math.abs((value ?? Number.NaN) - expected), name).toBeLessThan(1e-9 * Math.abs(expected) + 1e-15);
    }
    // The calibration error has no counterpart in scikit-learn: its numbers are in calibration-error.test.ts.
    const compared = measured.names.filter((name) => name !== "ece");
    expect(compared.toSorted()).toEqual(Object.keys(metrics).toSorted());
  });

  it.each(cases)("$predictions.task, $name: contributions are scikit-learn's derivatives by weight", (rows) => {
    const sample = measureSubject(rows.predictions).all;
    for (const [name, expected] of Object.entries(rows.jackknife)) {
      const contributions = sample.contributions(name);
      // The expected numbers are central differences, good to about 1e-6.
      const error = Math.hypot(...(contributions ?? [Number.NaN]));
      expect(Math.abs(error - expected), name).toBeLessThan(1e-5 * expected + 1e-9);
    }
  });

  it("has DeLong's covariance from one sort, equal to all pairs compared", () => {
    for (const rows of Object.values(oracle.binary)) {
      if (rows.delong === null) continue;
      const [ours, theirs] = [rows, { ...rows, scores: rows.rival }].map((each) =>
        measureSubject(binaryPredictions(each)).all.contributions("roc_auc"),
      );
      if (ours === null || theirs === null) throw new Error("ROC AUC is defined here");
      const [[varianceOurs, covariance], [, varianceTheirs]] = rows.delong;
      expect(Math.abs(Math.hypot(...ours) / Math.sqrt(varianceOurs) - 1)).toBeLessThan(1e-9);
      expect(Math.abs(Math.hypot(...theirs) / Math.sqrt(varianceTheirs) - 1)).toBeLessThan(1e-9);
      const paired = Math.sqrt(varianceOurs + varianceTheirs - 2 * covariance);
      expect(Math.abs(pairedError(ours, theirs) / paired - 1)).toBeLessThan(1e-9);
    }
  });

  it("clips the probabilities of a float32 model at float32's spacing, as scikit-learn does by dtype", () => {
    const sure = binaryPredictions({ labels: [1], scores: [0] });
    const double = measureSubject(sure).all.metrics.get("log_loss")?.value;
    const single = measureSubject({ ...sure, scorePrecision: "float32" }).all.metrics.get("log_loss")?.value;
    expect(double).toBeCloseTo(52 * Math.LN2, 12);
    expect(single).toBeCloseTo(23 * Math.LN2, 12);
  });
});
