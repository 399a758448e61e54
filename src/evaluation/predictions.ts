import type { OwnValues } from "./own-metrics.ts";

// What a model said about rows whose labels are known. All arrays of one value have the same number of rows in the same order.

interface Common {
  /** Sample weights, finite and ≥ 0; null: every row counts 1. */
  weights: Float64Array | null;
  /**
   * Group of each row, 0 to groups − 1: rows of one group belong together (data.group), and intervals allow for that.
   * Absent or null: the rows are independent.
   */
  clusters?: Int32Array | null;
  /** What evaluate.own_metrics gave for each row and these answers; default: none. */
  own?: readonly OwnValues[];
}

interface Scored {
  /**
   * Precision the scores were computed in: decides where log_loss clips, as scikit-learn does by the dtype of y_pred
   * (eps = 2^-23 for float32, 2^-52 for float64). Default float64.
   */
  scorePrecision?: "float32" | "float64";
}

/** What each kind of answer about a row is worth: problem.value of model.yml. */
export interface ValueMatrix {
  true_positive: number;
  false_positive: number;
  false_negative: number;
  true_negative: number;
  /** Such as EUR. */
  unit?: string | undefined;
}

export interface BinaryPredictions extends Common, Scored {
  task: "binary-classification";
  classes: readonly [negative: string, positive: string];
  /** 1 = positive. */
  labels: Uint8Array;
  /** P(positive), or any score that grows with it; NaN is a score that the model failed to give. */
  scores: Float64Array | null;
  /** 1 = positive. */
  predicted: Uint8Array;
  /** Without it the predictions have no metric `value`. */
  value?: ValueMatrix | null;
}

export interface MulticlassPredictions extends Common, Scored {
  task: "multiclass-classification";
  classes: readonly string[];
  /** Index into `classes`; -1 is a label that the model does not know: counted, never right. */
  labels: Int32Array;
  predicted: Int32Array;
  /** rows × classes, row by row. */
  probabilities: Float64Array | null;
}

export interface RegressionPredictions extends Common {
  task: "regression";
  labels: Float64Array;
  /** NaN is a number that the model failed to give. */
  predicted: Float64Array;
}

export type Predictions = BinaryPredictions | MulticlassPredictions | RegressionPredictions;
export type EvaluatedTask = Predictions["task"];
