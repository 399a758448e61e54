import { type RankingTotals, rocAucContributions } from "../stats/roc-auc.ts";
import { type RankedRows, tieGroups } from "../stats/tie-groups.ts";
import { anyDifference, kappa, matthews } from "./agreement.ts";
import { logLosses, squaredErrors } from "./binary-losses.ts";
import { type BinaryMetric, confusionOfCells, forecastsOf, rankingTotals } from "./binary-metrics.ts";
import type { BinaryRows, Cells } from "./binary-rows.ts";
import { calibrationErrorContributions, equalWidthBins } from "./calibration-error.ts";
import { precisionShifts } from "./ranking.ts";
import { cellWorths } from "./worth.ts";

/** What each row adds to a metric's deviation (see Sample.contributions), in the order of `rows`. The metric must be defined. */
export function binaryContributions(rows: BinaryRows, metric: BinaryMetric): Float64Array {
  const { cells } = rows;
  const byCell = metric === "value" ? worthDeviations(rows) : cellDeviations(cells, metric);
  if (byCell !== null) return fromCells(rows, byCell);
  if (rows.scores === null) throw new Error(`${metric} needs scores`);
  const scored = { ...rows, scores: rows.scores };
  switch (metric) {
    case "log_loss":
      return fromLosses(logLosses(scored), rows.weights);
    case "brier_score":
      return fromLosses(squaredErrors(scored), rows.weights);
    case "ece":
      return calibrationErrorContributions(forecastsOf(scored), equalWidthBins(scored.scores));
    case "roc_auc":
      return rocAucContributions(scored, rankingTotals(cells)).contributions;
    case "average_precision":
      return precisionContributions(scored, rankingTotals(cells));
    default:
      throw new Error(`${metric} is not a metric of binary classification`);
  }
}

type CellDeviations = readonly [number, number, number, number];

/** Derivatives by the weight of a row in each cell (true negative, false positive, false negative, true positive). */
function cellDeviations(cells: Cells, metric: BinaryMetric): CellDeviations | null {
  const [trueNegative, falsePositive, falseNegative, truePositive] = cells.weight;
  const total = trueNegative + falsePositive + falseNegative + truePositive;
  const positives = falseNegative + truePositive;
  const negatives = trueNegative + falsePositive;
  const selected = falsePositive + truePositive;
  const recall = truePositive / positives;
  const specificity = trueNegative / negatives;
  switch (metric) {
    case "accuracy": {
      const accuracy = (trueNegative + truePositive) / total;
      return [(1 - accuracy) / total, -accuracy / total, -accuracy / total, (1 - accuracy) / total];
    }
    case "selection_rate": {
      const rate = selected / total;
      return [-rate / total, (1 - rate) / total, -rate / total, (1 - rate) / total];
    }
    case "specificity":
      return [(1 - specificity) / negatives, -specificity / negatives, 0, 0];
    case "false_positive_rate":
      return [(specificity - 1) / negatives, specificity / negatives, 0, 0];
    case "false_negative_rate":
      return [0, 0, recall / positives, (recall - 1) / positives];
    case "matthews_corrcoef":
      return fourOf(matthews(confusionOfCells(cells)));
    case "cohen_kappa":
      return fourOf(kappa(anyDifference)(confusionOfCells(cells)));
    case "recall":
      return [0, 0, -recall / positives, (1 - recall) / positives];
    case "precision": {
      const precision = truePositive / selected;
      return [0, -precision / selected, 0, (1 - precision) / selected];
    }
    case "f1": {
      const f1 = (2 * truePositive) / (positives + selected);
      const scale = positives + selected;
      return [0, -f1 / scale, -f1 / scale, (2 - 2 * f1) / scale];
    }
    case "balanced_accuracy":
      return [
        (1 - specificity) / (2 * negatives),
        -specificity / (2 * negatives),
        -recall / (2 * positives),
        (1 - recall) / (2 * positives),
      ];
    default:
      return null;
  }
}

function worthDeviations({ cells: { weight }, value }: BinaryRows): CellDeviations | null {
  if (value === null) return null;
  const worths = cellWorths(value);
  const total = weight[0] + weight[1] + weight[2] + weight[3];
  const mean = worths.reduce((sum, worth, cell) => sum + (worth * weight[cell]) / total, 0);
  const deviation = (worth: number): number => (worth - mean) / total;
  return [deviation(worths[0]), deviation(worths[1]), deviation(worths[2]), deviation(worths[3])];
}

function fourOf(agreement: { deviations: Float64Array } | null): CellDeviations {
  const [trueNegative, falsePositive, falseNegative, truePositive] = agreement?.deviations ?? new Float64Array(4);
  return [trueNegative, falsePositive, falseNegative, truePositive];
}

function fromCells({ labels, predicted, weights }: BinaryRows, byCell: CellDeviations): Float64Array {
  const contributions = new Float64Array(labels.length);
  for (let row = 0; row < labels.length; row += 1) {
    const deviation = byCell[2 * labels[row] + predicted[row]];
    contributions[row] = weights === null ? deviation : weights[row] * deviation;
  }
  return contributions;
}

/** Contributions to a weighted mean; overwrites `losses`. */
export function fromLosses(losses: Float64Array, weights: Float64Array | null): Float64Array {
  let [total, sum] = [0, 0];
  for (let row = 0; row < losses.length; row += 1) {
    const weight = weights === null ? 1 : weights[row];
    total += weight;
    sum += weight * losses[row];
  }
  const mean = sum / total;
  for (let row = 0; row < losses.length; row += 1) {
    losses[row] = ((weights === null ? 1 : weights[row]) * (losses[row] - mean)) / total;
  }
  return losses;
}

function precisionContributions(rows: RankedRows, totals: RankingTotals): Float64Array {
  const { labels, weights } = rows;
  const groups = tieGroups(rows);
  const { lift, push, averagePrecision } = precisionShifts(groups, totals);
  const contributions = new Float64Array(labels.length);
  for (let group = 0, row = 0; group < groups.count; group += 1) {
    for (; row < groups.end[group]; row += 1) {
      const weight = weights === null ? 1 : weights[row];
      const shift = labels[row] === 1 ? lift[group] - averagePrecision : -push[group];
      contributions[row] = (weight * shift) / totals.positives;
    }
  }
  return contributions;
}
