import { describe, expect, it } from "vitest";
import { type PairedTimes, quantileRatio } from "../../../src/stats/quantile-ratio.ts";
import { pseudoRandom } from "../../support/builders/pseudo-random.ts";
import { busyTimes, trueRatio } from "../../support/builders/times.ts";

function times(numerator: readonly number[], denominator: readonly number[]): PairedTimes {
  return { numerator: Float64Array.from(numerator), denominator: Float64Array.from(denominator) };
}

describe("the ratio of two quantiles", () => {
  // numpy 2.4.6: numpy.quantile(x, q, method="inverted_cdf") of 1 … 20 and of their squares backwards.
  const rising = Array.from({ length: 20 }, (_, place) => place + 1);
  const falling = rising.map((value) => value * value).reverse();
  it.each([
    [0.5, 100 / 10],
    [0.95, 361 / 19],
    [0.96, 400 / 20],
    [0.05, 1],
  ])("takes a value of each side at %f", (quantile, expected) => {
    expect(quantileRatio(times(falling, rising), quantile).value).toBe(expected);
  });

  it("has no bounds where the largest of so few times need not reach the quantile", () => {
    const some = (pairs: number) => times(rising.concat(rising, rising).slice(0, pairs), new Array(pairs).fill(1));
    expect(quantileRatio(some(58), 0.95).bounds(0.05)).toEqual({ lower: 0, upper: Number.POSITIVE_INFINITY });
    expect(quantileRatio(some(59), 0.95).bounds(0.05).upper).toBe(20);
  });

  it("is certain where both sides never change", () => {
    const still = times(new Array(64).fill(3), new Array(64).fill(2));
    expect(quantileRatio(still, 0.5).bounds(0.05)).toEqual({ lower: 1.5, upper: 1.5 });
  });
});

describe("its bounds", () => {
  it.each([
    [0.5, 200],
    [0.95, 200],
    [0.99, 400],
  ])("of the %f quantile miss the true ratio on each side about as seldom as they say", (quantile, pairs) => {
    const random = pseudoRandom(pairs + 100 * quantile);
    const samples = 400;
    let [above, below] = [0, 0];
    for (let sample = 0; sample < samples; sample += 1) {
      const { lower, upper } = quantileRatio(busyTimes({ pairs, random, isBusy: true }), quantile).bounds(0.05);
      above += Number(lower > trueRatio);
      below += Number(upper < trueRatio);
    }
    // 5 % of 400 samples is measured to ±2.2: at most 8.3 % where the level holds, four standard deviations up.
    expect(Math.max(above, below) / samples).toBeLessThan(0.05 + 4 * Math.sqrt((0.05 * 0.95) / samples));
    expect(above + below).toBeGreaterThan(0);
  });
});
