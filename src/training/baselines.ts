import type { Answers } from "../evaluation/answers.ts";
import { classLabels } from "../evaluation/class-labels.ts";
import type { EvaluatedTask } from "../evaluation/predictions.ts";
import { fillRows } from "../stats/fill-rows.ts";
import type { Column } from "../stats/table.ts";
import { type ClassAnswer, columnClasses, columnNumbers } from "./column-baseline.ts";
import { lastClasses, lastNumbers } from "./last-value.ts";

// The naive ways that a model must beat (problem.baseline). Each knows the labels of the training and validation rows,
// `history`, and answers for the test rows; only last-value also sees the test labels before a row.

export type BaselineKind = "prior" | "mean" | "last-value" | "column";

/** Labelled rows; the arrays of one value have the same rows in the same order. */
export interface BaselineRows {
  label: Column;
  /** Null: every row counts 1. */
  weights: Float64Array | null;
  /** Any numbers that grow with the time column, on one scale for history and test; null: the rows are in order. */
  times: Float64Array | null;
  /** The column of `column:<c>`; null for the other kinds. */
  column: Column | null;
}

export interface BaselineRequest {
  kind: BaselineKind;
  task: EvaluatedTask;
  /** In the order of the model's probabilities; empty for regression. */
  classes: readonly string[];
  /** Place of the positive class; −1 where there is none. */
  positive: number;
  history: BaselineRows;
  test: BaselineRows;
}

/**
 * What the baseline says about the test rows.
 * - `prior`: each class with its weighted share in history; the likeliest one. Classification only.
 * - `mean`: the weighted mean of history. Regression only.
 * - `last-value`: the label of the row before in time, over history and test together: test labels are known up to the
 *   previous row, as when forecasting one step ahead. As probability it has the share of history's rows whose label is
 *   that of the row before (add-one), the other classes sharing the rest; at least an even chance, so that the last
 *   value stays the likeliest. Before any label is known: prior or mean.
 * - `column`: by the value of one column. Regression: the number itself (missing: the mean), or the mean label of
 *   history's rows with that text. Classification: the classes' shares among history's rows with that value, drawn
 *   towards the prior by one row's weight; numbers in tenths of history (none where the value is missing). A number in
 *   [0, 1] throughout history is taken as the probability of the positive class of a binary task as it is.
 */
export function baselineAnswers(request: BaselineRequest): Answers {
  if (request.task === "regression") return { task: request.task, predicted: predictNumbers(request) };
  return classAnswers(request, predictClasses(request));
}

function predictNumbers({ kind, history, test }: BaselineRequest): Float64Array {
  const known = { ...history, labels: numbersOf(history.label) };
  const asked = { ...test, labels: numbersOf(test.label) };
  const mean = weightedMean(known.labels, history.weights);
  if (kind === "last-value") return lastNumbers({ history: known, test: asked, start: mean });
  if (kind === "column") return columnNumbers({ history: known, test: asked, mean });
  return new Float64Array(asked.labels.length).fill(mean);
}

function predictClasses({ kind, classes, positive, history, test }: BaselineRequest): ClassAnswer {
  const known = { ...history, labels: classLabels(history.label, classes).indices };
  const asked = { ...test, labels: classLabels(test.label, classes).indices };
  const prior = shares(known.labels, { weights: history.weights, classes: classes.length });
  if (kind === "last-value") return lastClasses({ history: known, test: asked, prior });
  if (kind === "column") return columnClasses({ history: known, test: asked, prior, positive });
  return { probabilities: repeat(prior, asked.labels.length) };
}

function classAnswers({ task, classes, positive }: BaselineRequest, { probabilities }: ClassAnswer): Answers {
  const count = classes.length;
  const rows = count === 0 ? 0 : probabilities.length / count;
  if (task === "multiclass-classification") {
    const predicted = fillRows(new Int32Array(rows), (row) => likeliest(probabilities, row * count, count));
    return { task, classes, probabilities, predicted, scorePrecision: "float64" };
  }
  const scores = fillRows(new Float64Array(rows), (row) => probabilities[row * count + positive]);
  // A tie is not positive, as for models.
  const predicted = fillRows(new Uint8Array(rows), (row) => Number(scores[row] > 0.5));
  return { task: "binary-classification", classes, positive, scores, predicted, scorePrecision: "float64" };
}

function likeliest(probabilities: Float64Array, from: number, count: number): number {
  let best = 0;
  for (let k = 1; k < count; k += 1) {
    if ((probabilities[from + k] ?? 0) > (probabilities[from + best] ?? 0)) best = k;
  }
  return best;
}

function numbersOf(label: Column): Float64Array {
  if (label.kind !== "number") throw new Error("a regression's label was not read as numbers");
  return label.values;
}

/** Weighted mean of the numbers that are finite; 0 without any. */
function weightedMean(values: Float64Array, weights: Float64Array | null): number {
  let sum = 0;
  let total = 0;
  values.forEach((value, row) => {
    if (!Number.isFinite(value)) return;
    const weight = weights?.[row] ?? 1;
    sum += weight * value;
    total += weight;
  });
  return total > 0 ? sum / total : 0;
}

/** Weighted share of each class; even shares without any row. */
function shares(
  labels: Int32Array,
  { weights, classes }: { weights: Float64Array | null; classes: number },
): Float64Array {
  const totals = new Float64Array(classes);
  let total = 0;
  labels.forEach((label, row) => {
    if (label < 0) return;
    const weight = weights?.[row] ?? 1;
    totals[label] = (totals[label] ?? 0) + weight;
    total += weight;
  });
  return totals.map((one) => (total > 0 ? one / total : 1 / classes));
}

function repeat(values: Float64Array, times: number): Float64Array {
  const all = new Float64Array(values.length * times);
  for (let row = 0; row < times; row += 1) all.set(values, row * values.length);
  return all;
}
