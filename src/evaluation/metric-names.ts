import { furtherMetrics } from "./further-metrics.ts";
import type { EvaluatedTask } from "./predictions.ts";

// The metrics by name, in the order a report shows them: scikit-learn's names and definitions.

export interface MetricDescription {
  name: string;
  tasks: readonly EvaluatedTask[];
  /** null: neither is better by itself (selection_rate). */
  better: "higher" | "lower" | null;
  /** Smallest and largest possible value. */
  range: readonly [number, number];
  /** Computed from scores or probabilities, so absent where a model gives only labels. */
  needsScores: boolean;
  /** Computed only where evaluate.metrics or a gate names it; the others are always shown. */
  onDemand?: boolean;
  label: string;
  description: string;
}

const binary = ["binary-classification"] as const;
const multiclass = ["multiclass-classification"] as const;
const classification = ["binary-classification", "multiclass-classification"] as const;
const regression = ["regression"] as const;
const higher = { better: "higher", range: [0, 1] } as const;

const metricDescriptions = [
  {
    name: "roc_auc",
    tasks: binary,
    ...higher,
    needsScores: true,
    label: "ROC AUC",
    description: "Chance that a random positive row is scored above a random negative one; ties count half.",
  },
  {
    name: "roc_auc_ovr",
    tasks: multiclass,
    ...higher,
    needsScores: true,
    label: "ROC AUC (one against the rest)",
    description: "Unweighted mean over classes of the ROC AUC of each class against the rest.",
  },
  {
    name: "average_precision",
    tasks: binary,
    ...higher,
    needsScores: true,
    label: "Average precision",
    description: "Mean precision over thresholds, weighted by the growth of recall.",
  },
  {
    name: "log_loss",
    tasks: classification,
    better: "lower",
    range: [0, Number.POSITIVE_INFINITY],
    needsScores: true,
    label: "Log loss",
    description: "Mean negative log of the probability given to the true class (natural log).",
  },
  // Before the binary one: what a name alone says is the wider range.
  {
    name: "brier_score",
    tasks: multiclass,
    better: "lower",
    range: [0, 2],
    needsScores: true,
    label: "Brier score",
    description: "Mean squared error of the probabilities, summed over classes (in [0, 2]), as scikit-learn does.",
  },
  {
    name: "brier_score",
    tasks: binary,
    better: "lower",
    range: [0, 1],
    needsScores: true,
    label: "Brier score",
    description: "Mean squared error of the probabilities of the positive class, as scikit-learn does.",
  },
  {
    name: "ece",
    tasks: classification,
    better: "lower",
    range: [0, 1],
    needsScores: true,
    onDemand: true,
    label: "Calibration error",
    description:
      "Expected calibration error: mean distance of the probabilities from what came true, in 15 bins of equal width; with more than two classes of the likeliest class.",
  },
  {
    name: "accuracy",
    tasks: classification,
    ...higher,
    needsScores: false,
    label: "Accuracy",
    description: "Share of rows whose class was predicted right.",
  },
  {
    name: "balanced_accuracy",
    tasks: classification,
    ...higher,
    needsScores: false,
    label: "Balanced accuracy",
    description: "Mean of the recalls of the classes that occur.",
  },
  {
    name: "precision",
    tasks: binary,
    ...higher,
    needsScores: false,
    label: "Precision",
    description: "Share of the rows predicted positive that are positive.",
  },
  {
    name: "recall",
    tasks: binary,
    ...higher,
    needsScores: false,
    label: "Recall",
    description: "Share of the positive rows that are predicted positive.",
  },
  {
    name: "f1",
    tasks: binary,
    ...higher,
    needsScores: false,
    label: "F1",
    description: "Harmonic mean of precision and recall.",
  },
  {
    name: "precision_macro",
    tasks: multiclass,
    ...higher,
    needsScores: false,
    label: "Precision (macro)",
    description: "Unweighted mean over classes of precision.",
  },
  {
    name: "recall_macro",
    tasks: multiclass,
    ...higher,
    needsScores: false,
    label: "Recall (macro)",
    description: "Unweighted mean over classes of recall.",
  },
  {
    name: "f1_macro",
    tasks: multiclass,
    ...higher,
    needsScores: false,
    label: "F1 (macro)",
    description: "Unweighted mean over classes of F1.",
  },
  {
    name: "selection_rate",
    tasks: binary,
    better: null,
    range: [0, 1],
    needsScores: false,
    label: "Selection rate",
    description: "Share of rows predicted positive.",
  },
  {
    name: "value",
    tasks: binary,
    better: "higher",
    range: [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY],
    needsScores: false,
    label: "Value per 1000 cases",
    description: "Worth of 1000 cases by problem.value of model.yml: what each kind of answer is worth, on average.",
  },
  {
    name: "rmse",
    tasks: regression,
    better: "lower",
    range: [0, Number.POSITIVE_INFINITY],
    needsScores: false,
    label: "RMSE",
    description: "Square root of the mean squared error, in the label's unit.",
  },
  {
    name: "mae",
    tasks: regression,
    better: "lower",
    range: [0, Number.POSITIVE_INFINITY],
    needsScores: false,
    label: "MAE",
    description: "Mean absolute error, in the label's unit.",
  },
  {
    name: "r2",
    tasks: regression,
    better: "higher",
    range: [Number.NEGATIVE_INFINITY, 1],
    needsScores: false,
    label: "R²",
    description: "Share of the labels' variance that the predictions explain; 0 is as good as the mean.",
  },
  ...furtherMetrics,
] as const satisfies readonly MetricDescription[];

type Listed = (typeof metricDescriptions)[number];

/** A metric that this room computes. */
type BuiltInMetric = Listed["name"];
/** The metrics that one task has: each needs its entry in the task's table, or the compiler complains. */
export type MetricOf<Task extends EvaluatedTask, One extends Listed = Listed> = One extends Listed
  ? Task extends One["tasks"][number]
    ? One["name"]
    : never
  : never;

/** A built-in metric or one of evaluate.own_metrics: which there are is for a Sample to say. */
export type MetricName = string;

export type FactKind = "size" | "time" | "number";

/** Facts about the model that gates may compare with numbers: sizes in bytes, times in milliseconds, ratios to the reference model. */
const factKinds = {
  model_size: "size",
  latency_p50: "time",
  latency_p95: "time",
  latency_p99: "time",
  latency_ratio_p50: "number",
  latency_ratio_p95: "number",
  latency_ratio_p99: "number",
} as const satisfies Record<string, FactKind>;
export type FactName = keyof typeof factKinds;

export const factNames = Object.keys(factKinds);

/** The name as a known fact, or undefined. @example factNameOf("roc_auc") // undefined */
export function factNameOf(name: string): FactName | undefined {
  return isFact(name) ? name : undefined;
}

/** What a fact is measured in; undefined for what is no fact. @example factKindOf("latency_p95") // "time" */
export function factKindOf(name: string): FactKind | undefined {
  return isFact(name) ? factKinds[name] : undefined;
}

function isFact(name: string): name is FactName {
  return Object.hasOwn(factKinds, name);
}

/** Names that people bring along, by the reason why they are not ours. */
const otherNames: Readonly<Record<string, { use: BuiltInMetric; because?: string }>> = {
  f1_micro: { use: "accuracy", because: "is the same number" },
  precision_micro: { use: "accuracy", because: "is the same number" },
  recall_micro: { use: "accuracy", because: "is the same number" },
  recall_weighted: { use: "accuracy", because: "is the same number" },
  auc: { use: "roc_auc" },
  sensitivity: { use: "recall" },
  true_positive_rate: { use: "recall" },
  true_negative_rate: { use: "specificity" },
  mape: { use: "mean_absolute_percentage_error" },
  mcc: { use: "matthews_corrcoef" },
  mean_pinball_loss: {
    use: "mean_pinball_loss_90",
    because: "is that of the quantile 0.9 (there are 05, 10, 25, 75, 90, 95)",
  },
  top_k_accuracy: { use: "top_3_accuracy", because: "is that of three classes (there are 2, 3 and 5)" },
  root_mean_squared_error: { use: "rmse" },
  mean_absolute_error: { use: "mae" },
};

/** What to write in place of a name that is another tool's or another average's, or undefined. */
export function otherNameOf(name: string, task: EvaluatedTask): string | undefined {
  const other = Object.hasOwn(otherNames, name) ? otherNames[name] : undefined;
  if (other === undefined || describeMetric(other.use)?.tasks.includes(task) !== true) return undefined;
  return other.because === undefined ? `use ${other.use}` : `use ${other.use}, which ${other.because}`;
}

/** What an evaluation has beside the built-in metrics that need no declaration. */
export interface DeclaredMetrics {
  /** problem.value is declared, which makes `value`. */
  hasValue: boolean;
  /** evaluate.own_metrics. */
  own?: readonly MetricDescription[];
}

/**
 * What is known of a metric, or undefined for a name that does not exist. own: those of the evaluation; task: whose metric is
 * meant, where two tasks have one of the same name (brier_score, which has another range).
 */
export function describeMetric(
  name: string,
  own: readonly MetricDescription[] = [],
  task: EvaluatedTask | null = null,
): MetricDescription | undefined {
  const all: readonly MetricDescription[] = [...metricDescriptions, ...own];
  const named = all.filter((metric) => metric.name === name);
  return named.find(({ tasks }) => task !== null && tasks.includes(task)) ?? named[0];
}

/**
 * Names of all metrics of a task, in the order a report shows them; `value` only where there is a matrix of worths.
 * @example metricsOf("regression", { hasValue: false }) // ["rmse", "mae", "r2", …]
 */
export function metricsOf(task: EvaluatedTask, declared: DeclaredMetrics): MetricName[] {
  return descriptionsOf(task, declared).map(({ name }) => name);
}

/** Those of them that are shown without being named. @example usualMetricsOf("regression", { hasValue: false }) // ["rmse", "mae", "r2"] */
export function usualMetricsOf(task: EvaluatedTask, declared: DeclaredMetrics): MetricName[] {
  return descriptionsOf(task, declared).flatMap(({ name, onDemand }) => (onDemand === true ? [] : [name]));
}

function descriptionsOf(task: EvaluatedTask, { hasValue, own = [] }: DeclaredMetrics): MetricDescription[] {
  const known: readonly MetricDescription[] = [...metricDescriptions, ...own];
  return known.filter(({ name, tasks }) => tasks.includes(task) && (hasValue || name !== "value"));
}
