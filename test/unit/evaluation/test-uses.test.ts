import { describe, expect, it } from "vitest";
import {
  adaptiveTolerance,
  chanceOfLuck,
  type TestSetUse,
  testUseFindings,
  testUseMeaning,
} from "../../../src/evaluation/test-uses.ts";

function used(evaluations: number, limit: number | null = null): TestSetUse {
  return { digest: "a".repeat(64), rows: 5000, evaluations, limit };
}

describe("the tolerance under adaptive looks", () => {
  it("is ease.ml's: 5496 rows bound a difference to ±0.1 for 32 looks at 99 %", () => {
    const looks = { looks: 32, delta: 0.01, range: 2 } as const;
    expect(adaptiveTolerance({ rows: 5496, ...looks })).toBeLessThanOrEqual(0.1);
    expect(adaptiveTolerance({ rows: 5495, ...looks })).toBeGreaterThan(0.1);
  });

  it("of one look without adaptivity is within Hoeffding's", () => {
    // P(|mean − p| ≥ ε) ≤ 2 exp(−2nε²), and one look has two histories.
    const epsilon = adaptiveTolerance({ rows: 1000, looks: 1, delta: 0.05, range: 1 });
    expect(2 * Math.exp(-2 * 1000 * epsilon ** 2)).toBeCloseTo(0.05, 12);
  });
});

describe("what a test set's uses mean", () => {
  it("is nothing to worry about the first time", () => {
    expect(testUseMeaning(used(1), 0.05)).toBe(
      "These 5,000 test rows have judged no other model: a model that violates a gate passes it with a probability of 5 % at most.",
    );
  });

  it("grows with each look, and names what would keep the promise", () => {
    const meaning = testUseMeaning(used(4, 20), 0.05);
    expect(meaning).toContain("have judged 4 models or policies of 20.");
    expect(meaning).toContain("the chance that one of them passes a gate that it violates is 20 % at most, not 5 %");
    // √((ln 100 + 4 ln 2) / 10,000)
    expect(meaning).toContain("to within 2.72 % for all of them");
    expect(meaning).toContain("evaluate.alpha: 0.013 would keep 5 % for all 4");
  });

  it("is no bound at all once the looks times alpha reach one", () => {
    expect(chanceOfLuck(20, 0.05)).toBe(1);
    expect(testUseMeaning(used(20), 0.05)).toContain("leave no bound");
  });

  it("is a warning from the declared limit on", () => {
    expect(testUseFindings(used(19, 20))).toEqual([]);
    expect(testUseFindings(used(500))).toEqual([]);
    expect(testUseFindings(used(20, 20))).toMatchObject([
      {
        code: "test_set_worn",
        severity: "warning",
        measured: 20,
        expected: 20,
        message: expect.stringContaining("fresh"),
      },
    ]);
  });
});
