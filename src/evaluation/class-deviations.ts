import { type ClassTotals, type Confusion, classTotals, f1Of, precisionShare, sumOf } from "./confusion.ts";
import type { MulticlassMetric } from "./multiclass-metrics.ts";

/** Derivative of the metric by the weight of a row with each label and prediction. */
export function cellDeviations(confusion: Confusion, metric: MulticlassMetric): Float64Array {
  const { classes, weight } = confusion;
  const totals = classTotals(confusion);
  const total = sumOf(weight);
  const right = totals.reduce((sum, { both }) => sum + both, 0) / total;
  const occurring = totals.filter(({ actual, predicted }) => actual + predicted > 0).length;
  const labelled = totals.filter(({ actual }) => actual > 0).length;
  const precision = totals.reduce((sum, each) => sum + (each.actual / total) * precisionShare(each), 0);
  const f1 = totals.reduce((sum, each) => sum + (each.actual > 0 ? (each.actual / total) * f1Of(each) : 0), 0);
  return weight.map((_, cell) => {
    const [label, predicted] = [Math.floor(cell / classes), cell % classes];
    const hit = Number(label === predicted);
    switch (metric) {
      case "accuracy":
        return (hit - right) / total;
      case "balanced_accuracy":
        return recallDeviation(totals[label], hit) / labelled;
      case "recall_macro":
        return recallDeviation(totals[label], hit) / occurring;
      case "precision_macro":
        return precisionDeviation(totals[predicted], hit) / occurring;
      case "precision_weighted":
        return (
          (precisionShare(totals[label]) -
            precision +
            totals[predicted].actual * precisionDeviation(totals[predicted], hit)) /
          total
        );
      case "f1_weighted": {
        const [own, other] = [totals[label], totals[predicted]];
        const shifted = own.actual * f1Deviation(own, hit) + other.actual * f1Deviation(other, hit);
        return ((own.actual > 0 ? f1Of(own) : 0) - f1 + shifted) / total;
      }
      case "f1_macro":
        return (f1Deviation(totals[label], hit) + f1Deviation(totals[predicted], hit)) / occurring;
      default:
        throw new Error(`${metric} is not a metric of multiclass classification`);
    }
  });
}

function recallDeviation({ actual, both }: ClassTotals, hit: number): number {
  return actual === 0 ? 0 : (hit - both / actual) / actual;
}

function precisionDeviation({ predicted, both }: ClassTotals, hit: number): number {
  return predicted === 0 ? 0 : (hit - both / predicted) / predicted;
}

/** The part of one side, label or prediction; a hit is counted from both sides. hit: 1 where they are the same class. */
export function f1Deviation(totals: ClassTotals, hit: number): number {
  const scale = totals.actual + totals.predicted;
  return scale === 0 ? 0 : (hit - f1Of(totals)) / scale;
}
