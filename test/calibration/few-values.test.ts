import { describe, expect, it } from "vitest";
import { binForecasts, calibrationError, equalWidthBins } from "../../src/evaluation/calibration-error.ts";
import type { Bounds } from "../../src/stats/bounds.ts";
import { cellMeanBounds, cellScoreBounds, type ValuedCells } from "../../src/stats/cell-mean-bounds.ts";
import { meanBounds } from "../../src/stats/mean-bounds.ts";
import { sumBounds } from "../../src/stats/mover.ts";
import { normalQuantile } from "../../src/stats/quantile-functions.ts";
import { seeded } from "../../src/stats/resample.ts";
import { wilsonBounds } from "../../src/stats/wilson.ts";
import { judge } from "./false-alarms.ts";
import { expectOnPage } from "./page.ts";

// How often the true value lies outside of the one-sided 5 % bounds of `value` and of `ece`, beside the methods that are not in use.

const alpha = 0.05;
type Interval<Rows> = (rows: Rows) => Bounds;

/** Misses in per cent: the true value below the lower bound, above the upper bound. */
function missRates<Rows>(
  methods: Readonly<Record<string, Interval<Rows>>>,
  draw: () => Rows,
  { truth, samples }: { truth: number; samples: number },
): Record<string, { below: number; above: number }> {
  const counted = Object.fromEntries(Object.keys(methods).map((name) => [name, { below: 0, above: 0 }]));
  for (let sample = 0; sample < samples; sample += 1) {
    const rows = draw();
    for (const [name, method] of Object.entries(methods)) {
      const { lower, upper } = method(rows);
      counted[name].below += (100 * Number(truth < lower)) / samples;
      counted[name].above += (100 * Number(truth > upper)) / samples;
    }
  }
  return counted;
}

type Rates = ReturnType<typeof missRates>;

/** A line of the page: for each method the worse side at each size, in percent. */
function lineOf(name: string, methods: readonly string[], found: readonly Rates[]): string {
  const cells = methods.map((method) => found.map((rates) => worstOf(rates[method]).toFixed(1)).join(", "));
  return `| ${[name, ...cells].join(" | ")} |`;
}

function headOf(name: string, methods: readonly string[]): string[] {
  return [`| ${[name, ...methods].join(" | ")} |`, `|${"---|".repeat(1 + methods.length)}`];
}

/** Whether a method that errs in exactly 5 % gives such a rate. */
function holds(rates: { below: number; above: number }, samples: number): boolean {
  return judge(Math.round((worstOf(rates) * samples) / 100), samples) !== "too often";
}

function worstOf(rates: { below: number; above: number }): number {
  return Math.max(rates.below, rates.above);
}

// ---- value: true negative, false positive, false negative, true positive ----

const matrices = { design: [0, -15, -20, 40], fraud: [0, -1, -100, 0], lead: [0, -1, 0, 100], even: [1, -1, -1, 1] };
/** Share of positives, recall, false positive rate. */
const classifiers = {
  "3 positives in 10": [0.3, 0.7, 0.1],
  "3 positives in 10, nearly all right": [0.3, 0.98, 0.01],
  "1 positive in 100": [0.01, 0.7, 0.02],
  "1 positive in 100, few found": [0.01, 0.3, 0.005],
} as const;

const valueMethods: Record<string, Interval<ValuedCells>> = {
  in_use: (cells) => cellMeanBounds(cells, alpha),
  score_test: (cells) => cellScoreBounds(cells, alpha),
  hall_t: ({ values, shares, rows }) => {
    const moment = (power: number, mean: number) =>
      values.reduce((sum, value, cell) => sum + shares[cell] * (value - mean) ** power, 0);
    const mean = moment(1, 0);
    const [second, third] = [moment(2, mean), moment(3, mean)];
    const skewness = second > 0 ? third / second ** 1.5 : 0;
    return meanBounds({ effectiveRows: rows, mean, variance: (second * rows) / (rows - 1), skewness }, alpha);
  },
  wilson_mover: ({ values, shares, rows }) => {
    // The most frequent cell is what the others leave: its value is the origin.
    const origin = shares.indexOf(Math.max(...shares));
    const cells = shares.flatMap((share, cell) => (cell === origin ? [] : [{ share, value: values[cell] }]));
    const addends = cells.map(({ share, value }) => ({
      coefficient: value - values[origin],
      estimate: {
        value: share,
        method: "",
        effectiveRows: rows,
        bounds: (a: number) => wilsonBounds({ share, rows }, a),
      },
    }));
    const correlation = (i: number, j: number) => {
      const [p, q] = [cells[i].share, cells[j].share];
      return p === 1 || q === 1 ? 0 : -Math.sqrt((p * q) / ((1 - p) * (1 - q)));
    };
    const { lower, upper } = sumBounds(addends, correlation, alpha);
    return { lower: lower + values[origin], upper: upper + values[origin] };
  },
};

describe("one-sided bounds of value", () => {
  const table = Object.entries(matrices).flatMap(([matrix, values]) =>
    Object.entries(classifiers).map(([name, rates]) => ({ matrix, values, name, rates })),
  );

  const sizes = [30, 100, 300, 1000, 3000];

  it("hold with the worths and classifiers of the page", () => {
    const measured = table.map(({ matrix, values, name, rates }) => {
      const cells = sharesOf(rates);
      const truth = values.reduce((sum, value, cell) => sum + cells[cell] * value, 0);
      const found = sizes.map((rows) =>
        missRates(valueMethods, cellDraw(values, cells, rows), { truth, samples: valueSamples }),
      );
      return { name: `${name}, ${matrix}`, found };
    });
    const methods = Object.keys(valueMethods);
    expectOnPage("intervals of value", [
      ...headOf("classifier, worths", methods),
      ...measured.map(({ name, found }) => lineOf(name, methods, found)),
    ]);
    const wrong = measured.filter(({ found }) => found.some((rates) => !holds(rates.in_use, valueSamples)));
    expect(wrong.map(({ name }) => name)).toEqual([]);
  });
});

const valueSamples = 2000;

function sharesOf([positives, recall, falsePositives]: readonly [number, number, number]): number[] {
  return [
    (1 - positives) * (1 - falsePositives),
    (1 - positives) * falsePositives,
    positives * (1 - recall),
    positives * recall,
  ];
}

/** Draws rows that fall into cells with these chances. */
function cellDraw(values: readonly number[], chances: readonly number[], rows: number): () => ValuedCells {
  const random = seeded(20261125 + rows);
  return () => {
    const counts = chances.map(() => 0);
    for (let row = 0; row < rows; row += 1) {
      let [cell, left] = [0, random()];
      while (cell < chances.length - 1 && left >= chances[cell]) {
        left -= chances[cell];
        cell += 1;
      }
      counts[cell] += 1;
    }
    return { values, shares: counts.map((count) => count / rows), rows };
  };
}

// ---- ece ----

interface Forecast {
  score: number;
  chance: number;
}

function logistic(x: number): number {
  return 1 / (1 + Math.exp(-x));
}

/** Log odds of the chance: mean and standard deviation; and the score that is given for it. */
const forecasters: Record<
  string,
  { center: number; spread: number; score: (logit: number, chance: number) => number }
> = {
  calibrated: { center: -1, spread: 1.5, score: (_, chance) => chance },
  "too sharp by 1.3": { center: -1, spread: 1.5, score: (logit) => logistic(1.3 * logit) },
  "too sharp by 2": { center: -1, spread: 1.5, score: (logit) => logistic(2 * logit) },
  "too low by 0.03": { center: -1, spread: 1.5, score: (_, chance) => Math.max(0, chance - 0.03) },
  "wrong in one bin": {
    center: -1,
    spread: 1.5,
    score: (_, chance) => (chance > 0.7 && chance < 0.77 ? 0.43 : chance),
  },
  "calibrated, 1 positive in 100": { center: -6, spread: 1.5, score: (_, chance) => chance },
  "half the chance, 1 positive in 100": { center: -6, spread: 1.5, score: (_, chance) => chance / 2 },
  "too sharp, near 1": { center: 3.5, spread: 1, score: (logit) => logistic(1.5 * logit) },
};

type Binned = ReturnType<typeof binForecasts>;
const eceMethods: Record<string, Interval<Binned>> = {
  in_use: (binned) => calibrationError(binned).bounds(alpha),
  // What a standard error around the plug-in value says.
  naive: ({ deviations: { values, variances } }) => {
    const value = values.reduce((sum, each) => sum + Math.abs(each), 0);
    const margin = normalQuantile(1 - alpha) * Math.sqrt(variances.reduce((sum, each) => sum + each, 0));
    return { lower: value - margin, upper: value + margin };
  },
};

const eceSizes = [100, 300, 1000, 10_000, 100_000];
const eceSamples = (rows: number): number => (rows >= 100_000 ? 200 : rows >= 10_000 ? 400 : 1000);

describe("one-sided bounds of ece", () => {
  it("hold with the forecasters of the page", () => {
    const measured = Object.entries(forecasters).map(([name, forecaster]) => ({ name, found: eceRates(forecaster) }));
    const methods = Object.keys(eceMethods);
    expectOnPage("intervals of ece", [
      ...headOf("the model is", methods),
      ...measured.map(({ name, found }) => lineOf(name, methods, found)),
    ]);
    // With 100 rows in 15 bins next to nothing is known, and the normal distribution is far.
    const wrong = measured.filter(({ found }) =>
      found.some((rates, at) => eceSizes[at] >= 300 && !holds(rates.in_use, eceSamples(eceSizes[at]))),
    );
    expect(wrong.map(({ name }) => name)).toEqual([]);
  });
});

type Forecaster = (typeof forecasters)[string];

function eceRates({ center, spread, score }: Forecaster): Rates[] {
  const random = seeded(20261126);
  const drawOne = (): Forecast => {
    const logit = center + spread * Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
    const chance = logistic(logit);
    return { chance, score: score(logit, chance) };
  };
  const deviations = new Float64Array(15);
  const many = 2_000_000;
  for (let row = 0; row < many; row += 1) {
    const forecast = drawOne();
    deviations[equalWidthBins(Float64Array.of(forecast.score)).codes[0]] += (forecast.chance - forecast.score) / many;
  }
  const truth = deviations.reduce((sum, each) => sum + Math.abs(each), 0);
  return eceSizes.map((rows) => {
    const draw = (): Binned => {
      const probabilities = new Float64Array(rows);
      const outcomes = new Uint8Array(rows);
      for (let row = 0; row < rows; row += 1) {
        const forecast = drawOne();
        probabilities[row] = forecast.score;
        outcomes[row] = Number(random() < forecast.chance);
      }
      return binForecasts({ probabilities, outcomes, weights: null }, equalWidthBins(probabilities));
    };
    return missRates(eceMethods, draw, { truth, samples: eceSamples(rows) });
  });
}
