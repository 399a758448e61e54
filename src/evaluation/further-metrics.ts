import type { MetricDescription } from "./metric-names.ts";

// Metrics that are computed where evaluate.metrics or a gate names them. Those with a parameter have it in their name, since a
// gate knows names and numbers alone.

const binary = ["binary-classification"] as const;
const multiclass = ["multiclass-classification"] as const;
const classification = ["binary-classification", "multiclass-classification"] as const;
const regression = ["regression"] as const;
const ofLabels = { onDemand: true, needsScores: false } as const;
const share = { better: "higher", range: [0, 1] } as const;
const agreement = { better: "higher", range: [-1, 1] } as const;
const loss = { better: "lower", range: [0, Number.POSITIVE_INFINITY] } as const;

export const furtherMetrics = [
  {
    name: "matthews_corrcoef",
    tasks: classification,
    ...ofLabels,
    ...agreement,
    label: "Matthews correlation",
    description:
      "Correlation of label and prediction (Matthews; Gorodkin's R_K for several classes); 0 for a constant prediction.",
  },
  {
    name: "cohen_kappa",
    tasks: classification,
    ...ofLabels,
    ...agreement,
    label: "Cohen's kappa",
    description: "Agreement of label and prediction beyond what their shares alone would give.",
  },
  {
    name: "cohen_kappa_linear",
    tasks: multiclass,
    ...ofLabels,
    ...agreement,
    label: "Cohen's kappa (linear weights)",
    description: "Cohen's kappa where a miss by two places counts twice a miss by one; for classes that are numbers.",
  },
  {
    name: "cohen_kappa_quadratic",
    tasks: multiclass,
    ...ofLabels,
    ...agreement,
    label: "Cohen's kappa (quadratic weights)",
    description:
      "Cohen's kappa where a miss by two places counts four times a miss by one; for classes that are numbers.",
  },
  {
    name: "specificity",
    tasks: binary,
    ...ofLabels,
    ...share,
    label: "Specificity",
    description: "Share of the negative rows that are predicted negative: the recall of the negative class.",
  },
  {
    name: "false_positive_rate",
    tasks: binary,
    ...ofLabels,
    better: "lower",
    range: [0, 1],
    label: "False positive rate",
    description: "Share of the negative rows that are predicted positive.",
  },
  {
    name: "false_negative_rate",
    tasks: binary,
    ...ofLabels,
    better: "lower",
    range: [0, 1],
    label: "False negative rate",
    description: "Share of the positive rows that are predicted negative.",
  },
  {
    name: "precision_weighted",
    tasks: multiclass,
    ...ofLabels,
    ...share,
    label: "Precision (weighted)",
    description: "Mean over classes of precision, weighted by their rows.",
  },
  {
    name: "f1_weighted",
    tasks: multiclass,
    ...ofLabels,
    ...share,
    label: "F1 (weighted)",
    description: "Mean over classes of F1, weighted by their rows.",
  },
  topAccuracy(2),
  topAccuracy(3),
  topAccuracy(5),
  {
    name: "median_absolute_error",
    tasks: regression,
    ...ofLabels,
    ...loss,
    label: "Median absolute error",
    description: "Half of the rows have a smaller absolute error, in the label's unit.",
  },
  {
    name: "mean_absolute_percentage_error",
    tasks: regression,
    ...ofLabels,
    ...loss,
    label: "Mean absolute percentage error",
    description: "Mean of |label − prediction| / |label|: 0.1 is ten per cent.",
  },
  {
    name: "max_error",
    tasks: regression,
    ...ofLabels,
    ...loss,
    label: "Largest error",
    description:
      "Largest absolute error of these rows. Nothing bounds that of other rows, so no gate passes by it but with decide_by: point.",
  },
  pinballLoss("05"),
  pinballLoss("10"),
  pinballLoss("25"),
  pinballLoss("75"),
  pinballLoss("90"),
  pinballLoss("95"),
] as const satisfies readonly MetricDescription[];

function topAccuracy<K extends 2 | 3 | 5>(k: K) {
  return {
    name: `top_${k}_accuracy` as const,
    tasks: multiclass,
    onDemand: true,
    needsScores: true,
    ...share,
    label: `Top ${k} accuracy`,
    description: `Share of rows whose class is among the ${k} most probable ones.`,
  } as const;
}

function pinballLoss<Percent extends string>(percent: Percent) {
  return {
    name: `mean_pinball_loss_${percent}` as const,
    tasks: regression,
    ...ofLabels,
    ...loss,
    label: `Pinball loss (quantile 0.${percent})`,
    description: `Mean loss of a prediction of the quantile 0.${percent}, in the label's unit: too low costs 0.${percent} a unit, too high the rest.`,
  } as const;
}
