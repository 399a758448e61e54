import { UserError } from "../kit/user-error.ts";
import { fillRows } from "../stats/fill-rows.ts";
import type { Column, TextColumn } from "../stats/table.ts";
import { type ClassLabels, classLabels, type UnknownLabel } from "./class-labels.ts";
import type { Predictions } from "./predictions.ts";

/** What a model said about rows, without the labels that it is compared with. Arrays have one entry a row. */
export type Answers =
  | {
      task: "binary-classification";
      /** Two, in the model's order. */
      classes: readonly string[];
      /** Place of the positive class. */
      positive: number;
      scores: Float64Array | null;
      /** 1 = positive. */
      predicted: Uint8Array;
      scorePrecision: "float32" | "float64";
    }
  | {
      task: "multiclass-classification";
      classes: readonly string[];
      /** rows × classes, row by row. */
      probabilities: Float64Array | null;
      predicted: Int32Array;
      scorePrecision: "float32" | "float64";
    }
  | { task: "regression"; predicted: Float64Array };

export interface Truth {
  /** Of the same rows as the answers; no missing values. */
  label: Column;
  weights: Float64Array | null;
  /** See Predictions. */
  clusters: Int32Array | null;
}

export interface LabelledAnswers {
  predictions: Predictions;
  /** Labels that are none of the model's classes (multiclass only). */
  unseen: readonly UnknownLabel[];
}

/** Puts labels beside a model's answers. Throws label_not_binary and label_not_number where they do not fit the task. */
export function labelAnswers(answers: Answers, { label, weights, clusters }: Truth): LabelledAnswers {
  const shared = { weights, clusters };
  switch (answers.task) {
    case "regression":
      return {
        predictions: { task: answers.task, labels: numbersOf(label), predicted: answers.predicted, ...shared },
        unseen: [],
      };
    case "binary-classification":
      return { predictions: labelBinary(answers, { label, ...shared }), unseen: [] };
    case "multiclass-classification": {
      const { indices, unknown } = classLabels(label, answers.classes);
      const { task, classes, predicted, probabilities, scorePrecision } = answers;
      return {
        predictions: { task, classes, labels: indices, predicted, probabilities, scorePrecision, ...shared },
        unseen: unknown,
      };
    }
  }
}

/** Predictions of some of the rows, with other answers of the same model to them. */
export function reanswer(predictions: Predictions, rows: Uint32Array, answers: Answers): Predictions {
  const { weights, clusters = null } = predictions;
  const common = {
    weights: weights === null ? null : Float64Array.from(rows, (row) => weights[row]),
    clusters: clusters === null ? null : Int32Array.from(rows, (row) => clusters[row]),
  };
  if (predictions.task === "regression" && answers.task === predictions.task) {
    const labels = Float64Array.from(rows, (row) => predictions.labels[row]);
    return { ...predictions, ...common, labels, predicted: answers.predicted };
  }
  if (predictions.task === "binary-classification" && answers.task === predictions.task) {
    const labels = Uint8Array.from(rows, (row) => predictions.labels[row]);
    return { ...predictions, ...common, labels, predicted: answers.predicted, scores: answers.scores };
  }
  if (predictions.task === "multiclass-classification" && answers.task === predictions.task) {
    const labels = Int32Array.from(rows, (row) => predictions.labels[row]);
    return { ...predictions, ...common, labels, predicted: answers.predicted, probabilities: answers.probabilities };
  }
  throw new Error(`answers of ${answers.task} for predictions of ${predictions.task}`);
}

/** The numbers of a regression's label. Throws label_not_number. */
export function numbersOf(label: Column): Float64Array {
  if (label.kind === "number") return label.values;
  throw new UserError({
    code: "label_not_number",
    message: `the label ${JSON.stringify(label.name)} is text (such as ${JSON.stringify(notNumeric(label).slice(0, 40))}), and a regression needs numbers`,
    where: label.name,
    fix: "list the texts that mean missing in data.missing, or choose a classification task",
  });
}

/** A text for which a column is no number: others may well read as one. */
export function notNumeric({ levels }: TextColumn): string {
  return levels.find((level) => level.trim() === "" || Number.isNaN(Number(level))) ?? levels[0] ?? "";
}

function labelBinary(
  answers: Answers & { task: "binary-classification" },
  { label, weights, clusters }: Truth,
): Predictions {
  const { task, classes, positive, scores, predicted, scorePrecision } = answers;
  const found = classLabels(label, classes);
  if (found.unknown.length > 0) throw notBinary(label.name, classes, found);
  const { indices } = found;
  const labels = fillRows(new Uint8Array(indices.length), (row) => Number(indices[row] === positive));
  const named = [classes[1 - positive] ?? "", classes[positive] ?? ""] as const;
  return { task, classes: named, labels, scores, predicted, scorePrecision, weights, clusters };
}

function notBinary(column: string, classes: readonly string[], { unknown }: ClassLabels): UserError {
  const seen = unknown
    .slice(0, 5)
    .map(({ value, rows }) => `${JSON.stringify(value.slice(0, 40))} (${rows} row${rows === 1 ? "" : "s"})`);
  return new UserError({
    code: "label_not_binary",
    message: `${JSON.stringify(column)} has labels that are none of the classes ${classes.join(" and ")}: ${seen.join(", ")}`,
    where: column,
    fix: "correct or drop those rows, spell the classes alike in data and model, or use multiclass-classification",
  });
}
