import { describe, expect, it } from "vitest";
import { cellMeanBounds, cellScoreBounds } from "../../../src/stats/cell-mean-bounds.ts";
import { shareBounds } from "../../../src/stats/share-bounds.ts";
import oracle from "../../oracles/operating_point.json" with { type: "json" };
import { uniform } from "../../support/builders/predictions.ts";
import { fc } from "../../support/properties.ts";

const cellsOf = (counts: readonly number[], values: readonly number[]) => {
  const rows = counts.reduce((sum, count) => sum + count, 0);
  return { values, shares: counts.map((count) => count / rows), rows };
};
const boundsOf = (counts: readonly number[], values: readonly number[], alpha: number) =>
  cellMeanBounds(cellsOf(counts, values), alpha);

describe("bounds of a mean over a few known values", () => {
  it.each(oracle.value_bounds)(
    "by the score test are scipy's solution of the same equations to 1e-9: $counts at $alpha",
    (rows) => {
      const { lower, upper } = cellScoreBounds(cellsOf(rows.counts, rows.values), rows.alpha);
      const scale = Math.max(...rows.values) - Math.min(...rows.values);
      expect(Math.abs(lower - rows.lower) / scale).toBeLessThan(1e-9);
      expect(Math.abs(upper - rows.upper) / scale).toBeLessThan(1e-9);
    },
  );

  it("count a cell that no row fell into: a costly error that was not seen may still happen", () => {
    const { lower, upper } = boundsOf([100, 0, 0, 0], [0, -15, -20, 40], 0.05);
    expect(lower).toBeLessThan(-0.3);
    expect(upper).toBeGreaterThan(0.3);
  });

  it.each([0, 1, 4])("are never tighter than the exact bounds of one costly cell with %i rows", (hits) => {
    const { lower, upper } = shareBounds({ share: hits / 100, rows: 100 }, 0.05);
    const found = boundsOf([100 - hits, 0, hits, 0], [0, 0, -100, 0], 0.05);
    expect(found.lower).toBeLessThanOrEqual(-100 * upper + 1e-9);
    expect(found.upper).toBeGreaterThanOrEqual(-100 * lower - 1e-9);
  });

  it("stay within the values, and are the value itself where there is only one", () => {
    expect(boundsOf([0, 0, 0, 7], [0, -15, -20, 40], 0.05).upper).toBe(40);
    expect(boundsOf([3, 4], [5, 5], 0.05)).toEqual({ lower: 5, upper: 5 });
  });

  it("turn with the sign of the values", () => {
    const { lower, upper } = boundsOf([80, 5, 3, 12], [0, -15, -20, 40], 0.05);
    const turned = boundsOf([80, 5, 3, 12], [0, 15, 20, -40], 0.05);
    expect(turned.lower).toBeCloseTo(-upper, 12);
    expect(turned.upper).toBeCloseTo(-lower, 12);
  });

  it("hold the measured mean, and are wider for a smaller alpha, whatever the counts and values", () => {
    const counts = fc.array(fc.integer({ min: 0, max: 300 }), { minLength: 4, maxLength: 4 });
    const values = fc.array(fc.integer({ min: -100, max: 100 }), { minLength: 4, maxLength: 4 });
    const alphas = fc.tuple(
      fc.double({ min: 1e-6, max: 0.2, noNaN: true }),
      fc.double({ min: 1e-6, max: 0.2, noNaN: true }),
    );
    fc.assert(
      fc.property(counts, values, alphas, (seen, worths, [first, second]) => {
        const rows = seen.reduce((sum, count) => sum + count, 0);
        fc.pre(rows > 0);
        const mean = seen.reduce((sum, count, cell) => sum + (count / rows) * worths[cell], 0);
        const [wide, narrow] = [Math.min(first, second), Math.max(first, second)].map((alpha) =>
          boundsOf(seen, worths, alpha),
        );
        const room = 1e-9;
        expect(narrow.lower).toBeLessThanOrEqual(mean + room);
        expect(narrow.upper).toBeGreaterThanOrEqual(mean - room);
        expect(wide.lower).toBeLessThanOrEqual(narrow.lower + room);
        expect(wide.upper).toBeGreaterThanOrEqual(narrow.upper - room);
        expect(wide.lower).toBeGreaterThanOrEqual(Math.min(...worths) - room);
        expect(wide.upper).toBeLessThanOrEqual(Math.max(...worths) + room);
      }),
      { numRuns: 3000 },
    );
  });

  // A false negative costs a hundred times a false positive and is rare: 1 positive in 100 rows, 7 of 10 of them found.
  it.each([100, 300, 1000])("miss a mean of rare, costly cells about as often as they say (%i rows)", (rows) => {
    const values = [0, -1, -100, 5];
    const cumulative = [0.9702, 0.99, 0.993, 1];
    const truth = 0.0198 * -1 + 0.003 * -100 + 0.007 * 5;
    const random = uniform(20261125);
    const misses = { lower: 0, upper: 0 };
    for (let repetition = 0; repetition < 2000; repetition += 1) {
      const counts = [0, 0, 0, 0];
      for (let row = 0; row < rows; row += 1) {
        const drawn = random();
        counts[cumulative.findIndex((share) => drawn < share)] += 1;
      }
      const { lower, upper } = boundsOf(counts, values, 0.05);
      misses.lower += Number(truth < lower);
      misses.upper += Number(truth > upper);
    }
    // Counts are discrete: a few per cent more are possible at one size and fewer at the next.
    expect(misses.lower / 2000).toBeLessThan(0.08);
    expect(misses.upper / 2000).toBeLessThan(0.08);
  });
});
