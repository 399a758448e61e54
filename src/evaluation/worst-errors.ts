import { logLoss } from "./binary-losses.ts";
import { clipOf } from "./binary-rows.ts";
import type { EvaluationFile } from "./evaluation-file.ts";
import { finiteOrNull } from "./measured.ts";
import type { BinaryPredictions, MulticlassPredictions, Predictions, RegressionPredictions } from "./predictions.ts";
import { unansweredRows } from "./unanswered.ts";

/** One of the rows that a model is most wrong about. */
export interface WorstError {
  /** Place of the row among the predictions, from 0. */
  place: number;
  /** The true class, or the number in a regression; `(unknown)` is a class that the model does not know. */
  label: string | number;
  predicted: string | number | null;
  /** P(positive); with more than two classes the probability of the predicted one. */
  score: number | null;
  /** Log loss (natural) where there are probabilities, absolute error in a regression, else 1; null: the model gave no finite number. */
  loss: number | null;
}

/**
 * The rows with the largest loss, worst first, equal ones in their order; those to which the model gave no finite number come
 * before all. Where it gives labels alone these are wrong rows in their order. O(rows), without a logarithm a row.
 */
export function worstErrors(predictions: Predictions, count = 10): WorstError[] {
  const { wrongness, told } = judgeOf(predictions);
  const unanswered = new Set(unansweredRows(predictions));
  const rank = (row: number): number => (unanswered.has(row) ? Number.POSITIVE_INFINITY : wrongness(row));
  return largest(predictions.labels.length, count, rank).map((place) => {
    const error = told(place);
    return unanswered.has(place)
      ? { place, label: error.label, predicted: null, score: null, loss: null }
      : { place, ...error };
  });
}

/** Where a row stands in the data that it came from. */
export interface RowName {
  /** From 1. */
  row: number;
  row_id?: string;
}

/** As evaluation.json holds it. `hidden`: the label's values are shown to no one. */
export function writeWorstError(
  { label, predicted, score, loss }: WorstError,
  name: RowName,
  { hidden }: { hidden: boolean },
): EvaluationFile["worst_errors"][number] {
  return hidden
    ? { ...name, label: null, predicted: null, score: null, loss }
    : { ...name, label, predicted, score, loss };
}

interface Judge {
  /** Grows with the loss; −∞ for a row that is not wrong. Of rows with finite numbers. */
  wrongness(row: number): number;
  told(row: number): Omit<WorstError, "place">;
}

function judgeOf(predictions: Predictions): Judge {
  switch (predictions.task) {
    case "regression":
      return regressionJudge(predictions);
    case "binary-classification":
      return binaryJudge(predictions);
    case "multiclass-classification":
      return multiclassJudge(predictions);
  }
}

function largest(rows: number, count: number, wrongness: (row: number) => number): number[] {
  const found: { place: number; value: number }[] = [];
  for (let place = 0; place < rows; place += 1) {
    const value = wrongness(place);
    if (value === Number.NEGATIVE_INFINITY || (found.length === count && value <= found[count - 1].value)) continue;
    const at = found.findIndex((other) => other.value < value);
    found.splice(at < 0 ? found.length : at, 0, { place, value });
    if (found.length > count) found.pop();
  }
  return found.map(({ place }) => place);
}

function regressionJudge({ labels, predicted }: RegressionPredictions): Judge {
  const error = (row: number): number => Math.abs(labels[row] - predicted[row]);
  return {
    wrongness: error,
    told: (row) => ({ label: labels[row], predicted: predicted[row], score: null, loss: finiteOrNull(error(row)) }),
  };
}

function binaryJudge({ labels, predicted, scores, classes, scorePrecision }: BinaryPredictions): Judge {
  const told = (row: number) => ({ label: classes[labels[row]], predicted: classes[predicted[row]] });
  if (scores === null || scores.some(isNoProbability)) {
    return {
      wrongness: (row) => onlyWrong(labels[row] !== predicted[row]),
      told: (row) => ({ ...told(row), score: scores === null ? null : scores[row], loss: 1 }),
    };
  }
  const ofTrue = (row: number): number => (labels[row] === 1 ? scores[row] : 1 - scores[row]);
  return {
    wrongness: (row) => -ofTrue(row),
    told: (row) => ({
      ...told(row),
      score: scores[row],
      loss: logLoss(ofTrue(row), clipOf(scorePrecision)),
    }),
  };
}

function multiclassJudge(predictions: MulticlassPredictions): Judge {
  const { labels, predicted, probabilities, classes, scorePrecision } = predictions;
  const named = (code: number): string => classes[code] ?? "(unknown)";
  const told = (row: number) => ({ label: named(labels[row]), predicted: named(predicted[row]) });
  if (probabilities === null || probabilities.some(isNoProbability)) {
    return {
      wrongness: (row) => onlyWrong(labels[row] !== predicted[row] || labels[row] < 0),
      told: (row) => ({ ...told(row), score: null, loss: 1 }),
    };
  }
  const at = (row: number, code: number): number => probabilities[row * classes.length + code];
  // A class that the model does not know has no chance.
  const ofTrue = (row: number): number => (labels[row] < 0 ? 0 : at(row, labels[row]));
  return {
    wrongness: (row) => -ofTrue(row),
    told: (row) => ({
      ...told(row),
      score: predicted[row] < 0 ? null : at(row, predicted[row]),
      loss: logLoss(ofTrue(row), clipOf(scorePrecision)),
    }),
  };
}

function isNoProbability(score: number): boolean {
  return Number.isFinite(score) && (score < 0 || score > 1);
}

function onlyWrong(isWrong: boolean): number {
  return isWrong ? 1 : Number.NEGATIVE_INFINITY;
}
