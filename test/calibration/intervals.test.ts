import { describe, expect, it } from "vitest";
import type { Predictions } from "../../src/evaluation/predictions.ts";
import { measureSubject } from "../../src/evaluation/subject.ts";
import type { Bounds } from "../../src/stats/bounds.ts";
import { uniform } from "../support/builders/predictions.ts";
import { candidatesFor } from "./candidates.ts";
import { expectOnPage } from "./page.ts";
import { binaries, multiclasses, type Population, regressions } from "./populations.ts";

// How often the true value lies outside of each one-sided 5 % bound: formulas against bootstraps. Fails where the method in use is
// worse than one that is not.

const alpha = 0.05;
// With fewer rows shares of classes are a handful of rows each, and no method is best for all metrics (docs/calibration.md).
const leastRows = 50;
const samples = 200;
const methods = ["inUse", "bca", "bootstrapT"] as const;
type Method = (typeof methods)[number];

interface Misses {
  samples: number;
  /** The true value lies below the lower bound, above the upper bound. */
  below: number;
  above: number;
}

type Counted = Record<string, Record<Method, Misses>>;

/** Misses of every metric of a population at one size. */
function countMisses(population: Population, rows: number, truth: Readonly<Record<string, number>>): Counted {
  const random = uniform(20261121 + rows);
  const counted: Counted = {};
  for (let sample = 0; sample < samples; sample += 1) {
    const predictions = population.sample(rows, 1 + Math.floor(random() * 2e9));
    for (const metric of population.metrics) {
      const inUse = boundsInUse(predictions, metric);
      if (inUse === null) continue;
      const bootstrapped = candidatesFor(predictions, metric, alpha) ?? { bca: inUse, bootstrapT: inUse };
      counted[metric] ??= { inUse: noMisses(), bca: noMisses(), bootstrapT: noMisses() };
      count(counted[metric].inUse, inUse, truth[metric]);
      count(counted[metric].bca, bootstrapped.bca, truth[metric]);
      count(counted[metric].bootstrapT, bootstrapped.bootstrapT, truth[metric]);
    }
  }
  return counted;
}

function noMisses(): Misses {
  return { samples: 0, below: 0, above: 0 };
}

function count(misses: Misses, { lower, upper }: Bounds, truth: number): void {
  misses.samples += 1;
  misses.below += Number(truth < lower);
  misses.above += Number(truth > upper);
}

function boundsInUse(predictions: Predictions, metric: string): Bounds | null {
  const measured = measureSubject(predictions).all.metrics.get(metric);
  return measured === undefined || measured.value === null ? null : measured.bounds(alpha);
}

// One sample of 400,000 rows would be off by a tenth of the error of 2,000 rows often enough to be seen in the table.
const truthSamples = 8;

function truthOf(population: Population): Readonly<Record<string, number>> {
  if (population.truth !== null) return population.truth;
  const sums: Record<string, number> = {};
  for (let sample = 1; sample <= truthSamples; sample += 1) {
    const { names, get } = measureSubject(population.sample(400_000, 4242 * sample)).all.metrics;
    for (const name of names) {
      sums[name] = (sums[name] ?? 0) + (get(name)?.value ?? Number.NaN) / truthSamples;
    }
  }
  return sums;
}

/** A line of the page: for each method the worse side at each size, in percent of samples. */
function tableRow(population: Population, metric: string, counted: readonly Record<Method, Misses>[]): string {
  const cells = methods.map((method) =>
    counted.map((each) => ((100 * worst(each[method])) / each[method].samples).toFixed(1)).join(", "),
  );
  return `| \`${metric}\` | ${population.name} | ${cells.join(" | ")} |`;
}

/** The more frequent of a method's two kinds of miss. */
function worst({ below, above }: Misses): number {
  return Math.max(below, above);
}

/** Four standard deviations of the difference of two such counts, were they independent: they are not, so it is generous. */
function noise({ samples }: Misses, misses: number): number {
  return 4 * Math.sqrt(2 * Math.max(misses, samples * alpha) * (1 - alpha));
}

const plans: [readonly Population[], readonly number[]][] = [
  [regressions, [30, 100]],
  [binaries, [30, 200]],
  [multiclasses, [50, 200]],
];

describe("one-sided bounds of metrics", () => {
  it("are by the better method of those measured", () => {
    const lines: string[] = [];
    const worse: string[] = [];
    for (const [populations, sizes] of plans) {
      for (const population of populations) {
        const truth = truthOf(population);
        const bySize = sizes.map((rows) => countMisses(population, rows, truth));
        for (const metric of population.metrics) {
          const counted = bySize.flatMap((each) => each[metric] ?? []);
          lines.push(tableRow(population, metric, counted));
          counted.forEach((each, at) => {
            const best = Math.min(...methods.map((method) => worst(each[method])));
            const beyondChance = worst(each.inUse) - best >= noise(each.inUse, best);
            if (sizes[at] >= leastRows && beyondChance) worse.push(`${metric}: ${population.name}, ${sizes[at]} rows`);
          });
        }
      }
    }
    expectOnPage("formulas and bootstraps", [
      "| metric | rows are | in use | BCa | bootstrap-t |",
      "|---|---|---|---|---|",
      ...lines,
    ]);
    expect(worse).toEqual([]);
  });
});
