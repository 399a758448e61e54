import type { EvaluationFile, GateResult, MetricValue } from "../../../src/evaluation/evaluation-file.ts";

/** A metric with an interval of the given half width around it. */
export function aMetric(value: number, halfWidth = 0.006, method = "bootstrap"): MetricValue {
  return { value, lower: value - halfWidth, upper: value + halfWidth, level: 0.95, method };
}

export function aGate(fields: Partial<GateResult> = {}): GateResult {
  return {
    gate: "roc_auc >= 0.89",
    verdict: "pass",
    measured: 0.9049999,
    lower: 0.8978,
    upper: 0.9114,
    bound: 0.89,
    why: "the whole interval is above the bound",
    ...fields,
  };
}

/** A gate of two conditions, of which the second is open. */
export function aJoinedGate(condition = "recall >= 0.6"): GateResult {
  const { gate: first, ...numbers } = aGate();
  return {
    ...aGate({ gate: `${first} and ${condition}`, verdict: "inconclusive", measured: null, lower: null, upper: null }),
    bound: null,
    rows_needed: 41_000,
    conditions: [
      { ...numbers, condition: first, verdict: "pass" },
      {
        condition,
        verdict: "inconclusive",
        measured: 0.61,
        lower: 0.59,
        upper: 0.63,
        bound: 0.6,
        rows_needed: 41_000,
        passes_at: 0.6201,
        why: "recall is 0.61, between 0.59 and 0.63: 6,512 test rows cannot decide >= 0.6; about 41,000 would.",
      },
    ],
  };
}

/** The income model on the test part of Adult: logistic regression against the prior, every gate as in design.md. */
export function anEvaluation(fields: Partial<EvaluationFile> = {}): EvaluationFile {
  return {
    schema_version: 1,
    task: "binary-classification",
    rows: 6512,
    classes: ["<=50K", ">50K"],
    positive: ">50K",
    metrics: {
      roc_auc: aMetric(0.9049999, 0.0068, "delong"),
      log_loss: aMetric(0.3191, 0.0102),
      accuracy: aMetric(0.8517, 0.0086, "wilson"),
      recall: aMetric(0.6012, 0.0243, "wilson"),
      precision: aMetric(0.7385, 0.0238, "wilson"),
      f1: aMetric(0.6628, 0.0196),
      average_precision: aMetric(0.7661, 0.0181),
      brier_score: aMetric(0.1024, 0.0038),
      balanced_accuracy: aMetric(0.7661, 0.0121),
    },
    baseline: {
      roc_auc: aMetric(0.5, 0, "exact"),
      log_loss: aMetric(0.5512, 0.0086),
      accuracy: aMetric(0.7592, 0.0104, "wilson"),
      recall: aMetric(0, 0, "wilson"),
      precision: {
        value: null,
        lower: null,
        upper: null,
        level: 0.95,
        method: "none",
        reason: "nothing is predicted positive",
      },
      brier_score: aMetric(0.1829, 0.0047),
      average_precision: aMetric(0.2408, 0.0103),
      balanced_accuracy: aMetric(0.5, 0, "exact"),
    },
    baseline_kind: "prior",
    value_matrix: null,
    fairness: [],
    found_slices: null,
    operating_point: null,
    comparisons: [
      {
        against: "baseline",
        metric: "roc_auc",
        difference: 0.405,
        lower: 0.3982,
        upper: 0.4118,
        p_value: 1e-300,
        method: "delong",
      },
      {
        against: "baseline",
        metric: "log_loss",
        difference: -0.2321,
        lower: -0.2419,
        upper: -0.2223,
        p_value: 0.0005,
        method: "bootstrap",
      },
      {
        against: "baseline",
        metric: "accuracy",
        difference: 0.0925,
        lower: 0.0841,
        upper: 0.1009,
        p_value: 1e-90,
        method: "mcnemar",
      },
      {
        against: "baseline",
        metric: "recall",
        difference: 0.6012,
        lower: 0.5769,
        upper: 0.6255,
        p_value: 0.0005,
        method: "bootstrap",
      },
    ],
    slices: [
      aSlice("sex", "Female", 2157, 0.9312, 0.0118, 0.5021, 0.0591),
      aSlice("sex", "Male", 4355, 0.8889, 0.0087, 0.6197, 0.0264),
      aSlice("race", "White", 5563, 0.9021, 0.0074, 0.6039, 0.0257),
      aSlice("race", "Black", 624, 0.9241, 0.0263, 0.5125, 0.1095),
      aSlice("race", "Asian-Pac-Islander", 208, 0.8991, 0.0412, 0.6727, 0.1214),
      aSlice("race", "Amer-Indian-Eskimo", 62, 0.8412, 0.1127, 0.4444, 0.2911),
      aSlice("race", "Other", 55, 0.9533, 0.0498, 0.5, 0.3101),
    ],
    confusion_matrix: {
      classes: ["<=50K", ">50K"],
      counts: [
        [4603, 341],
        [625, 943],
      ],
    },
    calibration: aCalibration(),
    roc_curve: rocCurve(),
    residuals: null,
    worst_errors: [
      {
        row: 4104,
        row_id: "31efa9a60967ec0db3c15078da1c9ef8",
        label: ">50K",
        predicted: "<=50K",
        score: 0.0011,
        loss: 6.81,
      },
      {
        row: 118,
        row_id: "1b52c52bb41e147379aa6af3618a7da4",
        label: "<=50K",
        predicted: ">50K",
        score: 0.9962,
        loss: 5.57,
      },
    ],
    latency_ms: {
      p50: 0.041,
      p95: 0.062,
      p99: 0.118,
      runs: 400,
      batches: [
        { rows: 32, p50: 0.09, runs: 50 },
        { rows: 1024, p50: 1.2, runs: 35 },
      ],
      reference: { p50: 0.036, p95: 0.055, p99: 0.102 },
    },
    latency_ratio: {
      p50: aMetric(1.139, 0.021, "block_bootstrap"),
      p95: aMetric(1.127, 0.094, "block_bootstrap"),
      p99: aMetric(1.157, 0.41, "block_bootstrap"),
    },
    model: {
      bytes: 9120,
      sha256: "ab".repeat(32),
      inputs: [
        { name: "age", type: "float32" },
        { name: "workclass", type: "string" },
      ],
      outputs: [
        { name: "label", type: "string" },
        { name: "probabilities", type: "float32" },
      ],
    },
    goals: [
      {
        metric: "roc_auc",
        at_least: 0.9,
        by: "2027-06-30",
        why: "worth 1.2 M a year in campaign cost",
        measured: aMetric(0.9049999, 0.0068, "delong"),
        met: "undecided",
      },
    ],
    alpha: 0.05,
    gates: [
      aGate(),
      aGate({ gate: "roc_auc - baseline.roc_auc >= 0.05", measured: 0.405, lower: 0.3982, upper: 0.4118, bound: 0.05 }),
      aGate({
        gate: "accuracy - production.accuracy > -0.005 if production exists",
        verdict: "skipped",
        measured: null,
        lower: null,
        upper: null,
        bound: -0.005,
        why: "no version is in production",
      }),
      aGate({
        gate: "worst(recall by sex) >= 0.35",
        measured: 0.5021,
        lower: 0.4503,
        upper: 0.5539,
        bound: 0.35,
        why: "the worst slice is sex = Female",
      }),
      aGate({
        gate: "gap(selection_rate by sex) <= 0.25",
        measured: 0.1794,
        lower: 0.1621,
        upper: 0.1967,
        bound: 0.25,
        why: "the whole interval is below the bound",
      }),
      aGate({
        gate: "model_size <= 20 MB",
        measured: 9120,
        lower: null,
        upper: null,
        bound: 20_000_000,
        why: "the model has 9,120 bytes",
      }),
    ],
    verdict: "pass",
    reason_code: "gates_pass",
    ...fields,
  };
}

/** A price model: regression with residuals instead of a ROC curve. */
export function aRegressionEvaluation(fields: Partial<EvaluationFile> = {}): EvaluationFile {
  const { classes: _classes, positive: _positive, ...shared } = anEvaluation();
  return {
    ...shared,
    task: "regression",
    metrics: { rmse: aMetric(1132.4567, 41.2), mae: aMetric(738.91, 12.1), r2: aMetric(0.9197, 0.0061) },
    baseline: { rmse: aMetric(3989.1, 60.4), mae: aMetric(3031.6, 38.2), r2: aMetric(0, 0, "exact") },
    baseline_kind: "mean",
    comparisons: [],
    slices: [],
    confusion_matrix: null,
    calibration: null,
    roc_curve: null,
    residuals: Array.from({ length: 20 }, (_, bin) => {
      const predicted = 300 + bin * bin * 42;
      const spread = 180 + predicted * 0.17;
      return { predicted, lower: -spread * 1.1, median: Math.sin(bin) * 90, upper: spread, rows: 539 };
    }),
    goals: [],
    gates: [aGate({ gate: "rmse <= 1200", measured: 1132.4567, lower: 1091.3, upper: 1173.7, bound: 1200 })],
    ...fields,
  };
}

function aSlice(
  column: string,
  value: string,
  rows: number,
  auc: number,
  aucHalf: number,
  recall: number,
  recallHalf: number,
) {
  return {
    column,
    value,
    rows,
    metrics: {
      roc_auc: aMetric(auc, aucHalf, "delong"),
      recall: aMetric(recall, recallHalf, "wilson"),
      selection_rate: aMetric(0.19, 0.01, "wilson"),
    },
  };
}

function rocCurve(): [number, number][] {
  return Array.from({ length: 120 }, (_, point): [number, number] => {
    const rate = (point / 119) ** 2;
    return [rate, rate ** 0.17];
  });
}

function aCalibration(): NonNullable<EvaluationFile["calibration"]> {
  const error = { ...aMetric(0.012, 0.006, "least_favourable_bins"), debiased: 0.009 };
  return {
    of: "positive",
    bins: calibrationBins(),
    ece: { equal_width: error, equal_mass: error },
    brier: {
      reliability: 0.0006,
      resolution: 0.0801,
      uncertainty: 0.1829,
      within_bin_variance: 0.0004,
      within_bin_covariance: 0.0014,
    },
  };
}

function calibrationBins() {
  return Array.from({ length: 10 }, (_, bin) => {
    const predicted = [0.004, 0.012, 0.03, 0.065, 0.12, 0.19, 0.29, 0.44, 0.62, 0.87][bin] ?? 0;
    const observed = Math.min(1, Math.max(0, predicted + 0.025 * Math.sin(bin * 1.7)));
    const half = 1.96 * Math.sqrt((observed * (1 - observed) + 0.002) / 651);
    return {
      rows: 651,
      mean_predicted: predicted,
      observed,
      lower: Math.max(0, observed - half),
      upper: Math.min(1, observed + half),
    };
  });
}
