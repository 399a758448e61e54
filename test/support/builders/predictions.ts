import type {
  BinaryPredictions,
  MulticlassPredictions,
  RegressionPredictions,
} from "../../../src/evaluation/predictions.ts";
import type { TextColumn } from "../../../src/stats/table.ts";

/** Binary predictions; predicted is score > 0.5 unless given. */
export function binaryPredictions(rows: {
  labels: readonly number[];
  scores?: readonly number[] | null;
  predicted?: readonly number[];
  weights?: readonly number[] | null;
}): BinaryPredictions {
  const scores = rows.scores ?? null;
  return {
    task: "binary-classification",
    classes: ["no", "yes"],
    labels: Uint8Array.from(rows.labels),
    scores: scores === null ? null : Float64Array.from(scores),
    predicted: Uint8Array.from(rows.predicted ?? (scores ?? []).map((score) => Number(score > 0.5))),
    weights: rows.weights ? Float64Array.from(rows.weights) : null,
  };
}

export function multiclassPredictions(rows: {
  classes: readonly string[];
  labels: readonly number[];
  predicted: readonly number[];
  probabilities?: readonly number[] | null;
  weights?: readonly number[] | null;
}): MulticlassPredictions {
  return {
    task: "multiclass-classification",
    classes: rows.classes,
    labels: Int32Array.from(rows.labels),
    predicted: Int32Array.from(rows.predicted),
    probabilities: rows.probabilities ? Float64Array.from(rows.probabilities) : null,
    weights: rows.weights ? Float64Array.from(rows.weights) : null,
  };
}

export function regressionPredictions(rows: {
  labels: readonly number[];
  predicted: readonly number[];
  weights?: readonly number[] | null;
}): RegressionPredictions {
  return {
    task: "regression",
    labels: Float64Array.from(rows.labels),
    predicted: Float64Array.from(rows.predicted),
    weights: rows.weights ? Float64Array.from(rows.weights) : null,
  };
}

/** A text column of these values; null is missing. */
export function textColumn(name: string, values: readonly (string | null)[]): TextColumn {
  const levels = [...new Set(values.filter((value) => value !== null))].sort();
  const codes = Int32Array.from(values, (value) => (value === null ? -1 : levels.indexOf(value)));
  return { kind: "text", name, codes, levels };
}

/**
 * Uniform numbers in [0, 1), the same for the same seed (Park & Miller's generator: enough for one stream of test data). It is linear
 * in its seed, so that streams of neighbouring seeds go together: draw seeds from one stream, or take pseudoRandom, which mixes its seed.
 */
export function uniform(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48271) % 2147483647;
    return state / 2147483647;
  };
}

/** Binary predictions of random rows; `strength` is how far the classes' scores lie apart. */
export function randomBinary(rows: {
  count: number;
  seed: number;
  share?: number;
  strength?: number;
}): BinaryPredictions {
  const random = uniform(rows.seed);
  const labels = Array.from({ length: rows.count }, () => Number(random() < (rows.share ?? 0.3)));
  const scores = labels.map((label) =>
    logistic((random() + random() + random() - 1.5) * 2 + (rows.strength ?? 1.5) * label - 1),
  );
  return binaryPredictions({ labels, scores });
}

function logistic(x: number): number {
  return 1 / (1 + Math.exp(-x));
}
