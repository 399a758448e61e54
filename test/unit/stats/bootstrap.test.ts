import { describe, expect, it } from "vitest";
import { logUnexplained } from "../../../src/evaluation/bootstrap-r-squared.ts";
import {
  acceleration,
  bcaBounds,
  bcaFromReplicates,
  bootstrapTBounds,
  bootstrapTFromRatios,
  type SumStatistic,
} from "../../../src/stats/bootstrap.ts";
import type { Bounds } from "../../../src/stats/bounds.ts";
import { columnSums, forEachDraw, forEachResample } from "../../../src/stats/resample.ts";
import oracle from "../../oracles/bootstrap.json" with { type: "json" };
import { uniform } from "../../support/builders/predictions.ts";

const drawing = { resamples: oracle.resamples, seed: 3 };

function meanOf(values: readonly number[]): SumStatistic {
  return { columns: [Float64Array.from(values)], value: (sums, rows) => sums[0] / rows };
}

/** The oracle's statistics as functions of sums. */
function statisticOf({ statistic, data }: { statistic: string; data: number[][] }): SumStatistic {
  if (statistic === "mean") return meanOf(data[0]);
  const [labels, predicted] = data.map((column) => Float64Array.from(column));
  const squared = labels.map((label, row) => (label - predicted[row]) ** 2);
  if (statistic === "rmse") return { columns: [squared], value: (sums, rows) => Math.sqrt(sums[0] / rows) };
  const { columns, value } = logUnexplained({ labels, predicted });
  return { columns, value: (sums, rows) => 1 - Math.exp(value(sums, rows)) };
}

interface Expected {
  lower: number;
  upper: number;
  lower_error: number;
  upper_error: number;
}

/** Ours is one run of as many resamples: equal within four Monte Carlo standard errors. */
function expectWithinError(bounds: Bounds, expected: Expected): void {
  expect(Math.abs(bounds.lower - expected.lower)).toBeLessThan(4 * expected.lower_error);
  expect(Math.abs(bounds.upper - expected.upper)).toBeLessThan(4 * expected.upper_error);
}

describe("bootstrap bounds", () => {
  it.each(oracle.cases)("BCa of $statistic at $level are scipy's within the Monte Carlo error", (each) => {
    expectWithinError(bcaBounds(statisticOf(each), drawing)((1 - each.level) / 2), each.bca);
  });

  it.each(oracle.cases.flatMap((each) => (each.bootstrap_t === undefined ? [] : [{ ...each, t: each.bootstrap_t }])))(
    "bootstrap-t of R² at $level are numpy's within the Monte Carlo error",
    ({ data, level, t }) => {
      const [labels, predicted] = data.map((column) => Float64Array.from(column));
      const { lower, upper } = bootstrapTBounds(logUnexplained({ labels, predicted }), drawing)((1 - level) / 2);
      expectWithinError({ lower: 1 - Math.exp(upper), upper: 1 - Math.exp(lower) }, t);
    },
  );

  it("are the same bytes for the same seed, and others for another", () => {
    const statistic = meanOf([1, 2, 4, 8, 16, 32]);
    const bounds = (seed: number): Bounds => bcaBounds(statistic, { resamples: 2000, seed })(0.05);
    expect(bounds(1)).toStrictEqual(bounds(1));
    expect(bounds(2)).not.toStrictEqual(bounds(1));
  });

  it("grow as alpha falls", () => {
    const at = bcaBounds(meanOf(Array.from({ length: 40 }, uniform(9))), { resamples: 2000, seed: 1 });
    expect(at(0.01).lower).toBeLessThan(at(0.1).lower);
    expect(at(0.01).upper).toBeGreaterThan(at(0.1).upper);
  });

  it("by BCa are the value itself where nothing varies", () => {
    expect(bcaBounds(meanOf([2, 2, 2]), { resamples: 100, seed: 1 })(0.05)).toEqual({ lower: 2, upper: 2 });
  });

  it("by BCa stay among the resampled values past the pole of the acceleration", () => {
    const replicates = Float64Array.from([3, 1, 2]);
    const { lower, upper } = bcaFromReplicates({ observed: 2, replicates, acceleration: 2 })(0.05);
    expect([lower, upper].every((bound) => bound >= 1 && bound <= 3)).toBe(true);
  });

  it("by bootstrap-t are infinite where too few resamples have a ratio", () => {
    const ratios = Float64Array.from({ length: 100 }, (_, at) => (at < 10 ? Number.NaN : at / 100 - 0.5));
    const bounds = bootstrapTFromRatios({ observed: 1, standardError: 0, ratios });
    expect(bounds(0.05)).toEqual({ lower: Number.NEGATIVE_INFINITY, upper: Number.POSITIVE_INFINITY });
    expect(bounds(0.2)).toEqual({ lower: 1, upper: 1 });
  });
});

describe("acceleration", () => {
  it("is a sixth of the skewness over the root of n, and 0 without spread", () => {
    // Values left out grow as those kept fall: deviations 2, −1, −1 have Σd³ = 6 and Σd² = 6.
    expect(acceleration(Float64Array.from([-2, 1, 1]))).toBeCloseTo(6 / (6 * 6 ** 1.5), 15);
    expect(acceleration(Float64Array.from([5, 5]))).toBe(0);
  });
});

describe("resamples", () => {
  it("draw every row equally often, and as many rows as there are", () => {
    const seen = new Float64Array(7);
    forEachDraw(7, { resamples: 4000, seed: 11 }, (counts) => {
      expect(counts.reduce((sum, count) => sum + count, 0)).toBe(7);
      for (let row = 0; row < 7; row += 1) seen[row] += counts[row];
    });
    // 4000 draws are expected of each; the standard deviation is 59.
    for (const times of seen) expect(Math.abs(times - 4000)).toBeLessThan(4 * 59);
  });

  it("add up any number of columns over the rows drawn", () => {
    const columns = [1, 10, 100, 1000, 10_000].map((unit) => Float64Array.from([unit, 2 * unit, 3 * unit]));
    const counts: number[][] = [];
    forEachDraw(3, { resamples: 5, seed: 2 }, (drawn) => counts.push([...drawn]));
    forEachResample(columns, { resamples: 5, seed: 2 }, (sums, at) => {
      const ones = counts[at][0] + 2 * counts[at][1] + 3 * counts[at][2];
      expect([...sums.subarray(0, 5)]).toEqual([1, 10, 100, 1000, 10_000].map((unit) => unit * ones));
    });
    expect([...columnSums(columns)]).toEqual([6, 60, 600, 6000, 60_000]);
  });
});
