import { type Clustering, countClusters, designOf, independentRows } from "../stats/design-effect.ts";
import { gatherNumbers } from "../stats/gather.ts";
import { wilsonBounds } from "../stats/wilson.ts";
import {
  type Bins,
  binForecasts,
  brierParts,
  calibrationError,
  calibrationErrorContributions,
  debiasedError,
  equalWidthBins,
  type Forecasts,
} from "./calibration-error.ts";
import type { EvaluationFile } from "./evaluation-file.ts";
import { ofOneCluster, toMetricValue } from "./measured.ts";

type Calibration = NonNullable<EvaluationFile["calibration"]>;
type Curve = Calibration["bins"];

const mostBins = 15;
const fewestRowsPerBin = 20;

export interface CalibrationRequest {
  forecasts: Forecasts;
  /** Their rows by ascending probability. */
  ranked: Uint32Array;
  of: Calibration["of"];
  level: number;
  /** Of the same rows; null: they are independent. */
  clustering: Clustering | null;
}

/** How far probabilities come true: curve, expected calibration error by both kinds of bins, Brier score in parts. */
export function calibrationOf({ forecasts, ranked, of, level, clustering }: CalibrationRequest): Calibration {
  const ends = massEnds(gatherNumbers(forecasts.probabilities, ranked));
  const width = equalWidthBins(forecasts.probabilities);
  const isOneCluster = clustering !== null && countClusters(clustering) < 2;
  const error = (bins: Bins): Calibration["ece"]["equal_width"] => {
    const design =
      clustering === null || isOneCluster
        ? independentRows
        : designOf(calibrationErrorContributions(forecasts, bins), clustering);
    const binned = binForecasts(forecasts, bins);
    const estimate = calibrationError(binned, design);
    const written = toMetricValue(isOneCluster ? ofOneCluster(estimate) : estimate, level);
    return { ...written, debiased: debiasedError(binned) };
  };
  const curve = curveOf(forecasts, { ranked, ends, level });
  return {
    of,
    bins: isOneCluster ? curve.map((bin) => ({ ...bin, lower: 0, upper: 1 })) : curve,
    ece: { equal_width: error(width), equal_mass: error(massBins(ranked, ends)) },
    brier: brierParts(forecasts, width),
  };
}

/**
 * Where equal-mass bins of sorted values end: at most 15, of at least 20 rows; equal values never fall into two bins.
 */
function massEnds(sorted: Float64Array): number[] {
  const count = sorted.length;
  const bins = Math.max(1, Math.min(mostBins, Math.floor(count / fewestRowsPerBin)));
  const ends: number[] = [];
  for (let from = 0, bin = 1; from < count; bin += 1) {
    from = endOfTie(sorted, Math.max(from + 1, Math.round((count * bin) / bins)));
    ends.push(from);
  }
  return ends;
}

function endOfTie(sorted: Float64Array, end: number): number {
  let to = end;
  while (to < sorted.length && sorted[to] === sorted[to - 1]) to += 1;
  return to;
}

function massBins(ranked: Uint32Array, ends: readonly number[]): Bins {
  const codes = new Uint8Array(ranked.length);
  for (let at = 0, bin = 0; at < ranked.length; at += 1) {
    if (at === ends[bin]) bin += 1;
    codes[ranked[at]] = bin;
  }
  return { codes, count: ends.length };
}

/** `observed` is the share of outcomes with Wilson bounds at `level`. */
function curveOf(
  forecasts: Forecasts,
  { ranked, ends, level }: { ranked: Uint32Array; ends: readonly number[]; level: number },
): Curve {
  return ends.map((to, bin) => binOf(forecasts, ranked.subarray(bin === 0 ? 0 : ends[bin - 1], to), level));
}

function binOf({ probabilities, outcomes, weights }: Forecasts, rows: Uint32Array, level: number): Curve[number] {
  let [total, squared, happened, probability] = [0, 0, 0, 0];
  for (const row of rows) {
    const weight = weights === null ? 1 : weights[row];
    total += weight;
    squared += weight * weight;
    happened += weight * outcomes[row];
    probability += weight * probabilities[row];
  }
  // A bin whose rows all weigh nothing says nothing.
  if (total === 0) {
    return { rows: rows.length, mean_predicted: probabilities[rows[0]], observed: 0, lower: 0, upper: 1 };
  }
  const observed = Math.min(1, happened / total);
  const { lower, upper } = wilsonBounds({ share: observed, rows: total ** 2 / squared }, (1 - level) / 2);
  return { rows: rows.length, mean_predicted: probability / total, observed, lower, upper };
}
