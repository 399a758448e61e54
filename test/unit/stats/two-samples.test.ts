import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { cramerVonMisesTest } from "../../../src/stats/cramer-von-mises.ts";
import { kolmogorovSmirnovTest } from "../../../src/stats/kolmogorov-smirnov.ts";
import { mannWhitneyTest } from "../../../src/stats/mann-whitney.ts";
import { energyDistance, wassersteinDistance } from "../../../src/stats/sample-distances.ts";
import { countBelow, type SortedSample, sampleQuantile, sortSample } from "../../../src/stats/sorted-sample.ts";
import oracle from "../../oracles/statistics.json" with { type: "json" };
import { expectClose } from "../../support/close.ts";
import { fc } from "../../support/properties.ts";
import { sharedData } from "../../support/shared-data.ts";

type Expected = (typeof oracle.two_sample)[number];
type Numbers = Omit<Expected, "name" | "x" | "y">;

const sample = (values: readonly number[]): SortedSample => sortSample(Float64Array.from(values));

function expectAll(x: SortedSample, y: SortedSample, expected: Numbers): void {
  const ks = kolmogorovSmirnovTest(x, y);
  expectClose(ks.statistic, expected.ks.statistic, "D");
  expectClose(ks.pValue, expected.ks.auto, "KS p");
  if (expected.ks.asymptotic !== null) {
    expectClose(
      kolmogorovSmirnovTest(x, y, { method: "asymptotic" }).pValue,
      expected.ks.asymptotic,
      "asymptotic KS p",
    );
  }
  expect(mannWhitneyTest(x, y).statistic).toBe(expected.mann_whitney.statistic);
  for (const method of ["auto", "asymptotic"] as const) {
    for (const alternative of ["two-sided", "less", "greater"] as const) {
      const p = expected.mann_whitney[`${method} ${alternative}`];
      expectClose(mannWhitneyTest(x, y, { method, alternative }).pValue, p, `Mann-Whitney ${method} ${alternative}`);
    }
  }
  expectClose(wassersteinDistance(x, y), expected.wasserstein, "W1");
  expectClose(energyDistance(x, y), expected.energy, "energy");
  if (expected.cramer_von_mises !== null) {
    const { statistic, pValue, method } = cramerVonMisesTest(x, y);
    expect(method).toBe("asymptotic");
    expectClose(statistic, expected.cramer_von_mises.statistic, "T");
    // scipy stops its series at 1e-7.
    expect(Math.abs(pValue - expected.cramer_von_mises.p)).toBeLessThan(1e-6);
  }
}

describe("two samples against scipy", () => {
  it.each(oracle.two_sample)("has all statistics: $name", ({ x, y, ...expected }) => {
    expectAll(sample(x), sample(y), expected);
  });

  it.each([
    ["linspace of scipy's tests", range(100, (i) => 1 + i), range(110, (i) => 21.1 + (99 * i) / 109)],
    ["portable", range(1000, (i) => ((i * 7919) % 1009) / 100), range(800, (i) => ((i * 6271) % 1013) / 100 + 0.5)],
    ["12,000 against 9,000", fractions(12_000, 2), fractions(9_000, 3).map((value) => value ** 1.1 + 0.02)],
    ["200,000 against 300", fractions(200_000, 2), fractions(300, 3).map((value) => value ** 1.1 + 0.06)],
  ] as const)("has all statistics: %s", (name, x, y) => {
    expectAll(sortSample(x), sortSample(y), oracle.generated[name]);
  });

  it.skipIf(sharedData("adult.csv") === null)("has all statistics of real columns (needs ../shared/data)", () => {
    for (const { file, column, by, values, rows, ...expected } of oracle.columns) {
      const [x, y] = values.map((value) => sortSample(readColumn(file, column, { by, value })));
      expect([x.values.length, y.values.length]).toEqual(rows);
      expectAll(x, y, expected);
    }
  });

  it.each(oracle.tied_permutation)(
    "has tied samples' permutation tests within chance of all splits': $x, $y",
    (tied) => {
      const [x, y] = [sample(tied.x), sample(tied.y)];
      const permutations = 9999;
      const cramer = cramerVonMisesTest(x, y, { permutations, seed: 3 });
      expectClose(cramer.statistic, tied.cramer_von_mises.statistic, "T");
      const ks = kolmogorovSmirnovTest(x, y, { method: "permutation", permutations, seed: 3 });
      for (const [{ pValue }, p] of [
        [ks, tied.ks],
        [cramer, tied.cramer_von_mises.p],
      ] as const) {
        expect(Math.abs(pValue - p)).toBeLessThan(4 * Math.sqrt((p * (1 - p)) / permutations) + 1 / permutations);
      }
    },
  );

  it("has the published numbers of the portable example", () => {
    const x = sortSample(range(1000, (i) => ((i * 7919) % 1009) / 100));
    const y = sortSample(range(800, (i) => ((i * 6271) % 1013) / 100 + 0.5));
    expectClose(kolmogorovSmirnovTest(x, y).pValue, 0.15902780559128277, "KS p");
    expectClose(wassersteinDistance(x, y), 0.45762, "W1");
    expectClose(energyDistance(x, y), 0.2025597689572142, "energy");
    // Its few ties move p by 1 %: scipy gives them midranks.
    expectClose(cramerVonMisesTest(x, y).pValue, 0.00458899757237774, "Cramér-von Mises p", 0.02);
    expectClose(mannWhitneyTest(x, y, { alternative: "less" }).pValue, 0.00063014530812, "Mann-Whitney p");
  });
});

const values = fc.array(fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e6, max: 1e6 }), {
  minLength: 2,
  maxLength: 40,
});
const tied = fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 2, maxLength: 40 });
const either = fc.oneof(values, tied);

describe("two samples, whatever they are", () => {
  it("differ from each other as much as the other way round", () => {
    fc.assert(
      fc.property(either, either, (first, second) => {
        const [x, y] = [sample(first), sample(second)];
        expect(kolmogorovSmirnovTest(x, y).statistic).toBe(kolmogorovSmirnovTest(y, x).statistic);
        expectClose(kolmogorovSmirnovTest(x, y).pValue, kolmogorovSmirnovTest(y, x).pValue, "KS p");
        expectClose(mannWhitneyTest(x, y).pValue, mannWhitneyTest(y, x).pValue, "Mann-Whitney p");
        expectClose(mannWhitneyTest(x, y).superiority, 1 - mannWhitneyTest(y, x).superiority, "superiority");
        expectClose(wassersteinDistance(x, y), wassersteinDistance(y, x), "W1", 1e-6);
        const few = { permutations: 19 };
        expectClose(cramerVonMisesTest(x, y, few).statistic, cramerVonMisesTest(y, x, few).statistic, "T");
      }),
    );
  });

  it("give statistics and p-values in their ranges, exact and asymptotic", () => {
    fc.assert(
      fc.property(either, either, (first, second) => {
        const [x, y] = [sample(first), sample(second)];
        const shares = [
          kolmogorovSmirnovTest(x, y).statistic,
          kolmogorovSmirnovTest(x, y, { method: "exact" }).pValue,
          kolmogorovSmirnovTest(x, y, { method: "asymptotic" }).pValue,
          mannWhitneyTest(x, y).superiority,
          mannWhitneyTest(x, y, { method: "asymptotic" }).pValue,
          kolmogorovSmirnovTest(x, y, { method: "permutation", permutations: 19 }).pValue,
          cramerVonMisesTest(x, y, { permutations: 19 }).pValue,
        ];
        for (const share of shares) expect(share >= 0 && share <= 1).toBe(true);
        expect(wassersteinDistance(x, y)).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  it("are compared by rank: an increasing transformation changes nothing", () => {
    fc.assert(
      fc.property(tied, tied, (first, second) => {
        const [x, y] = [sample(first), sample(second)];
        const [turnedX, turnedY] = [first, second].map((each) => sample(each.map((value) => Math.exp(value) - 7)));
        expect(kolmogorovSmirnovTest(turnedX, turnedY)).toEqual(kolmogorovSmirnovTest(x, y));
        expect(mannWhitneyTest(turnedX, turnedY)).toEqual(mannWhitneyTest(x, y));
        const few = { permutations: 199 };
        expect(cramerVonMisesTest(turnedX, turnedY, few)).toEqual(cramerVonMisesTest(x, y, few));
      }),
    );
  });

  it("are as far apart as one is shifted, in the values' unit", () => {
    fc.assert(
      fc.property(tied, fc.integer({ min: -9, max: 9 }), (first, shift) => {
        const distance = wassersteinDistance(sample(first), sample(first.map((value) => value + shift)));
        expectClose(distance, Math.abs(shift), "W1");
      }),
    );
  });
});

describe("a sorted sample", () => {
  it("counts NaN as missing and leaves the column alone", () => {
    const column = Float64Array.of(3, Number.NaN, -1, Number.POSITIVE_INFINITY, Number.NaN);
    expect(sortSample(column)).toEqual({ values: Float64Array.of(-1, 3, Number.POSITIVE_INFINITY), missing: 2 });
    expect(column[0]).toBe(3);
  });

  it("knows how many values are below one, and its quantiles", () => {
    const sorted = sample([1, 2, 2, 5]);
    expect([0, 1, 2, 5, 9].map((value) => countBelow(sorted, value))).toEqual([0, 0, 1, 3, 4]);
    expect([0, 1, 2, 5, 9].map((value) => countBelow(sorted, value, true))).toEqual([0, 1, 3, 4, 4]);
    expect([0, 0.5, 0.75, 1].map((share) => sampleQuantile(sorted, share))).toEqual([1, 2, 2.75, 5]);
  });

  it("takes infinite values in rank tests", () => {
    const [x, y] = [sample([1, 2, Number.POSITIVE_INFINITY]), sample([Number.NEGATIVE_INFINITY, 0, 1])];
    expect(kolmogorovSmirnovTest(x, y).statistic).toBeCloseTo(2 / 3, 12);
    expect(mannWhitneyTest(x, y).statistic).toBe(8.5);
  });
});

describe("two-sample tests that cannot be made", () => {
  const empty = sample([Number.NaN, Number.NaN]);
  it("say that a sample has no values", () => {
    for (const test of [kolmogorovSmirnovTest, mannWhitneyTest, cramerVonMisesTest, wassersteinDistance]) {
      expect(() => test(sample([1, 2]), empty)).toThrow(new RangeError("a sample has no values: all 2 are missing"));
    }
    expect(() => sampleQuantile(sample([]), 0.5)).toThrow("a sample has no values");
  });

  it("say that ties allow no exact Mann-Whitney test", () => {
    expect(() => mannWhitneyTest(sample([1, 2]), sample([2, 3]), { method: "exact" })).toThrow("ties");
  });

  it("say that one value is too few for Cramér and von Mises", () => {
    expect(() => cramerVonMisesTest(sample([1]), sample([1, 2]))).toThrow("two values");
  });
});

function range(count: number, valueAt: (index: number) => number): Float64Array {
  return Float64Array.from({ length: count }, (_, index) => valueAt(index));
}

/** Multiples of √square, less their whole part: evenly spread, and the same in numpy. */
function fractions(count: number, square: number): Float64Array {
  return range(count, (index) => (index * Math.sqrt(square)) % 1);
}

function readColumn(file: string, column: string, rows: { by: string; value: string | undefined }): Float64Array {
  const [header, ...lines] = readFileSync(sharedData(file) ?? "", "utf8")
    .replaceAll('"', "")
    .trimEnd()
    .split("\n");
  const names = header.split(",");
  const [at, by] = [names.indexOf(column), names.indexOf(rows.by)];
  const cells = lines.map((line) => line.split(","));
  return Float64Array.from(
    cells.filter((cell) => cell[by] === rows.value),
    (cell) => Number(cell[at]),
  );
}
