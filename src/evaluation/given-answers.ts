import { UserError } from "../kit/user-error.ts";
import { countPresent } from "../stats/count-present.ts";
import { fillRows } from "../stats/fill-rows.ts";
import type { Column } from "../stats/table.ts";
import { notNumeric, numbersOf } from "./answers.ts";
import { classLabels, labelCounts } from "./class-labels.ts";
import { positiveOf } from "./infer-task.ts";
import type { EvaluatedTask, Predictions } from "./predictions.ts";

/** Columns of a file of predictions, over the rows whose label is known. */
export interface GivenAnswers {
  task: EvaluatedTask;
  label: Column;
  /** Probability of the positive class. */
  score: Column | null;
  /** Labels, or numbers in a regression. */
  predicted: Column | null;
  positive: string | null;
  /** See Predictions. */
  weights: Float64Array | null;
  clusters: Int32Array | null;
}

/** Predictions of any framework as this room takes them. Throws a UserError for what does not fit the task. */
export function givenPredictions(given: GivenAnswers): Predictions {
  if (given.predicted !== null && given.task !== "regression") requirePresent(given.predicted);
  switch (given.task) {
    case "regression":
      return regression(given);
    case "binary-classification":
      return binary(given);
    case "multiclass-classification":
      return multiclass(given);
  }
}

function regression({ task, label, predicted, score, weights, clusters }: GivenAnswers): Predictions {
  const numbers = predicted ?? score;
  if (numbers === null) throw needed(task, "--predicted, the column of predicted numbers");
  if (numbers.kind === "text") throw notNumbers(numbers, "predicted numbers");
  return { task: "regression", labels: numbersOf(label), predicted: numbers.values, weights, clusters };
}

function binary(given: GivenAnswers): Predictions {
  const { task, label, score, predicted, positive: wanted, weights, clusters } = given;
  if (score === null && predicted === null) throw needed(task, "--score, the column of probabilities, or --predicted");
  const labels = labelCounts(label).map(({ value }) => value);
  const said = predicted === null ? [] : labelCounts(predicted).map(({ value }) => value);
  const known = [...new Set([...labels, ...said])];
  if (known.length > 2) throw tooMany(label.name, known);
  const positive = positiveOf(wanted, known);
  const classes = [known.find((value) => value !== positive) ?? `not ${positive}`, positive] as const;
  const scores = score === null ? null : probabilities(score);
  const places = predicted === null ? null : classLabels(predicted, classes).indices;
  return {
    task: "binary-classification",
    classes,
    labels: Uint8Array.from(classLabels(label, classes).indices),
    scores,
    predicted: positives(places ?? scores ?? new Float64Array(0)),
    weights,
    clusters,
  };
}

function positives(values: Int32Array | Float64Array): Uint8Array {
  return fillRows(new Uint8Array(values.length), (row) => Number(values[row] > 0.5));
}

function multiclass({ task, label, predicted, weights, clusters }: GivenAnswers): Predictions {
  if (predicted === null) throw needed(task, "--predicted, the column of predicted labels");
  const values = [label, predicted].flatMap((column) => labelCounts(column).map(({ value }) => value));
  const classes = [...new Set(values)];
  return {
    task: "multiclass-classification",
    classes,
    labels: classLabels(label, classes).indices,
    predicted: classLabels(predicted, classes).indices,
    probabilities: null,
    weights,
    clusters,
  };
}

function probabilities(score: Column): Float64Array {
  if (score.kind === "text") throw notNumbers(score, "probabilities");
  const outside = score.values.filter((value) => value < 0 || value > 1);
  if (outside.length === 0) return score.values;
  throw new UserError({
    code: "score_invalid",
    message: `${outside.length} of ${score.values.length} scores in ${JSON.stringify(score.name)} are outside [0, 1], such as ${outside[0]}`,
    where: score.name,
    fix: "give probabilities of the positive class: apply the sigmoid to logits or margins, divide per cents by 100",
  });
}

/** A class that was not predicted is no class; a number that was not is NaN, and counted as such. */
function requirePresent(predicted: Column): void {
  const rows = predicted.kind === "text" ? predicted.codes.length : predicted.values.length;
  const missing = rows - countPresent(predicted);
  if (missing === 0) return;
  throw new UserError({
    code: "score_invalid",
    message: `${missing} of ${rows} rows have no value in ${JSON.stringify(predicted.name)}`,
    where: predicted.name,
    fix: "give a predicted label for every row, or leave those rows out of the file",
  });
}

function notNumbers(column: Column & { kind: "text" }, what: string): UserError {
  return new UserError({
    code: "score_invalid",
    message: `${JSON.stringify(column.name)} holds text (such as ${JSON.stringify(notNumeric(column).slice(0, 40))}) where ${what} are needed`,
    where: column.name,
    fix: "name the column with the numbers; labels go with --predicted",
  });
}

function needed(task: EvaluatedTask, what: string): UserError {
  return new UserError({
    code: "task_mismatch",
    message: `${task} needs ${what}`,
    where: "predictions",
    fix: `give ${what}`,
  });
}

function tooMany(column: string, known: readonly string[]): UserError {
  return new UserError({
    code: "task_mismatch",
    message: `a binary task has two labels, and ${JSON.stringify(column)} and the predictions have ${known.length}: ${known.slice(0, 8).join(", ")}`,
    where: column,
    fix: "say --task multiclass-classification with --predicted, or correct the labels",
  });
}
