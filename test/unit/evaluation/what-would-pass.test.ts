import { describe, expect, it } from "vitest";
import { evaluate } from "../../../src/evaluation/evaluate.ts";
import { inequalitiesOf } from "../../../src/evaluation/gate.ts";
import { readGates } from "../../../src/evaluation/gate-list.ts";
import { linearForm } from "../../../src/evaluation/linear-form.ts";
import { passesAt } from "../../../src/evaluation/passes-at.ts";
import { wilsonBounds } from "../../../src/stats/wilson.ts";
import { binaryPredictions, textColumn } from "../../support/builders/predictions.ts";

const context = { task: "binary-classification", slices: ["sex"], value: null } as const;

function formOf(gate: string) {
  const [{ gate: parsed }] = readGates([gate], context);
  return linearForm(inequalitiesOf(parsed.condition)[0]);
}

describe("the value that would pass", () => {
  it("is the share at which Wilson's bound reaches the gate's bound, near and far, from both sides", () => {
    for (const rows of [100, 1000, 10_000]) {
      for (const [share, bound] of [
        [0.82, 0.8],
        [0.5, 0.51],
        [0.93, 0.9],
        [0.1, 0.3],
      ]) {
        const { lower, upper } = wilsonBounds({ share, rows }, 0.05);
        const least = passesAt(formOf(`accuracy >= ${bound}`), share, lower) ?? 0;
        expect(wilsonBounds({ share: least, rows }, 0.05).lower).toBeCloseTo(bound, 9);
        const most = passesAt(formOf(`selection_rate <= ${bound}`), share, upper) ?? 0;
        expect(wilsonBounds({ share: most, rows }, 0.05).upper).toBeCloseTo(bound, 9);
      }
    }
  });

  it("moves log losses by their ratio and differences by their distance", () => {
    expect(passesAt(formOf("log_loss <= 0.4"), 0.39, 0.42)).toBeCloseTo(0.4 - (0.03 * 0.4) / 0.42, 12);
    expect(passesAt(formOf("accuracy - baseline.accuracy >= 0.05"), 0.06, 0.03)).toBeCloseTo(0.08, 12);
    expect(passesAt(formOf("0.05 <= accuracy - baseline.accuracy"), 0.06, 0.03)).toBeCloseTo(0.08, 12);
  });

  it("is none where the metric cannot reach it, and where the value has no interval", () => {
    expect(passesAt(formOf("accuracy >= 0.99"), 1, 0.9)).toBeNull();
    expect(passesAt(formOf("accuracy >= 0.9"), 0.8, 0.8)).toBeNull();
    expect(passesAt(formOf("log_loss <= 0.4"), 0.39, Number.POSITIVE_INFINITY)).toBeNull();
  });
});

/** 1000 rows of which `right` are answered right; every fourth one is F, of which `rightOfF` are right. */
function judge(gate: string, { right, rightOfF }: { right: number; rightOfF: number }) {
  const sexes = Array.from({ length: 1000 }, (_, row) => (row % 4 === 0 ? "F" : "M"));
  const left = { F: rightOfF, M: right - rightOfF };
  const labels = sexes.map((_, row) => Math.floor(row / 4) % 2);
  const scores = sexes.map((sex, row) => {
    left[sex === "F" ? "F" : "M"] -= 1;
    const isRight = left[sex === "F" ? "F" : "M"] >= 0;
    return isRight === (labels[row] === 1) ? 0.9 : 0.1;
  });
  const { gates } = evaluate({
    predictions: binaryPredictions({ labels, scores }),
    baseline: null,
    baselineKind: null,
    metrics: [],
    slices: [textColumn("sex", sexes)],
    gates: [gate],
    goals: [],
    facts: {},
  });
  return gates[0];
}

describe("an inconclusive gate", () => {
  it("says which value would pass: a model with that value does pass, and one that is a little worse does not", () => {
    const open = judge("accuracy >= 0.8", { right: 805, rightOfF: 200 });
    expect(open.verdict).toBe("inconclusive");
    const needed = Math.ceil((open.passes_at ?? 0) * 1000);
    expect(judge("accuracy >= 0.8", { right: needed + 1, rightOfF: 200 }).verdict).toBe("pass");
    expect(judge("accuracy >= 0.8", { right: needed - 3, rightOfF: 200 }).verdict).toBe("inconclusive");
  });

  it("names the slice whose rows are too few, and how many of it would decide", () => {
    for (const gate of ["worst(accuracy by sex) >= 0.8", "accuracy where sex = F >= 0.8"]) {
      const open = judge(gate, { right: 900, rightOfF: 210 });
      expect(open.limited_by).toMatchObject({ column: "sex", value: "F", rows: 250 });
      expect(open.limited_by?.rows_needed).toBe(Math.ceil((open.rows_needed ?? 0) / 4));
    }
    const gap = judge("gap(accuracy by sex) <= 0.1", { right: 850, rightOfF: 200 });
    expect(gap.limited_by).toMatchObject({ value: "F" });
    const ratio = judge("ratio(accuracy by sex) >= 0.9", { right: 850, rightOfF: 200 });
    expect(ratio.limited_by).toMatchObject({ value: "F" });
  });

  it("names the large slice where that one is the worst", () => {
    const open = judge("worst(accuracy by sex) >= 0.8", { right: 615 + 240, rightOfF: 240 });
    expect(open.limited_by).toMatchObject({ value: "M", rows: 750 });
  });

  it("has neither where it is about all rows, or passes, or cannot be measured", () => {
    expect(judge("accuracy >= 0.8", { right: 805, rightOfF: 200 }).limited_by).toBeUndefined();
    expect(judge("accuracy >= 0.5", { right: 805, rightOfF: 200 }).passes_at).toBeUndefined();
    expect(judge("accuracy - production.accuracy >= 0", { right: 805, rightOfF: 200 }).passes_at).toBeUndefined();
  });
});
