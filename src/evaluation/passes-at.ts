import { holds, type LinearForm } from "./linear-form.ts";

/** What a form can be, whatever the model answers, with the other models as they are on these rows. */
export type Reach = readonly [lowest: number, highest: number];

/**
 * The value from which on the same rows would pass: the bound and the room that the interval takes there. Null where no
 * value within `reach` would do, or the interval says nothing.
 *
 * The room is that between value and bound of the interval now, brought to where the gate's bound lies: values in [0, 1]
 * vary as shares do, by the root of v·(1 − v), which is exact for Wilson's interval; losses vary in proportion to
 * themselves; differences everywhere alike.
 * @example accuracy 0.82 of 1000 rows, lower bound 0.799, against >= 0.8: 0.821
 */
export function passesAt(form: LinearForm, measured: { value: number; adverse: number; reach: Reach }): number | null {
  const { value, adverse, reach } = measured;
  if (adverse === value || !Number.isFinite(adverse)) return null;
  const wanted = form.bound + (value - adverse) * (form.terms.length === 1 ? growth(reach, adverse, form.bound) : 1);
  const [lowest, highest] = reach;
  return Number.isFinite(wanted) && wanted >= lowest && wanted <= highest && holds(wanted, form) ? wanted : null;
}

/** Whether some value within reach meets the bound, were it known exactly. */
export function canBeMet(form: LinearForm, [lowest, highest]: Reach): boolean {
  const { operator, bound } = form;
  const best = operator.startsWith(">") ? highest : lowest;
  // 1 - 0.8 is a little less than 0.2.
  const isSame = Math.abs(best - bound) <= 1e-12 * Math.max(1, Math.abs(bound));
  return holds(best, form) || (isSame && operator.endsWith("="));
}

/** How much more a quantity of this range varies at `to` than at `from`. */
function growth([lowest, highest]: Reach, from: number, to: number): number {
  if (lowest !== 0 || from <= 0 || to <= 0) return 1;
  if (highest === Number.POSITIVE_INFINITY) return to / from;
  return highest === 1 && from < 1 && to < 1 ? Math.sqrt((to * (1 - to)) / (from * (1 - from))) : 1;
}
