import { classIndex, classLabels, labelCounts } from "../evaluation/class-labels.ts";
import { UserError } from "../kit/user-error.ts";
import type { ModelSpec } from "../spec/model-spec.ts";
import type { Column } from "../stats/table.ts";
import type { Target } from "./linear.ts";

export interface TargetRequest {
  spec: ModelSpec;
  label: Column;
  /** Booleans are read as 0 and 1, and their classes are called false and true. */
  isBoolean: boolean;
}

/**
 * What the training rows are to teach. Classes are sorted as labels are; of two, the positive one comes last. Throws
 * training_impossible and label_not_binary.
 */
export function trainingTarget({ spec, label, isBoolean }: TargetRequest): Target {
  if (spec.task === "regression") {
    if (label.kind !== "number") throw new Error("a regression's label was not read as numbers");
    if (label.values.length === 0) throw impossible("the training part has no row with a label", spec.data.label);
    return { kind: "number", values: label.values };
  }
  const found = labelCounts(label).map(({ value }) => value);
  const ordered = spec.task === "binary-classification" ? binaryClasses(spec, found) : manyClasses(spec, found);
  const { indices } = classLabels(label, ordered);
  return { kind: "classes", codes: indices, classes: isBoolean ? ordered.map(booleanName) : ordered };
}

/** Codes of labels that the training part taught; −1 for others. */
export function codesOf(label: Column, classes: readonly string[]): Int32Array {
  return classLabels(label, classes).indices;
}

function manyClasses({ data }: ModelSpec, found: readonly string[]): readonly string[] {
  if (found.length >= 2) return found;
  throw impossible(onlyLabels(found), data.label);
}

function binaryClasses({ data }: ModelSpec, found: readonly string[]): readonly string[] {
  const positive = String(data.positive);
  const index = classIndex(positive, found);
  const others = found.filter((_, place) => place !== index);
  if (others.length > 1) throw notBinary(data.label, found);
  const [negative] = others;
  const own = found[index];
  if (negative === undefined || own === undefined) throw impossible(onlyLabels(found), data.label);
  return [negative, own];
}

function onlyLabels(found: readonly string[]): string {
  const [only] = found;
  return only === undefined
    ? "the training part has no row with a label"
    : `the only label in the training part is ${JSON.stringify(only.slice(0, 80))}`;
}

function impossible(message: string, label: string): UserError {
  return new UserError({
    code: "training_impossible",
    message,
    where: label,
    fix: "check the label column, data.missing and data.test in model.yml, then collect again",
  });
}

function notBinary(label: string, found: readonly string[]): UserError {
  const shown = found.slice(0, 5).map((value) => JSON.stringify(value.slice(0, 40)));
  return new UserError({
    code: "label_not_binary",
    message: `the label ${label} has ${found.length} values in the training part: ${shown.join(", ")}${found.length > 5 ? ", …" : ""}`,
    where: label,
    fix: "use task: multiclass-classification, or clean the label to two values",
  });
}

function booleanName(value: string): string {
  return value === "1" ? "true" : value === "0" ? "false" : value;
}
