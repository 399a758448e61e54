import type { ReportInputs } from "../../../src/report/report-inputs.ts";
import { hostileTexts } from "../hostile.ts";
import { aGate, aJoinedGate, aMetric, anEvaluation } from "./evaluation.ts";
import { aFairness, anOperatingPoint, someFoundSlices, someProbes } from "./evaluation-details.ts";
import { aFinding, anOutcome } from "./outcome.ts";
import { aNumberColumn, aProfile, aTextColumn } from "./profile.ts";
import { anIncomeSpec, reportInputs } from "./report.ts";
import { aLinearTraining } from "./training-file.ts";

/** A run in which every value that comes from data, model, spec or another step is hostile. */
export function hostileInputs(texts: readonly string[] = hostileTexts): ReportInputs {
  const text = (index: number) => texts[index % texts.length] ?? "";
  const spec = anIncomeSpec();
  const findings = texts.map((each) => aFinding({ subject: each, message: each, code: each, severity: "warning" }));
  const evaluation = anEvaluation({
    positive: text(0),
    baseline_kind: text(1),
    classes: [text(0), text(2)],
    slices: texts.map((each, index) => ({
      column: each,
      value: text(index + 1),
      rows: 10 + index,
      ...(index % 2 === 0 ? { rows_lacking: 3 } : {}),
      metrics: { roc_auc: aMetric(0.8, 0.05), [each]: aMetric(0.5) },
    })),
    metrics: {
      ...anEvaluation().metrics,
      value: aMetric(5, 1),
      ...Object.fromEntries(texts.map((each) => [each, { ...aMetric(0.5), reason: each }])),
    },
    gates: [
      ...texts.map((each) => aGate({ gate: each, why: each, purpose: each, verdict: "fail" })),
      ...texts.map((each) => aGate({ ...aJoinedGate(each), verdict: "inconclusive", purpose: each })),
      ...texts.map((each) =>
        aGate({
          verdict: "inconclusive",
          rows_needed: 9000,
          limited_by: { column: each, value: each, rows: 9, rows_needed: 99 },
        }),
      ),
    ],
    goals: texts.map((each) => ({
      metric: each,
      at_least: 0.5,
      by: each,
      why: each,
      measured: null,
      met: "no" as const,
    })),
    fairness: texts.flatMap((each) => aFairness(each, [...texts, each])).map((each) => ({ ...each, reason: text(0) })),
    found_slices: someFoundSlices(text(0), text(1)),
    ...someProbes(texts),
    test_set: { digest: text(0), rows: 1, evaluations: 2, limit: 1, meaning: text(1) },
    operating_point: anOperatingPoint(),
    worst_errors: texts.map((each, row) => ({ row, row_id: each, label: each, predicted: each, score: 0.5, loss: 1 })),
    own_metrics: texts.map((each) => ({ name: each, better: "higher" as const, unit: each })),
    value_matrix: { true_positive: 1, false_positive: 0, false_negative: 0, true_negative: 0, unit: text(0) },
    comparisons: texts.map((each, index) => ({
      against: each,
      metric: text(index + 1),
      difference: index % 2 === 0 ? 0.1 : null,
      lower: null,
      upper: null,
      p_value: null,
      method: each,
      reason: each,
    })),
    confusion_matrix: {
      classes: [text(0), text(1)],
      counts: [
        [5, 1],
        [2, 9],
      ],
    },
  });
  const base = reportInputs();
  return {
    ...base,
    spec: {
      ...spec,
      name: text(0),
      problem: { ...spec.problem, statement: text(1), owner: text(8) },
      data: { ...spec.data, label: text(2), drop: [...texts] },
    },
    evaluation,
    profile: aProfile({
      approximation: text(1),
      columns: [
        ...texts.map((each) => aTextColumn(each, texts, { type: each })),
        ...texts.map((each) => aNumberColumn(each)),
      ],
    }),
    training: aLinearTraining({
      task: text(0),
      params: Object.fromEntries(texts.map((each) => [each, each])),
      coefficients: texts.map((each) => ({ feature: each, level: each, class: each, weight: -1 })),
    }),
    outcomes: {
      ...base.outcomes,
      evaluate: anOutcome({ action: "evaluate", verdict: "fail", summary: text(0), reason_code: text(1), findings }),
    },
    manifest: {
      schema_version: 1,
      format: "onnx",
      task: text(0),
      files: texts.map((each) => ({ path: each, sha256: each, bytes: 1 })),
      signature: {
        inputs: texts.map((each) => ({ name: each, type: "string" as const })),
        outputs: texts.map((each) => ({ name: each, role: "other" as const, type: each })),
      },
    },
    snapshotDigest: text(3),
    headSha: text(4),
  };
}
