// What `mlops-actions/evaluation` exports: docs/statistics.md is its manual, docs/gates.md that of gates.
export { UserError, UserErrors } from "../kit/user-error.ts";
export type { BoundsAt } from "../stats/bootstrap.ts";
export type { Bounds } from "../stats/bounds.ts";
export type { PairedScores } from "../stats/delong.ts";
export type { Drawing } from "../stats/resample.ts";
export type { Column, NumberColumn, TextColumn } from "../stats/table.ts";
export { type Evaluation, type EvaluationRequest, evaluate } from "./evaluate.ts";
export type {
  Comparison,
  FairnessResult,
  FoundSlices,
  GateCondition,
  GateResult,
  GoalResult,
  MetricValue,
  SliceResult,
} from "./evaluation-file.ts";
export type { Condition, Gate, GateSource, Inequality, MetricTerm, NumberTerm, Side, SliceTerm, Term } from "./gate.ts";
export type { GateError } from "./gate-scanner.ts";
export { type GateParse, parseGate } from "./gates.ts";
export type { Goal } from "./goals.ts";
export {
  type DeclaredMetrics,
  describeMetric,
  type FactName,
  type MetricDescription,
  type MetricName,
  metricsOf,
} from "./metric-names.ts";
export { atThreshold, chooseOperatingPoint, type OperatingPoint, type ThresholdRule } from "./operating-point.ts";
export { pairedRocAucBounds } from "./paired-roc-auc.ts";
export type {
  BinaryPredictions,
  EvaluatedTask,
  MulticlassPredictions,
  Predictions,
  RegressionPredictions,
  ValueMatrix,
} from "./predictions.ts";
export { printGate } from "./print-gate.ts";
export type { SlicePlan } from "./search-slices.ts";
export { crossColumns, type SliceColumn, type SlicePolicy, sliceColumn } from "./slice-column.ts";
