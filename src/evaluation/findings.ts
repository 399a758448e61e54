import type { Finding } from "../kit/outcome.ts";
import type { UnknownLabel } from "./class-labels.ts";
import type { EvaluationFile, GateResult } from "./evaluation-file.ts";
import { foundSlicesFindings } from "./found-slices-findings.ts";
import type { Predictions } from "./predictions.ts";
import { robustnessFindings } from "./robustness-findings.ts";
import { testUseFindings } from "./test-uses.ts";

export interface FindingsRequest {
  file: EvaluationFile;
  /** Labels that the model does not know. */
  unseen: readonly UnknownLabel[];
  /** Rows left out because they have no label. */
  unlabelled: number;
  /** Rows that weigh 0 because they have no weight. */
  unweighted: number;
  predictions: Predictions;
  label: string;
}

/** What a person must know of an evaluation beside its numbers: gates that do not hold, rows that were left out. */
export function evaluationFindings(request: FindingsRequest): Finding[] {
  const { file, unseen, unlabelled, unweighted, label } = request;
  const unanswered = unansweredRows(request.predictions);
  return [
    ...file.gates.flatMap(gateFinding),
    ...missedTarget(file.operating_point),
    ...robustnessFindings(file),
    ...foundSlicesFindings(file.found_slices),
    ...(file.test_set === undefined ? [] : testUseFindings(file.test_set)),
    ...(unlabelled > 0 ? [missingLabels(label, unlabelled, file.rows)] : []),
    ...(unweighted > 0 ? [missingWeights(unweighted, file.rows)] : []),
    ...(unseen.length > 0 ? [unseenLabels(label, unseen)] : []),
    ...oneClass(request),
    ...equalScores(request.predictions),
    ...(unanswered > 0 ? [missingAnswers(unanswered, file.rows)] : []),
  ];
}

function gateFinding(gate: GateResult): Finding[] {
  if (gate.verdict === "pass" || gate.verdict === "skipped") return [];
  const failed = gate.verdict === "fail";
  return [
    {
      code: failed ? "gate_failed" : "gate_inconclusive",
      severity: failed && gate.on_fail !== "warn" ? "error" : "warning",
      subject: gate.gate,
      message: gate.why,
      measured: { value: gate.measured, lower: gate.lower, upper: gate.upper },
      expected: gate.bound,
    },
  ];
}

function missedTarget(point: EvaluationFile["operating_point"]): Finding[] {
  if (point === null || point.reaches_target !== false || point.by === "value" || point.by === "f1") return [];
  const nearest = point.by === "fixed" ? null : (point.valid?.[point.by] ?? null);
  return [
    {
      code: "threshold_target_missed",
      severity: "warning",
      subject: "evaluate.threshold",
      message: `no threshold has a ${point.by} of at least ${point.at_least} on the ${point.valid_rows} validation rows; ${point.threshold.toPrecision(4)} is the nearest, with ${nearest?.toPrecision(3)}`,
      measured: nearest,
      expected: point.at_least ?? null,
    },
  ];
}

function missingLabels(label: string, rows: number, evaluated: number): Finding {
  return {
    code: "label_missing",
    severity: "warning",
    subject: label,
    message: `${rows} test row${rows === 1 ? " has" : "s have"} no label and ${rows === 1 ? "is" : "are"} not evaluated`,
    measured: { rows, evaluated },
    expected: 0,
  };
}

/** Test rows of one class define no ranking and no recall of the other. */
function oneClass({ predictions, label, file }: FindingsRequest): Finding[] {
  if (predictions.task === "regression" || predictions.labels.length === 0) return [];
  const [first] = predictions.labels;
  if (first < 0 || predictions.labels.some((each) => each !== first)) return [];
  const shown = JSON.stringify((predictions.classes[first] ?? "").slice(0, 40));
  return [
    {
      code: "label_one_class",
      severity: "warning",
      subject: label,
      message: `every one of the ${file.rows} test rows has the label ${shown}: metrics that need another class have no value`,
      measured: { rows: file.rows, classes: 1 },
      expected: 2,
    },
  ];
}

/** A model that says the same of every row. */
function equalScores(predictions: Predictions): Finding[] {
  if (predictions.task !== "binary-classification" || predictions.scores === null) return [];
  const [first] = predictions.scores;
  if (predictions.scores.length < 2 || predictions.scores.some((score) => score !== first)) return [];
  return [
    {
      code: "scores_constant",
      severity: "warning",
      subject: "model",
      message: `the model gives every one of the ${predictions.scores.length} test rows the score ${first}: it tells no row from another`,
      measured: { rows: predictions.scores.length, score: first },
      expected: null,
    },
  ];
}

function missingWeights(rows: number, evaluated: number): Finding {
  return {
    code: "weight_missing",
    severity: "warning",
    subject: "weight",
    message: `${rows} test row${rows === 1 ? " has" : "s have"} no weight and count${rows === 1 ? "s" : ""} nothing`,
    measured: { rows, evaluated },
    expected: 0,
  };
}

function unseenLabels(label: string, unseen: readonly UnknownLabel[]): Finding {
  const rows = unseen.reduce((sum, each) => sum + each.rows, 0);
  const shown = unseen.slice(0, 5).map(({ value }) => JSON.stringify(value.slice(0, 40)));
  return {
    code: "label_unseen",
    severity: "warning",
    subject: label,
    message: `${rows} test row${rows === 1 ? " has a label" : "s have labels"} that the model does not know (${shown.join(", ")}): counted as wrong`,
    measured: { rows, labels: unseen.slice(0, 5).map(({ value, rows: count }) => ({ value, rows: count })) },
    expected: 0,
  };
}

/** Rows to which the model gave no number. */
function unansweredRows(predictions: Predictions): number {
  switch (predictions.task) {
    case "regression":
      return countNaN(predictions.predicted);
    case "binary-classification":
      return countNaN(predictions.scores ?? []);
    case "multiclass-classification": {
      const { probabilities, classes } = predictions;
      // A model that cannot answer gives NaN for all classes: one of them stands for the row.
      return countNaN(probabilities?.filter((_, place) => place % classes.length === 0) ?? []);
    }
  }
}

function countNaN(values: Iterable<number>): number {
  let count = 0;
  for (const value of values) if (Number.isNaN(value)) count += 1;
  return count;
}

function missingAnswers(rows: number, evaluated: number): Finding {
  return {
    code: "prediction_missing",
    severity: "error",
    subject: "model",
    message: `the model gave no number (NaN) for ${rows} of ${evaluated} rows`,
    measured: { rows, share: rows / evaluated },
    expected: 0,
  };
}
