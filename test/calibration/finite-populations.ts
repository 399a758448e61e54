import type {
  BinaryPredictions,
  MulticlassPredictions,
  Predictions,
  RegressionPredictions,
} from "../../src/evaluation/predictions.ts";
import { seeded } from "../../src/stats/resample.ts";

// A population is a long list of rows, and a sample draws from it with replacement: so the true value of any metric is the
// one of the whole list, without an error of simulation.

export interface FinitePopulation {
  name: string;
  rows: Predictions;
}

type Uniform = () => number;

const members = 200_000;

export function normal(uniform: Uniform): number {
  return Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
}

/** Draws so many rows of a population, each with equal chance. */
export function sampleOf(population: Predictions, rows: number, uniform: Uniform): Predictions {
  const drawn = Uint32Array.from({ length: rows }, () => Math.floor(uniform() * population.labels.length));
  switch (population.task) {
    case "binary-classification": {
      const { scores } = population;
      return {
        ...population,
        labels: Uint8Array.from(drawn, (row) => population.labels[row]),
        predicted: Uint8Array.from(drawn, (row) => population.predicted[row]),
        scores: scores === null ? null : Float64Array.from(drawn, (row) => scores[row]),
      };
    }
    case "multiclass-classification": {
      const { probabilities, classes } = population;
      return {
        ...population,
        labels: Int32Array.from(drawn, (row) => population.labels[row]),
        predicted: Int32Array.from(drawn, (row) => population.predicted[row]),
        probabilities:
          probabilities === null
            ? null
            : Float64Array.from(
                { length: rows * classes.length },
                (_, at) =>
                  probabilities[drawn[Math.floor(at / classes.length)] * classes.length + (at % classes.length)],
              ),
      };
    }
    case "regression":
      return {
        ...population,
        labels: Float64Array.from(drawn, (row) => population.labels[row]),
        predicted: Float64Array.from(drawn, (row) => population.predicted[row]),
      };
  }
}

interface BinaryShape {
  share: number;
  /** How far the classes' log odds lie apart, in standard deviations. */
  strength: number;
  /** Scores are rounded to this step. */
  step?: number;
  threshold?: number;
}

/** Log odds normal in each class with the same spread: calibrated scores. */
function binary(name: string, { share, strength, step, threshold = 0.5 }: BinaryShape): FinitePopulation {
  const uniform = seeded(20261128);
  const labels = new Uint8Array(members);
  const scores = new Float64Array(members);
  const predicted = new Uint8Array(members);
  for (let row = 0; row < members; row += 1) {
    labels[row] = Number(uniform() < share);
    const evidence = normal(uniform) + strength * labels[row];
    const logOdds = Math.log(share / (1 - share)) + strength * (evidence - strength / 2);
    const score = 1 / (1 + Math.exp(-logOdds));
    scores[row] = step === undefined ? score : Math.round(score / step) * step;
    predicted[row] = Number(scores[row] > threshold);
  }
  const rows: BinaryPredictions = {
    task: "binary-classification",
    classes: ["no", "yes"],
    labels,
    scores,
    predicted,
    weights: null,
    value: { true_positive: 40, false_positive: -15, false_negative: -20, true_negative: 0 },
  };
  return { name, rows };
}

export const binaryPopulations: readonly FinitePopulation[] = [
  binary("1 positive in 2", { share: 0.5, strength: 1.5 }),
  binary("3 positives in 10", { share: 0.3, strength: 1.2 }),
  binary("3 in 10, scores in steps of 0.1", { share: 0.3, strength: 1.2, step: 0.1 }),
  binary("1 positive in 20", { share: 0.05, strength: 2, threshold: 0.3 }),
  binary("1 positive in 100", { share: 0.01, strength: 2.5, threshold: 0.2 }),
];

function multiclass(name: string, shares: readonly number[], strength: number): FinitePopulation {
  const uniform = seeded(20261129);
  const width = shares.length;
  const labels = new Int32Array(members);
  const predicted = new Int32Array(members);
  const probabilities = new Float64Array(members * width);
  for (let row = 0; row < members; row += 1) {
    let left = uniform();
    let label = 0;
    while (label < width - 1 && left >= shares[label]) {
      left -= shares[label];
      label += 1;
    }
    labels[row] = label;
    let total = 0;
    for (let column = 0; column < width; column += 1) {
      const evidence = normal(uniform) + strength * Number(column === label);
      const odds = shares[column] * Math.exp(strength * evidence);
      probabilities[row * width + column] = odds;
      total += odds;
    }
    let most = 0;
    for (let column = 0; column < width; column += 1) {
      probabilities[row * width + column] /= total;
      if (probabilities[row * width + column] > probabilities[row * width + most]) most = column;
    }
    predicted[row] = most;
  }
  const classes = shares.map((_, at) => String(at));
  const rows: MulticlassPredictions = {
    task: "multiclass-classification",
    classes,
    labels,
    predicted,
    probabilities,
    weights: null,
  };
  return { name, rows };
}

export const multiclassPopulations: readonly FinitePopulation[] = [
  multiclass("3 classes, 3:2:1", [3 / 6, 2 / 6, 1 / 6], 1.5),
  multiclass(
    "6 even classes",
    [1, 1, 1, 1, 1, 1].map((share) => share / 6),
    1.5,
  ),
  multiclass("4 classes, 60:30:9:1", [0.6, 0.3, 0.09, 0.01], 2),
];

type Row = readonly [label: number, predicted: number];

function regression(name: string, draw: (uniform: Uniform) => Row): FinitePopulation {
  const uniform = seeded(20261130);
  const labels = new Float64Array(members);
  const predicted = new Float64Array(members);
  for (let row = 0; row < members; row += 1) [labels[row], predicted[row]] = draw(uniform);
  const rows: RegressionPredictions = { task: "regression", labels, predicted, weights: null };
  return { name, rows };
}

function student5(uniform: Uniform): number {
  let squares = 0;
  for (let degree = 0; degree < 5; degree += 1) squares += normal(uniform) ** 2;
  return normal(uniform) / Math.sqrt(squares / 5);
}

export const regressionPopulations: readonly FinitePopulation[] = [
  regression("normal errors", (uniform) => {
    const label = 50 + 10 * normal(uniform);
    return [label, label + 4 * normal(uniform)];
  }),
  regression("errors of Student's t, 5 degrees", (uniform) => {
    const label = 50 + 3 * normal(uniform);
    return [label, label + student5(uniform)];
  }),
  regression("whole numbers", (uniform) => {
    const label = Math.round(20 + 3 * normal(uniform));
    return [label, label + Math.round(1.2 * normal(uniform))];
  }),
  regression("errors proportional to lognormal(0.5)", (uniform) => {
    const label = Math.exp(0.5 * normal(uniform));
    return [label, label * (1 + 0.3 * normal(uniform))];
  }),
  regression("errors proportional to lognormal(1)", (uniform) => {
    const label = Math.exp(normal(uniform));
    return [label, label * (1 + 0.3 * normal(uniform))];
  }),
];
