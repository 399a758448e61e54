import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { evaluate, gather } from "../../src/evaluation/evaluate.ts";
import { type GatesPower, gatePower } from "../../src/evaluation/gate-power.ts";
import type { BinaryPredictions } from "../../src/evaluation/predictions.ts";
import type { TextColumn } from "../../src/stats/table.ts";

// A pipeline of seven gates on a population whose true metrics are known: a score is normal around ±apart/2, in group B a little
// less apart; the model gives the true probability. The version in production is another model, just as good, that is right
// and wrong on partly other rows.

const positives = 0.3;
const groups = [
  { share: 0.65, apart: 1.7 },
  { share: 0.35, apart: 0.9 },
] as const;
/** Of the scores of the two models, given the label. */
const likeness = 0.8;

export interface History {
  model: BinaryPredictions;
  production: BinaryPredictions;
  group: TextColumn;
}

/** A test set of `rows` rows and what both models say of it. */
export function history(rows: number, seed: number): History {
  const random = uniform(seed);
  const normal = normals(random);
  const labels = new Uint8Array(rows);
  const codes = new Int32Array(rows);
  const scores = [new Float64Array(rows), new Float64Array(rows)] as const;
  for (let row = 0; row < rows; row += 1) {
    labels[row] = Number(random() < positives);
    codes[row] = Number(random() < groups[1].share);
    const { apart } = groups[codes[row]];
    const common = Math.sqrt(likeness) * normal();
    for (const each of scores) {
      const score = (labels[row] - 0.5) * apart + common + Math.sqrt(1 - likeness) * normal();
      each[row] = probability(score, apart);
    }
  }
  const [model, production] = scores.map((each) => predictions(labels, each, null));
  return { model, production, group: { kind: "text", name: "group", codes, levels: ["A", "B"] } };
}

function probability(score: number, apart: number): number {
  return 1 / (1 + Math.exp(-(apart * score + Math.log(positives / (1 - positives)))));
}

function predictions(labels: Uint8Array, scores: Float64Array, weights: Float64Array | null): BinaryPredictions {
  const predicted = new Uint8Array(labels.length).map((_, row) => Number(scores[row] > 0.5));
  return { task: "binary-classification", classes: ["no", "yes"], labels, scores, predicted, weights };
}

/** Numbers in (0, 1). The generator of the builders is linear in its seed: thousands of histories would resemble each other. */
function uniform(seed: number): () => number {
  const generator = xoroshiro128plus(seed);
  for (let skipped = 0; skipped < 16; skipped += 1) generator.next();
  return () => ((generator.next() >>> 0) + 0.5) / 2 ** 32;
}

/** Marsaglia and Bray's polar method. */
function normals(random: () => number): () => number {
  let spare: number | null = null;
  return () => {
    if (spare !== null) {
      const kept = spare;
      spare = null;
      return kept;
    }
    for (;;) {
      const [x, y] = [2 * random() - 1, 2 * random() - 1];
      const square = x * x + y * y;
      if (square >= 1 || square === 0) continue;
      const scale = Math.sqrt((-2 * Math.log(square)) / square);
      spare = y * scale;
      return x * scale;
    }
  };
}

/** The whole population as a fine grid of scores, weighted: its metrics are the true ones to about 1e-6. */
export function population(): Pick<History, "model" | "group"> {
  const steps = 4000;
  const [labels, codes, scores, weights]: [number[], number[], number[], number[]] = [[], [], [], []];
  for (const [code, { share, apart }] of groups.entries()) {
    for (const label of [0, 1]) {
      for (let step = 0; step < steps; step += 1) {
        const z = -7 + (14 * (step + 0.5)) / steps;
        labels.push(label);
        codes.push(code);
        scores.push(probability((label - 0.5) * apart + z, apart));
        weights.push(share * (label === 1 ? positives : 1 - positives) * Math.exp((-z * z) / 2));
      }
    }
  }
  return {
    model: predictions(Uint8Array.from(labels), Float64Array.from(scores), Float64Array.from(weights)),
    group: { kind: "text", name: "group", codes: Int32Array.from(codes), levels: ["A", "B"] },
  };
}

/** The true values of what the seven gates look at. */
export function truth(): Readonly<Record<(typeof measures)[number], number>> {
  const { model, group } = population();
  const { metrics, slices } = evaluate({ ...nothing, predictions: model, slices: [group] });
  const inSlices = (metric: string): number[] => slices.map((slice) => slice.metrics[metric]?.value ?? Number.NaN);
  const rates = inSlices("selection_rate");
  return {
    roc_auc: metrics.roc_auc?.value ?? Number.NaN,
    accuracy: metrics.accuracy?.value ?? Number.NaN,
    log_loss: metrics.log_loss?.value ?? Number.NaN,
    average_precision: metrics.average_precision?.value ?? Number.NaN,
    "worst(recall by group)": Math.min(...inSlices("recall")),
    "gap(selection_rate by group)": Math.max(...rates) - Math.min(...rates),
    "accuracy - production.accuracy": 0,
  };
}

export const measures = [
  "roc_auc",
  "accuracy",
  "log_loss",
  "average_precision",
  "worst(recall by group)",
  "gap(selection_rate by group)",
  "accuracy - production.accuracy",
] as const;
const lowerIsBetter = ["log_loss", "gap(selection_rate by group)"];

/** Seven gates, each with room between its bound and the truth: 0 violates it by nothing but equality. */
export function sevenGates(rooms: readonly number[]): string[] {
  const values = truth();
  return measures.map((measure, index) => {
    const isLower = lowerIsBetter.includes(measure);
    const bound = values[measure] + (isLower ? 1 : -1) * (rooms[index] ?? 0);
    return `${measure} ${isLower ? "<" : ">"} ${bound}`;
  });
}

const nothing = { baseline: null, baselineKind: null, metrics: [], slices: [], gates: [], goals: [], facts: {} };

/** The verdict of the whole evaluation of a history. */
export function verdictOf({ model, production, group }: History, gates: readonly string[]): string {
  return evaluate({ ...nothing, predictions: model, production, slices: [group], gates }).verdict;
}

/** What --power says of a test set of `rows` rows, from so many rows that what they measure is next to the truth. */
export function powerAt(rows: number, gates: readonly string[]): GatesPower {
  const { model, production, group } = history(2_000_000, 7);
  const { gates: parsed, evidence } = gather({ ...nothing, predictions: model, production, slices: [group], gates });
  return gatePower({ gates: parsed, evidence, alpha: 0.05, correlation: 0.9, rows });
}
