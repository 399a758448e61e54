import { describe, expect, it } from "vitest";
import { clopperPearsonBounds } from "../../../src/stats/clopper-pearson.ts";
import { fisherExactTest } from "../../../src/stats/fisher-exact.ts";
import { mcnemarExactTest, mcnemarTest } from "../../../src/stats/mcnemar.ts";
import { pooledZTest, twoProportionBounds, twoProportionTest } from "../../../src/stats/two-proportion.ts";
import oracle from "../../oracles/statistics.json" with { type: "json" };
import { expectClose } from "../../support/close.ts";
import { fc } from "../../support/properties.ts";

const alternatives = ["two-sided", "less", "greater"] as const;
const proportion = ([hits, rows]: readonly number[]) => ({ hits, rows });

describe("proportions against scipy and statsmodels", () => {
  it.each(oracle.fisher)("have Fisher's exact test: $table", ({ table, odds_ratio, ...expected }) => {
    const [a, b, c, d] = table;
    for (const alternative of alternatives) {
      // scipy's own sums of probabilities agree with the exact fractions to 1e-10 where counts reach thousands.
      expectClose(fisherExactTest({ a, b, c, d }, alternative).pValue, expected[alternative], alternative);
    }
    if (odds_ratio !== null) expectClose(fisherExactTest({ a, b, c, d }).oddsRatio, odds_ratio, "odds ratio");
  });

  it.each(oracle.two_proportion)("have the pooled z test and Newcombe's bounds: $first, $second", (expected) => {
    const [first, second] = [proportion(expected.first), proportion(expected.second)];
    for (const alternative of alternatives) {
      expectClose(pooledZTest(first, second, alternative).pValue, expected[alternative], alternative);
    }
    const { lower, upper } = twoProportionBounds(first, second, 0.05);
    expectClose(lower, expected.bounds[0], "lower");
    expectClose(upper, expected.bounds[1], "upper");
  });

  it("have Clopper and Pearson's bounds", () => {
    for (const { hits, rows, alpha, lower, upper } of oracle.clopper_pearson) {
      const bounds = clopperPearsonBounds({ hits, rows }, alpha);
      expectClose(bounds.lower, lower, `lower of ${hits} in ${rows}`);
      expectClose(bounds.upper, upper, `upper of ${hits} in ${rows}`);
    }
  });

  it.each(oracle.mcnemar)("have McNemar's tests: $first against $second", ({ first, second, ...expected }) => {
    const rows = { firstOnly: first, secondOnly: second };
    expectClose(mcnemarExactTest(rows).pValue, expected.exact, "exact");
    const [plain, corrected] = [mcnemarTest(rows, false), mcnemarTest(rows)];
    expectClose(plain.statistic, expected.asymptotic[0], "statistic");
    expectClose(plain.pValue, expected.asymptotic[1], "p");
    // With nothing between the counts the correction goes no further than 0.
    if (first !== second) {
      expectClose(corrected.statistic, expected.corrected[0], "corrected statistic");
      expectClose(corrected.pValue, expected.corrected[1], "corrected p");
    }
  });

  it("have the published McNemar examples", () => {
    const dietary = { firstOnly: 121, secondOnly: 59 };
    expectClose(mcnemarTest(dietary).statistic, 20.67222222, "statistic");
    expectClose(mcnemarTest(dietary).pValue, 5.4500948e-6, "p", 1e-7);
    expectClose(mcnemarExactTest(dietary).pValue, 4.4344493e-6, "exact", 1e-7);
    expectClose(mcnemarExactTest({ firstOnly: 15, secondOnly: 19 }).pValue, 0.60759136, "exact", 1e-7);
  });
});

const someProportion = fc
  .integer({ min: 1, max: 200 })
  .chain((rows) => fc.nat({ max: rows }).map((hits) => ({ hits, rows })));

describe("any two proportions", () => {
  it("differ as much as the other way round", () => {
    fc.assert(
      fc.property(someProportion, someProportion, (first, second) => {
        const there = twoProportionTest(first, second);
        const back = twoProportionTest(second, first);
        expectClose(there.pValue, back.pValue, "p");
        expectClose(there.difference, -back.difference, "difference");
        expectClose(
          twoProportionBounds(first, second, 0.05).lower,
          -twoProportionBounds(second, first, 0.05).upper,
          "bound",
        );
        expectClose(
          twoProportionTest(first, second, "less").pValue,
          twoProportionTest(second, first, "greater").pValue,
          "one-sided",
        );
      }),
    );
  });

  it("have bounds around their difference, within [-1, 1]", () => {
    fc.assert(
      fc.property(someProportion, someProportion, (first, second) => {
        const difference = first.hits / first.rows - second.hits / second.rows;
        const { lower, upper } = twoProportionBounds(first, second, 0.05);
        expect(lower).toBeLessThanOrEqual(difference);
        expect(upper).toBeGreaterThanOrEqual(difference);
        expect(lower >= -1 - 1e-12 && upper <= 1 + 1e-12).toBe(true);
      }),
    );
  });

  it("have p-values in [0, 1]", () => {
    fc.assert(
      fc.property(someProportion, someProportion, fc.constantFrom(...alternatives), (first, second, alternative) => {
        for (const test of [twoProportionTest, pooledZTest]) {
          const { pValue } = test(first, second, alternative);
          expect(pValue >= 0 && pValue <= 1).toBe(true);
        }
      }),
    );
  });

  it("have exact bounds around each share, and mirrored ones for the rows that are no hits", () => {
    fc.assert(
      fc.property(someProportion, ({ hits, rows }) => {
        const exact = clopperPearsonBounds({ hits, rows }, 0.025);
        const share = hits / rows;
        expect(exact.lower <= share && share <= exact.upper).toBe(true);
        expectClose(clopperPearsonBounds({ hits: rows - hits, rows }, 0.025).lower, 1 - exact.upper, "mirrored");
      }),
    );
  });
});

describe("what is no proportion", () => {
  it("is refused with what was given", () => {
    const fine = { hits: 1, rows: 2 };
    for (const wrong of [
      { hits: 3, rows: 2 },
      { hits: -1, rows: 2 },
      { hits: 0, rows: 0 },
      { hits: 0.5, rows: 2 },
    ]) {
      const message = `${wrong.hits} of ${wrong.rows} is no proportion`;
      expect(() => clopperPearsonBounds(wrong, 0.05)).toThrow(new RangeError(message));
      expect(() => twoProportionTest(fine, wrong)).toThrow(message);
      expect(() => pooledZTest(wrong, fine)).toThrow(message);
      expect(() => twoProportionBounds(wrong, fine, 0.05)).toThrow(message);
    }
    expect(() => fisherExactTest({ a: 1, b: -1, c: 0, d: 0 })).toThrow("-1 is no count");
    expect(() => mcnemarExactTest({ firstOnly: Number.NaN, secondOnly: 0 })).toThrow("NaN is no count");
  });

  it("or shows no difference, says nothing", () => {
    expect(fisherExactTest({ a: 0, b: 0, c: 0, d: 0 }).pValue).toBe(1);
    expect(pooledZTest({ hits: 0, rows: 4 }, { hits: 0, rows: 9 }).pValue).toBe(1);
    expect(mcnemarExactTest({ firstOnly: 0, secondOnly: 0 }).pValue).toBe(1);
    expect(mcnemarTest({ firstOnly: 0, secondOnly: 0 }).pValue).toBe(1);
  });
});
