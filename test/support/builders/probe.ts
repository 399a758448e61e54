import type { Predictions } from "../../../src/evaluation/predictions.ts";
import type { Probe } from "../../../src/evaluation/probe.ts";

type Random = () => number;

export function standardNormal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

interface Shape {
  rows: number;
  random: Random;
  /** How often each row is there; all of them are one cluster. */
  copies?: number;
  /** σ of the logarithm of x; x is standard normal without it. */
  lognormal?: number;
}

/** A regression that says x, of rows whose label is x and standard normal noise; its other feature, `nothing`, it does not look at. */
export function regressionProbe({ rows, random, copies = 1, lognormal }: Shape): Probe {
  const distinct = rows / copies;
  const draw = (): number =>
    lognormal === undefined ? standardNormal(random) : Math.exp(lognormal * standardNormal(random));
  const repeated = (values: Float64Array): Float64Array =>
    Float64Array.from({ length: rows }, (_, row) => values[row % distinct]);
  const x = repeated(Float64Array.from({ length: distinct }, draw));
  const noise = repeated(Float64Array.from({ length: distinct }, () => standardNormal(random)));
  const labels = x.map((value, row) => value + noise[row]);
  const clusters = copies === 1 ? null : Int32Array.from({ length: rows }, (_, row) => row % distinct);
  return probeOf(rows, (place) => {
    return { task: "regression", labels, predicted: x.map((_, row) => x[place(row)]), weights: null, clusters };
  });
}

/** A logistic model of one standard normal feature with the slope 1.5, right about the chances; about 1 row in 3 is positive. */
export function logisticProbe({ rows, random }: Shape): Probe {
  const chance = (value: number): number => 1 / (1 + Math.exp(1 - 1.5 * value));
  const x = Float64Array.from({ length: rows }, () => standardNormal(random));
  const labels = Uint8Array.from(x, (value) => Number(random() < chance(value)));
  return probeOf(rows, (place) => {
    const scores = x.map((_, row) => chance(x[place(row)]));
    const predicted = Uint8Array.from(scores, (score) => Number(score > 0.5));
    return { task: "binary-classification", classes: ["no", "yes"], labels, scores, predicted, weights: null };
  });
}

function probeOf(rows: number, answer: (place: (row: number) => number) => Predictions): Probe {
  return {
    rows,
    ofRows: rows,
    features: ["x", "nothing"],
    answer: async (changed) => {
      const order = changed?.feature === "x" && changed.change.kind === "order" ? changed.change.order : null;
      return answer((row) => (order === null ? row : order[row]));
    },
  };
}
