import { describe, expect, it } from "vitest";
import { exactBounds } from "../../../src/stats/clopper-pearson.ts";
import { shareBounds } from "../../../src/stats/share-bounds.ts";
import { wilsonBounds } from "../../../src/stats/wilson.ts";

const alpha = 0.05;
const shares = [0.002, 0.006, 0.01, 0.02, 0.024, 0.05, 0.1, 0.14, 0.3, 0.5, 0.86, 0.98, 0.99, 0.994];

/** Probability that a bound is missed, summed over what may be counted: exact, no simulation. */
function missed(bounds: typeof shareBounds, rows: number, share: number): { below: number; above: number } {
  let [below, above] = [0, 0];
  let logChance = rows * Math.log(1 - share);
  for (let hits = 0; hits <= rows; hits += 1) {
    const { lower, upper } = bounds({ share: hits / rows, rows }, alpha);
    below += share < lower ? Math.exp(logChance) : 0;
    above += share > upper ? Math.exp(logChance) : 0;
    logChance += Math.log((rows - hits) / (hits + 1)) + Math.log(share / (1 - share));
  }
  return { below, above };
}

describe("bounds of a share of rows", () => {
  it.each([30, 100, 300, 1000])("are missed in at most 5 of 100 samples of %i rows, whatever the share", (rows) => {
    for (const share of shares) {
      const { below, above } = missed(shareBounds, rows, share);
      expect(below, `${share}`).toBeLessThanOrEqual(alpha + 1e-9);
      expect(above, `${share}`).toBeLessThanOrEqual(alpha + 1e-9);
    }
  });

  it("would be missed more often by Wilson's score alone where one kind is rare", () => {
    expect(missed(wilsonBounds, 300, 0.01).below).toBeGreaterThan(0.08);
    expect(missed(wilsonBounds, 300, 0.99).above).toBeGreaterThan(0.08);
  });

  it("take weighted rows by their effective number, between those of whole ones", () => {
    const at = (rows: number) => shareBounds({ share: 0.9, rows }, alpha);
    expect(at(50.5).lower).toBeGreaterThan(at(50).lower);
    expect(at(50.5).lower).toBeLessThan(at(51).lower);
    expect(exactBounds({ share: 0, rows: 20.5 }, alpha)).toMatchObject({ lower: 0 });
    expect(exactBounds({ share: 1, rows: 20.5 }, alpha)).toMatchObject({ upper: 1 });
  });
});
