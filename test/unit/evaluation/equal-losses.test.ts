import { expect, it } from "vitest";
import { lossEstimate } from "../../../src/evaluation/measured.ts";
import { moments } from "../../../src/stats/mean-bounds.ts";

const equal = (loss: number, rows: number) => moments(new Float64Array(rows).fill(loss), null);

it("errors that are all none bound nothing above: one row in fifty may be wrong by a thousand, and 60 rows not show it", () => {
  const { lower, upper } = lossEstimate(equal(0, 60)).bounds(0.05);
  expect(lower).toBe(0);
  expect(upper).toBe(Number.POSITIVE_INFINITY);
});

it("losses that cannot exceed 1 are bounded by the share of rows that may be unseen: 5 of 100 of 59 rows", () => {
  const { lower, upper } = lossEstimate(equal(0.2, 59), { most: 1 }).bounds(0.05);
  const unseen = 1 - 0.05 ** (1 / 59);
  expect(unseen).toBeCloseTo(0.0495, 4);
  expect(upper).toBeCloseTo(0.2 + 0.8 * unseen, 12);
  expect(lower).toBeCloseTo(0.2 - 0.2 * unseen, 12);
});
