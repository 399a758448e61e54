import { describe, expect, it } from "vitest";
import {
  type Counted,
  categoryAlarms,
  categoryPopulations,
  differenceMisses,
  familyErrors,
  judge,
  mcnemarAlarms,
  numberAlarms,
  numberPopulations,
  proportionAlarms,
  proportionMisses,
  type Sizes,
} from "../../calibration/false-alarms.ts";

// A few seconds of what `npm run test:calibration` measures at length (docs/calibration.md).

const simulation = { samples: 500, seed: 20261125 };
const fewSizes: Sizes[] = [
  [30, 30],
  [20, 80],
];

function expectNotTooOften({ samples, errors }: Counted, methods: readonly string[]): void {
  const wrong = methods.filter((method) => judge(errors[method], samples) === "too often");
  expect(wrong).toEqual([]);
}

describe("where nothing differs, no more than 5 % of samples raise an alarm", () => {
  it.each(numberPopulations)("in tests of numbers that are $name", (population) => {
    for (const sizes of fewSizes) {
      const counted = numberAlarms(population, sizes, simulation);
      expectNotTooOften(counted, Object.keys(counted.errors));
    }
  });

  it.each(categoryPopulations)("in the chi-square test of categories: $name", (population) => {
    for (const sizes of fewSizes) expectNotTooOften(categoryAlarms(population, sizes, simulation), ["chi_square"]);
  });

  it("in tests of proportions, and in McNemar's", () => {
    for (const share of [0.5, 0.1, 0.01]) {
      for (const sizes of fewSizes) expectNotTooOften(proportionAlarms(share, sizes, simulation), ["fisher"]);
      expectNotTooOften(mcnemarAlarms(share, 100, simulation), ["mcnemar_exact", "mcnemar_corrected"]);
    }
  });

  it("in any of 20 corrected tests, where without correction most have one", () => {
    const counted = familyErrors(simulation);
    expectNotTooOften(counted, ["holm", "benjamini_hochberg", "benjamini_yekutieli"]);
    expect(counted.errors.uncorrected).toBeGreaterThan(250);
  });

  it("but do where the reference is taken for the truth", () => {
    const [even] = categoryPopulations;
    expect(judge(categoryAlarms(even, [100, 100], simulation).errors.goodness_of_fit, simulation.samples)).toBe(
      "too often",
    );
  });
});

describe("bounds of one side at 5 % miss no more often", () => {
  it("around a proportion and around a difference, with one hit in 100 too", () => {
    for (const share of [0.5, 0.1, 0.01]) {
      for (const rows of [30, 200]) expectNotTooOften(proportionMisses(share, rows, simulation), ["clopper_pearson"]);
      for (const sizes of fewSizes) {
        expectNotTooOften(differenceMisses([share, share], sizes, simulation), ["newcombe_corrected"]);
      }
    }
  });
});
