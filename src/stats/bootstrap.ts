import type { Bounds } from "./bounds.ts";
import { forEachCellDraw } from "./cell-draws.ts";
import { normalCdf, normalQuantile } from "./quantile-functions.ts";
import { columnSums, type Drawing, forEachResample } from "./resample.ts";
import { valueCells } from "./value-cells.ts";

/** A smooth function of sums over rows: a mean is sums[0] / rows, R² needs Σe², Σy and Σy². */
export interface SumStatistic {
  /** What each row adds to each sum; at least one column, all of one length. */
  columns: readonly Float64Array[];
  /** The statistic of sums over `rows` rows, in the order of `columns`. */
  value(sums: Float64Array, rows: number): number;
}

/** A statistic whose standard error is a function of the same sums. */
export interface StudentizedStatistic extends SumStatistic {
  standardError(sums: Float64Array, rows: number): number;
}

/** Bounds at any alpha from one set of resamples: each side is missed with probability `alpha`. */
export type BoundsAt = (alpha: number) => Bounds;

/**
 * Bias-corrected and accelerated percentile bounds. Second-order correct for smooth statistics, but never beyond the resampled
 * values: with heavy tails too short (docs/calibration.md has the miss rates). Both bounds are the value where resamples never differ.
 * Source: Efron (1987), JASA 82:171; DiCiccio & Efron (1996), Statistical Science 11:189.
 * Oracle: scipy.stats.bootstrap(method="BCa").
 */
export function bcaBounds(statistic: SumStatistic, drawing: Drawing): BoundsAt {
  const { columns, value } = statistic;
  const replicates = new Float64Array(drawing.resamples);
  forEachResample(columns, drawing, (sums, at) => {
    replicates[at] = value(sums, columns[0].length);
  });
  const observed = value(columnSums(columns), columns[0].length);
  return bcaFromReplicates({ observed, replicates, acceleration: acceleration(leftOut(statistic)) });
}

/**
 * BCa bounds of the mean of any number of values, at least one and all finite: rows are drawn as in bcaBounds, but values count by
 * the mean of their cell (valueCells), so a resample costs some thousand draws and not one a row. At most 1e-5 of the variance is lost.
 */
export function bcaMeanBounds(values: Float64Array, drawing: Drawing): BoundsAt {
  const cells = valueCells(values);
  const mean = (counts: Float64Array): number => {
    let sum = 0;
    for (let cell = 0; cell < counts.length; cell += 1) sum += counts[cell] * cells.mean[cell];
    return sum / values.length;
  };
  const replicates = new Float64Array(drawing.resamples);
  forEachCellDraw(cells.rows, drawing, (counts, at) => {
    replicates[at] = mean(counts);
  });
  // Without a row the mean moves away from it.
  const deviations = values.map((value) => -value);
  return bcaFromReplicates({ observed: mean(cells.rows), replicates, acceleration: acceleration(deviations) });
}

/** The statistic without each row in turn, from the sums less that row: O(rows). */
function leftOut({ columns, value }: SumStatistic): Float64Array {
  const sums = columnSums(columns);
  const without = new Float64Array(sums.length);
  return columns[0].map((_, row) => {
    for (let at = 0; at < without.length; at += 1) without[at] = sums[at] - columns[at][row];
    return value(without, columns[0].length - 1);
  });
}

/** A sixth of the skewness of the jackknife's values: how the standard error changes with the statistic. 0 where all are equal. */
export function acceleration(leftOut: Float64Array): number {
  const mean = leftOut.reduce((sum, value) => sum + value, 0) / leftOut.length;
  let [second, third] = [0, 0];
  for (const value of leftOut) {
    second += (mean - value) ** 2;
    third += (mean - value) ** 3;
  }
  return second > 0 ? third / (6 * second ** 1.5) : 0;
}

/** BCa bounds from replicates of any statistic; sorts `replicates` in place. acceleration: of its jackknife values. */
export function bcaFromReplicates(found: {
  observed: number;
  replicates: Float64Array;
  acceleration: number;
}): BoundsAt {
  const { observed, replicates } = found;
  replicates.sort();
  const bias = normalQuantile(shareBelow(observed, replicates));
  const at = (z: number): number => {
    const shifted = bias + z;
    const scale = 1 - found.acceleration * shifted;
    // Past the pole of the acceleration the bound is the most extreme resample.
    const share = scale > 0 ? normalCdf(bias + shifted / scale) : Number(shifted > 0);
    return sortedQuantile(replicates, share);
  };
  return (alpha) => ({ lower: at(normalQuantile(alpha)), upper: at(-normalQuantile(alpha)) });
}

/** Share of sorted values below `observed`, ties counting half, kept off 0 and 1 by half a value. */
function shareBelow(observed: number, sorted: Float64Array): number {
  let [below, equal] = [0, 0];
  for (const value of sorted) {
    below += Number(value < observed);
    equal += Number(value === observed);
  }
  const least = 1 / (2 * sorted.length);
  return Math.min(1 - least, Math.max(least, (below + equal / 2) / sorted.length));
}

/**
 * Bootstrap-t bounds: value − t*·standardError, where t* are the quantiles of (value* − value) / standardError*. The longest
 * of the bootstrap's intervals, and the one that misses least often when tails are heavy. Give the statistic on a scale on
 * which its standard error changes little (logarithm, logit). A resample without a finite t* (all rows drawn equal) counts
 * as one beyond the bound on both sides, so a handful of rows leaves the bounds infinite.
 * Source: Efron (1982); Hall (1988), Annals of Statistics 16:927; DiCiccio & Efron (1996).
 */
export function bootstrapTBounds(statistic: StudentizedStatistic, drawing: Drawing): BoundsAt {
  const { columns, value, standardError } = statistic;
  const rows = columns[0].length;
  const sums = columnSums(columns);
  const [center, scale] = [value(sums, rows), standardError(sums, rows)];
  const ratios = new Float64Array(drawing.resamples);
  forEachResample(columns, drawing, (drawn, at) => {
    ratios[at] = (value(drawn, rows) - center) / standardError(drawn, rows);
  });
  return bootstrapTFromRatios({ observed: center, standardError: scale, ratios });
}

/** Bootstrap-t bounds from (value* − value) / standardError* of resamples of any statistic. */
export function bootstrapTFromRatios(found: {
  observed: number;
  standardError: number;
  ratios: Float64Array;
}): BoundsAt {
  const { observed, standardError, ratios } = found;
  const known = ratios.filter(Number.isFinite).sort();
  const unknown = ratios.length - known.length;
  const last = ratios.length - 1;
  // An infinite ratio is no bound even where the standard error is 0.
  const reach = (ratio: number): number => (Number.isFinite(ratio) ? standardError * ratio : ratio);
  return (alpha) => ({
    lower: observed - reach(quantileAt(known, (1 - alpha) * last, Number.POSITIVE_INFINITY)),
    upper: observed - reach(quantileAt(known, alpha * last - unknown, Number.NEGATIVE_INFINITY)),
  });
}

/** Value at a fractional place of sorted values; `beyond` where the place is outside. */
function quantileAt(sorted: Float64Array, place: number, beyond: number): number {
  const under = Math.floor(place);
  if (under < 0 || place > sorted.length - 1) return beyond;
  const step = sorted[Math.min(under + 1, sorted.length - 1)] - sorted[under];
  return Number.isFinite(step) ? sorted[under] + (place - under) * step : sorted[under];
}

/** Quantile of sorted values by linear interpolation (type 7 of Hyndman & Fan, numpy's default). */
function sortedQuantile(sorted: Float64Array, share: number): number {
  return quantileAt(sorted, share * (sorted.length - 1), Number.NaN);
}
