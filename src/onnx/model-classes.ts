import { classIndex } from "../evaluation/class-labels.ts";
import type { EvaluatedTask } from "../evaluation/predictions.ts";

export interface ClassesRequest {
  task: EvaluatedTask;
  /** What the graph or model.json says, in the order of the probabilities. */
  named: readonly string[] | null;
  /** Distinct labels of the data, as texts. */
  labels: readonly string[];
  positive: string | null;
  /** Numbers a row of the probabilities; null: unknown or none. */
  width: number | null;
}

/**
 * The classes in the model's order, spelled as in the data; null when nothing says them. Models are often trained on
 * encoded labels: 0 and 1 then stand for the negative and the positive class, and a graph without class names gives
 * them in that order. More than two classes must be named, unless the labels are 0, 1, 2 … themselves.
 */
export function modelClasses(request: ClassesRequest): readonly string[] | null {
  const { task, named } = request;
  if (task === "binary-classification") return binaryClasses(request);
  return named ?? numberedClasses(request);
}

function binaryClasses({ named, labels, positive, width }: ClassesRequest): readonly string[] | null {
  if (positive === null) return named;
  const encoded = named === null ? (width ?? 1) <= 2 : isZeroOne(named) && classIndex(positive, named) < 0;
  const others = labels.filter((label) => classIndex(label, [positive]) < 0);
  if (!encoded || others.length > 1) return named;
  const negative = others[0] ?? `not ${positive}`;
  return named === null || named[0] === "0" ? [negative, positive] : [positive, negative];
}

function numberedClasses({ labels, width }: ClassesRequest): readonly string[] | null {
  if (width === null || width < 2) return null;
  const numbers = Array.from({ length: width }, (_, place) => String(place));
  return labels.every((label) => classIndex(label, numbers) >= 0) ? numbers : null;
}

function isZeroOne(names: readonly string[]): boolean {
  return names.length === 2 && names.includes("0") && names.includes("1");
}
