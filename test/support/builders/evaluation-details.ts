import type { EvaluationFile, FairnessResult } from "../../../src/evaluation/evaluation-file.ts";
import { aGate, aJoinedGate, aMetric, anEvaluation } from "./evaluation.ts";

// What evaluation.json has only when model.yml asks for it.

/** Fairness between the values of a column: three measures over the same groups, of which the last has too few rows. */
export function aFairness(
  column = "sex",
  values: readonly (string | null)[] = ["Female", "Male", null],
): FairnessResult[] {
  const groups = (metrics: (index: number) => Record<string, ReturnType<typeof aMetric>>) =>
    values.map((value, index) => ({
      value,
      rows: index === values.length - 1 ? 12 : 2157 + index,
      ...(index === values.length - 1 ? { rows_lacking: 18 } : {}),
      metrics: metrics(index),
    }));
  return [
    {
      column,
      metric: "demographic_parity_difference",
      ...aMetric(0.179, 0.017, "intersection_union"),
      groups: groups((index) => ({ selection_rate: aMetric(0.08 + 0.179 * index, 0.01) })),
    },
    {
      column,
      metric: "equalized_odds_difference",
      ...aMetric(0.118, 0.06, "intersection_union"),
      groups: groups((index) => ({
        true_positive_rate: aMetric(0.5 + 0.1 * index, 0.05),
        false_positive_rate: aMetric(0.03 + 0.05 * index, 0.01),
      })),
    },
    {
      column,
      metric: "calibration_difference",
      ...aMetric(0.02, 0.01, "intersection_union"),
      groups: groups((index) => ({ calibration_in_the_large: aMetric(0.01 * index, 0.008) })),
    },
  ];
}

/** A threshold chosen by value, with its curve. */
export function anOperatingPoint(): NonNullable<EvaluationFile["operating_point"]> {
  const curve = Array.from({ length: 40 }, (_, index) => {
    const threshold = (index + 1) / 41;
    const [precision, recall] = [0.25 + 0.7 * threshold, 1 - threshold ** 0.7];
    return {
      threshold,
      precision: index === 39 ? null : precision,
      recall,
      f1: 0.5,
      value: 900 - 4000 * (threshold - 0.3) ** 2,
    };
  });
  const valid = { precision: 0.45, recall: 0.58, f1: 0.5, value: 900 };
  const chosen = { threshold: 0.29883217, by: "value" as const, reaches_target: null, valid_rows: 2304, valid };
  return { ...chosen, curve, baseline_threshold: 0.2408 };
}

type Probes = Required<Pick<EvaluationFile, "robustness" | "importance">>;

/** Both probes of the given features: each later one matters more, the first cannot be missing. */
export function someProbes(columns: readonly string[] = ["age", "workclass"]): Probes {
  const probed = { metric: "roc_auc", value: aMetric(0.905), rows: 2000, of_rows: 6512 };
  const drop = (index: number) => ({ drop: 0.01 * index, lower: 0.01 * index - 0.004, upper: 0.01 * index + 0.004 });
  const none = { drop: null, lower: null, upper: null, method: "none" };
  return {
    robustness: {
      ...probed,
      columns: columns.flatMap((column, index) => [
        index === 0
          ? {
              column,
              change: "missing" as const,
              amount: 0.1,
              ...none,
              reason: `${column} has no form for a missing value`,
            }
          : { column, change: "missing" as const, amount: 0.1, ...drop(index), method: "paired_mover" },
        { column, change: "noise" as const, amount: 0.2, ...drop(index), method: "paired_mover" },
      ]),
    },
    importance: {
      ...probed,
      repeats: 5,
      columns: columns.map((column, index) => ({ column, ...drop(index), method: "jackknife_t" })),
    },
  };
}

/** Slices that a search found, one of one condition and one of two. */
export function someFoundSlices(
  column = "education",
  value: string | null = "Doctorate",
): NonNullable<EvaluationFile["found_slices"]> {
  const numbers = { rest: 0.3, difference: 0.25, lower: 0.1, upper: 0.4, p_adjusted: 0.0001 };
  const slice = { rows: 412, measured: aMetric(0.55, 0.12), ...numbers };
  return {
    metric: "log_loss",
    columns: [column, "sex"],
    candidates: 512,
    smallest: 65,
    slices: [
      { conditions: [{ column, value }], ...slice },
      {
        conditions: [
          { column, value: null },
          { column: "sex", value: "Male" },
        ],
        ...slice,
      },
    ],
  };
}

/** An evaluation with every part that a report can show. */
export function aFullEvaluation(): EvaluationFile {
  const plain = anEvaluation();
  const difference = { difference: -0.012, lower: -0.02, upper: -0.004, p_value: 0.004, method: "paired_delong" };
  return {
    ...plain,
    value_matrix: { true_positive: 40, false_positive: -15, false_negative: -20, true_negative: 0, unit: "EUR" },
    metrics: { ...plain.metrics, value: aMetric(3119, 400) },
    comparisons: [...plain.comparisons, { against: "production", metric: "roc_auc", ...difference }],
    gates: [
      ...plain.gates,
      { ...aJoinedGate(), purpose: "missed customers cost most" },
      aGate({ verdict: "fail", measured: 0.861, lower: 0.852, upper: 0.87, passes_at: 0.897 }),
    ],
    slices: plain.slices.map((slice, index) => (index === 3 ? { ...slice, rows: 12, rows_lacking: 18 } : slice)),
    fairness: [...aFairness("sex"), ...aFairness("race", ["White", "Asian-Pac-Islander", null])],
    found_slices: someFoundSlices(),
    ...someProbes(["age", "workclass", "hours_per_week_and_more_of_a_long_name"]),
    operating_point: anOperatingPoint(),
    test_set: {
      digest: "ab",
      rows: 6512,
      evaluations: 7,
      limit: 20,
      meaning: "These rows have judged 7 models of 20.",
    },
  };
}
