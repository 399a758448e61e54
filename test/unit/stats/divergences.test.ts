import { describe, expect, it } from "vitest";
import {
  hellingerDistance,
  jensenShannonDistance,
  jensenShannonDivergence,
  kullbackLeiblerDivergence,
  populationStabilityIndex,
} from "../../../src/stats/divergences.ts";
import { categoryBins, countInBins, countInCategories, quantileBins } from "../../../src/stats/reference-bins.ts";
import { sortSample } from "../../../src/stats/sorted-sample.ts";
import oracle from "../../oracles/statistics.json" with { type: "json" };
import { textColumn } from "../../support/builders/predictions.ts";
import { expectClose } from "../../support/close.ts";
import { fc } from "../../support/properties.ts";

describe("divergences against scipy", () => {
  it.each(oracle.divergences)("of $p and $q", (expected) => {
    const [p, q] = [Float64Array.from(expected.p), Float64Array.from(expected.q)];
    expectClose(jensenShannonDistance(p, q), expected.jensen_shannon, "JS");
    expectClose(jensenShannonDistance(p, q, 2), expected.jensen_shannon_2, "JS, base 2");
    expectClose(kullbackLeiblerDivergence(p, q), expected.kullback_leibler ?? Number.POSITIVE_INFINITY, "KL");
    expectClose(
      kullbackLeiblerDivergence(p, q, 2),
      expected.kullback_leibler_2 ?? Number.POSITIVE_INFINITY,
      "KL, base 2",
    );
    expectClose(hellingerDistance(p, q), expected.hellinger, "Hellinger");
    expectClose(populationStabilityIndex(p, q), expected.psi, "PSI");
    expectClose(populationStabilityIndex(p, q, 0.01), expected.psi_001, "PSI, floor 0.01");
  });

  it("are Evidently's from its bins, and scipy's and Deepchecks' published ones", () => {
    const { reference, current } = oracle.evidently_bins;
    const [p, q] = [Float64Array.from(reference), Float64Array.from(current)];
    expectClose(populationStabilityIndex(p, q), 0.06418700348700153, "PSI");
    expectClose(kullbackLeiblerDivergence(p, q), 0.03079915952999137, "KL");
    expectClose(jensenShannonDistance(p, q), 0.08866195982728588, "JS");
    expectClose(hellingerDistance(p, q), 0.08911285822437176, "Hellinger");
    const [before, after] = [Float64Array.of(90, 10, 0), Float64Array.of(80, 10, 10)];
    expectClose(populationStabilityIndex(before, after), 0.70186, "PSI, floor 0.0001", 1e-5);
    expectClose(populationStabilityIndex(before, after, 0.01), 0.21901, "PSI, floor 0.01", 1e-5);
  });
});

const twoDistributions = fc.integer({ min: 2, max: 8 }).chain((length) => {
  const weights = fc
    .array(fc.nat({ max: 50 }), { minLength: length, maxLength: length })
    .filter((each) => each.some((weight) => weight > 0))
    .map((each) => Float64Array.from(each));
  return fc.tuple(weights, weights);
});

describe("any two distributions", () => {
  it("have divergences in their ranges, 0 only from themselves", () => {
    fc.assert(
      fc.property(twoDistributions, ([p, q]) => {
        const same = p.map((weight) => 3 * weight);
        for (const diverge of [jensenShannonDistance, hellingerDistance]) {
          expect(diverge(p, q, 2) >= 0 && diverge(p, q, 2) <= 1).toBe(true);
          expectClose(diverge(p, q), diverge(q, p), "the other way round");
          expect(diverge(p, same)).toBeLessThan(1e-7);
        }
        expect(jensenShannonDivergence(p, q, 2)).toBeCloseTo(jensenShannonDistance(p, q, 2) ** 2, 12);
        expect(kullbackLeiblerDivergence(p, q)).toBeGreaterThanOrEqual(0);
        expect(populationStabilityIndex(p, q)).toBeGreaterThanOrEqual(0);
        expectClose(populationStabilityIndex(p, q), populationStabilityIndex(q, p), "the other way round");
      }),
    );
  });

  it("must be distributions over the same categories", () => {
    const p = Float64Array.of(1, 2);
    expect(() => hellingerDistance(p, Float64Array.of(1, 2, 3))).toThrow(
      new RangeError("2 categories cannot be compared with 3"),
    );
    expect(() => jensenShannonDistance(p, Float64Array.of(0, 0))).toThrow("all counts are 0");
    expect(() => kullbackLeiblerDivergence(p, Float64Array.of(-1, 2))).toThrow("-1 is neither a count nor a share");
    expect(() => populationStabilityIndex(Float64Array.of(Number.NaN, 1), p)).toThrow("NaN is neither");
  });
});

describe("bins of a reference", () => {
  it.each(oracle.bins)(
    "are numpy's quantiles and histograms: $bins bins",
    ({ reference, current, bins, edges, counts }) => {
      const fixed = quantileBins(sortSample(Float64Array.from(reference)), bins);
      expect(fixed.edges).toHaveLength(edges.length);
      for (const [at, edge] of edges.entries()) expectClose(fixed.edges[at], edge, "edge");
      const column = Float64Array.from(current, (value) => value ?? Number.NaN);
      expect([...countInBins(fixed, sortSample(column))]).toEqual(counts);
    },
  );

  it("of a constant column are one, with all else below, above or missing", () => {
    const bins = quantileBins(sortSample(Float64Array.of(4, 4, 4)));
    expect([...countInBins(bins, sortSample(Float64Array.of(3, 4, 4, 5, Number.NaN)))]).toEqual([1, 2, 1, 1]);
  });

  it("count every value once, missing ones too", () => {
    const numbers = fc.array(fc.oneof(fc.double(), fc.integer({ min: -3, max: 3 })), { minLength: 1, maxLength: 60 });
    const finite = fc.array(fc.integer({ min: -3, max: 3 }), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(finite, numbers, fc.integer({ min: 1, max: 12 }), (reference, current, count) => {
        const bins = quantileBins(sortSample(Float64Array.from(reference)), count);
        const counts = countInBins(bins, sortSample(Float64Array.from(current)));
        expect(counts.reduce((sum, each) => sum + each, 0)).toBe(current.length);
        const own = countInBins(bins, sortSample(Float64Array.from(reference)));
        expect([own[0], own[own.length - 2], own[own.length - 1]]).toEqual([0, 0, 0]);
      }),
    );
  });

  it("see one far value in its own bin, and not in all others", () => {
    const reference = Float64Array.from({ length: 1000 }, (_, row) => Math.sin(row));
    const shifted = reference.map((value) => value + 1);
    const bins = quantileBins(sortSample(reference));
    const before = countInBins(bins, sortSample(reference));
    const psi = (column: Float64Array): number =>
      populationStabilityIndex(before, countInBins(bins, sortSample(column)));
    const withOutlier = shifted.slice();
    withOutlier[0] = 1e6;
    expect(psi(shifted)).toBeGreaterThan(1);
    expect(Math.abs(psi(withOutlier) - psi(shifted))).toBeLessThan(0.02);
  });

  it("of categories have unseen and missing ones at the end, whatever the codes", () => {
    const bins = categoryBins(textColumn("colour", ["red", "blue", null, "red"]));
    expect(bins.levels).toEqual(["blue", "red"]);
    const current = textColumn("colour", ["red", "green", null, "azure", "blue", "red"]);
    expect([...countInCategories(bins, current)]).toEqual([1, 2, 2, 1]);
  });

  it("need finite reference values", () => {
    expect(() => quantileBins(sortSample(Float64Array.of(Number.NaN)))).toThrow("all 1 are missing");
    expect(() => quantileBins(sortSample(Float64Array.of(1, Number.POSITIVE_INFINITY)))).toThrow("finite");
  });
});
