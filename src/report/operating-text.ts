import type { EvaluationFile } from "../evaluation/evaluation-file.ts";
import { formatCount, formatDifference, formatDifferenceInterval, formatMeasured, shortest } from "./format-numbers.ts";

/** What the model is worth and from which score on it acts, each as a sentence; none where model.yml says neither. */
export function operatingSentences(file: EvaluationFile): string[] {
  return [worthSentence(file), thresholdSentence(file), notByValue(file)].filter((sentence) => sentence !== null);
}

function worthSentence({
  value_matrix: matrix,
  metrics,
  comparisons,
  baseline_kind: kind,
}: EvaluationFile): string | null {
  const worth = metrics.value;
  if (matrix === null || worth === undefined || worth.value === null) return null;
  const unit = matrix.unit === undefined ? "" : ` ${matrix.unit}`;
  const found = comparisons.find(({ against, metric }) => against === "baseline" && metric === "value") ?? null;
  const difference = found === null || found.difference === null ? null : { ...found, value: found.difference };
  const interval = difference === null ? "" : formatDifferenceInterval(difference);
  const against =
    difference === null
      ? ""
      : `; ${formatDifference(difference)}${unit}${interval === "" ? "" : ` (${interval})`} against the baseline${kind === null ? "" : ` (${kind})`}`;
  return `1,000 cases are worth ${formatMeasured(worth)}${unit}${against}.`;
}

/** A worth at another threshold than the one that is worth most says less than it could, of the model and of the baseline. */
function notByValue({
  value_matrix: matrix,
  operating_point: point,
  baseline_kind: kind,
}: EvaluationFile): string | null {
  if (matrix === null || point?.by === "value") return null;
  const both = kind === null ? "" : ", and so may the baseline, which keeps 0.5";
  return `The threshold was not chosen by value, so the model may be worth more at another one${both} (${kind === null ? "" : "both are chosen by "}evaluate.threshold: { by: value }).`;
}

/** A threshold with four significant digits; evaluation.json has it in full. */
export function thresholdText(threshold: number): string {
  return shortest(Number(threshold.toPrecision(4)));
}

function thresholdSentence({ operating_point: point }: EvaluationFile): string | null {
  if (point === null) return null;
  const acts = `Positive is a score above ${thresholdText(point.threshold)}`;
  const target = shortest(point.at_least ?? 0);
  const rows = `on ${formatCount(point.valid_rows)} validation rows`;
  switch (point.by) {
    case "fixed":
      return `${acts}, which was fixed beforehand.`;
    case "value":
    case "f1":
      return `${acts}: the highest ${point.by} ${rows}.`;
    case "recall":
    case "precision": {
      const other = point.by === "recall" ? "precision" : "recall";
      return point.reaches_target === false
        ? `${acts}: no threshold has a ${point.by} of ${target} ${rows}, this is the nearest.`
        : `${acts}: the highest ${other} with a ${point.by} of at least ${target} ${rows}.`;
    }
  }
}
