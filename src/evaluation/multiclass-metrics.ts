import type { Estimate } from "../stats/bounds.ts";
import type { Design } from "../stats/design-effect.ts";
import { fillRows } from "../stats/fill-rows.ts";
import { gatherNumbers } from "../stats/gather.ts";
import { moments } from "../stats/mean-bounds.ts";
import { sumBounds } from "../stats/mover.ts";
import { rankOrder } from "../stats/rank-order.ts";
import { type RankingTotals, rocAucContributions, unbiased } from "../stats/roc-auc.ts";
import { agreementEstimate, anyDifference, type Disagreement, kappa, matthews } from "./agreement.ts";
import { fromLosses } from "./binary-contributions.ts";
import { logLoss } from "./binary-metrics.ts";
import { binForecasts, calibrationError, calibrationErrorContributions, equalWidthBins } from "./calibration-error.ts";
import { type ClassTotals, type Confusion, cellOf, classTotals, countConfusion, sumOf } from "./confusion.ts";
import {
  exactEstimate,
  logitEstimate,
  lossEstimate,
  type Measured,
  shareEstimate,
  undefinedBecause,
} from "./measured.ts";
import type { MetricOf } from "./metric-names.ts";
import type { MulticlassRows } from "./multiclass-rows.ts";
import { type RankingSums, rankingSums } from "./ranking.ts";
import { topLabelForecasts } from "./top-label.ts";

type Estimator = (rows: MulticlassRows, design: Design) => Measured;

/**
 * scikit-learn's definitions. Macro means are over the classes that occur as a label or a prediction; a class never
 * predicted has precision 0 and one without labels recall 0, as zero_division does there.
 */
const estimators: Record<MulticlassMetric, Estimator> = {
  roc_auc_ovr: probable(oneAgainstRest),
  log_loss: probable((rows, design) =>
    lossEstimate(moments(multiclassLosses(rows, "log_loss"), rows.weights), { design }),
  ),
  brier_score: probable((rows, design) =>
    lossEstimate(moments(multiclassLosses(rows, "brier_score"), rows.weights), { design, most: 2 }),
  ),
  ece: probable(calibrationErrorOf),
  accuracy: (rows, design) => accuracyOf(confusionOf(rows), design),
  balanced_accuracy: (rows, design) =>
    macroMean(
      occurringOf(rows).filter(({ actual }) => actual > 0),
      recallOf,
      design,
    ),
  precision_macro: (rows, design) => macroMean(occurringOf(rows), precisionOf, design),
  recall_macro: (rows, design) => macroMean(occurringOf(rows), recallOf, design),
  f1_macro: macroF1,
  precision_weighted: (rows, design) => weightedMean(rows, "precision_weighted", design),
  f1_weighted: (rows, design) => weightedMean(rows, "f1_weighted", design),
  top_2_accuracy: probable((rows, design) => topAccuracy(rows, 2, design)),
  top_3_accuracy: probable((rows, design) => topAccuracy(rows, 3, design)),
  top_5_accuracy: probable((rows, design) => topAccuracy(rows, 5, design)),
  matthews_corrcoef: (rows, design) => agreementEstimate(matthews(confusionOf(rows)), confusionOf(rows), design),
  cohen_kappa: (rows, design) => agreementEstimate(kappa(confusionOf(rows), anyDifference), confusionOf(rows), design),
  cohen_kappa_linear: ordered(1),
  cohen_kappa_quadratic: ordered(2),
};

/** Cohen's kappa of classes that have an order. */
function ordered(power: 1 | 2): Estimator {
  return (rows, design) => {
    const places = classPlaces(rows.classes);
    if (places === null) return undefinedBecause("the classes are not numbers, so none is nearer than another");
    const confusion = confusionOf(rows);
    if (confusion.classes > rows.classes.length)
      return undefinedBecause("some rows have a label that the model does not know");
    return agreementEstimate(kappa(confusion, distance(places, power)), confusion, design);
  };
}

/** Place of each class among the classes sorted by value, as scikit-learn counts distance; null where one is no number. */
function classPlaces(classes: readonly string[]): number[] | null {
  const numbers = classes.map((name) => (name.trim() === "" ? Number.NaN : Number(name)));
  if (numbers.some((number) => !Number.isFinite(number))) return null;
  const sorted = numbers.toSorted((a, b) => a - b);
  return numbers.map((number) => sorted.indexOf(number));
}

function distance(places: readonly number[], power: 1 | 2): Disagreement {
  return (label, predicted) => Math.abs(places[label] - places[predicted]) ** power;
}

/** A mean over classes with the shares of their labels as weights. */
function weightedMean(from: MulticlassRows, metric: "precision_weighted" | "f1_weighted", design: Design): Measured {
  const confusion = confusionOf(from);
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

function precisionShare({ predicted, both }: ClassTotals): number {
  return predicted === 0 ? 0 : both / predicted;
}

function topAccuracy(rows: MulticlassRows, k: number, design: Design): Measured {
  const { classes, weights } = rows;
  if (classes.length <= k) return undefinedBecause(`with ${classes.length} classes each is among the first ${k}`);
  const hits = topHits(rows, k);
  const { mean, effectiveRows } = moments(hits, weights);
  return { ...shareEstimate(mean, effectiveRows, design), swing: 1 };
}

/** 1 where the row's class is among the k most probable ones; of equal ones the later counts as more probable, as in scikit-learn. */
function topHits({ labels, classes, probabilities }: MulticlassRows, k: number): Float64Array {
  const width = classes.length;
  const scores = probabilities ?? new Float64Array(0);
  return fillRows(new Float64Array(labels.length), (row) => {
    const own = scores[row * width + labels[row]];
    let above = 0;
    for (let column = 0; column < width; column += 1) {
      const score = scores[row * width + column];
      above += Number(score > own || (score === own && column > labels[row]));
    }
    return Number(above < k);
  });
}

export type MulticlassMetric = MetricOf<"multiclass-classification">;

export function isMulticlassMetric(name: string): name is MulticlassMetric {
  return Object.hasOwn(estimators, name);
}

/** One metric of a multiclass model on these rows. */
export function multiclassMetric(rows: MulticlassRows, metric: MulticlassMetric, design: Design): Measured {
  return rows.labels.length === 0 ? undefinedBecause("no rows") : estimators[metric](rows, design);
}

function occurringOf(rows: MulticlassRows): ClassTotals[] {
  return classTotals(confusionOf(rows)).filter(({ actual, predicted }) => actual + predicted > 0);
}

// Most metrics of some rows are made of it.
const knownConfusions = new WeakMap<MulticlassRows, Confusion>();

function confusionOf(rows: MulticlassRows): Confusion {
  const confusion =
    knownConfusions.get(rows) ??
    countConfusion(rows.labels, rows.predicted, { classes: rows.classes.length, weights: rows.weights });
  knownConfusions.set(rows, confusion);
  return confusion;
}

function accuracyOf({ classes, weight, squared }: Confusion, design: Design): Measured {
  let right = 0;
  for (let index = 0; index < classes; index += 1) right += weight[index * classes + index];
  const total = sumOf(weight);
  return total === 0
    ? undefinedBecause("no row has a weight")
    : shareEstimate(right / total, total ** 2 / sumOf(squared), design);
}

function recallOf({ actual, both, actualRows }: ClassTotals, design: Design): Estimate {
  return actual === 0 ? exactEstimate(0, "zero_division") : shareEstimate(both / actual, actualRows, design);
}

function precisionOf({ predicted, both, predictedRows }: ClassTotals, design: Design): Estimate {
  return predicted === 0 ? exactEstimate(0, "zero_division") : shareEstimate(both / predicted, predictedRows, design);
}

function f1Of({ actual, predicted, both }: ClassTotals): number {
  return (2 * both) / (actual + predicted);
}

function macroMean(
  totals: readonly ClassTotals[],
  of: (totals: ClassTotals, design: Design) => Estimate,
  design: Design,
): Measured {
  if (totals.length === 0) return undefinedBecause("no row has a weight");
  const addends = totals.map((each) => ({ coefficient: 1 / totals.length, estimate: of(each, design) }));
  return {
    value: addends.reduce((sum, { coefficient, estimate }) => sum + coefficient * estimate.value, 0),
    method: "wilson_mover",
    effectiveRows: Math.min(...addends.map(({ estimate }) => estimate.effectiveRows)),
    bounds: (alpha) => sumBounds(addends, () => 0, alpha),
  };
}

function macroF1(rows: MulticlassRows, design: Design): Measured {
  const occurring = occurringOf(rows);
  if (occurring.length === 0) return undefinedBecause("no row has a weight");
  const value = occurring.reduce((sum, totals) => sum + f1Of(totals), 0) / occurring.length;
  return logitEstimate(value, {
    standardError: Math.sqrt(sumOfSquares(labelContributions(rows, "f1_macro"))),
    effectiveRows: Math.min(...occurring.map(({ eitherRows }) => eitherRows)),
    method: "jackknife_logit",
    design,
  });
}

function probable(of: Estimator): Estimator {
  return (rows, design) => {
    const known = knownProblems.get(rows) ?? { problem: probabilityProblem(rows) };
    knownProblems.set(rows, known);
    return known.problem === null ? of(rows, design) : undefinedBecause(known.problem);
  };
}

const knownProblems = new WeakMap<MulticlassRows, { problem: string | null }>();

function probabilityProblem({ probabilities, labels }: MulticlassRows): string | null {
  if (probabilities === null) return "the model gives no probabilities";
  let [outside, unknown] = [0, 0];
  for (const value of probabilities) outside += Number(value < 0 || value > 1);
  for (const label of labels) unknown += Number(label < 0);
  if (outside > 0) return `${outside} scores lie outside [0, 1], so they are not probabilities`;
  return unknown > 0 ? `${unknown} of ${labels.length} rows have a label that the model does not know` : null;
}

/** Loss of each row: −ln of the true class's probability (clipped), or the squared error summed over classes. */
function multiclassLosses(rows: MulticlassRows, metric: "log_loss" | "brier_score"): Float64Array {
  const { labels, clip } = rows;
  const probabilities = rows.probabilities ?? new Float64Array(0);
  const width = rows.classes.length;
  const losses = new Float64Array(labels.length);
  for (let row = 0; row < labels.length; row += 1) {
    if (metric === "log_loss") {
      losses[row] = logLoss(probabilities[row * width + labels[row]], clip);
      continue;
    }
    for (let column = 0; column < width; column += 1) {
      losses[row] += (probabilities[row * width + column] - Number(column === labels[row])) ** 2;
    }
  }
  return losses;
}

function calibrationErrorOf(rows: MulticlassRows, design: Design): Measured {
  if (sumOf(confusionOf(rows).weight) === 0) return undefinedBecause("no row has a weight");
  const forecasts = topLabelForecasts(rows);
  return calibrationError(binForecasts(forecasts, equalWidthBins(forecasts.probabilities)), design);
}

function calibrationErrorParts(rows: MulticlassRows): Float64Array {
  const forecasts = topLabelForecasts(rows);
  return calibrationErrorContributions(forecasts, equalWidthBins(forecasts.probabilities));
}

function oneAgainstRest(rows: MulticlassRows, design: Design): Measured {
  const absent = rows.classes.filter((_, index) => !rows.labels.includes(index));
  if (absent.length > 0) return undefinedBecause(`no row has the label ${absent.join(", ")}`);
  const total = rows.weights === null ? rows.labels.length : sumOf(rows.weights);
  if (rows.classes.length < 2 || total === 0) return undefinedBecause("fewer than two classes");
  const { value, contributions, constant } = oneAgainstRestParts(rows);
  if (constant) return exactEstimate(value, "constant_score");
  const smallest = Math.min(
    ...classTotals(confusionOf(rows)).map(({ actualRows }) => Math.min(actualRows, rows.labels.length - actualRows)),
  );
  return logitEstimate(value, {
    standardError: Math.sqrt(sumOfSquares(contributions)),
    effectiveRows: smallest,
    method: "delong_logit",
    design,
  });
}

/** Mean over classes of AUC(class against the rest) and what each row adds to its deviation. */
function oneAgainstRestParts(rows: MulticlassRows): {
  value: number;
  contributions: Float64Array;
  /** All rows have the same probabilities, as the prior's have. */
  constant: boolean;
} {
  const width = rows.classes.length;
  const contributions = new Float64Array(rows.labels.length);
  let [value, constant] = [0, true];
  for (let index = 0; index < width; index += 1) {
    const { ranking, order, parts } = classAgainstRest(rows, index);
    value += ranking.rocAuc / width;
    constant &&= ranking.constant;
    for (let at = 0; at < order.length; at += 1) contributions[order[at]] += parts[at] / width;
  }
  return { value, contributions, constant };
}

function classAgainstRest(
  rows: MulticlassRows,
  index: number,
): { ranking: RankingSums; order: Uint32Array; parts: Float64Array } {
  const width = rows.classes.length;
  const probabilities = rows.probabilities ?? new Float64Array(0);
  const column = new Float64Array(rows.labels.length);
  for (let row = 0; row < column.length; row += 1) column[row] = probabilities[row * width + index];
  const order = rankOrder(column);
  const labels = new Uint8Array(order.length);
  for (let at = 0; at < order.length; at += 1) labels[at] = Number(rows.labels[order[at]] === index);
  const weights = rows.weights === null ? null : gatherNumbers(rows.weights, order);
  const ranked = { scores: gatherNumbers(column, order), labels, weights };
  const totals = totalsOf(labels, weights);
  return { order, ranking: rankingSums(ranked, totals), parts: rocAucContributions(ranked, totals).contributions };
}

function totalsOf(labels: Uint8Array, weights: Float64Array | null): RankingTotals {
  const totals = { positives: 0, negatives: 0, positivesSquared: 0, negativesSquared: 0 };
  for (let row = 0; row < labels.length; row += 1) {
    const weight = weights === null ? 1 : weights[row];
    totals[labels[row] === 1 ? "positives" : "negatives"] += weight;
    totals[labels[row] === 1 ? "positivesSquared" : "negativesSquared"] += weight * weight;
  }
  return totals;
}

function sumOfSquares(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value * value, 0);
}

/** See Sample.contributions; in the order of `rows`. The metric must be defined. */
export function multiclassContributions(rows: MulticlassRows, metric: MulticlassMetric): Float64Array {
  switch (metric) {
    case "roc_auc_ovr":
      return oneAgainstRestParts(rows).contributions;
    case "ece":
      return calibrationErrorParts(rows);
    case "log_loss":
    case "brier_score":
      return fromLosses(multiclassLosses(rows, metric), rows.weights);
    case "top_2_accuracy":
      return fromLosses(topHits(rows, 2), rows.weights);
    case "top_3_accuracy":
      return fromLosses(topHits(rows, 3), rows.weights);
    case "top_5_accuracy":
      return fromLosses(topHits(rows, 5), rows.weights);
    default:
      return labelContributions(rows, metric);
  }
}

function labelContributions(rows: MulticlassRows, metric: MulticlassMetric): Float64Array {
  const confusion = confusionOf(rows);
  const byCell = agreementOf(rows, metric)?.deviations ?? cellDeviations(confusion, metric);
  const contributions = new Float64Array(rows.labels.length);
  for (let row = 0; row < contributions.length; row += 1) {
    const weight = rows.weights === null ? 1 : rows.weights[row];
    contributions[row] = weight * byCell[cellOf(rows.labels[row], rows.predicted[row], confusion.classes)];
  }
  return contributions;
}

function agreementOf(rows: MulticlassRows, metric: MulticlassMetric): { deviations: Float64Array } | null {
  const confusion = confusionOf(rows);
  const places = classPlaces(rows.classes) ?? [];
  switch (metric) {
    case "matthews_corrcoef":
      return matthews(confusion);
    case "cohen_kappa":
      return kappa(confusion, anyDifference);
    case "cohen_kappa_linear":
      return kappa(confusion, distance(places, 1));
    case "cohen_kappa_quadratic":
      return kappa(confusion, distance(places, 2));
    default:
      return null;
  }
}

/** Derivative of the metric by the weight of a row with each label and prediction. */
function cellDeviations(confusion: Confusion, metric: MulticlassMetric): Float64Array {
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

/** The part of one side, label or prediction; a hit is counted from both sides. */
function f1Deviation(totals: ClassTotals, hit: number): number {
  const scale = totals.actual + totals.predicted;
  return scale === 0 ? 0 : (hit - f1Of(totals)) / scale;
}
