import type { Predictions } from "./predictions.ts";

/**
 * The best answer that does not look at a row, made from the evaluated rows themselves: the share of the classes and
 * the most frequent one, or the mean. For files of predictions, where no training rows are known.
 */
export function constantBaseline(predictions: Predictions): { kind: "prior" | "mean"; predictions: Predictions } {
  switch (predictions.task) {
    case "regression": {
      const { labels, weights } = predictions;
      return { kind: "mean", predictions: { ...predictions, predicted: labels.map(constant(mean(labels, weights))) } };
    }
    case "binary-classification": {
      const { labels, weights } = predictions;
      const prior = mean(labels, weights);
      const scores = new Float64Array(labels.length).fill(prior);
      const predicted = new Uint8Array(labels.length).fill(prior > 0.5 ? 1 : 0);
      return { kind: "prior", predictions: { ...predictions, scores, predicted, scorePrecision: "float64" } };
    }
    case "multiclass-classification":
      return { kind: "prior", predictions: multiclassPrior(predictions) };
  }
}

type Multiclass = Predictions & { task: "multiclass-classification" };

function multiclassPrior(predictions: Multiclass): Multiclass {
  const { labels, classes, weights } = predictions;
  const shares = classes.map((_, place) =>
    mean(
      Float64Array.from(labels, (label) => Number(label === place)),
      weights,
    ),
  );
  const predicted = new Int32Array(labels.length).fill(shares.indexOf(Math.max(...shares)));
  const probabilities = new Float64Array(labels.length * classes.length);
  for (let row = 0; row < labels.length; row += 1) probabilities.set(shares, row * classes.length);
  const scored = predictions.probabilities !== null;
  return { ...predictions, predicted, probabilities: scored ? probabilities : null, scorePrecision: "float64" };
}

function mean(values: ArrayLike<number>, weights: Float64Array | null): number {
  let [sum, total] = [0, 0];
  for (let row = 0; row < values.length; row += 1) {
    const weight = weights === null ? 1 : weights[row];
    sum += weight * values[row];
    total += weight;
  }
  return sum / total;
}

function constant(value: number): () => number {
  return () => value;
}
