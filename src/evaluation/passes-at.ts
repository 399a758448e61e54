import { holds, type LinearForm } from "./linear-form.ts";
import { describeMetric } from "./metric-names.ts";

/**
 * The value from which on the same rows would pass: the bound and the room that the interval takes there. Null where no
 * value of the metric would do, or the interval says nothing.
 *
 * The room is that between value and bound of the interval now, brought to where the gate's bound lies: values in [0, 1]
 * vary as shares do, by the root of v·(1 − v), which is exact for Wilson's interval; losses vary in proportion to
 * themselves; differences everywhere alike.
 * @example accuracy 0.82 of 1000 rows, lower bound 0.799, against >= 0.8: 0.821
 */
export function passesAt(form: LinearForm, value: number, adverse: number): number | null {
  if (adverse === value || !Number.isFinite(adverse)) return null;
  const [lowest, highest] = rangeOf(form);
  const wanted = form.bound + (value - adverse) * growth([lowest, highest], adverse, form.bound);
  return Number.isFinite(wanted) && wanted >= lowest && wanted <= highest && holds(wanted, form) ? wanted : null;
}

/** How much more a quantity of this range varies at `to` than at `from`. */
function growth([lowest, highest]: readonly [number, number], from: number, to: number): number {
  if (lowest !== 0 || from <= 0 || to <= 0) return 1;
  if (highest === Number.POSITIVE_INFINITY) return to / from;
  return highest === 1 && from < 1 && to < 1 ? Math.sqrt((to * (1 - to)) / (from * (1 - from))) : 1;
}

function rangeOf({ terms }: LinearForm): readonly [number, number] {
  const unlimited = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY] as const;
  const [only, ...others] = terms;
  if (only === undefined || others.length > 0) return unlimited;
  if (only.term.kind === "ratio") return [0, 1];
  if (only.term.kind === "gap") return unlimited;
  return describeMetric(only.term.metric)?.range ?? unlimited;
}
