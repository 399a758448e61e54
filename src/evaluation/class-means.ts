import type { Bounds, Estimate } from "../stats/bounds.ts";
import type { Design } from "../stats/design-effect.ts";
import { sumBounds } from "../stats/mover.ts";
import { normalQuantile, studentQuantile } from "../stats/quantile-functions.ts";
import { unbiased } from "../stats/roc-auc.ts";
import { cellDeviations, f1Deviation } from "./class-deviations.ts";
import { type ClassTotals, type Confusion, classTotals, f1Of, precisionShare, sumOf } from "./confusion.ts";
import { exactEstimate, logitEstimate, type Measured, shareEstimate, undefinedBecause } from "./measured.ts";

// Means over classes, as scikit-learn has them: over the classes that occur as a label or a prediction; a class never predicted
// has precision 0 and one without labels recall 0, as zero_division does there. The bounds allow for what these rows do not show:
// a class that no row has, or that none was predicted to be, may be served in any way.

export type ClassMean = "balanced_accuracy" | "precision_macro" | "recall_macro" | "f1_macro";

/** An unweighted mean over classes. constant: the model says the same of every row there can be, so no other class has a precision. */
export function classMean(
  metric: ClassMean,
  { confusion, constant }: { confusion: Confusion; constant: boolean },
  design: Design,
): Measured {
  const all = classTotals(confusion);
  const occurring = all.filter(
    ({ actual, predicted }) => actual + (metric === "balanced_accuracy" ? 0 : predicted) > 0,
  );
  if (occurring.length === 0) return undefinedBecause("no row has a weight");
  const parts = occurring.map((totals) => partOf(metric, totals, { constant, design }));
  const value = parts.reduce((sum, part) => sum + part.value, 0) / parts.length;
  const dependence = metric === "f1_macro" ? f1Dependence(confusion, occurring) : 1;
  const boundsAt = meanBounds(parts, dependence);
  const absent = constant ? 0 : all.length - occurring.length;
  const classes = parts.length + absent;
  return {
    value,
    method: metric === "f1_macro" ? "wilson_jaccard_mover" : "wilson_mover",
    effectiveRows: Math.min(...parts.map(({ effectiveRows }) => effectiveRows)),
    bounds: (alpha) => {
      const { lower, upper } = boundsAt(alpha);
      return { lower: (lower * parts.length) / classes, upper: (upper * parts.length + absent) / classes };
    },
  };
}

/** A mean of estimates that depend on each other: their margins add up as their variances do, `dependence` times those of independent ones. */
export function meanBounds(parts: readonly Estimate[], dependence: number): Estimate["bounds"] {
  const addends = parts.map((estimate) => ({ coefficient: 1 / parts.length, estimate }));
  const value = addends.reduce((sum, { coefficient, estimate }) => sum + coefficient * estimate.value, 0);
  return (alpha) => {
    const { lower, upper } = sumBounds(addends, () => 0, alpha);
    const scale = Math.sqrt(dependence);
    return { lower: Math.max(0, value - scale * (value - lower)), upper: Math.min(1, value + scale * (upper - value)) };
  };
}

function partOf(
  metric: ClassMean,
  totals: ClassTotals,
  { constant, design }: { constant: boolean; design: Design },
): Estimate {
  const { actual, both, predicted, actualRows, predictedRows, eitherRows } = totals;
  switch (metric) {
    case "precision_macro":
      if (predicted === 0) return constant ? exactEstimate(0, "zero_division") : unknownShare;
      return shareEstimate(both / predicted, predictedRows, design);
    case "balanced_accuracy":
    case "recall_macro":
      return actual === 0 ? unknownShare : shareEstimate(both / actual, actualRows, design);
    case "f1_macro":
      if (predicted === 0 && constant) return exactEstimate(0, "zero_division");
      return f1FromJaccard(shareEstimate(both / (actual + predicted - both), eitherRows, design));
  }
}

/** 0/0, counted as 0, of which these rows say nothing. */
const unknownShare: Estimate = {
  value: 0,
  method: "zero_division",
  effectiveRows: Number.POSITIVE_INFINITY,
  bounds: () => ({ lower: 0, upper: 1 }),
};

/** F1 = 2J/(1 + J) of the Jaccard share J = TP/(TP + FP + FN), so the bounds of J carry over. */
export function f1FromJaccard(jaccard: Estimate): Estimate {
  const f1 = (share: number): number => (2 * share) / (1 + share);
  const mapped = ({ lower, upper }: Bounds): Bounds => ({ lower: f1(lower), upper: f1(upper) });
  return {
    value: f1(jaccard.value),
    method: "wilson_jaccard",
    effectiveRows: jaccard.effectiveRows,
    bounds: (alpha) => mapped(jaccard.bounds(alpha)),
  };
}

/**
 * Variance of the sum of the classes' F1 over the sum of their variances: a row of one class taken for another lowers both. Larger
 * by Student's t where a class has a few rows on average: with 5 the bound is otherwise missed in 7 % of samples for 5 %.
 */
function f1Dependence(confusion: Confusion, occurring: readonly ClassTotals[]): number {
  const { classes, squared } = confusion;
  const totals = classTotals(confusion);
  let [together, separate] = [0, 0];
  squared.forEach((each, cell) => {
    const [label, predicted] = [Math.floor(cell / classes), cell % classes];
    const hit = Number(label === predicted);
    const [first, second] = [f1Deviation(totals[label], hit), f1Deviation(totals[predicted], hit)];
    together += each * (first + second) ** 2;
    separate += each * (hit === 1 ? (first + second) ** 2 : first ** 2 + second ** 2);
  });
  const rows = occurring.reduce((sum, { eitherRows }) => sum + eitherRows, 0) / occurring.length;
  const steadied = (studentQuantile(0.95, Math.max(1, rows - 1)) / normalQuantile(0.95)) ** 2;
  return separate > 0 ? (steadied * together) / separate : 1;
}

/** A mean over classes with the shares of their labels as weights. */
export function weightedClassMean(
  metric: "precision_weighted" | "f1_weighted",
  confusion: Confusion,
  design: Design,
): Measured {
  const total = sumOf(confusion.weight);
  if (total === 0) return undefinedBecause("no row has a weight");
  const of = metric === "f1_weighted" ? f1Of : precisionShare;
  const totals = classTotals(confusion).filter(({ actual }) => actual > 0);
  const value = totals.reduce((sum, each) => sum + (each.actual / total) * of(each), 0);
  const deviations = cellDeviations(confusion, metric);
  const variance = deviations.reduce((sum, each, cell) => sum + confusion.squared[cell] * each * each, 0);
  const rows = weightedMeanRows(confusion, metric);
  return logitEstimate(value, {
    standardError: Math.sqrt(variance * unbiased(rows)),
    effectiveRows: rows,
    method: "jackknife_logit",
    design,
  });
}

/** Precision of a class seldom predicted is known from few rows; F1 rests on its labels too. */
function weightedMeanRows(confusion: Confusion, metric: "precision_weighted" | "f1_weighted"): number {
  const total = sumOf(confusion.weight);
  const predicted = classTotals(confusion).flatMap(({ predictedRows }) => (predictedRows > 0 ? predictedRows : []));
  return metric === "precision_weighted" ? Math.min(...predicted) : total ** 2 / sumOf(confusion.squared);
}
