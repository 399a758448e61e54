import { type Bounds, type Estimate, remembered } from "../stats/bounds.ts";
import { type Design, independentRows, scoreRows } from "../stats/design-effect.ts";
import { heavyTailBounds, type Moments, meanBounds } from "../stats/mean-bounds.ts";
import { studentQuantile } from "../stats/quantile-functions.ts";
import { shareBounds } from "../stats/share-bounds.ts";
import type { MetricValue } from "./evaluation-file.ts";
import type { MetricName } from "./metric-names.ts";

/** A metric that these rows do not define, and why. */
export interface Undefined {
  value: null;
  reason: string;
}

export type Measured = Estimate | Undefined;

/** The metrics of some rows, each computed when it is first asked for. */
export interface MeasuredMetrics {
  /** In the order a report shows them. */
  names: readonly MetricName[];
  /** undefined: not a metric of these predictions. */
  get(name: MetricName): Measured | undefined;
}

export function undefinedBecause(reason: string): Undefined {
  return { value: null, reason };
}

/** A share of rows; `rows` is Kish's effective number where rows are weighted. */
export function shareEstimate(share: number, rows: number, design = independentRows): Estimate {
  return {
    value: share,
    method: "wilson",
    effectiveRows: rows / design.effect,
    bounds: remembered((alpha) => shareBounds({ share, rows: scoreRows(rows, design, alpha) }, alpha)),
  };
}

export interface LossScale {
  design?: Design;
  /** Maps the mean to the metric (rmse: the square root). */
  of?: (mean: number) => number;
  /** Largest loss that a row can have. */
  most?: number;
  /** How far above the mean the true one may lie because of rows that are not among these (unseenLoss); default: 0. */
  unseen?: (alpha: number) => number;
  /** Losses of numbers, among which a few large ones may decide (heavyTailBounds). */
  heavyTails?: boolean;
}

/** The mean of a loss per row, never below 0. */
export function lossEstimate(
  loss: Moments,
  {
    design = independentRows,
    of = (mean) => mean,
    most = Infinity,
    unseen = () => 0,
    heavyTails = false,
  }: LossScale = {},
): Estimate {
  const effectiveRows = loss.effectiveRows / design.effect;
  return {
    value: of(loss.mean),
    method: heavyTails ? "tail_adjusted_t" : "skew_adjusted_t",
    effectiveRows,
    bounds: (alpha) => {
      if (loss.variance === 0) return mapBounds(equalLosses(loss.mean, { rows: effectiveRows, most, alpha }), of);
      const boundsOf = heavyTails ? heavyTailBounds : meanBounds;
      const { lower, upper } = boundsOf({ ...loss, effectiveRows }, alpha, degreesOf(effectiveRows, design));
      const highest = Math.max(upper, loss.mean + unseen(alpha));
      return mapBounds({ lower: Math.max(0, lower), upper: Math.min(most, highest) }, of);
    },
  };
}

function mapBounds({ lower, upper }: Bounds, of: (mean: number) => number): Bounds {
  return { lower: of(lower), upper: of(upper) };
}

/**
 * Losses that are all equal: up to a share 1 − alpha^(1/rows) of other rows may differ without one of them among these
 * (Clopper & Pearson for no hits), by as much as a loss can. Without a largest loss nothing bounds them above.
 */
function equalLosses(mean: number, { rows, most, alpha }: { rows: number; most: number; alpha: number }): Bounds {
  const unseen = 1 - alpha ** (1 / rows);
  return { lower: mean * (1 - unseen), upper: mean + (most - mean) * unseen };
}

/**
 * A value in (0, 1) with a standard error, bounded on the logit scale: it stays inside [0, 1] and is skewed as such values
 * are. At 0, 1 or without a usable error the bounds are Wilson's for `effectiveRows`: the variance of a value in [0, 1]
 * over n rows is at most value·(1 − value)/n (for ROC AUC with n the smaller class: van Dantzig, 1951).
 */
export function logitEstimate(
  value: number,
  error: { standardError: number; effectiveRows: number; method: string; design?: Design },
): Estimate {
  return boundedEstimate(value, { ...error, degrees: Number.POSITIVE_INFINITY, bounds: logitBounds });
}

/**
 * The same on the scale of −ln(−ln value), on which average precision is next to symmetric where its logit is not, and
 * around what is left when `bias` is taken off. `degrees`: of freedom of the standard error, at most.
 */
export function logLogEstimate(
  value: number,
  error: {
    standardError: number;
    effectiveRows: number;
    method: string;
    design?: Design;
    bias: number;
    degrees: number;
  },
): Estimate {
  const center = value - error.bias > 0 && value - error.bias < 1 ? value - error.bias : value;
  const bounds = (measured: number, margin: number): Bounds => {
    const { lower, upper } = logLogBounds(center, margin);
    return { lower: Math.min(lower, measured), upper: Math.max(upper, measured) };
  };
  return boundedEstimate(value, { ...error, bounds });
}

interface BoundedError {
  standardError: number;
  effectiveRows: number;
  method: string;
  design?: Design;
  degrees: number;
  /** Bounds so far from the value as the margin says at the value. */
  bounds(value: number, margin: number): Bounds;
}

function boundedEstimate(value: number, error: BoundedError): Estimate {
  const { method, design = independentRows } = error;
  const standardError = error.standardError * Math.sqrt(design.effect);
  const effectiveRows = error.effectiveRows / design.effect;
  const usable = standardError > 0 && value > 0 && value < 1 && effectiveRows > 2;
  if (!usable) return { ...shareEstimate(value, error.effectiveRows, design), method: "wilson_smaller_class" };
  const degrees = Math.min(degreesOf(effectiveRows, design), error.degrees);
  return {
    value,
    method,
    effectiveRows,
    bounds: (alpha) => error.bounds(value, standardError * studentQuantile(1 - alpha, degrees)),
  };
}

/** Degrees of freedom of Student's t: rows less one, of clustered rows at most clusters less one. */
export function degreesOf(effectiveRows: number, { degrees }: Design): number {
  return Math.min(effectiveRows - 1, degrees);
}

function logitBounds(value: number, margin: number): Bounds {
  const center = Math.log(value / (1 - value));
  const scaled = margin / (value * (1 - value));
  return { lower: logistic(center - scaled), upper: logistic(center + scaled) };
}

function logLogBounds(value: number, margin: number): Bounds {
  const center = -Math.log(-Math.log(value));
  const scaled = margin / (-value * Math.log(value));
  return { lower: Math.exp(-Math.exp(scaled - center)), upper: Math.exp(-Math.exp(-scaled - center)) };
}

function logistic(x: number): number {
  return 1 / (1 + Math.exp(-x));
}

/** A value that these rows fix exactly. */
export function exactEstimate(value: number, method: string): Estimate {
  return {
    value,
    method,
    effectiveRows: Number.POSITIVE_INFINITY,
    bounds: () => ({ lower: value, upper: value }),
  };
}

/** One cluster is one observation: it has no spread, so that nothing is known of others, however many rows it has. */
export function ofOneCluster(estimate: Estimate): Estimate {
  return {
    ...estimate,
    method: "none",
    effectiveRows: 1,
    unbounded: "all rows are of one group, which says nothing of others; rows of more groups are needed",
    bounds: () => ({ lower: Number.NEGATIVE_INFINITY, upper: Number.POSITIVE_INFINITY }),
  };
}

/** As evaluation.json holds it: bounds that say nothing become null, with the reason. */
export function toMetricValue(measured: Measured, level: number): MetricValue {
  if (measured.value === null) {
    return { value: null, lower: null, upper: null, level, method: "none", reason: measured.reason };
  }
  const { value, method } = measured;
  const { lower, upper } = measured.bounds((1 - level) / 2);
  if (Number.isFinite(lower) && Number.isFinite(upper)) return { value, lower, upper, level, method };
  const { unbounded } = measured;
  // That a difference is at least 0, or the largest error that of these rows, is no interval.
  if (unbounded !== undefined) return { value, lower: null, upper: null, level, method, reason: unbounded };
  const ends = { lower: finiteOrNull(lower), upper: finiteOrNull(upper) };
  return { value, ...ends, level, method, reason: "too few rows for an interval" };
}

export function finiteOrNull(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
