import type { Estimate } from "../stats/bounds.ts";
import type { Design } from "../stats/design-effect.ts";
import { moments } from "../stats/mean-bounds.ts";
import { sumBounds } from "../stats/mover.ts";
import { rankOrder } from "../stats/rank-order.ts";
import { fromLosses, placementContributions } from "./binary-contributions.ts";
import { logLoss } from "./binary-metrics.ts";
import { gatherNumbers } from "./binary-rows.ts";
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
import { type RankingSums, type RankingTotals, rankingSums } from "./ranking.ts";
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
};

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
  let [broken, outside, unknown] = [0, 0, 0];
  for (const value of probabilities) {
    if (!Number.isFinite(value)) broken += 1;
    else if (value < 0 || value > 1) outside += 1;
  }
  for (const label of labels) unknown += Number(label < 0);
  if (broken > 0) return `${broken} probabilities are not finite numbers`;
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
  return { order, ranking: rankingSums(ranked, totals), parts: placementContributions(ranked, totals) };
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
    default:
      return labelContributions(rows, metric);
  }
}

function labelContributions(rows: MulticlassRows, metric: MulticlassMetric): Float64Array {
  const confusion = confusionOf(rows);
  const byCell = cellDeviations(confusion, metric);
  const contributions = new Float64Array(rows.labels.length);
  for (let row = 0; row < contributions.length; row += 1) {
    const weight = rows.weights === null ? 1 : rows.weights[row];
    contributions[row] = weight * byCell[cellOf(rows.labels[row], rows.predicted[row], confusion.classes)];
  }
  return contributions;
}

/** Derivative of the metric by the weight of a row with each label and prediction. */
function cellDeviations(confusion: Confusion, metric: MulticlassMetric): Float64Array {
  const { classes, weight } = confusion;
  const totals = classTotals(confusion);
  const total = sumOf(weight);
  const right = totals.reduce((sum, { both }) => sum + both, 0) / total;
  const occurring = totals.filter(({ actual, predicted }) => actual + predicted > 0).length;
  const labelled = totals.filter(({ actual }) => actual > 0).length;
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
