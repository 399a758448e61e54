import { describe, expect, it } from "vitest";
import { fillRows } from "../../../src/stats/fill-rows.ts";
import { medianBounds, medianOf } from "../../../src/stats/median-bounds.ts";
import oracle from "../../oracles/metrics.json" with { type: "json" };

// Expected numbers: test/oracles/metrics.py (numpy's median, ranks from scipy.stats.binom).

function sorted(values: readonly number[]) {
  return {
    values: Float64Array.from(values).sort(),
    cumulative: fillRows(new Float64Array(values.length), (at) => at + 1),
  };
}

describe("the median", () => {
  it.each(oracle.median)(
    "of $values.length values is numpy's, between the order statistics that the binomial gives",
    (each) => {
      expect(medianOf(sorted(each.values))).toBe(each.median);
      for (const [alpha, expected] of Object.entries(each.bounds)) {
        const { lower, upper } = medianBounds(sorted(each.values), each.values.length, Number(alpha));
        expect([lower, upper], alpha).toEqual(expected ?? [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]);
      }
    },
  );

  it("of weighted values is that of each value as often as its weight", () => {
    const values = Float64Array.of(1, 2, 3, 4);
    expect(medianOf({ values, cumulative: Float64Array.of(1, 4, 5, 6) })).toBe(2);
    expect(medianOf({ values, cumulative: Float64Array.of(0.1, 0.2, 0.3, 0.6) })).toBe(3.5);
  });

  it("of fewer effective rows has wider bounds", () => {
    const rows = sorted(Array.from({ length: 100 }, (_, at) => at));
    const [all, fewer] = [100, 25].map((effective) => medianBounds(rows, effective, 0.05));
    expect(fewer.lower).toBeLessThan(all.lower);
    expect(fewer.upper).toBeGreaterThan(all.upper);
  });
});
