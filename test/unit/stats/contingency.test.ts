import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { chiSquareGoodnessOfFit, chiSquareTest } from "../../../src/stats/chi-square-test.ts";
import { type ContingencyTable, tableOf } from "../../../src/stats/contingency-table.ts";
import { cramersV, cramersVCorrected } from "../../../src/stats/cramers-v.ts";
import oracle from "../../oracles/statistics.json" with { type: "json" };
import { expectClose } from "../../support/close.ts";
import { fc } from "../../support/properties.ts";
import { sharedData } from "../../support/shared-data.ts";

const table = (counts: readonly (readonly number[])[]): ContingencyTable =>
  tableOf(...counts.map((row) => Float64Array.from(row)));

type Expected = Omit<(typeof oracle.contingency)[number], "counts">;

function expectAll(counts: ContingencyTable, expected: Expected): void {
  const { statistic, degreesOfFreedom, pValue } = chiSquareTest(counts, { method: "asymptotic" });
  expectClose(statistic, expected.statistic, "chi-square");
  expect(degreesOfFreedom).toBe(expected.degrees);
  expectClose(pValue, expected.p, "p");
  expect(chiSquareTest(counts, { permutations: 9 }).method).toBe(expected.sparse ? "permutation" : "asymptotic");
  expectClose(cramersV(counts), expected.cramers_v, "V");
  expectClose(cramersVCorrected(counts), expected.cramers_v_corrected, "corrected V");
}

describe("contingency tables against scipy", () => {
  it.each(oracle.contingency)("have chi-square and Cramér's V: $counts", ({ counts, ...expected }) => {
    expectAll(table(counts), expected);
  });

  it.skipIf(sharedData("adult.csv") === null)("have them for real columns (needs ../shared/data)", () => {
    for (const { file, row, column, ...expected } of oracle.tables) expectAll(crossed(file, row, column), expected);
  });

  it.each(oracle.permutation)(
    "have the permutation test's p within chance of all tables': $counts",
    ({ counts, p }) => {
      const permutations = 9999;
      const { pValue, method } = chiSquareTest(table(counts), { method: "permutation", permutations, seed: 4 });
      expect(method).toBe("permutation");
      expect(Math.abs(pValue - p)).toBeLessThan(4 * Math.sqrt((p * (1 - p)) / permutations));
    },
  );

  it("have the goodness of fit, which is another number", () => {
    for (const { observed, expected, statistic, p } of oracle.goodness_of_fit) {
      const test = chiSquareGoodnessOfFit(Float64Array.from(observed), Float64Array.from(expected));
      expectClose(test.statistic, statistic, "chi-square");
      expectClose(test.pValue, p, "p");
    }
  });
});

const rows = fc
  .integer({ min: 2, max: 5 })
  .chain((columns) =>
    fc.array(fc.array(fc.nat({ max: 30 }), { minLength: columns, maxLength: columns }), { minLength: 2, maxLength: 4 }),
  );

describe("any contingency table", () => {
  it("has a p-value and an association between 0 and 1, by both methods", () => {
    fc.assert(
      fc.property(rows, (counts) => {
        for (const method of ["asymptotic", "permutation"] as const) {
          const { pValue } = chiSquareTest(table(counts), { method, permutations: 19 });
          expect(pValue > 0 && pValue <= 1).toBe(true);
        }
        for (const v of [cramersV(table(counts)), cramersVCorrected(table(counts))]) {
          expect(v >= 0 && v <= 1 + 1e-12).toBe(true);
        }
      }),
    );
  });

  it("says the same in another order of rows and columns, and turned on its side", () => {
    fc.assert(
      fc.property(rows, (counts) => {
        const { statistic } = chiSquareTest(table(counts), { method: "asymptotic" });
        const turned = counts[0].map((_, column) => counts.map((row) => row[column]));
        const reversed = counts.map((row) => row.toReversed()).toReversed();
        for (const other of [turned, reversed]) {
          expectClose(chiSquareTest(table(other), { method: "asymptotic" }).statistic, statistic, "chi-square");
        }
      }),
    );
  });

  it("leaves out categories that nothing is in", () => {
    const full = [
      [12, 3, 9],
      [4, 6, 8],
    ];
    const withEmpty = [
      [12, 0, 3, 9],
      [0, 0, 0, 0],
      [4, 0, 6, 8],
    ];
    expect(chiSquareTest(table(withEmpty))).toEqual(chiSquareTest(table(full)));
    expect(cramersV(table(withEmpty))).toBe(cramersV(table(full)));
  });

  it.each([{ counts: [5, 0, 8, 0] }, { counts: [5, 8, 0, 0] }, { counts: [1, 0, 0, 0] }, { counts: [0, 0, 0, 0] }])(
    "shows nothing with one category, or one observation: $counts",
    ({ counts }) => {
      const twoByTwo = { rows: 2, columns: 2, counts: Float64Array.from(counts) };
      expect(chiSquareTest(twoByTwo)).toMatchObject({ statistic: 0, degreesOfFreedom: 0, pValue: 1 });
      expect(cramersV(twoByTwo)).toBe(0);
      expect(cramersVCorrected(twoByTwo)).toBe(0);
    },
  );
});

describe("the permutation test", () => {
  it("gives the same p-value for the same seed, never 0", () => {
    const counts = table([
      [40, 0, 1],
      [0, 38, 2],
    ]);
    const options = { permutations: 999, seed: 11 };
    expect(chiSquareTest(counts, options)).toEqual(chiSquareTest(counts, options));
    expect(chiSquareTest(counts, options).pValue).toBe(1 / 1000);
  });

  it("draws tables whose margins differ in size as well", () => {
    // Of 20 permutations of a 1 × 19 split, the single row is the rare one in one of ten: p = 2/20.
    const { pValue } = chiSquareTest(
      table([
        [0, 1],
        [18, 1],
      ]),
      { permutations: 9999, seed: 2 },
    );
    expect(Math.abs(pValue - 0.1)).toBeLessThan(0.012);
  });
});

describe("a table that is none", () => {
  it("is refused with what is wrong", () => {
    expect(() => chiSquareTest({ rows: 2, columns: 2, counts: Float64Array.of(1, 2, 3) })).toThrow(
      new RangeError("3 counts are no table of 2 × 2"),
    );
    expect(() =>
      chiSquareTest(
        table([
          [1, -2],
          [3, 4],
        ]),
      ),
    ).toThrow("-2 is no count");
    expect(() =>
      chiSquareTest(
        table([
          [1, 0.5],
          [3, 4],
        ]),
      ),
    ).toThrow("0.5 is no count");
    expect(() => tableOf(Float64Array.of(1, 2), Float64Array.of(1))).toThrow("different categories");
    expect(() => chiSquareGoodnessOfFit(Float64Array.of(1, 2), Float64Array.of(1))).toThrow("different categories");
  });
});

function crossed(file: string, row: string, column: string): ContingencyTable {
  const [header, ...lines] = readFileSync(sharedData(file) ?? "", "utf8")
    .trimEnd()
    .split("\n");
  const names = header.split(",");
  const cells = lines.map((line) => line.split(","));
  const [first, second] = [row, column].map((name) => cells.map((cell) => cell[names.indexOf(name)]));
  const [rowNames, columnNames] = [first, second].map((values) => [...new Set(values)].sort());
  const counts = new Float64Array(rowNames.length * columnNames.length);
  const places = new Map(columnNames.map((name, at) => [name, at]));
  const starts = new Map(rowNames.map((name, at) => [name, at * columnNames.length]));
  first.forEach((name, at) => {
    counts[(starts.get(name) ?? 0) + (places.get(second[at]) ?? 0)] += 1;
  });
  return { rows: rowNames.length, columns: columnNames.length, counts };
}
