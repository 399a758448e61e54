import type { Estimate } from "../stats/bounds.ts";
import { type Design, independentRows } from "../stats/design-effect.ts";
import { fillRows } from "../stats/fill-rows.ts";
import { gatherNumbers } from "../stats/gather.ts";
import { moments } from "../stats/mean-bounds.ts";
import { rankOrder } from "../stats/rank-order.ts";
import { type RankingTotals, rocAucContributions } from "../stats/roc-auc.ts";
import { agreementEstimate, anyDifference, type Disagreement, kappa, matthews } from "./agreement.ts";
import { fromLosses } from "./binary-contributions.ts";
import { rocAucEstimate } from "./binary-metrics.ts";
import { binForecasts, calibrationError, calibrationErrorContributions, equalWidthBins } from "./calibration-error.ts";
import { cellDeviations } from "./class-deviations.ts";
import { classMean, meanBounds, weightedClassMean } from "./class-means.ts";
import { type Confusion, cellOf, classTotals, countConfusion, sumOf } from "./confusion.ts";
import { exactEstimate, type Measured, shareEstimate, undefinedBecause } from "./measured.ts";
import type { MetricOf } from "./metric-names.ts";
import { multiclassLoss, multiclassLosses } from "./multiclass-losses.ts";
import type { MulticlassRows } from "./multiclass-rows.ts";
import { type RankingSums, rankingSums } from "./ranking.ts";
import { topLabelForecasts } from "./top-label.ts";

type Estimator = (rows: MulticlassRows, design: Design) => Measured;

/** scikit-learn's definitions; means over classes: class-means.ts. */
const estimators: Record<MulticlassMetric, Estimator> = {
  roc_auc_ovr: probable(oneAgainstRest),
  log_loss: probable((rows, design) => multiclassLoss(rows, "log_loss", design)),
  brier_score: probable((rows, design) => multiclassLoss(rows, "brier_score", design)),
  ece: probable(calibrationErrorOf),
  accuracy: (rows, design) => accuracyOf(confusionOf(rows), design),
  balanced_accuracy: (rows, design) => classMean("balanced_accuracy", answeredBy(rows), design),
  precision_macro: (rows, design) => classMean("precision_macro", answeredBy(rows), design),
  recall_macro: (rows, design) => classMean("recall_macro", answeredBy(rows), design),
  f1_macro: (rows, design) => classMean("f1_macro", answeredBy(rows), design),
  precision_weighted: (rows, design) => weightedClassMean("precision_weighted", confusionOf(rows), design),
  f1_weighted: (rows, design) => weightedClassMean("f1_weighted", confusionOf(rows), design),
  top_2_accuracy: probable((rows, design) => topAccuracy(rows, 2, design)),
  top_3_accuracy: probable((rows, design) => topAccuracy(rows, 3, design)),
  top_5_accuracy: probable((rows, design) => topAccuracy(rows, 5, design)),
  matthews_corrcoef: (rows, design) => agreementEstimate(matthews, answeredBy(rows), design),
  cohen_kappa: (rows, design) => agreementEstimate(kappa(anyDifference), answeredBy(rows), design),
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
    return agreementEstimate(kappa(distance(places, power)), answeredBy(rows), design);
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

/** What was answered, and whether the model says the same of every row there can be: where it gives probabilities, they tell. */
function answeredBy(rows: MulticlassRows): { confusion: Confusion; constant: boolean } {
  const confusion = confusionOf(rows);
  const predicted = classTotals(confusion).filter((totals) => totals.predicted > 0);
  return { confusion, constant: predicted.length === 1 && hasEqualProbabilities(rows) };
}

function hasEqualProbabilities({ probabilities, classes }: MulticlassRows): boolean {
  return probabilities === null || probabilities.every((value, at) => value === probabilities[at % classes.length]);
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
  const { value, constant, parts, dependence } = oneAgainstRestParts(rows, design);
  if (constant) return exactEstimate(value, "constant_score");
  return {
    value,
    method: "delong_logit_mover",
    effectiveRows: Math.min(...parts.map(({ effectiveRows }) => effectiveRows)),
    bounds: meanBounds(parts, dependence),
  };
}

/** Mean over classes of AUC(class against the rest) and what each row adds to its deviation. */
function oneAgainstRestParts(
  rows: MulticlassRows,
  design: Design,
): {
  value: number;
  contributions: Float64Array;
  /** All rows have the same probabilities, as the prior's have. */
  constant: boolean;
  /** Of each class. */
  parts: Estimate[];
  /** Variance of their sum over the sum of their variances. */
  dependence: number;
} {
  const width = rows.classes.length;
  const contributions = new Float64Array(rows.labels.length);
  const parts: Estimate[] = [];
  let [value, constant, separate] = [0, true, 0];
  for (let index = 0; index < width; index += 1) {
    const { ranking, totals, order, placements } = classAgainstRest(rows, index);
    value += ranking.rocAuc / width;
    constant &&= ranking.constant;
    separate += sumOfSquares(placements) / width ** 2;
    parts.push(rocAucEstimate(ranking, totals, design));
    for (let at = 0; at < order.length; at += 1) contributions[order[at]] += placements[at] / width;
  }
  const together = sumOfSquares(contributions);
  return { value, contributions, constant, parts, dependence: separate > 0 ? together / separate : 1 };
}

function classAgainstRest(
  rows: MulticlassRows,
  index: number,
): { ranking: RankingSums; totals: RankingTotals; order: Uint32Array; placements: Float64Array } {
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
  const placements = rocAucContributions(ranked, totals).contributions;
  return { order, totals, ranking: rankingSums(ranked, totals), placements };
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
      return oneAgainstRestParts(rows, independentRows).contributions;
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
      return kappa(anyDifference)(confusion);
    case "cohen_kappa_linear":
      return kappa(distance(places, 1))(confusion);
    case "cohen_kappa_quadratic":
      return kappa(distance(places, 2))(confusion);
    default:
      return null;
  }
}
