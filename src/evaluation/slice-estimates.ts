import { counted } from "../kit/counted.ts";
import type { Estimate } from "../stats/bounds.ts";
import type { SliceEstimates } from "./across-slices.ts";
import type { Measured } from "./measured.ts";
import type { MetricName } from "./metric-names.ts";
import { estimateOrNull } from "./quantity.ts";
import { type Slice, tooSmall } from "./slices.ts";

const mostNamed = 3;

/** What was measured of a slice; undefined: nothing. */
export interface MeasuredSlice {
  slice: Slice;
  measured: Measured | undefined;
}

/** Estimates over slices, with the reason where they are incomplete. */
export type NotedEstimates = SliceEstimates & { measured: readonly Slice[]; note: string | null };

/** A metric over the slices of a column. */
export function sliceEstimates(slices: readonly Slice[], metric: MetricName, column: string): NotedEstimates {
  const measured = slices.map((slice) => ({ slice, measured: slice.sample.metrics.get(metric) }));
  const range = slices[0]?.sample.describe(metric)?.range ?? [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  return estimatesOf(measured, { what: metric, column, range });
}

/**
 * The slices that have a value and enough rows. `note` names the first of the others, of which nothing is claimed: the
 * estimates are then incomplete. `measured`: whose estimates they are, in their order.
 */
export function estimatesOf(
  measured: readonly MeasuredSlice[],
  { what, column, range }: { what: string; column: string; range: SliceEstimates["range"] },
): NotedEstimates {
  const known = measured.flatMap(({ slice, measured: each }) => {
    const estimate = slice.lacking > 0 ? null : estimateOrNull(each);
    return estimate === null ? [] : { slice, estimate };
  });
  const isAll = known.every(({ estimate }) => estimate.unbounded !== undefined);
  const small = measured.flatMap(({ slice }) => (slice.lacking > 0 ? [slice] : []));
  const large = measured.filter(({ slice }) => slice.lacking === 0);
  const unknown = large.filter((each) => estimateOrNull(each.measured) === null);
  const names = unknown.slice(0, mostNamed).map(({ slice }) => slice.shown ?? "(missing)");
  const notes = [
    ...(unknown.length === 0 ? [] : [`${what} has no value for ${column} = ${names.join(", ")}`]),
    ...small.slice(0, mostNamed).map((slice) => tooSmall(column, slice)),
    ...moreSmall(small.length - mostNamed),
  ];
  return {
    estimates: known.map(({ slice, estimate }) =>
      isAll ? estimate : placed(estimate, `${column} = ${slice.shown ?? "(missing)"}`),
    ),
    measured: known.map(({ slice }) => slice),
    incomplete: notes.length > 0,
    range,
    note: notes.length === 0 ? null : notes.join("; "),
  };
}

function moreSmall(count: number): string[] {
  return count > 0 ? [`and ${counted(count, "more slice")} ${count === 1 ? "is" : "are"} too small`] : [];
}

/** Says of which slice it is that a bound is missing. */
function placed(estimate: Estimate, place: string): Estimate {
  return estimate.unbounded === undefined ? estimate : { ...estimate, unbounded: `for ${place} ${estimate.unbounded}` };
}
