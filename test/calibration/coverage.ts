import { expect } from "vitest";
import { measureSubject } from "../../src/evaluation/subject.ts";
import { seeded } from "../../src/stats/resample.ts";
import { judge, level } from "./false-alarms.ts";
import { type FinitePopulation, sampleOf } from "./finite-populations.ts";
import { expectOnPage } from "./page.ts";

// How often the true value lies outside of the one-sided bounds that an evaluation gives: every metric with the method in use.

const sizes = [30, 100, 300, 1_000, 10_000, 100_000];

/** Samples that gave an interval, and how many of those missed: on the side where more did. */
interface Missed {
  samples: number;
  misses: number;
}

export interface Plan {
  measures(metric: string): boolean;
  samplesOf(rows: number): number;
}

/** Misses of each metric of a population, by size. */
function coverageOf({ rows }: FinitePopulation, { measures, samplesOf }: Plan): ReadonlyMap<string, readonly Missed[]> {
  const truth = trueValues(rows);
  const names = [...truth.keys()].filter(measures);
  const found = new Map<string, Missed[]>(names.map((name) => [name, []]));
  for (const size of sizes) {
    const first = missesOf(rows, truth, { names, size, samples: samplesOf(size), seed: 20261128 + size });
    // Among so many counts some lie outside by chance: those are made again, with four times the samples.
    const suspects = names.filter((name) => verdictOf(first.get(name)) === "too often");
    const again =
      suspects.length === 0
        ? first
        : missesOf(rows, truth, { names: suspects, size, samples: 4 * samplesOf(size), seed: 20261129 + size });
    for (const name of names) {
      const missed = (suspects.includes(name) ? again : first).get(name);
      if (missed !== undefined) found.get(name)?.push(missed);
    }
  }
  return found;
}

function trueValues(rows: FinitePopulation["rows"]): ReadonlyMap<string, number> {
  const { names, get } = measureSubject(rows).all.metrics;
  return new Map(
    names.flatMap((name) => {
      const value = get(name)?.value ?? null;
      // Of the largest error nothing is bounded, and nothing promised.
      return value === null || name === "max_error" ? [] : [[name, value]];
    }),
  );
}

interface Drawn {
  names: readonly string[];
  size: number;
  samples: number;
  seed: number;
}

function missesOf(
  population: FinitePopulation["rows"],
  truth: ReadonlyMap<string, number>,
  { names, size, samples, seed }: Drawn,
): ReadonlyMap<string, Missed> {
  const uniform = seeded(seed);
  const counted = new Map(names.map((name) => [name, { samples: 0, below: 0, above: 0 }]));
  for (let sample = 0; sample < samples; sample += 1) {
    const { metrics } = measureSubject(sampleOf(population, size, uniform)).all;
    for (const [name, count] of counted) {
      const measured = metrics.get(name);
      const value = truth.get(name) ?? Number.NaN;
      if (measured === undefined || measured.value === null) continue;
      const { lower, upper } = measured.bounds(level);
      // Rounding is no miss: several bounds of a value that is known exactly are that value.
      const room = 1e-12 * Math.abs(value);
      count.samples += 1;
      count.below += Number(value < lower - room);
      count.above += Number(value > upper + room);
    }
  }
  return new Map(
    [...counted].map(([name, { samples: given, below, above }]) => [
      name,
      { samples: given, misses: Math.max(below, above) },
    ]),
  );
}

// With fewer intervals than this (a class that is mostly absent) a rate is not worth a number.
const fewest = 200;

function verdictOf(missed: Missed | undefined): ReturnType<typeof judge> | "unknown" {
  return missed === undefined || missed.samples < fewest ? "unknown" : judge(missed.misses, missed.samples);
}

/** Holds a table of docs/calibration.md; no bound but of `known`, which the page tells of, is missed too often. */
export function expectCoverage(
  section: string,
  populations: readonly FinitePopulation[],
  { plan, known = [] }: { plan: Plan; known?: readonly string[] },
): void {
  const found = populations.map((population) => ({ name: population.name, missed: coverageOf(population, plan) }));
  const metrics = new Set(found.flatMap(({ missed }) => [...missed.keys()]));
  const rows = [...metrics].flatMap((metric) =>
    found.flatMap(({ name, missed }) => {
      const counts = missed.get(metric);
      return counts === undefined ? [] : [{ metric, name, counts }];
    }),
  );
  const columns = sizes.map((size) => size.toLocaleString("en"));
  expectOnPage(section, [
    `| metric | rows are | ${columns.join(" | ")} |`,
    `|${"---|".repeat(2 + columns.length)}`,
    ...rows.map(({ metric, name, counts }) => `| \`${metric}\` | ${name} | ${counts.map(cellOf).join(" | ")} |`),
  ]);
  const wrong = rows.flatMap(({ metric, name, counts }) =>
    counts.some((count) => verdictOf(count) === "too often") ? [`${metric}: ${name}`] : [],
  );
  expect(wrong).toEqual(known);
}

/** Empty where hardly a sample had an interval. */
function cellOf(missed: Missed): string {
  const percent = ((100 * missed.misses) / missed.samples).toFixed(1);
  return { holds: percent, conservative: `(${percent})`, "too often": `**${percent}**`, unknown: "" }[
    verdictOf(missed)
  ];
}
