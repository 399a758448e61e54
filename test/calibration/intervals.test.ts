import { describe, expect, it } from "vitest";
import type { Predictions } from "../../src/evaluation/predictions.ts";
import { isRegressionMetric, regressionMetric, selectRegression } from "../../src/evaluation/regression-metrics.ts";
import { measureSubject } from "../../src/evaluation/subject.ts";
import type { Bounds } from "../../src/stats/bounds.ts";
import { independentRows } from "../../src/stats/design-effect.ts";
import { uniform } from "../support/builders/predictions.ts";
import { candidatesFor } from "./candidates.ts";
import { binaries, multiclasses, type Population, regressions } from "./populations.ts";

// How often the true value lies outside each one-sided 5 % bound: analytic against bootstrap. `npm run test:calibration`
// prints the table of docs/calibration.md and fails where the method in use is worse than one that is not.

const alpha = 0.05;
// With fewer rows shares of classes are a handful of rows each, and no method is best for all metrics (docs/calibration.md).
const leastRows = 50;
const samplesOf = (rows: number): number => (rows <= 300 ? 1000 : 400);
const methods = ["analytic", "bca", "bootstrapT"] as const;
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
  for (let sample = 0; sample < samplesOf(rows); sample += 1) {
    const predictions = population.sample(rows, 1 + Math.floor(random() * 2e9));
    for (const metric of population.metrics) {
      const analytic = analyticBounds(predictions, metric);
      if (analytic === null) continue;
      const bootstrapped = candidatesFor(predictions, metric, alpha) ?? { bca: analytic, bootstrapT: analytic };
      counted[metric] ??= { analytic: noMisses(), bca: noMisses(), bootstrapT: noMisses() };
      count(counted[metric].analytic, analytic, truth[metric]);
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

/** The analytic bounds, of R² too: as if the evaluation had more rows than are bootstrapped. */
function analyticBounds(predictions: Predictions, metric: string): Bounds | null {
  const everyRow = Uint32Array.from(predictions.labels.keys());
  const measured =
    predictions.task === "regression" && isRegressionMetric(metric)
      ? regressionMetric(selectRegression(predictions, everyRow), {
          metric,
          design: independentRows,
          total: Number.POSITIVE_INFINITY,
        })
      : measureSubject(predictions).all.metrics.get(metric);
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

function share(misses: number, { samples }: Misses): string {
  return ((100 * misses) / samples).toFixed(1);
}

function tableRow(population: Population, rows: number, metric: string, counted: Record<Method, Misses>): string {
  const cells = methods.map(
    (method) => `${share(counted[method].below, counted[method])} / ${share(counted[method].above, counted[method])}`,
  );
  return `| ${metric} | ${population.name} | ${rows} | ${cells.join(" | ")} |`;
}

/** The more frequent of a method's two kinds of miss. */
function worst({ below, above }: Misses): number {
  return Math.max(below, above);
}

/** Four standard deviations of the difference of two such counts, were they independent: they are not, so it is generous. */
function noise({ samples }: Misses, misses: number): number {
  return 4 * Math.sqrt(2 * Math.max(misses, samples * alpha) * (1 - alpha));
}

const plans: [string, readonly Population[], readonly number[]][] = [
  ["regression", regressions, [30, 100, 300, 1000, 2000]],
  ["binary", binaries, [30, 200, 2000]],
  ["multiclass", multiclasses, [50, 200, 2000]],
];

describe.each(plans)("one-sided bounds of %s metrics", (_, populations, sizes) => {
  it.each(populations)("are the better ones of those measured, for rows that are $name", (population) => {
    const truth = truthOf(population);
    const measured = sizes.flatMap((rows) =>
      Object.entries(countMisses(population, rows, truth)).map(([metric, counted]) => ({ metric, rows, counted })),
    );
    const table = measured.map(({ metric, rows, counted }) => tableRow(population, rows, metric, counted));
    process.stdout.write(`${table.join("\n")}\n`);
    for (const { metric, rows, counted } of measured.filter(({ rows }) => rows >= leastRows)) {
      const inUse = metric === "r2" ? counted.bootstrapT : counted.analytic;
      const best = Math.min(...methods.map((method) => worst(counted[method])));
      expect(worst(inUse) - best, `${metric}, ${rows} rows`).toBeLessThan(noise(inUse, best));
    }
  });
});
