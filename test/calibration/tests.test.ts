import { describe, expect, it } from "vitest";
import {
  type Counted,
  categoryAlarms,
  categoryPopulations,
  delongAlarms,
  differenceMisses,
  familyErrors,
  found,
  judge,
  mcnemarAlarms,
  numberAlarms,
  numberPopulations,
  powerCases,
  proportionAlarms,
  proportionMisses,
  type Sizes,
} from "./false-alarms.ts";
import { expectOnPage } from "./page.ts";

// The tables of docs/calibration.md, by simulation: what is the default errs no more often than it promises.

const seed = 20261125;

/** Fewer samples where one takes long: a rate of 5 % is then measured to ±1.0 (numbers ±1.3), ±2.3, ±3.6. */
function samplesOf(rows: number, few: number): number {
  if (rows <= 400) return few;
  return rows <= 10_000 ? 1_000 : 400;
}

interface Row {
  name: string;
  counted: readonly Counted[];
}

/** A line for each method of each population: percent of samples, by size. */
function tableOf(title: string, columns: readonly string[], rows: readonly Row[]): string[] {
  const lines = rows.flatMap(({ name, counted }) => {
    const methods = new Set(counted.flatMap(({ errors }) => Object.keys(errors)));
    return [...methods].map(
      (method) => `| ${name} | ${method} | ${columns.map((_, at) => cell(method, counted[at])).join(" | ")} |`,
    );
  });
  const head = [title, "method", ...columns];
  return [`| ${head.join(" | ")} |`, `|${head.map(() => "---").join("|")}|`, ...lines];
}

/** Empty where the method was not measured. */
function cell(method: string, counted: Counted | undefined): string {
  const count = counted?.errors[method];
  if (counted === undefined || count === undefined) return "";
  const percent = ((100 * count) / counted.samples).toFixed(1);
  return { holds: percent, conservative: `(${percent})`, "too often": `**${percent}**` }[judge(count, counted.samples)];
}

function verdicts(rows: readonly Row[], method: string): string[] {
  return rows.flatMap(({ name, counted }) =>
    counted.flatMap(({ samples, errors }, at) =>
      errors[method] === undefined ? [] : [`${name}, column ${at}: ${judge(errors[method], samples)}`],
    ),
  );
}

function expectNeverTooOften(rows: readonly Row[], methods: readonly string[]): void {
  for (const method of methods) {
    expect({ method, wrong: verdicts(rows, method).filter((verdict) => verdict.endsWith("too often")) }).toEqual({
      method,
      wrong: [],
    });
  }
}

/** What the page says of methods that are not the default. */
function expectTooOftenSomewhere(rows: readonly Row[], methods: readonly string[]): void {
  for (const method of methods) expect(verdicts(rows, method).join(), method).toContain("too often");
}

const sizeName = ([n, m]: Sizes): string => `${n.toLocaleString("en")} / ${m.toLocaleString("en")}`;
function simulate(rows: number, few = 5_000): { samples: number; seed: number } {
  return { samples: samplesOf(rows, few), seed: seed + rows };
}

describe("false alarms at 5 %", () => {
  it("of tests of numbers", () => {
    const sizes: Sizes[] = [
      [30, 30],
      [100, 100],
      [30, 1_000],
      [500, 5_000],
      [10_000, 10_000],
      [100_000, 100_000],
    ];
    // Thousands of distinct values with ties: there the permutation tests take long.
    const rows = numberPopulations.map((population, at) => ({
      name: population.name,
      counted: sizes
        .filter(([n]) => n < 10_000 || at === 0 || at === 2)
        .map((size) => numberAlarms(population, size, simulate(size[0] + size[1], 3_000))),
    }));
    expectOnPage("tests of numbers", tableOf("rows are", sizes.map(sizeName), rows));
    expectNeverTooOften(rows, [
      "kolmogorov_smirnov",
      "kolmogorov_smirnov_permutation",
      "mann_whitney",
      "cramer_von_mises",
    ]);
  });

  it("of tests of categories", () => {
    const sizes: Sizes[] = [
      [30, 30],
      [100, 100],
      [30, 1_000],
      [1_000, 1_000],
      [500, 5_000],
      [100_000, 100_000],
    ];
    const rows = categoryPopulations.map((population) => ({
      name: population.name,
      counted: sizes.map((size) => categoryAlarms(population, size, simulate(size[0] + size[1]))),
    }));
    expectOnPage("tests of categories", tableOf("categories", sizes.map(sizeName), rows));
    expectNeverTooOften(rows, ["chi_square"]);
    expectTooOftenSomewhere(rows, ["chi_square_asymptotic", "goodness_of_fit", "jensen_shannon_0.1"]);
  });

  it("of tests of two proportions", () => {
    const sizes: Sizes[] = [
      [30, 30],
      [100, 100],
      [30, 300],
      [100, 1_000],
      [1_000, 1_000],
      [100_000, 100_000],
    ];
    const rows = [0.5, 0.1, 0.01, 0.003].map((share) => ({
      name: `${100 * share} %`,
      counted: sizes.map((size) => proportionAlarms(share, size, simulate(size[0] + size[1]))),
    }));
    expectOnPage("tests of two proportions", tableOf("hits are", sizes.map(sizeName), rows));
    expectNeverTooOften(rows, ["fisher"]);
    expectTooOftenSomewhere(rows, ["pooled_z"]);
  });

  it("of McNemar's tests", () => {
    const sizes = [30, 100, 300, 1_000, 10_000, 100_000];
    const rows = [0.3, 0.1, 0.02].map((discordant) => ({
      name: `${100 * discordant} %`,
      counted: sizes.map((size) => mcnemarAlarms(discordant, size, simulate(size))),
    }));
    const columns = sizes.map((size) => size.toLocaleString("en"));
    expectOnPage("McNemar's tests", tableOf("rows that differ", columns, rows));
    expectNeverTooOften(rows, ["mcnemar_exact", "mcnemar_corrected"]);
  });

  it("of DeLong's paired test", () => {
    const sizes = [100, 300, 1_000, 10_000, 100_000];
    const rows = [0.5, 0.1, 0.02].map((share) => ({
      name: `${100 * share} %`,
      counted: sizes.map((size) => delongAlarms(share, size, simulate(size))),
    }));
    const columns = sizes.map((size) => size.toLocaleString("en"));
    expectOnPage("DeLong's paired test", tableOf("positives are", columns, rows));
  });

  it("of 20 tests at once", () => {
    const counted = familyErrors({ samples: 10_000, seed });
    const rows = [{ name: "20 tests", counted: [counted] }];
    expectOnPage("20 tests at once", tableOf("of", ["any false alarm"], rows));
    expectNeverTooOften(rows, ["holm", "benjamini_hochberg", "benjamini_yekutieli"]);
  });
});

describe("misses of one-sided bounds at 5 %", () => {
  it("of a proportion", () => {
    const sizes = [30, 100, 300, 1_000, 10_000, 100_000];
    const rows = [0.5, 0.1, 0.01].map((share) => ({
      name: `${100 * share} %`,
      counted: sizes.map((size) => proportionMisses(share, size, simulate(size))),
    }));
    const columns = sizes.map((size) => size.toLocaleString("en"));
    expectOnPage("bounds of a proportion", tableOf("hits are", columns, rows));
    expectNeverTooOften(rows, ["clopper_pearson"]);
    expectTooOftenSomewhere(rows, ["wilson"]);
  });

  it("of a difference of two proportions", () => {
    const sizes: Sizes[] = [
      [30, 30],
      [100, 100],
      [30, 300],
      [100, 1_000],
      [1_000, 1_000],
      [100_000, 100_000],
    ];
    const shares: [number, number][] = [
      [0.5, 0.5],
      [0.6, 0.3],
      [0.1, 0.1],
      [0.01, 0.01],
      [0.01, 0.03],
    ];
    const rows = shares.map((pair) => ({
      name: pair.map((share) => `${100 * share} %`).join(" and "),
      counted: sizes.map((size) => differenceMisses(pair, size, simulate(size[0] + size[1]))),
    }));
    expectOnPage("bounds of a difference", tableOf("hits are", sizes.map(sizeName), rows));
    expectNeverTooOften(rows, ["newcombe_corrected"]);
    expectTooOftenSomewhere(rows, ["newcombe"]);
  });
});

it("power is what power.ts says", () => {
  const samples = 10_000;
  const lines = powerCases.map((each) => {
    const share = found(each, { samples, seed }) / samples;
    // Four standard deviations, and a point for the normal approximation.
    expect(Math.abs(share - each.says), each.name).toBeLessThan(0.03);
    return `| ${each.name} | ${(100 * each.says).toFixed(1)} | ${(100 * share).toFixed(1)} |`;
  });
  expectOnPage("power", ["| difference | power.ts says | found |", "|---|---|---|", ...lines]);
});
