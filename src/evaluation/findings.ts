import { counted } from "../kit/counted.ts";
import type { Finding } from "../kit/outcome.ts";
import { answerFindings } from "./answer-findings.ts";
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
  /** Column of the label. */
  label: string;
  /** Column of the rows' weights; null: there is none. */
  weight: string | null;
}

/** What a person must know of an evaluation beside its numbers: gates that do not hold, rows that were left out. */
export function evaluationFindings(request: FindingsRequest): Finding[] {
  const { file, unseen, unlabelled, unweighted, label, predictions } = request;
  return [
    ...file.gates.flatMap(gateFinding),
    ...missedTarget(file.operating_point),
    ...robustnessFindings(file),
    ...foundSlicesFindings(file.found_slices),
    ...(file.test_set === undefined ? [] : testUseFindings(file.test_set)),
    ...(unlabelled > 0 ? [missingLabels(label, unlabelled, file.rows)] : []),
    ...(unweighted > 0 ? [missingWeights(request.weight ?? "weight", unweighted, file.rows)] : []),
    ...(unseen.length > 0 ? [unseenLabels(label, unseen)] : []),
    ...oneGroup(file),
    ...answerFindings({ predictions, label, worst: file.worst_errors }),
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
    message: `${counted(rows, "test row")} ${rows === 1 ? "has" : "have"} no label and ${rows === 1 ? "is" : "are"} not evaluated`,
    measured: { rows, evaluated },
    expected: 0,
  };
}

/** Rows of one group (data.group) have no spread by which to tell what others would give. */
function oneGroup({ clusters, rows }: EvaluationFile): Finding[] {
  if (clusters !== 1) return [];
  return [
    {
      code: "group_only_one",
      severity: "warning",
      subject: "data.group",
      message: `all ${counted(rows, "test row")} are of one group: no number has an interval, and no gate passes by one; test on rows of more groups`,
      measured: { rows, groups: 1 },
      expected: 2,
    },
  ];
}

function missingWeights(weight: string, rows: number, evaluated: number): Finding {
  return {
    code: "weight_missing",
    severity: "warning",
    subject: weight,
    message: `${rows} of ${evaluated} test rows ${rows === 1 ? "has no weight and counts" : "have no weight and count"} nothing; fill the weights, or drop those rows`,
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
    message: `${rows} test row${rows === 1 ? " has" : "s have"} ${unseen.length === 1 ? "a label" : "labels"} that the model does not know (${shown.join(", ")}): counted as wrong; train on rows with ${unseen.length === 1 ? "that label" : "these labels"}, or correct ${unseen.length === 1 ? "it" : "them"}`,
    measured: { rows, labels: unseen.slice(0, 5).map(({ value, rows: count }) => ({ value, rows: count })) },
    expected: 0,
  };
}
