import { expect, it } from "vitest";
import { drawNormal, drawRows, inOrder, permutation } from "../../../src/stats/draws.ts";
import { seeded } from "../../../src/stats/resample.ts";

it("draws rows without replacement, ascending, each as often as the others", () => {
  const uniform = seeded(1);
  const counts = new Float64Array(10);
  for (let draw = 0; draw < 4000; draw += 1) {
    const rows = [...drawRows(10, 3, uniform)];
    expect(rows).toEqual([...new Set(rows)].sort((a, b) => a - b));
    for (const row of rows) counts[row] += 1;
  }
  // 1200 each, with a standard deviation of 29.
  for (const count of counts) expect(Math.abs(count - 1200)).toBeLessThan(4 * 29);
  expect(drawRows(3, 5, uniform)).toEqual(inOrder(3));
});

it("permutes with equal chances, and the same way for the same seed", () => {
  const uniform = seeded(2);
  const seen = new Map<string, number>();
  for (let draw = 0; draw < 6000; draw += 1) {
    const order = permutation(3, uniform).join("");
    seen.set(order, (seen.get(order) ?? 0) + 1);
  }
  expect(seen.size).toBe(6);
  for (const count of seen.values()) expect(Math.abs(count - 1000)).toBeLessThan(4 * 29);
  expect(permutation(50, seeded(7))).toEqual(permutation(50, seeded(7)));
});

it("draws normal numbers", () => {
  const uniform = seeded(3);
  const drawn = Float64Array.from({ length: 20_000 }, () => drawNormal(uniform)).sort();
  // scipy 1.17.1: norm.ppf([0.05, 0.5, 0.95]).
  const quantiles = [1000, 10_000, 19_000].map((place) => drawn[place]);
  expect(quantiles).toEqual([-1.6448536269514729, 0, 1.6448536269514722].map((value) => expect.closeTo(value, 1)));
});
