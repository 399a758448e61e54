import { describe, expect, it } from "vitest";
import { groupRows } from "../../../src/stats/group-rows.ts";
import { heavyTailBounds, meanBounds, moments } from "../../../src/stats/mean-bounds.ts";
import { ratioBounds, sumBounds } from "../../../src/stats/mover.ts";
import { normalQuantile, studentQuantile, studentSurvival } from "../../../src/stats/quantile-functions.ts";
import { rankOrder } from "../../../src/stats/rank-order.ts";
import { seeded } from "../../../src/stats/resample.ts";
import { wilsonBounds } from "../../../src/stats/wilson.ts";
import oracle from "../../oracles/metrics.json" with { type: "json" };
import { textColumn, uniform } from "../../support/builders/predictions.ts";

const relative = (value: number, expected: number): number =>
  Math.abs(value - expected) / Math.max(Math.abs(expected), 1e-12);

describe("intervals against scipy", () => {
  it("has the normal and Student quantiles to 1e-9", () => {
    for (const [p, expected] of oracle.normal_quantile)
      expect(Math.abs(normalQuantile(p) - expected)).toBeLessThan(1e-9);
    for (const [p, degrees, expected] of oracle.student_quantile) {
      expect(Math.abs(studentQuantile(p, degrees) - expected)).toBeLessThan(1e-9 * Math.max(1, Math.abs(expected)));
    }
  });

  it("has the tail of Student's distribution beyond each of those quantiles, to 1e-9", () => {
    for (const [p, degrees, quantile] of oracle.student_quantile) {
      expect(relative(studentSurvival(quantile, degrees), 1 - p)).toBeLessThan(1e-9);
      expect(relative(studentSurvival(-quantile, degrees), p)).toBeLessThan(1e-9);
    }
  });

  it("has Wilson's bounds, of non-zero width at 0 and 1", () => {
    for (const { hits, rows, level, lower, upper } of oracle.wilson) {
      const bounds = wilsonBounds({ share: hits / rows, rows }, (1 - level) / 2);
      expect(relative(bounds.lower, lower)).toBeLessThan(1e-9);
      expect(relative(bounds.upper, upper)).toBeLessThan(1e-9);
    }
  });

  it("has the skewness of a sample", () => {
    for (const [values, expected] of oracle.skewness) {
      if (typeof expected !== "number" || typeof values === "number")
        throw new Error("not a pair of values and skewness");
      expect(relative(moments(Float64Array.from(values), null).skewness, expected)).toBeLessThan(1e-9);
    }
  });
});

describe("bounds of a mean", () => {
  it("says nothing from one row, nor from rows that never differ", () => {
    expect(meanBounds(moments(Float64Array.of(3), null), 0.05).upper).toBe(Number.POSITIVE_INFINITY);
    expect(meanBounds(moments(new Float64Array(29).fill(3), null), 0.05).lower).toBe(Number.NEGATIVE_INFINITY);
    expect(meanBounds(moments(new Float64Array(5000).fill(3), null), 0.05).upper).toBe(Number.POSITIVE_INFINITY);
  });

  it("reaches further to the side of the long tail", () => {
    const { lower, upper } = meanBounds(moments(Float64Array.of(1, 1, 1, 1, 2, 2, 3, 20), null), 0.05);
    expect(upper - 3.875).toBeGreaterThan(3.875 - lower);
  });

  it("gives a row of weight 2 the place of less than two rows", () => {
    const twice = moments(Float64Array.of(1, 2, 4), Float64Array.of(2, 1, 1));
    expect(twice.mean).toBe(2);
    expect(twice.effectiveRows).toBeCloseTo(16 / 6, 12);
  });
});

describe("bounds of a mean of errors", () => {
  const errors = Float64Array.of(1, 1, 1, 1, 2, 2, 3, 20);

  it("reach above as far as Student's t on the scale of 1 / mean, or as Hall's, and a share more for the skewness", () => {
    const sample = moments(errors, null);
    const relative = (studentQuantile(0.95, 7) * Math.sqrt(sample.variance / 8)) / sample.mean;
    expect(relative).toBeGreaterThan(1);
    expect(heavyTailBounds(sample, 0.05).upper).toBe(Number.POSITIVE_INFINITY);
    const many = moments(
      Float64Array.from({ length: 80 }, (_, row) => errors[row % 8]),
      null,
    );
    const share = (studentQuantile(0.95, 79) * Math.sqrt(many.variance / 80)) / many.mean;
    const margin = Math.max(meanBounds(many, 0.05).upper, many.mean / (1 - share)) - many.mean;
    const expected = many.mean + margin * (1 + many.skewness / Math.sqrt(80));
    expect(heavyTailBounds(many, 0.05).upper).toBeCloseTo(expected, 12);
    expect(heavyTailBounds(many, 0.05).lower).toBe(meanBounds(many, 0.05).lower);
  });

  it("miss the mean of squared errors of Student's t in about 5 % of samples, where Hall's miss it in twice as many", () => {
    const random = seeded(20261128);
    const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
    const squared = () => {
      const denominator = Array.from({ length: 5 }, () => normal() ** 2).reduce((sum, each) => sum + each, 0);
      return normal() ** 2 / (denominator / 5);
    };
    const misses = { hall: 0, inUse: 0 };
    for (let sample = 0; sample < 2000; sample += 1) {
      const found = moments(Float64Array.from({ length: 100 }, squared), null);
      misses.hall += Number(meanBounds(found, 0.05).upper < 5 / 3);
      misses.inUse += Number(heavyTailBounds(found, 0.05).upper < 5 / 3);
    }
    expect(misses.hall).toBeGreaterThan(160);
    expect(misses.inUse).toBeLessThan(133);
  });
});

describe("bounds of sums and ratios", () => {
  const estimate = (value: number, lower: number, upper: number) => ({
    value,
    method: "given",
    effectiveRows: 100,
    bounds: () => ({ lower, upper }),
  });

  it("has Newcombe's difference of 56/70 and 48/80 (1998, table II)", () => {
    const [first, second] = [
      { hits: 56, rows: 70 },
      { hits: 48, rows: 80 },
    ].map(({ hits, rows }) => {
      const share = hits / rows;
      return {
        value: share,
        method: "wilson",
        effectiveRows: rows,
        bounds: (a: number) => wilsonBounds({ share, rows }, a),
      };
    });
    const addends = [
      { coefficient: 1, estimate: first },
      { coefficient: -1, estimate: second },
    ];
    const { lower, upper } = sumBounds(addends, () => 0, 0.025);
    expect(lower).toBeCloseTo(0.0524, 4);
    expect(upper).toBeCloseTo(0.3339, 4);
  });

  it("is widest when the relation of the terms is unknown", () => {
    const addends = [
      { coefficient: 1, estimate: estimate(0.9, 0.8, 0.95) },
      { coefficient: -1, estimate: estimate(0.5, 0.4, 0.6) },
    ];
    expect(sumBounds(addends, () => null, 0.05).lower).toBeCloseTo(0.4 - 0.2, 12);
    expect(sumBounds(addends, () => 1, 0.05).lower).toBeCloseTo(0.4, 12);
  });

  it("bounds a ratio by nothing where the denominator may be 0", () => {
    const { lower, upper } = ratioBounds(estimate(0.2, 0.1, 0.3), estimate(0.1, 0, 0.25), 0.05);
    expect(lower).toBe(0);
    expect(upper).toBe(Number.POSITIVE_INFINITY);
  });
});

describe("order and groups", () => {
  it.each(["float32", "float64"])("sorts %s values like a comparison sort, ties as given, NaN last", (precision) => {
    const random = uniform(7);
    const values = Float64Array.from({ length: 3000 }, () => {
      const value = (random() - 0.5) * 10 ** (random() * 20 - 10);
      return precision === "float32" ? Math.fround(value) : value;
    });
    values.set([0, -0, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0, 0], 5);
    const expected = [...values.keys()].sort((a, b) => {
      if (Number.isNaN(values[a])) return 1;
      if (Number.isNaN(values[b])) return -1;
      return values[a] === values[b] ? a - b : values[a] - values[b];
    });
    expect([...rankOrder(values)]).toEqual(expected);
    expect([...rankOrder(new Float64Array(0))]).toEqual([]);
  });

  it("groups rows in the order given, missing last, absent levels left out", () => {
    const column = { ...textColumn("c", ["b", "a", null, "b"]), levels: ["a", "b", "never"] };
    const groups = groupRows(column, Uint32Array.of(3, 2, 1, 0));
    expect(groups.map(({ value, rows }) => [value, [...rows]])).toEqual([
      ["a", [1]],
      ["b", [3, 0]],
      [null, [2]],
    ]);
  });
});
