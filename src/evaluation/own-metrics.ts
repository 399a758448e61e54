import type { Design } from "../stats/design-effect.ts";
import { gatherNumbers } from "../stats/gather.ts";
import { heavyTailBounds, meanBounds, moments } from "../stats/mean-bounds.ts";
import { fromLosses } from "./binary-contributions.ts";
import { degreesOf, type Measured, shareEstimate, undefinedBecause } from "./measured.ts";
import type { MetricDescription } from "./metric-names.ts";
import type { OwnMetric } from "./own-declaration.ts";

// Metrics of a user's own: SQL gives one number a row, the metric is their weighted mean.

/** What the SQL of one gave for each row. */
export interface OwnValues {
  name: string;
  metric: OwnMetric;
  /** One entry a row: NaN where the row does not count, infinite for what is no number. */
  values: Float64Array;
  /** The SQL says true or false: the metric is a share of rows. */
  isShare: boolean;
  description: MetricDescription;
}

/** Rows of a sample that count. */
interface Counted {
  values: Float64Array;
  weights: Float64Array | null;
  /** Places in the sample. */
  places: Uint32Array;
}

function countedRows(own: OwnValues, order: Uint32Array, allWeights: Float64Array | null): Counted {
  const values = gatherNumbers(own.values, order);
  const places = Uint32Array.from(values.keys()).filter((place) => !Number.isNaN(values[place]));
  const weights = allWeights === null ? null : gatherNumbers(gatherNumbers(allWeights, order), places);
  return { values: gatherNumbers(values, places), weights, places };
}

/** The mean over the sample's rows that count: Wilson for a share, else Student's t with Hall's correction (of sums of money and the like heavyTailBounds), inside min and max. */
export function ownEstimate(
  own: OwnValues,
  { order, weights, design }: { order: Uint32Array; weights: Float64Array | null; design: Design },
): Measured {
  const rows = countedRows(own, order, weights);
  if (rows.values.length === 0) return undefinedBecause("its SQL is null for every row");
  const broken = rows.values.reduce((count, value) => count + Number(!Number.isFinite(value)), 0);
  if (broken > 0) return undefinedBecause(`its SQL gives no finite number for ${broken} of ${rows.values.length} rows`);
  const found = moments(rows.values, rows.weights);
  if (Number.isNaN(found.mean)) return undefinedBecause("no row that counts has a weight");
  if (own.isShare) return { ...shareEstimate(found.mean, found.effectiveRows, design), swing: 1 };
  const [least, most] = own.description.range;
  const effectiveRows = found.effectiveRows / design.effect;
  const boundless = most === Number.POSITIVE_INFINITY && rows.values.every((value) => value >= 0);
  const boundsOf = boundless ? heavyTailBounds : meanBounds;
  return {
    value: found.mean,
    method: boundless ? "tail_adjusted_t" : "skew_adjusted_t",
    effectiveRows,
    bounds: (alpha) => {
      const { lower, upper } = boundsOf({ ...found, effectiveRows }, alpha, degreesOf(effectiveRows, design));
      return { lower: Math.max(least, lower), upper: Math.min(most, upper) };
    },
  };
}

/** See Sample.contributions: those of a mean, 0 for a row that does not count; in the order of `order`. */
export function ownContributions(own: OwnValues, order: Uint32Array, weights: Float64Array | null): Float64Array {
  const rows = countedRows(own, order, weights);
  const deviations = fromLosses(rows.values, rows.weights);
  const spread = new Float64Array(order.length);
  for (const [at, place] of rows.places.entries()) spread[place] = deviations[at];
  return spread;
}
