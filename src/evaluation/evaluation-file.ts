import * as z from "zod";

// evaluation.json, the same under --json (design: JSON answers). Written by evaluate, read by the card, the report, the registry.

/** One metric with its interval. `value` is null, with a `reason`, where the metric is not defined for these rows. */
export const MetricValue = z.strictObject({
  value: z.number().nullable(),
  lower: z.number().nullable(),
  upper: z.number().nullable(),
  level: z.number().describe("Confidence level of the interval, 0.95 by default."),
  method: z.string().describe("How the interval was made: wilson, delong, bootstrap, exact, none …"),
  reason: z.string().optional(),
});
export type MetricValue = z.infer<typeof MetricValue>;

const Metrics = z.record(z.string(), MetricValue);

export const SliceResult = z.strictObject({
  column: z.string().describe("The column; of a pair both, as in sex × race."),
  value: z
    .string()
    .nullable()
    .describe(
      "The slice's value, of a pair as in Female × Black; null for missing; a masked name where the column is sensitive.",
    ),
  rows: z.int().min(0),
  rows_lacking: z
    .int()
    .min(1)
    .optional()
    .describe(
      "Only where the slice has fewer rows than evaluate.smallest_slice: how many more it needs. Its metrics are then to be shown as inconclusive, and no gate passes on its behalf.",
    ),
  metrics: Metrics,
});
export type SliceResult = z.infer<typeof SliceResult>;

export const FairnessResult = z.strictObject({
  column: z.string().describe("Column whose groups are compared; of a pair both, as in sex × race."),
  metric: z
    .enum([
      "demographic_parity_difference",
      "demographic_parity_ratio",
      "equal_opportunity_difference",
      "equalized_odds_difference",
      "calibration_difference",
    ])
    .describe("fairlearn's name; calibration_difference: between the groups' calibration_in_the_large."),
  ...MetricValue.shape,
  reason: z.string().optional().describe("Why there is no value, or which groups it leaves out."),
  groups: z
    .array(
      z.strictObject({
        value: SliceResult.shape.value,
        rows: SliceResult.shape.rows,
        rows_lacking: SliceResult.shape.rows_lacking,
        metrics: Metrics,
      }),
    )
    .describe(
      "What is compared, group by group: selection_rate, true_positive_rate, false_positive_rate, calibration_in_the_large; beside the last, ece.",
    ),
});
export type FairnessResult = z.infer<typeof FairnessResult>;

const FoundSlice = z.strictObject({
  conditions: z
    .array(z.strictObject({ column: z.string(), value: SliceResult.shape.value }))
    .min(1)
    .max(2)
    .describe(
      "A row is in the slice when all hold. Values as in slices: numbers by their range, masked where they must be.",
    ),
  rows: z.int(),
  measured: MetricValue.describe("The metric on these rows, with bounds that hold for all candidates at once."),
  rest: z.number().describe("The metric on all other rows."),
  difference: z.number().describe("measured less rest."),
  lower: z.number().describe("Of the difference, for all candidates at once."),
  upper: z.number(),
  p_adjusted: z
    .number()
    .describe("Two-sided, of no difference, times the candidates that share the level (Bonferroni)."),
});

export const FoundSlices = z.strictObject({
  metric: z.string().describe("What was searched by: log_loss, without probabilities accuracy, of a regression mae."),
  columns: z.array(z.string()).describe("The columns that were searched, alone and in pairs."),
  candidates: z
    .int()
    .describe("Slices that were large enough to be looked at; everything is corrected for their number."),
  smallest: z
    .int()
    .describe("Rows that a candidate must have: evaluate.smallest_slice, and at least one in a hundred."),
  slices: z
    .array(FoundSlice)
    .describe(
      "Slices that are worse than the other rows beyond chance, the best supported first; at least half of the rows of each are in none before it, and are worse too.",
    ),
});
export type FoundSlices = z.infer<typeof FoundSlices>;

export const Comparison = z.strictObject({
  against: z.string().describe("baseline, production, base"),
  metric: z.string(),
  difference: z.number().nullable(),
  lower: z.number().nullable(),
  upper: z.number().nullable(),
  p_value: z.number().nullable(),
  method: z.string(),
  reason: z.string().optional().describe("Why there is no difference, or no interval."),
});
export type Comparison = z.infer<typeof Comparison>;

const numbersOfGate = {
  measured: z.number().nullable(),
  lower: z.number().nullable(),
  upper: z.number().nullable(),
  bound: z.number().nullable(),
  rows_needed: z
    .int()
    .optional()
    .describe("Test rows that would decide it four times out of five if the measured value is the true one."),
  passes_at: z
    .number()
    .optional()
    .describe(
      "Where it does not pass: the value from which on it would with as many rows (first order). Absent: no value would, or rows do not matter.",
    ),
  out_of_reach: z
    .enum(["rows", "bound"])
    .optional()
    .describe(
      "Why no value would pass. rows: with as many rows the interval is too wide for any that there can be. bound: it lies beyond what any model can have on these rows, with the other models as they are.",
    ),
  limited_by: z
    .strictObject({
      column: z.string(),
      value: z.string().nullable().describe("As in slices."),
      rows: z.int(),
      rows_needed: z.int().optional().describe("Of this slice, where rows_needed counts all."),
    })
    .optional()
    .describe("Of an inconclusive gate on slices: the one whose rows are too few."),
  why: z.string().describe("One sentence for a person."),
};

/** One inequality of a gate that joins several by and, or. */
export const GateCondition = z.strictObject({
  condition: z.string().describe("As parsed, in its canonical spelling."),
  verdict: z.enum(["pass", "fail", "inconclusive"]),
  ...numbersOfGate,
});
export type GateCondition = z.infer<typeof GateCondition>;

export const GateResult = z.strictObject({
  gate: z.string().describe("The gate as written."),
  verdict: z.enum(["pass", "fail", "inconclusive", "skipped"]),
  ...numbersOfGate,
  conditions: z
    .array(GateCondition)
    .optional()
    .describe("Of a gate with and, or: its conditions, which have the numbers; the gate itself has none."),
  purpose: z.string().optional().describe("Why the gate is there, as model.yml says it."),
  on_fail: z.enum(["block", "warn"]).optional().describe("warn: failing does not hold the model back."),
  on_inconclusive: z.enum(["block", "warn"]).optional().describe("warn: inconclusive does not hold the model back."),
});
export type GateResult = z.infer<typeof GateResult>;

export const GoalResult = z.strictObject({
  metric: z.string(),
  at_least: z.number().optional(),
  at_most: z.number().optional(),
  by: z.string().optional(),
  why: z.string().optional(),
  measured: MetricValue.nullable(),
  met: z.enum(["yes", "no", "undecided"]),
});
export type GoalResult = z.infer<typeof GoalResult>;

/** How much worse a metric gets by a change of one feature. */
const drop = {
  drop: z.number().nullable().describe("Positive is worse, whichever direction is the better one; null: see reason."),
  lower: z.number().nullable(),
  upper: z.number().nullable(),
  method: z.string(),
  reason: z.string().optional(),
};

/** What was asked of the model again, on which rows. */
const probed = {
  metric: z.string(),
  value: MetricValue.describe("The metric on these rows as they are."),
  rows: z.int().describe("Rows that were asked about, drawn from a fixed seed."),
  of_rows: z.int().describe("Test rows that they were drawn from."),
};

/** A row that the model is most wrong about, without its features. */
const WorstErrorRow = z.strictObject({
  row: z.int().describe("Number of the row in its source, from 1."),
  row_id: z.string().optional(),
  label: z
    .union([z.string(), z.number()])
    .nullable()
    .describe("null, as predicted and score, where the label is sensitive."),
  predicted: z.union([z.string(), z.number()]).nullable(),
  score: z
    .number()
    .nullable()
    .describe("P(positive); with more than two classes the probability of the predicted one."),
  loss: z.number().nullable().describe("null: the model gave no finite number."),
});

const times = { p50: z.number(), p95: z.number(), p99: z.number() };

/** Equal-mass bins of the probability, for the calibration chart. */
const CalibrationBin = z.strictObject({
  rows: z.int(),
  mean_predicted: z.number(),
  observed: z.number(),
  lower: z.number(),
  upper: z.number(),
});

const CalibrationError = MetricValue.extend({
  debiased: z.number().describe("Less what noise adds on average; at least 0."),
});

const Calibration = z.strictObject({
  of: z
    .enum(["positive", "top_label"])
    .describe("P(positive), or with more than two classes the largest probability and whether its class was right."),
  bins: z.array(CalibrationBin).describe("At most 15 of equal mass."),
  ece: z
    .strictObject({ equal_width: CalibrationError, equal_mass: CalibrationError })
    .describe("Expected calibration error over 15 bins of equal width, and over `bins`."),
  brier: z
    .strictObject({
      reliability: z.number(),
      resolution: z.number(),
      uncertainty: z.number(),
      within_bin_variance: z.number(),
      within_bin_covariance: z.number(),
    })
    .describe(
      "reliability - resolution + uncertainty + within_bin_variance - within_bin_covariance is the mean squared error of the probability (binary: brier_score); bins of equal width.",
    ),
});

const atThreshold = {
  precision: z.number().nullable().describe("null where no row is predicted positive."),
  recall: z.number().nullable(),
  f1: z.number().nullable(),
  value: z.number().nullable().describe("Worth of 1000 rows; null without problem.value."),
};

const OperatingPoint = z.strictObject({
  threshold: z.number().describe("A row is predicted positive when its score is above it."),
  by: z.enum(["value", "f1", "recall", "precision", "fixed"]),
  at_least: z.number().optional().describe("The target of recall or precision."),
  reaches_target: z.boolean().nullable().describe("Whether the threshold reaches it on the validation rows."),
  valid_rows: z.int().nullable().describe("Rows of the validation part, on which it was chosen; null for fixed."),
  valid: z
    .strictObject(atThreshold)
    .nullable()
    .describe("Metrics of the validation rows at it: too favourable, as it was chosen on them."),
  curve: z
    .array(z.strictObject({ threshold: z.number(), ...atThreshold }))
    .describe("At most 200 of the thresholds that were considered, ascending, on the validation rows."),
  baseline_threshold: z
    .number()
    .nullable()
    .describe("by value: the naive baseline's own threshold, chosen by the same rule."),
});

const ValueMatrix = z.strictObject({
  true_positive: z.number(),
  false_positive: z.number(),
  false_negative: z.number(),
  true_negative: z.number(),
  unit: z.string().optional(),
});

export const EvaluationFile = z.strictObject({
  schema_version: z.literal(1),
  task: z.string(),
  rows: z.int(),
  own_metrics: z
    .array(z.strictObject({ name: z.string(), better: z.enum(["higher", "lower"]), unit: z.string().optional() }))
    .optional()
    .describe("Metrics of evaluate.own_metrics; absent: none declared."),
  clusters: z
    .int()
    .optional()
    .describe(
      "Groups of rows that belong together (data.group), for which all intervals allow; absent: none declared.",
    ),
  classes: z.array(z.string()).optional(),
  positive: z.string().optional(),
  metrics: Metrics,
  baseline: Metrics,
  baseline_kind: z.string().nullable(),
  value_matrix: ValueMatrix.nullable().describe(
    "problem.value: the metric value is the mean worth of 1000 rows by it; null: not declared, no such metric.",
  ),
  comparisons: z.array(Comparison),
  slices: z.array(SliceResult),
  fairness: z.array(FairnessResult).describe("Of evaluate.fairness: how differently groups are treated."),
  found_slices: FoundSlices.nullable().describe("Of evaluate.find_slices; null: not searched."),
  operating_point: OperatingPoint.nullable().describe(
    "evaluate.threshold, which decides the predicted labels of the test part; null: the model's own rule.",
  ),
  confusion_matrix: z
    .strictObject({ classes: z.array(z.string()), counts: z.array(z.array(z.number())) })
    .nullable()
    .describe("counts[actual][predicted]; null in regression, and where the model gave a row no finite number."),
  calibration: Calibration.nullable().describe("null where there are no probabilities, and in regression."),
  roc_curve: z
    .array(z.tuple([z.number(), z.number()]))
    .nullable()
    .describe("At most 200 points [false positive rate, true positive rate]."),
  residuals: z
    .array(
      z.strictObject({
        predicted: z.number(),
        lower: z.number(),
        median: z.number(),
        upper: z.number(),
        rows: z.int(),
      }),
    )
    .nullable()
    .describe("Quantiles 0.05, 0.5, 0.95 of actual − predicted in equal-mass bins of the prediction (regression)."),
  worst_errors: z
    .array(WorstErrorRow)
    .describe("The ten rows with the largest loss, worst first: log loss, absolute error, or wrong labels."),
  robustness: z
    .strictObject({
      ...probed,
      columns: z.array(
        z.strictObject({
          column: z.string(),
          change: z.enum(["missing", "noise"]),
          amount: z
            .number()
            .describe(
              "Share of the rows without a value; noise in standard deviations, or for texts the share drawn anew.",
            ),
          ...drop,
        }),
      ),
    })
    .optional()
    .describe(
      "How much worse the metric gets when values of one feature are missing or noisy, where model.yml asks for it.",
    ),
  importance: z
    .strictObject({
      ...probed,
      repeats: z.int(),
      columns: z.array(z.strictObject({ column: z.string(), ...drop })),
    })
    .optional()
    .describe(
      "Permutation importance: how much worse the metric gets when a feature's values are shuffled among the rows.",
    ),
  latency_ms: z
    .strictObject({
      ...times,
      runs: z.int(),
      batches: z
        .array(z.strictObject({ rows: z.int(), p50: z.number().nullable(), runs: z.int() }))
        .describe(
          "More rows at once; p50 is null where they would have taken too long, or the model takes no such batch.",
        ),
      reference: z.strictObject(times).describe("The reference model's single rows, timed between the model's."),
    })
    .nullable()
    .describe("Milliseconds for single rows on the machine of the run."),
  latency_ratio: z
    .strictObject({ p50: MetricValue, p95: MetricValue, p99: MetricValue })
    .nullable()
    .describe("The model's times over those of a logistic regression with as many inputs, timed in the same process."),
  model: z
    .strictObject({
      bytes: z.int(),
      sha256: z.string(),
      inputs: z.array(z.strictObject({ name: z.string(), type: z.string() })),
      outputs: z.array(z.strictObject({ name: z.string(), type: z.string() })),
    })
    .nullable(),
  test_set: z
    .strictObject({
      digest: z.string().describe("Of the rows' ids and labels."),
      rows: z.int(),
      evaluations: z.int().describe("Different evaluations (model or policy) of these rows so far, this one included."),
      limit: z.int().nullable().describe("evaluate.test_uses.limit."),
      meaning: z.string().describe("What that means for the verdict, in sentences."),
    })
    .optional()
    .describe("Absent in evaluations of files without a model.yml."),
  goals: z.array(GoalResult),
  alpha: z.number().describe("A model that violates a gate passes it with this probability at most."),
  gates: z.array(GateResult),
  verdict: z.enum(["pass", "fail", "inconclusive"]),
  reason_code: z.string(),
});
export type EvaluationFile = z.infer<typeof EvaluationFile>;
