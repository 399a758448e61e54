import { describe, expect, it } from "vitest";
import { evaluate } from "../../../src/evaluation/evaluate.ts";
import { inequalitiesOf } from "../../../src/evaluation/gate.ts";
import { readGates } from "../../../src/evaluation/gate-list.ts";
import { linearForm } from "../../../src/evaluation/linear-form.ts";
import { passesAt } from "../../../src/evaluation/passes-at.ts";
import { wilsonBounds } from "../../../src/stats/wilson.ts";
import { binaryPredictions, textColumn } from "../../support/builders/predictions.ts";

const shares = [0, 1] as const;
const losses = [0, Number.POSITIVE_INFINITY] as const;
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
        const least = passesAt(formOf(`accuracy >= ${bound}`), { value: share, adverse: lower, reach: shares }) ?? 0;
        expect(wilsonBounds({ share: least, rows }, 0.05).lower).toBeCloseTo(bound, 9);
        const most =
          passesAt(formOf(`selection_rate <= ${bound}`), { value: share, adverse: upper, reach: shares }) ?? 0;
        expect(wilsonBounds({ share: most, rows }, 0.05).upper).toBeCloseTo(bound, 9);
      }
    }
  });

  it("moves log losses by their ratio and differences by their distance", () => {
    expect(passesAt(formOf("log_loss <= 0.4"), { value: 0.39, adverse: 0.42, reach: losses })).toBeCloseTo(
      0.4 - (0.03 * 0.4) / 0.42,
      12,
    );
    expect(
      passesAt(formOf("accuracy - baseline.accuracy >= 0.05"), { value: 0.06, adverse: 0.03, reach: [-0.3, 0.7] }),
    ).toBeCloseTo(0.08, 12);
    expect(
      passesAt(formOf("0.05 <= accuracy - baseline.accuracy"), { value: 0.06, adverse: 0.03, reach: [-0.3, 0.7] }),
    ).toBeCloseTo(0.08, 12);
  });

  it("is none where the metric cannot reach it, and where the value has no interval", () => {
    expect(passesAt(formOf("accuracy >= 0.99"), { value: 1, adverse: 0.9, reach: shares })).toBeNull();
    expect(passesAt(formOf("accuracy >= 0.9"), { value: 0.8, adverse: 0.8, reach: shares })).toBeNull();
    expect(passesAt(formOf("log_loss <= 0.4"), { value: 0.39, adverse: Infinity, reach: losses })).toBeNull();
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

/** `rows` rows of which the model answers `right` right and the baseline `naive`. */
function against(gate: string, { rows, right, naive }: { rows: number; right: number; naive: number }) {
  const labels = Array.from({ length: rows }, (_, row) => row % 2);
  const answers = (count: number) =>
    binaryPredictions({ labels, predicted: labels.map((l, row) => (row < count ? l : 1 - l)) });
  const { gates } = evaluate({
    predictions: answers(right),
    baseline: answers(naive),
    baselineKind: "prior",
    metrics: [],
    slices: [],
    gates: [gate],
    goals: [],
    facts: {},
  });
  // Before it may stand that the model beats its baseline.
  return gates[gates.length - 1];
}

describe("a gate that no value can pass", () => {
  it("says so where the baseline leaves no room for the difference, whatever the model answers", () => {
    const gate = against("accuracy - baseline.accuracy >= 0.05", { rows: 1000, right: 965, naive: 970 });
    expect(gate).toMatchObject({ verdict: "fail", out_of_reach: "bound" });
    expect(gate.passes_at).toBeUndefined();
    expect(gate.why).toMatch(/ It can be at most 0.03 on these rows, so no model passes\.$/);
    const turned = against("baseline.accuracy - accuracy <= -0.05", { rows: 1000, right: 965, naive: 970 });
    expect(turned.why).toMatch(/ It can be at least -0.03 on these rows, so no model passes\.$/);
  });

  it("asks for more rows where the bound can be met but its interval has no room there", () => {
    const gate = against("accuracy - baseline.accuracy >= 0.05", { rows: 50, right: 47, naive: 46 });
    expect(gate).toMatchObject({ verdict: "inconclusive", out_of_reach: "rows" });
    expect(gate.passes_at).toBeUndefined();
    expect(gate.why).toMatch(/: 50 test rows cannot decide >= 0.05; .* With 50 test rows no value would pass\.$/);
    expect(against("accuracy >= 0.99", { rows: 50, right: 50, naive: 0 })).toMatchObject({ out_of_reach: "rows" });
  });

  it("never names a value that there cannot be, for any baseline and any bound", () => {
    for (const naive of [0, 10, 25, 40, 48, 50]) {
      for (const bound of [-0.2, 0, 0.05, 0.2, 0.5]) {
        const gate = against(`accuracy - baseline.accuracy >= ${bound}`, { rows: 50, right: 45, naive });
        const most = 1 - naive / 50;
        if (gate.passes_at !== undefined) expect(gate.passes_at).toBeLessThanOrEqual(most);
        else if (gate.verdict !== "pass") expect(gate.out_of_reach).toBe(bound > most + 1e-12 ? "bound" : "rows");
      }
    }
  });

  it("has an interval within what a difference can be", () => {
    const gate = against("accuracy - baseline.accuracy >= 0", { rows: 2, right: 2, naive: 1 });
    expect(gate.upper).toBe(1);
  });

  it("is none of those on the baseline alone", () => {
    const gate = against("baseline.accuracy >= 0.99", { rows: 50, right: 50, naive: 40 });
    expect(gate.out_of_reach).toBeUndefined();
  });
});

describe("the sentence of a gate", () => {
  const sentence = (gate: string, rows: number) => against(gate, { rows, right: rows, naive: 0 }).why;

  it("counts one row as one", () => {
    expect(sentence("accuracy >= 0.8", 1)).toBe(
      "accuracy is 1, between 0.05 and 1: 1 test row cannot decide >= 0.8; about 52 would. With 1 test row no value would pass.",
    );
    expect(sentence("accuracy >= 0.8", 2)).toContain(": 2 test rows cannot decide >= 0.8");
  });

  it("says which bound there is where the other one is missing", () => {
    const predictions = binaryPredictions({ labels: [1], scores: [0.8] });
    const request = { baseline: null, baselineKind: null, metrics: [], slices: [], goals: [], facts: {} };
    const { gates } = evaluate({ ...request, predictions, gates: ["log_loss <= 0.5"] });
    expect(gates[0].why).toBe(
      "log_loss is 0.2231, with 0 as a lower bound and no upper one: 1 test row cannot decide <= 0.5.",
    );
  });
});
