import type { EvaluationFile } from "./evaluation-file.ts";
import { atThreshold, chooseOperatingPoint, type ThresholdRule } from "./operating-point.ts";
import type { BinaryPredictions, Predictions, ValueMatrix } from "./predictions.ts";
import { withValue } from "./worth.ts";

/** The model's predictions of some rows, and the naive baseline's. */
export interface Subjects {
  predictions: Predictions;
  baseline: Predictions | null;
}

export interface ThresholdRequest {
  /** evaluate.threshold; undefined: the model's labels stay as they are. */
  rule: ThresholdRule | undefined;
  value: ValueMatrix | null;
  test: Subjects;
  /** Of the validation part; null where the threshold is fixed. */
  valid: Subjects | null;
}

/**
 * The test part's predictions at the operating point that the validation part chose. The baseline keeps its own rule
 * (positive above 0.5), except `by: value`: against a matrix of worths a fair baseline is the better of "all positive" and
 * "all negative", so it chooses by the same rule from its own scores. Throws threshold_undecided.
 */
export function applyThreshold(request: ThresholdRequest): Subjects & Pick<EvaluationFile, "operating_point"> {
  const { rule, value, test, valid } = request;
  if (rule === undefined) return { ...test, operating_point: null };
  const rows = valid === null ? null : valued(valid.predictions, value);
  const point = chooseOperatingPoint(rule, rows);
  const naive = "by" in rule && rule.by === "value" ? (valid?.baseline ?? null) : null;
  const theirs = naive === null ? null : chooseOperatingPoint(rule, valued(naive, value)).threshold;
  return {
    predictions: atThreshold(valued(test.predictions, value), point.threshold),
    baseline:
      theirs === null || test.baseline === null ? test.baseline : atThreshold(valued(test.baseline, value), theirs),
    operating_point: { ...point, baseline_threshold: theirs },
  };
}

function valued(predictions: Predictions, value: ValueMatrix | null): BinaryPredictions {
  const found = withValue(predictions, value);
  if (found.task === "binary-classification") return found;
  throw new Error(`${found.task} has no threshold`);
}
