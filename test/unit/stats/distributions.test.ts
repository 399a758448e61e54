import { describe, expect, it } from "vitest";
import { chiSquareSurvival } from "../../../src/stats/chi-square-distribution.ts";
import {
  drawHypergeometric,
  hypergeometricTable,
  logHypergeometricSurvival,
} from "../../../src/stats/hypergeometric.ts";
import { kolmogorovSurvival } from "../../../src/stats/kolmogorov-distribution.ts";
import { noncentralTSurvival } from "../../../src/stats/noncentral-t.ts";
import { seeded } from "../../../src/stats/resample.ts";
import oracle from "../../oracles/statistics.json" with { type: "json" };
import { expectClose } from "../../support/close.ts";

describe("distributions against scipy", () => {
  it("has the chi-square tail, far out and for a million degrees", () => {
    for (const [x, degrees, expected] of oracle.chi_square) {
      expectClose(chiSquareSurvival(x, degrees), expected, `P(X ≥ ${x}), ${degrees} degrees`);
    }
    expect(chiSquareSurvival(3, Number.NaN)).toBe(Number.NaN);
    expect([-1, 0, Number.POSITIVE_INFINITY, Number.NaN].map((x) => chiSquareSurvival(x, 3))).toEqual([
      1,
      1,
      0,
      Number.NaN,
    ]);
  });

  it("has Kolmogorov's distribution of 1 to 2,000,000 rows", () => {
    for (const [n, d, expected] of oracle.kolmogorov)
      expectClose(kolmogorovSurvival(n, d), expected, `D ≥ ${d} of ${n}`);
    // scipy computes these exactly; the series is good to 1e-6.
    for (const [n, d, expected] of oracle.kolmogorov_exact) {
      expectClose(kolmogorovSurvival(n, d), expected, `D ≥ ${d} of ${n}`, 1e-6);
    }
  });

  it("has the noncentral t distribution", () => {
    for (const [t, degrees, shift, expected] of oracle.noncentral_t) {
      expectClose(noncentralTSurvival(t, { degrees, shift }), expected, `T > ${t}, ${degrees} degrees, shift ${shift}`);
    }
  });

  it("has hypergeometric probabilities", () => {
    for (const [population, marked, draws, k, expected] of oracle.hypergeometric) {
      const { least, probabilities } = hypergeometricTable({ population, marked, draws });
      expectClose(probabilities[k - least], expected, `${k} of ${marked} in ${draws} of ${population}`, 1e-10);
    }
  });

  it("has hypergeometric tails, which are certain from the least number on and impossible above the most", () => {
    for (const [population, marked, draws, k, expected] of oracle.hypergeometric_survival) {
      const name = `${k} or more of ${marked} in ${draws} of ${population}`;
      expectClose(logHypergeometricSurvival({ population, marked, draws }, k), expected, name);
    }
    const urn = { population: 20, marked: 15, draws: 12 };
    expect(logHypergeometricSurvival(urn, 7)).toBe(0);
    expect(logHypergeometricSurvival(urn, 8)).toBeLessThan(0);
    expect(logHypergeometricSurvival(urn, 13)).toBe(Number.NEGATIVE_INFINITY);
  });
});

describe("draws from a hypergeometric distribution", () => {
  it.each([
    { population: 30, marked: 11, draws: 9 },
    { population: 2000, marked: 900, draws: 1200 },
    { population: 12, marked: 10, draws: 9 },
  ])("come as often as they should: $draws of $population, $marked marked", (urn) => {
    const { least, probabilities } = hypergeometricTable(urn);
    const uniform = seeded(8);
    const counts = new Float64Array(probabilities.length);
    const draws = 50_000;
    for (let drawn = 0; drawn < draws; drawn += 1) counts[drawHypergeometric(urn, uniform) - least] += 1;
    let [chiSquare, cells] = [0, 0];
    probabilities.forEach((probability, k) => {
      if (probability * draws < 5) return;
      chiSquare += (counts[k] - probability * draws) ** 2 / (probability * draws);
      cells += 1;
    });
    expect(chiSquareSurvival(chiSquare, cells - 1)).toBeGreaterThan(0.001);
  });

  it("are certain where the margins leave no choice", () => {
    expect(drawHypergeometric({ population: 10, marked: 10, draws: 4 }, seeded(1))).toBe(4);
    expect(drawHypergeometric({ population: 10, marked: 0, draws: 4 }, seeded(1))).toBe(0);
  });

  it("are the same for the same seed", () => {
    const draw = (seed: number): number[] => {
      const uniform = seeded(seed);
      return Array.from({ length: 20 }, () =>
        drawHypergeometric({ population: 500, marked: 200, draws: 100 }, uniform),
      );
    };
    expect(draw(5)).toEqual(draw(5));
    expect(draw(5)).not.toEqual(draw(6));
  });
});
