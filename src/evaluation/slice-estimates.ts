import type { SliceEstimates } from "./across-slices.ts";
import { describeMetric, type MetricName } from "./metric-names.ts";
import { estimateOrNull } from "./quantity.ts";
import { type Slice, tooSmall } from "./slices.ts";

const mostNamed = 3;

/**
 * A metric over the slices of a column that have a value and enough rows. `note` names the first of the others, of which
 * nothing is claimed: the estimates are then incomplete. `measured`: whose estimates they are, in their order.
 */
export function sliceEstimates(
  slices: readonly Slice[],
  metric: MetricName,
  column: string,
): SliceEstimates & { measured: readonly Slice[]; note: string | null } {
  const known = slices.flatMap((slice) => {
    const estimate = slice.lacking > 0 ? null : estimateOrNull(slice.sample.metrics.get(metric));
    return estimate === null ? [] : { slice, estimate };
  });
  const small = slices.filter(({ lacking }) => lacking > 0);
  const unknown = slices.filter(
    ({ sample, lacking }) => lacking === 0 && estimateOrNull(sample.metrics.get(metric)) === null,
  );
  const notes = [
    ...(unknown.length === 0 ? [] : [`${metric} has no value for ${column} = ${namesOf(unknown)}`]),
    ...small.slice(0, mostNamed).map((slice) => tooSmall(column, slice)),
    ...(small.length > mostNamed ? [`and ${small.length - mostNamed} more slices are too small`] : []),
  ];
  return {
    estimates: known.map(({ estimate }) => estimate),
    measured: known.map(({ slice }) => slice),
    incomplete: notes.length > 0,
    range: describeMetric(metric)?.range ?? [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY],
    note: notes.length === 0 ? null : notes.join("; "),
  };
}

function namesOf(slices: readonly Slice[]): string {
  return slices
    .slice(0, mostNamed)
    .map(({ shown }) => shown ?? "(missing)")
    .join(", ");
}
