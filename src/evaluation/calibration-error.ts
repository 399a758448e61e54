import { absoluteSumBounds, type Deviations, foldedMean } from "../stats/absolute-sum-bounds.ts";
import type { Estimate } from "../stats/bounds.ts";
import { type Design, independentRows } from "../stats/design-effect.ts";
import { studentQuantile } from "../stats/quantile-functions.ts";
import { degreesOf } from "./measured.ts";

/**
 * Probabilities and whether what they were given for happened: P(positive) and the label of a binary classifier, the largest
 * probability and whether its class was right ("top label") of a multiclass one. At least one row, of a weight above 0.
 */
export interface Forecasts {
  /** In [0, 1]. */
  probabilities: Float64Array;
  /** 1: it happened. */
  outcomes: Uint8Array;
  weights: Float64Array | null;
}

/** Bin of each row. */
export interface Bins {
  codes: Uint8Array;
  count: number;
}

/** Bins of equal width for ECE: as many as its implementations usually have. */
const widths = 15;

/**
 * 15 bins of equal width, each up to and including its upper end (Guo et al., 2017; scikit-learn's calibration_curve).
 * Rounding moves no value on an edge k/15 into another bin than numpy's linspace does.
 */
export function equalWidthBins(probabilities: Float64Array): Bins {
  const codes = new Uint8Array(probabilities.length);
  for (let row = 0; row < codes.length; row += 1) {
    const probability = probabilities[row];
    let code = Math.min(widths - 1, Math.floor(probability * widths));
    while (code > 0 && probability <= code * (1 / widths)) code -= 1;
    while (code < widths - 1 && probability > (code + 1) * (1 / widths)) code += 1;
    codes[row] = code;
  }
  return { codes, count: widths };
}

/** Bins' deviations: Σ weight·(outcome − probability) over all weight, whose absolute values add up to the error. */
export interface BinnedForecasts {
  deviations: Deviations;
  /** Weight of all rows, and Kish's effective number of them. */
  total: number;
  effectiveRows: number;
}

/** A bin's variance is at least what its probabilities say: one row in it would have none. */
export function binForecasts({ probabilities, outcomes, weights }: Forecasts, { codes, count }: Bins): BinnedForecasts {
  const [sums, weighted, squares, expected] = [0, 1, 2, 3].map(() => new Float64Array(count));
  let [total, totalSquared] = [0, 0];
  for (let row = 0; row < codes.length; row += 1) {
    const bin = codes[row];
    const weight = weights === null ? 1 : weights[row];
    const deviation = outcomes[row] - probabilities[row];
    total += weight;
    totalSquared += weight * weight;
    sums[bin] += weight * deviation;
    weighted[bin] += weight * weight * deviation;
    squares[bin] += weight * weight * deviation * deviation;
    expected[bin] += weight * weight * probabilities[row] * (1 - probabilities[row]);
  }
  const values = sums.map((sum) => sum / total);
  const variances = values.map((mean, bin) => {
    // Of a bin's part of the mean: Σ (w(deviation in the bin − mean)/Σw)².
    const measured = squares[bin] - 2 * mean * weighted[bin] + mean * mean * totalSquared;
    return Math.max(measured, expected[bin]) / (total * total);
  });
  return { deviations: { values, variances }, total, effectiveRows: (total * total) / totalSquared };
}

/**
 * Expected calibration error: Σ over bins of the bin's share times |mean outcome − mean probability| (Naeini et al., 2015), with
 * one-sided bounds that know that noise alone makes it larger than 0.
 */
export function calibrationError(binned: BinnedForecasts, design: Design = independentRows): Estimate {
  const { deviations, effectiveRows } = binned;
  const scaled = { ...deviations, variances: deviations.variances.map((variance) => variance * design.effect) };
  const rows = effectiveRows / design.effect;
  return {
    value: deviations.values.reduce((sum, value) => sum + Math.abs(value), 0),
    method: "least_favourable_bins",
    effectiveRows: rows,
    bounds: (alpha) => {
      if (!(rows > 2)) return { lower: 0, upper: 1 };
      const { lower, upper } = absoluteSumBounds(scaled, studentQuantile(1 - alpha, degreesOf(rows, design)));
      return { lower, upper: Math.min(1, upper) };
    },
  };
}

/**
 * The calibration error less what noise adds on average, estimated from the measured deviations; at least 0. About half of the
 * bias of a model that is calibrated remains. The closed form of Kumar, Liang & Ma (2019), who resample.
 */
export function debiasedError({ deviations: { values, variances } }: BinnedForecasts): number {
  let sum = 0;
  for (let bin = 0; bin < values.length; bin += 1) {
    const size = Math.abs(values[bin]);
    sum += 2 * size - foldedMean(size, Math.sqrt(variances[bin]));
  }
  return Math.max(0, sum);
}

/** See Sample.contributions; in the order of `forecasts`. */
export function calibrationErrorContributions(forecasts: Forecasts, bins: Bins): Float64Array {
  const { probabilities, outcomes, weights } = forecasts;
  const { deviations, total } = binForecasts(forecasts, bins);
  const signs = deviations.values.map(Math.sign);
  const value = deviations.values.reduce((sum, each) => sum + Math.abs(each), 0);
  const contributions = new Float64Array(outcomes.length);
  for (let row = 0; row < contributions.length; row += 1) {
    const weight = weights === null ? 1 : weights[row];
    const deviation = signs[bins.codes[row]] * (outcomes[row] - probabilities[row]);
    contributions[row] = (weight * (deviation - value)) / total;
  }
  return contributions;
}

/** The Brier score as reliability − resolution + uncertainty + within_bin_variance − within_bin_covariance. */
export interface BrierParts {
  /** Mean squared distance of a bin's mean probability from its share of outcomes: 0 is calibrated. */
  reliability: number;
  /** Mean squared distance of a bin's share of outcomes from the share in all rows. */
  resolution: number;
  /** The Brier score of the share in all rows. */
  uncertainty: number;
  /** What binning leaves out, so that the parts add up exactly (Stephenson, Coelho & Jolliffe, 2008). */
  within_bin_variance: number;
  within_bin_covariance: number;
}

/** Source: Murphy (1973), Journal of Applied Meteorology 12:595; Stephenson et al. (2008), Weather and Forecasting 23:752. */
export function brierParts({ probabilities, outcomes, weights }: Forecasts, { codes, count }: Bins): BrierParts {
  const [weight, probability, outcome] = [0, 1, 2].map(() => new Float64Array(count));
  let [total, happened] = [0, 0];
  for (let row = 0; row < codes.length; row += 1) {
    const bin = codes[row];
    const each = weights === null ? 1 : weights[row];
    weight[bin] += each;
    probability[bin] += each * probabilities[row];
    outcome[bin] += each * outcomes[row];
    total += each;
    happened += each * outcomes[row];
  }
  const share = happened / total;
  const parts = { reliability: 0, resolution: 0, uncertainty: share * (1 - share) };
  for (let bin = 0; bin < count; bin += 1) {
    if (weight[bin] === 0) continue;
    parts.reliability += (weight[bin] / total) * ((probability[bin] - outcome[bin]) / weight[bin]) ** 2;
    parts.resolution += (weight[bin] / total) * (outcome[bin] / weight[bin] - share) ** 2;
  }
  let [variance, covariance] = [0, 0];
  for (let row = 0; row < codes.length; row += 1) {
    const bin = codes[row];
    const each = weights === null ? 1 : weights[row];
    if (each === 0) continue;
    const deviation = probabilities[row] - probability[bin] / weight[bin];
    variance += (each * deviation ** 2) / total;
    covariance += (2 * each * deviation * (outcomes[row] - outcome[bin] / weight[bin])) / total;
  }
  return { ...parts, within_bin_variance: variance, within_bin_covariance: covariance };
}
