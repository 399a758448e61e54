import { UserError } from "../kit/user-error.ts";
import { countPresent } from "../stats/count-present.ts";
import { fillRows } from "../stats/fill-rows.ts";
import type { Column, NumberColumn } from "../stats/table.ts";
import { classLabels } from "./class-labels.ts";
import type { BinaryPredictions, MulticlassPredictions, Predictions, RegressionPredictions } from "./predictions.ts";

/** A model that this one is compared with: its predictions of the same rows in the same order, or why they are not compared. */
export type ComparedModel = { predictions: Predictions } | { withheld: string };

/** Columns of another model's file of predictions, one entry for each of our rows, in our order. */
export interface OtherAnswers {
  /** As a person gave it, for messages. */
  path: string;
  /** The file's own labels, where it has them: only how they are spelled is looked at. */
  label: Column | null;
  /** Labels, or numbers in a regression. */
  predicted: Column | null;
  /** P(positive). */
  score: Column | null;
  /** probability_<class>, by class. */
  probabilities: ReadonlyMap<string, Column>;
}

/**
 * Another model's predictions with our labels and classes. Throws comparison_mismatch where they are of another task, of other
 * classes or of another positive class: numbers that mean something else must not be compared.
 */
export function comparedPredictions(ours: Predictions, other: OtherAnswers): Predictions {
  if (ours.task !== "regression" && other.label !== null) requireClasses(other.label, ours.classes, other.path);
  switch (ours.task) {
    case "binary-classification":
      return binary(ours, other);
    case "multiclass-classification":
      return multiclass(ours, other);
    case "regression":
      return regression(ours, other);
  }
}

function binary(ours: BinaryPredictions, { path, predicted, score }: OtherAnswers): Predictions {
  if (predicted === null && score === null)
    throw lacking(path, "score (the probability of the positive class) or predicted");
  const scores = score === null ? null : numbersOf(score, path).values;
  const places = predicted === null ? null : requireClasses(predicted, ours.classes, path);
  const isPositive = (row: number): boolean => (places === null ? (scores?.[row] ?? 0) > 0.5 : places[row] === 1);
  const labels = fillRows(new Uint8Array(ours.labels.length), (row) => Number(isPositive(row)));
  if (scores !== null && places !== null) requireSameDirection({ scores, predicted: labels, path, ours });
  return { ...ours, predicted: labels, scores };
}

function multiclass(ours: MulticlassPredictions, { path, predicted, probabilities }: OtherAnswers): Predictions {
  if (predicted === null) throw lacking(path, "predicted");
  const places = requireClasses(predicted, ours.classes, path);
  const foreign = [...probabilities.keys()].find((name) => !ours.classes.includes(name));
  if (foreign !== undefined) throw otherClasses(path, [foreign], ours.classes);
  return { ...ours, predicted: places, probabilities: matrixOf(ours, probabilities, path) };
}

function matrixOf({ classes, labels }: MulticlassPredictions, given: OtherAnswers["probabilities"], path: string) {
  if (given.size === 0) return null;
  const matrix = new Float64Array(labels.length * classes.length);
  for (const [place, name] of classes.entries()) {
    const column = given.get(name);
    if (column === undefined) throw lacking(path, `probability_${name}`);
    const { values } = numbersOf(column, path);
    for (let row = 0; row < values.length; row += 1) matrix[row * classes.length + place] = values[row];
  }
  return matrix;
}

function regression(ours: RegressionPredictions, { path, predicted, score }: OtherAnswers): Predictions {
  const column = predicted ?? score;
  if (column === null) throw lacking(path, "predicted");
  return { ...ours, predicted: numbersOf(column, path).values };
}

/** Every row's class, all of which must be ours. */
function requireClasses(column: Column, classes: readonly string[], path: string): Int32Array {
  const { indices, unknown } = classLabels(column, classes);
  if (unknown.length > 0)
    throw otherClasses(
      path,
      unknown.map(({ value }) => value),
      classes,
    );
  const missing = indices.length - countPresent(column);
  if (missing === 0) return indices;
  throw mismatch(
    path,
    `${missing} of ${indices.length} rows have no value in ${JSON.stringify(column.name)}`,
    "give every row an answer",
  );
}

function numbersOf(column: Column, path: string): NumberColumn {
  if (column.kind === "number") return column;
  throw mismatch(
    path,
    `${JSON.stringify(column.name)} holds text where numbers are needed`,
    "name the predictions of the same task",
  );
}

/** A probability of the other class falls where this one's rises. */
function requireSameDirection(of: {
  scores: Float64Array;
  predicted: Uint8Array;
  path: string;
  ours: BinaryPredictions;
}): void {
  const [sums, counts] = [
    [0, 0],
    [0, 0],
  ];
  for (let row = 0; row < of.scores.length; row += 1) {
    if (Number.isNaN(of.scores[row])) continue;
    sums[of.predicted[row]] += of.scores[row];
    counts[of.predicted[row]] += 1;
  }
  const isTurned = counts[0] > 0 && counts[1] > 0 && sums[1] / counts[1] < sums[0] / counts[0];
  if (!isTurned) return;
  const positive = JSON.stringify(of.ours.classes[1]);
  throw mismatch(
    of.path,
    `its score is lower where ${positive} is predicted than where it is not`,
    `give the probability of ${positive}, which is positive here`,
  );
}

function otherClasses(path: string, found: readonly string[], classes: readonly string[]): UserError {
  const shown = found.slice(0, 5).map((value) => JSON.stringify(value.slice(0, 40)));
  return mismatch(
    path,
    `it has the class${found.length === 1 ? "" : "es"} ${shown.join(", ")}${found.length > 5 ? ", …" : ""}, and this model has ${classes.slice(0, 12).join(", ")}`,
    "compare models of the same classes, spelled alike",
  );
}

function lacking(path: string, column: string): UserError {
  return mismatch(path, `it has no column ${column}`, "give a predictions.parquet, or a table with the same columns");
}

function mismatch(path: string, message: string, fix: string): UserError {
  return new UserError({
    code: "comparison_mismatch",
    message: `the model cannot be compared: ${message}`,
    where: path,
    fix,
  });
}
