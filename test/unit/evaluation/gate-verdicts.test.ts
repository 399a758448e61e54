import { describe, expect, it } from "vitest";
import { readGates } from "../../../src/evaluation/gate-list.ts";
import { judgeGates } from "../../../src/evaluation/judge-gates.ts";
import { exactEstimate, type Measured } from "../../../src/evaluation/measured.ts";
import { describeMetric } from "../../../src/evaluation/metric-names.ts";
import type { GateEvidence } from "../../../src/evaluation/resolve-term.ts";
import { normalQuantile } from "../../../src/stats/quantile-functions.ts";

/** A metric so many standard errors above 0.5, of which one is 0.01. */
function measured(errors: number): Measured {
  const value = 0.5 + errors / 100;
  return {
    value,
    method: "normal",
    effectiveRows: 1000,
    bounds: (alpha) => ({ lower: value + normalQuantile(alpha) / 100, upper: value - normalQuantile(alpha) / 100 }),
  };
}

function evidence(errors: Readonly<Record<string, number>>): GateEvidence {
  const known = new Map(Object.entries(errors).map(([name, value]) => [name, measured(value)]));
  const metrics = { names: [...known.keys()], get: (name: string) => known.get(name) };
  const all = { rows: 1000, metrics, describe: (name: string) => describeMetric(name), contributions: () => null };
  return {
    rows: 1000,
    subjects: { model: { all, slices: () => undefined } },
    facts: { model_size: exactEstimate(7, "exact") },
  };
}

function judge(gates: readonly string[], errors: Readonly<Record<string, number>>, alpha?: number) {
  const context = { task: "binary-classification", slices: [], value: null } as const;
  return judgeGates(readGates(gates, context), evidence(errors), alpha);
}

function verdicts(...args: Parameters<typeof judge>) {
  return judge(...args).map(({ verdict }) => verdict);
}

// Standard errors from which on a one-sided claim may be made at 0.05, 0.05 / 2 and 0.05 / 7: 1.645, 1.960, 2.450.

describe("a gate of several conditions", () => {
  it("with and passes when each condition does at the gate's own level", () => {
    const gate = ["accuracy >= 0.5 and recall >= 0.5"];
    expect(verdicts(gate, { accuracy: 1.7, recall: 1.7 })).toEqual(["pass"]);
    expect(verdicts(gate, { accuracy: 1.7, recall: 1.6 })).toEqual(["inconclusive"]);
  });

  it("with and fails by one condition at half the level, since there are two that could do so by chance", () => {
    const gate = ["accuracy >= 0.5 and recall >= 0.5"];
    expect(verdicts(gate, { accuracy: 5, recall: -1.9 })).toEqual(["inconclusive"]);
    expect(verdicts(gate, { accuracy: 5, recall: -2 })).toEqual(["fail"]);
  });

  it("with or passes by one condition at half the level, and fails when each does at the whole", () => {
    const gate = ["accuracy >= 0.5 or recall >= 0.5"];
    expect(verdicts(gate, { accuracy: 1.9, recall: -5 })).toEqual(["inconclusive"]);
    expect(verdicts(gate, { accuracy: 2, recall: -5 })).toEqual(["pass"]);
    expect(verdicts(gate, { accuracy: -1.7, recall: -1.7 })).toEqual(["fail"]);
    expect(verdicts(gate, { accuracy: -1.7, recall: -1.6 })).toEqual(["inconclusive"]);
  });

  it("nests, with the level shared on the way down", () => {
    const gate = ["(accuracy >= 0.5 or recall >= 0.5) and f1 >= 0.5"];
    expect(verdicts(gate, { accuracy: 2, recall: -5, f1: 1.7 })).toEqual(["pass"]);
    expect(verdicts(gate, { accuracy: 2, recall: -5, f1: -1.9 })).toEqual(["inconclusive"]);
  });

  it("passes without a missing condition only where another is enough", () => {
    expect(verdicts(["recall - production.recall >= 0 or accuracy >= 0.5"], { accuracy: 2, recall: 9 })).toEqual([
      "pass",
    ]);
    expect(verdicts(["recall - production.recall >= 0 and accuracy >= 0.5"], { accuracy: 2, recall: 9 })).toEqual([
      "inconclusive",
    ]);
  });

  it("has the numbers of each condition, and a sentence of those that decide", () => {
    const [result] = judge(["accuracy >= 0.5 or recall >= 0.5"], { accuracy: 2, recall: -5 });
    expect(result).toMatchObject({ measured: null, bound: null });
    expect(result.conditions).toMatchObject([
      { condition: "accuracy >= 0.5", verdict: "pass", measured: 0.52, bound: 0.5 },
      { condition: "recall >= 0.5", verdict: "fail", measured: 0.45, bound: 0.5 },
    ]);
    expect(result.conditions?.[0].lower).toBeCloseTo(0.52 + normalQuantile(0.025) / 100, 12);
    expect(result.why).toMatch(/^One of the conditions holds. accuracy is 0.52, between .*: all of it meets >= 0.5.$/);
  });

  it("asks for the rows of its cheapest way where one way is enough, of all where all are needed", () => {
    const errors = { accuracy: 1, recall: 0.5 };
    const [either] = judge(["accuracy >= 0.5 or recall >= 0.5"], errors);
    const [both] = judge(["accuracy >= 0.5 and recall >= 0.5"], errors);
    const rows = (result: typeof either) => (result.conditions ?? []).map(({ rows_needed }) => rows_needed ?? 0);
    expect(either.rows_needed).toBe(Math.min(...rows(either)));
    expect(both.rows_needed).toBe(Math.max(...rows(both)));
    expect(both.rows_needed).toBeGreaterThan(both.conditions?.[0].rows_needed ?? Infinity);
  });
});

describe("failures among many gates", () => {
  const names = ["accuracy", "recall", "precision", "f1", "roc_auc", "average_precision", "balanced_accuracy"] as const;
  const gates = names.map((name) => `${name} >= 0.5`);
  const good = Object.fromEntries(names.map((name) => [name, 5]));

  it("must be certain enough for all of them together, where one alone would fail", () => {
    expect(verdicts(["recall >= 0.5"], { recall: -2 })).toEqual(["fail"]);
    const [, second, ...rest] = judge(gates, { ...good, recall: -2 });
    expect(second.verdict).toBe("inconclusive");
    expect(second.why).toContain("one of 7 gates does so by chance too often to call it a failure (Holm)");
    expect(rest.map(({ verdict }) => verdict)).toEqual(rest.map(() => "pass"));
    expect(verdicts(gates, { ...good, recall: -2.5 })[1]).toBe("fail");
  });

  it("are claimed step by step: a certain one leaves more room for the others", () => {
    // 2.40 standard errors are enough among six (2.394), not among seven.
    expect(verdicts(gates, { ...good, recall: -2.4 })[1]).toBe("inconclusive");
    expect(verdicts(gates, { ...good, recall: -2.4, accuracy: -9 }).slice(0, 2)).toEqual(["fail", "fail"]);
  });

  it("do not count gates that no sample decides", () => {
    const sizes = Array.from({ length: 6 }, (_, k) => `model_size <= ${k + 7}`);
    expect(verdicts(["recall >= 0.5", ...sizes], { recall: -1.7 })[0]).toBe("fail");
    expect(verdicts(["recall >= 0.5", "model_size <= 6"], { recall: -1.7 })).toEqual(["fail", "fail"]);
  });
});

describe("the level of gates", () => {
  it("is the one that is asked for", () => {
    expect(verdicts(["recall >= 0.5"], { recall: 2 }, 0.05)).toEqual(["pass"]);
    expect(verdicts(["recall >= 0.5"], { recall: 2 }, 0.01)).toEqual(["inconclusive"]);
    expect(verdicts(["recall >= 0.5"], { recall: -2 }, 0.01)).toEqual(["inconclusive"]);
  });
});
