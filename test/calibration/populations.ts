import type { Predictions } from "../../src/evaluation/predictions.ts";
import {
  multiclassPredictions,
  randomBinary,
  regressionPredictions,
  uniform,
} from "../support/builders/predictions.ts";

/** Where samples come from, and what is true there. */
export interface Population {
  name: string;
  metrics: readonly string[];
  sample(rows: number, seed: number): Predictions;
  /** The true values, where they are known exactly; else the mean of large samples'. */
  truth: Readonly<Record<string, number>> | null;
}

function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(random() + 1e-12)) * Math.cos(2 * Math.PI * random());
}

function studentT5(random: () => number): number {
  let squares = 0;
  for (let degree = 0; degree < 5; degree += 1) squares += normal(random) ** 2;
  return normal(random) / Math.sqrt(squares / 5);
}

type Row = [label: number, predicted: number];

function regression(
  name: string,
  row: (random: () => number) => Row,
  truth: { rmse: number; mae: number; r2: number },
): Population {
  const sample = (rows: number, seed: number): Predictions => {
    const random = uniform(seed);
    const drawn = Array.from({ length: rows }, () => row(random));
    return regressionPredictions({ labels: drawn.map(([label]) => label), predicted: drawn.map(([, value]) => value) });
  };
  return { name, metrics: ["rmse", "mae", "r2"], sample, truth };
}

/** Labels lognormal with this sigma, errors 0.3 · label · normal. */
function proportional(name: string, sigma: number): Population {
  const row = (random: () => number): Row => {
    const label = Math.exp(sigma * normal(random));
    return [label, label * (1 + 0.3 * normal(random))];
  };
  const variance = 0.09 * Math.exp(2 * sigma ** 2);
  return regression(name, row, {
    rmse: Math.sqrt(variance),
    mae: 0.3 * Math.sqrt(2 / Math.PI) * Math.exp(sigma ** 2 / 2),
    r2: 1 - variance / (Math.exp(2 * sigma ** 2) - Math.exp(sigma ** 2)),
  });
}

// E|t| of Student's t with 5 degrees: 2√5·Γ(3) / (√π·Γ(5/2)·4).
const meanAbsoluteT5 = (2 * Math.sqrt(5) * 2) / (Math.sqrt(Math.PI) * 1.329340388179137 * 4);

export const regressions: readonly Population[] = [
  regression(
    "normal",
    (random) => {
      const label = 10 * normal(random);
      return [label, label + 4 * normal(random)];
    },
    { rmse: 4, mae: 4 * Math.sqrt(2 / Math.PI), r2: 0.84 },
  ),
  regression(
    "Student's t, 5 degrees",
    (random) => {
      const label = 3 * normal(random);
      return [label, label + studentT5(random)];
    },
    { rmse: Math.sqrt(5 / 3), mae: meanAbsoluteT5, r2: 1 - 5 / 27 },
  ),
  proportional("proportional to lognormal(0.5)", 0.5),
  proportional("proportional to lognormal(1)", 1),
];

const binaryMetrics = [
  "roc_auc",
  "accuracy",
  "log_loss",
  "brier_score",
  "f1",
  "balanced_accuracy",
  "average_precision",
];

export const binaries: readonly Population[] = [
  {
    name: "3 positives in 10",
    metrics: binaryMetrics,
    sample: (count, seed) => randomBinary({ count, seed }),
    truth: null,
  },
  {
    name: "1 positive in 20",
    metrics: binaryMetrics,
    sample: (count, seed) => randomBinary({ count, seed, share: 0.05, strength: 2 }),
    truth: null,
  },
];

export const multiclasses: readonly Population[] = [
  {
    name: "3 classes, 3:2:1",
    metrics: ["precision_macro", "recall_macro", "f1_macro"],
    sample: (rows, seed) => {
      const random = uniform(seed);
      const labels = Array.from({ length: rows }, () => [0, 0, 0, 1, 1, 2][Math.floor(random() * 6)]);
      const predicted = labels.map((label) => {
        const odds = [0, 1, 2].map((index) => normal(random) + (index === label ? 1.5 : 0));
        return odds.indexOf(Math.max(...odds));
      });
      return multiclassPredictions({ classes: ["a", "b", "c"], labels, predicted });
    },
    truth: null,
  },
];
