import { UserError } from "../kit/user-error.ts";
import type { Column } from "../stats/table.ts";
import { classIndex, labelCounts } from "./class-labels.ts";
import type { EvaluatedTask } from "./predictions.ts";

/** Whole numbers with at most this many distinct values are taken for classes. */
const mostNumberedClasses = 20;

/**
 * The task that a label column is for: two values are binary, texts and few whole numbers classes, other numbers a
 * regression. Throws task_mismatch for a label of one value, which nothing can be measured on.
 */
export function inferTask(label: Column): EvaluatedTask {
  const counts = labelCounts(label);
  if (counts.length < 2) {
    throw new UserError({
      code: "task_mismatch",
      message: `the label ${JSON.stringify(label.name)} has ${counts.length === 0 ? "no value" : `one value only, ${shown(counts[0]?.value ?? "")}`}`,
      where: label.name,
      fix: "name the label column, or say the task with --task",
    });
  }
  if (counts.length === 2) return "binary-classification";
  if (label.kind === "text") return "multiclass-classification";
  const whole = label.values.every((value) => Number.isNaN(value) || Number.isInteger(value));
  return whole && counts.length <= mostNumberedClasses ? "multiclass-classification" : "regression";
}

const obvious = ["1", "yes", "y", "t", "positive", "pos"];
const opposites = ["0", "-1", "no", "n", "f", "negative", "neg"];

/**
 * The positive one of two labels: as given, else where one of them says so (1, true, yes …) and the other the opposite. Rows of
 * one label lack either: what is given need not occur. Throws positive_unknown, which lists the labels.
 */
export function positiveOf(given: string | null, labels: readonly string[]): string {
  if (given !== null) {
    const place = classIndex(given, labels);
    if (place < 0 && labels.length === 1) return given;
    if (place < 0) throw positiveUnknown(`${shown(given)} is not one of the labels`, labels);
    return labels[place] ?? given;
  }
  const found = labels.find((label) => isOneOf(label, obvious));
  const other = labels.find((label) => label !== found);
  if (found !== undefined && (other === undefined || isOneOf(other, opposites))) return found;
  throw positiveUnknown("nothing says which label is the positive class", labels);
}

function isOneOf(label: string, words: readonly string[]): boolean {
  return classIndex(label.toLowerCase(), words) >= 0;
}

function positiveUnknown(message: string, labels: readonly string[]): UserError {
  const listed = labels.slice(0, 12).map(shown).join(", ");
  return new UserError({
    code: "positive_unknown",
    message: `${message}; the labels are ${listed}${labels.length > 12 ? ", …" : ""}`,
    where: "positive",
    fix:
      labels.length === 1
        ? "say --positive and the positive class, whether or not a row has it"
        : `say --positive ${JSON.stringify(labels.at(-1) ?? "1")}`,
  });
}

function shown(value: string): string {
  return JSON.stringify(value.slice(0, 40));
}
