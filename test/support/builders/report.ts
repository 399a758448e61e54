import type { Outcome } from "../../../src/kit/outcome.ts";
import { type ReportedAction, type ReportInputs, reportedActions } from "../../../src/report/report-inputs.ts";
import { ModelSpec } from "../../../src/spec/model-spec.ts";
import { anEvaluation } from "./evaluation.ts";
import { anOutcome } from "./outcome.ts";
import { aProfile } from "./profile.ts";
import { aLinearTraining } from "./training-file.ts";

/** The income model of design.md. */
export function anIncomeSpec(): ModelSpec {
  return ModelSpec.parse({
    name: "income",
    task: "binary-classification",
    problem: {
      statement: "Predict whether a person earns more than 50K a year",
      owner: "product",
      baseline: "prior",
      goals: [{ metric: "roc_auc", at_least: 0.9, by: "2027-06-30", why: "worth 1.2 M a year in campaign cost" }],
    },
    data: { source: "data/adult.csv", missing: ["?"], label: "income", positive: ">50K", drop: ["fnlwgt"] },
    train: { builtin: "linear", params: { C: 1 } },
    evaluate: {
      metrics: ["roc_auc", "log_loss", "accuracy", "recall"],
      slices: ["sex", "race"],
      gates: ["roc_auc >= 0.89", "worst(recall by sex) >= 0.35"],
    },
  });
}

const summaries = {
  "collect-data": "32,561 rows and 15 columns; 4,262 missing markers made missing",
  "validate-data": "no errors, 2 warnings in 15 columns",
  train: "linear (logistic, C = 1) on 22,792 rows in 7 iterations",
  evaluate: "all 6 gates hold on 6,512 test rows",
  "model-card": "card written, 3 sections not written yet",
} as const satisfies Record<ReportedAction, string>;

const places: Readonly<Partial<Record<ReportedAction, string>>> = {
  train: ".mlops/income/model/model.json",
  evaluate: ".mlops/income/evaluation/evaluation.json",
};

/** What a complete passing run of the income model left. */
export function reportInputs(fields: Partial<ReportInputs> = {}): ReportInputs {
  const outcomes = Object.fromEntries(reportedActions.map((action, index) => [action, aStep(action, index)]));
  return {
    spec: anIncomeSpec(),
    outcomes: everyOutcome(outcomes),
    evaluation: anEvaluation(),
    profile: aProfile(),
    training: aLinearTraining(),
    manifest: {
      schema_version: 1,
      format: "onnx",
      task: "binary-classification",
      files: [{ path: "model.onnx", sha256: "ab".repeat(32), bytes: 9120 }],
    },
    snapshotDigest: "7d".repeat(32),
    headSha: "4f1d2c3b5a69788796a5b4c3d2e1f00112233445",
    tool: { name: "mlops-actions", version: "0.1.0" },
    ...fields,
  };
}

/** The same run with a column that weights the rows. */
export function aWeightedRun(): ReportInputs {
  const spec = anIncomeSpec();
  return reportInputs({ spec: { ...spec, data: { ...spec.data, weight: "fnlwgt" } } });
}

/** The outcomes of a run that got as far as the given ones; the rest is null. */
export function everyOutcome(outcomes: Readonly<Partial<Record<string, Outcome>>>): ReportInputs["outcomes"] {
  return {
    "collect-data": outcomes["collect-data"] ?? null,
    "validate-data": outcomes["validate-data"] ?? null,
    train: outcomes.train ?? null,
    evaluate: outcomes.evaluate ?? null,
    "model-card": outcomes["model-card"] ?? null,
  };
}

function aStep(action: ReportedAction, index: number): Outcome {
  const place = places[action];
  return anOutcome({
    action,
    summary: summaries[action],
    outputs: place === undefined ? [] : [{ path: place, sha256: String(index).repeat(64) }],
    started_at: new Date(Date.UTC(2026, 10, 21, 8, 0, index)).toISOString(),
  });
}
