import { chiSquareGoodnessOfFit, chiSquareTest } from "../../src/stats/chi-square-test.ts";
import { clopperPearsonBounds } from "../../src/stats/clopper-pearson.ts";
import { tableOf } from "../../src/stats/contingency-table.ts";
import type { Proportion } from "../../src/stats/counts.ts";
import { cramerVonMisesTest } from "../../src/stats/cramer-von-mises.ts";
import { pairedDelong } from "../../src/stats/delong.ts";
import { jensenShannonDistance } from "../../src/stats/divergences.ts";
import { kolmogorovSmirnovTest } from "../../src/stats/kolmogorov-smirnov.ts";
import { mannWhitneyTest } from "../../src/stats/mann-whitney.ts";
import { mcnemarExactTest, mcnemarTest } from "../../src/stats/mcnemar.ts";
import { moments } from "../../src/stats/mean-bounds.ts";
import { sumBounds } from "../../src/stats/mover.ts";
import { benjaminiHochberg, benjaminiYekutieli, holm } from "../../src/stats/multiple-testing.ts";
import { pairedMeanPower, pairedProportionPower, twoMeanPower, twoProportionPower } from "../../src/stats/power.ts";
import { studentQuantile } from "../../src/stats/quantile-functions.ts";
import { seeded } from "../../src/stats/resample.ts";
import { sortSample } from "../../src/stats/sorted-sample.ts";
import { pooledZTest, twoProportionBounds, twoProportionTest } from "../../src/stats/two-proportion.ts";
import { wilsonBounds } from "../../src/stats/wilson.ts";

// How often tests and bounds err where nothing is to be found. One sample of rows serves all methods of a family.

export const level = 0.05;

// (199 + 1) · 0.05 is whole, so the level is that of more permutations.
const permutations = 199;

type Uniform = () => number;

/** Errors counted in so many samples, by method. */
export interface Counted {
  samples: number;
  errors: Readonly<Record<string, number>>;
}

/** Whether a count is one that a method with exactly this level gives 999 times in 1000. */
export function judge(errors: number, samples: number): "holds" | "conservative" | "too often" {
  const { lower, upper } = clopperPearsonBounds({ hits: errors, rows: samples }, 0.0005);
  if (lower > level) return "too often";
  return upper < level ? "conservative" : "holds";
}

/** Draws `samples` times, and counts how often each method errs. */
function count(samples: number, seed: number, errsOf: (uniform: Uniform) => Record<string, boolean>): Counted {
  const uniform = seeded(seed);
  const errors: Record<string, number> = {};
  for (let sample = 0; sample < samples; sample += 1) {
    for (const [method, errs] of Object.entries(errsOf(uniform))) errors[method] = (errors[method] ?? 0) + Number(errs);
  }
  return { samples, errors };
}

export interface Simulation {
  samples: number;
  seed: number;
}

export type Sizes = readonly [reference: number, current: number];

/** Numbers to draw, by the inverse of their distribution function or the like. */
export interface NumberPopulation {
  name: string;
  /** Some values come more than once. */
  tied: boolean;
  draw(uniform: Uniform): number;
}

export const numberPopulations: readonly NumberPopulation[] = [
  // Two draws: 200,000 numbers of one draw's 32 bits would have ties.
  { name: "continuous", tied: false, draw: (uniform) => uniform() + uniform() / 2 ** 32 },
  { name: "lognormal(1.5)", tied: false, draw: (uniform) => Math.exp(1.5 * normal(uniform)) },
  { name: "10 values, even", tied: true, draw: (uniform) => Math.floor(10 * uniform()) },
  { name: "Poisson(1)", tied: true, draw: poissonOf(1) },
  { name: "9 in 10 are 0", tied: true, draw: (uniform) => (uniform() < 0.9 ? 0 : -Math.log(1 - uniform())) },
];

function normal(uniform: Uniform): number {
  return Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
}

function poissonOf(mean: number): (uniform: Uniform) => number {
  return (uniform) => {
    let [k, probability, rest] = [0, Math.exp(-mean), uniform()];
    for (; rest >= probability && k < 100; k += 1) {
      rest -= probability;
      probability *= mean / (k + 1);
    }
    return k;
  };
}

export function numberAlarms({ draw, tied }: NumberPopulation, [n, m]: Sizes, { samples, seed }: Simulation): Counted {
  const [first, second] = [new Float64Array(n), new Float64Array(m)];
  return count(samples, seed, (uniform) => {
    const [x, y] = [first, second].map((column) => {
      for (let row = 0; row < column.length; row += 1) column[row] = draw(uniform);
      return sortSample(column);
    });
    const drawn = { permutations, seed: Math.floor(uniform() * 2 ** 31) };
    return {
      kolmogorov_smirnov: kolmogorovSmirnovTest(x, y).pValue <= level,
      kolmogorov_smirnov_asymptotic: kolmogorovSmirnovTest(x, y, { method: "asymptotic" }).pValue <= level,
      ...(tied && {
        kolmogorov_smirnov_permutation:
          kolmogorovSmirnovTest(x, y, { method: "permutation", ...drawn }).pValue <= level,
      }),
      mann_whitney: mannWhitneyTest(x, y).pValue <= level,
      cramer_von_mises: cramerVonMisesTest(x, y, drawn).pValue <= level,
    };
  });
}

export interface CategoryPopulation {
  name: string;
  shares: readonly number[];
}

const zipf = (count: number): number[] => Array.from({ length: count }, (_, rank) => 1 / (rank + 1));

export const categoryPopulations: readonly CategoryPopulation[] = [
  { name: "5 even", shares: Array.from({ length: 5 }, () => 1) },
  { name: "20 even", shares: Array.from({ length: 20 }, () => 1) },
  { name: "5, shares as 1, 1/2 … 1/5", shares: zipf(5) },
  { name: "50, shares as 1, 1/2 … 1/50", shares: zipf(50) },
  { name: "98.9 %, 1 %, 0.1 %", shares: [989, 10, 1] },
];

export function categoryAlarms({ shares }: CategoryPopulation, sizes: Sizes, { samples, seed }: Simulation): Counted {
  const limits = cumulated(shares);
  return count(samples, seed, (uniform) => {
    const [reference, current] = sizes.map((rows) => drawCounts(limits, rows, uniform));
    const table = tableOf(reference, current);
    const asymptotic = chiSquareTest(table, { method: "asymptotic" }).pValue;
    const scale = sizes[1] / sizes[0];
    const occurs = reference.map((each, at) => each + current[at]);
    const [observed, expected] = [
      current.filter((_, at) => occurs[at] > 0),
      reference.filter((_, at) => occurs[at] > 0).map((each) => each * scale),
    ];
    return {
      chi_square: chiSquareTest(table, { permutations, seed: Math.floor(uniform() * 2 ** 31) }).pValue <= level,
      chi_square_asymptotic: asymptotic <= level,
      goodness_of_fit: chiSquareGoodnessOfFit(observed, expected).pValue <= level,
      "jensen_shannon_0.1": jensenShannonDistance(reference, current) >= 0.1,
    };
  });
}

function cumulated(shares: readonly number[]): Float64Array {
  const total = shares.reduce((sum, share) => sum + share, 0);
  let sum = 0;
  return Float64Array.from(shares, (share) => {
    sum += share / total;
    return sum;
  });
}

function drawCounts(limits: Float64Array, rows: number, uniform: Uniform): Float64Array {
  const counts = new Float64Array(limits.length);
  for (let row = 0; row < rows; row += 1) {
    const at = uniform();
    let category = 0;
    while (category < limits.length - 1 && at >= limits[category]) category += 1;
    counts[category] += 1;
  }
  return counts;
}

/** Two samples with one proportion. */
export function proportionAlarms(share: number, [n, m]: Sizes, { samples, seed }: Simulation): Counted {
  return count(samples, seed, (uniform) => {
    const first = { hits: drawHits(n, share, uniform), rows: n };
    const second = { hits: drawHits(m, share, uniform), rows: m };
    return {
      fisher: twoProportionTest(first, second).pValue <= level,
      pooled_z: pooledZTest(first, second).pValue <= level,
    };
  });
}

/** Two classifiers of one accuracy that differ on this share of the rows. */
export function mcnemarAlarms(discordant: number, rows: number, { samples, seed }: Simulation): Counted {
  return count(samples, seed, (uniform) => {
    const differ = drawHits(rows, discordant, uniform);
    const firstOnly = drawHits(differ, 0.5, uniform);
    const counts = { firstOnly, secondOnly: differ - firstOnly };
    return {
      mcnemar_exact: mcnemarExactTest(counts).pValue <= level,
      mcnemar_corrected: mcnemarTest(counts).pValue <= level,
      mcnemar_uncorrected: mcnemarTest(counts, false).pValue <= level,
    };
  });
}

/** Two models of one ROC AUC: the label's signal with noise of their own, of one spread. Samples of one class only are drawn anew. */
export function delongAlarms(share: number, rows: number, { samples, seed }: Simulation): Counted {
  const [labels, first, second] = [new Uint8Array(rows), new Float64Array(rows), new Float64Array(rows)];
  return count(samples, seed, (uniform) => {
    let positives = 0;
    do {
      positives = 0;
      for (let row = 0; row < rows; row += 1) {
        labels[row] = Number(uniform() < share);
        positives += labels[row];
      }
    } while (positives < 2 || positives > rows - 2);
    for (let row = 0; row < rows; row += 1) {
      const shared = 1.2 * labels[row] + normal(uniform);
      first[row] = shared + normal(uniform) / 2;
      second[row] = shared + normal(uniform) / 2;
    }
    const { pValue } = pairedDelong({ labels, first, second });
    return { paired_delong: pValue !== null && pValue <= level };
  });
}

/** One-sided bounds of a proportion: the worse of the two sides. */
export function proportionMisses(share: number, rows: number, simulation: Simulation): Counted {
  return worseSide(simulation, (uniform) => {
    const hits = drawHits(rows, share, uniform);
    return {
      truth: share,
      bounds: {
        clopper_pearson: clopperPearsonBounds({ hits, rows }, level),
        wilson: wilsonBounds({ share: hits / rows, rows }, level),
      },
    };
  });
}

/** One-sided bounds of the difference of two proportions: the worse of the two sides. */
export function differenceMisses([p, q]: readonly [number, number], [n, m]: Sizes, simulation: Simulation): Counted {
  return worseSide(simulation, (uniform) => {
    const first = { hits: drawHits(n, p, uniform), rows: n };
    const second = { hits: drawHits(m, q, uniform), rows: m };
    return {
      truth: p - q,
      bounds: { newcombe_corrected: twoProportionBounds(first, second, level), newcombe: newcombe(first, second) },
    };
  });
}

function newcombe(...samples: readonly [Proportion, Proportion]) {
  const addends = samples.map(({ hits, rows }, at) => ({
    coefficient: at === 0 ? 1 : -1,
    estimate: {
      value: hits / rows,
      method: "wilson",
      effectiveRows: rows,
      bounds: (alpha: number) => wilsonBounds({ share: hits / rows, rows }, alpha),
    },
  }));
  return sumBounds(addends, () => 0, level);
}

interface Measured {
  truth: number;
  bounds: Readonly<Record<string, { lower: number; upper: number }>>;
}

function worseSide({ samples, seed }: Simulation, measure: (uniform: Uniform) => Measured): Counted {
  const { errors } = count(samples, seed, (uniform) => {
    const { truth, bounds } = measure(uniform);
    return Object.fromEntries(
      Object.entries(bounds).flatMap(([method, { lower, upper }]) => [
        [`${method} below`, truth < lower],
        [`${method} above`, truth > upper],
      ]),
    );
  });
  const methods = new Set(Object.keys(errors).map((key) => key.slice(0, key.lastIndexOf(" "))));
  const worst = (method: string): number => Math.max(errors[`${method} below`], errors[`${method} above`]);
  return { samples, errors: Object.fromEntries([...methods].map((method) => [method, worst(method)])) };
}

/** How many of so many rows are hits. */
function drawHits(rows: number, share: number, uniform: Uniform): number {
  let hits = 0;
  for (let row = 0; row < rows; row += 1) hits += Number(uniform() < share);
  return hits;
}

/** 20 tests without anything to find, corrected: any rejection is an error. */
export function familyErrors({ samples, seed }: Simulation): Counted {
  return count(samples, seed, (uniform) => {
    const pValues = Float64Array.from({ length: 20 }, uniform);
    const rejects = (adjusted: Float64Array): boolean => adjusted.some((p) => p <= level);
    return {
      uncorrected: rejects(pValues),
      holm: rejects(holm(pValues)),
      benjamini_hochberg: rejects(benjaminiHochberg(pValues)),
      benjamini_yekutieli: rejects(benjaminiYekutieli(pValues)),
    };
  });
}

/** A difference that is there, how probable power.ts says it is to be found, and how often the test finds it. */
export interface PowerCase {
  name: string;
  says: number;
  finds(uniform: Uniform): boolean;
}

export const powerCases: readonly PowerCase[] = [
  {
    name: "two proportions, 0.10 and 0.14, 900 rows each",
    says: twoProportionPower({ first: 0.1, second: 0.14, firstRows: 900, secondRows: 900 }),
    finds: (uniform) => {
      const [first, second] = [0.1, 0.14].map((share) => ({ hits: drawHits(900, share, uniform), rows: 900 }));
      return pooledZTest(first, second).pValue <= level;
    },
  },
  {
    name: "two means, 0.8 standard deviations apart, 12 and 30 rows",
    says: twoMeanPower({ effect: 0.8, firstRows: 12, secondRows: 30 }),
    finds: (uniform) => {
      const [x, y] = [normals(12, 0.8, uniform), normals(30, 0, uniform)].map((column) => moments(column, null));
      const pooled = (11 * x.variance + 29 * y.variance) / 40;
      const t = (x.mean - y.mean) / Math.sqrt(pooled * (1 / 12 + 1 / 30));
      return Math.abs(t) >= studentQuantile(1 - level / 2, 40);
    },
  },
  {
    name: "paired means, 0.5 standard deviations, 25 rows",
    says: pairedMeanPower({ effect: 0.5, rows: 25 }),
    finds: (uniform) => {
      const { mean, variance } = moments(normals(25, 0.5, uniform), null);
      return Math.abs(mean) / Math.sqrt(variance / 25) >= studentQuantile(1 - level / 2, 24);
    },
  },
  {
    name: "paired proportions, 8 % and 5 % of 900 rows right by one only",
    says: pairedProportionPower({ firstOnly: 0.08, secondOnly: 0.05 }, 900),
    finds: (uniform) => {
      const differ = drawHits(900, 0.13, uniform);
      const firstOnly = drawHits(differ, 0.08 / 0.13, uniform);
      return mcnemarTest({ firstOnly, secondOnly: differ - firstOnly }, false).pValue <= level;
    },
  },
];

function normals(rows: number, mean: number, uniform: Uniform): Float64Array {
  return Float64Array.from({ length: rows }, () => mean + normal(uniform));
}

export function found({ finds }: PowerCase, { samples, seed }: Simulation): number {
  return count(samples, seed, (uniform) => ({ finds: finds(uniform) })).errors.finds ?? 0;
}
