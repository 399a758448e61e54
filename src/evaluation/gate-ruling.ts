import type { Bounds, Estimate } from "../stats/bounds.ts";
import type { Condition, Inequality } from "./gate.ts";
import { holds, type LinearForm, linearForm } from "./linear-form.ts";
import type { Reach } from "./passes-at.ts";
import { combine, type Part, rangeOf } from "./quantity.ts";
import { type GateEvidence, resolveTerm } from "./resolve-term.ts";
import type { SliceRows } from "./slices.ts";

// A condition held against the evidence. What may be claimed of it depends on the error that is allowed:
// - all of several conditions hold when each is shown to at alpha (intersection-union test: Berger, 1982), and so they all fail;
// - one of several holds, or one of several fails, picks among them, so alpha is shared (Bonferroni, Holm's first step).

/** An inequality whose terms were looked up. */
export interface Decidable {
  kind: "decidable";
  inequality: Inequality;
  form: LinearForm;
  estimate: Estimate;
  /** What it can be, with the other models as they are. */
  reach: Reach;
  /** Why nothing may be claimed of a part of it, such as slices without a value. */
  notes: readonly string[];
  /** The slice whose rows are too few for more to be claimed with an error of `alpha`; null: it is not about slices. */
  limitedBy(alpha: number): SliceRows | null;
}

/** An inequality of which a term is not there: it neither holds nor fails. */
export interface Missing {
  kind: "missing";
  inequality: Inequality;
  form: LinearForm;
  why: string;
}

interface JoinedRuling {
  kind: "and" | "or";
  parts: readonly Ruling[];
}

export type Ruling = Decidable | Missing | JoinedRuling;

/** Looks up a condition's terms; `decideBy` point leaves the intervals out. */
export function ruleOn(condition: Condition, decideBy: "interval" | "point", evidence: GateEvidence): Ruling {
  if (condition.kind !== "inequality") {
    return { kind: condition.kind, parts: condition.parts.map((part) => ruleOn(part, decideBy, evidence)) };
  }
  const form = linearForm(condition);
  const withheld = form.terms.flatMap(({ term }) => evidence.withheld?.[term.subject] ?? []);
  // Says more than that a metric of one of them has no value.
  if (withheld.length > 0) return { kind: "missing", inequality: condition, form, why: withheld[0] };
  const parts: Part[] = [];
  const notes: string[] = [];
  const slices: ((alpha: number) => SliceRows)[] = [];
  const free: Part[] = [];
  let fixed = 0;
  for (const { coefficient, term } of form.terms) {
    const found = resolveTerm(term, evidence);
    if (found.kind === "missing") return { kind: "missing", inequality: condition, form, why: found.why };
    parts.push({ coefficient, quantity: found.quantity });
    if (term.subject === "model") free.push({ coefficient, quantity: found.quantity });
    else fixed += coefficient * found.quantity.estimate.value;
    if (found.note !== null) notes.push(found.note);
    if (found.limitedBy !== null) slices.push(found.limitedBy);
  }
  const estimate = combine(parts);
  const [lowest, highest] = rangeOf(free);
  return {
    kind: "decidable",
    inequality: condition,
    form,
    estimate: decideBy === "point" ? withoutInterval(estimate, form, notes.length > 0) : estimate,
    reach: [fixed + lowest, fixed + highest],
    notes,
    limitedBy: (alpha) => smallest(slices.map((slice) => slice(alpha))),
  };
}

function smallest(slices: readonly SliceRows[]): SliceRows | null {
  return slices.reduce<SliceRows | null>(
    (least, slice) => (least === null || slice.rows < least.rows ? slice : least),
    null,
  );
}

/** The value alone; but where a slice could not be judged it might be as bad as it likes. */
function withoutInterval(estimate: Estimate, { operator }: LinearForm, isPartial: boolean): Estimate {
  const { value } = estimate;
  const worst = operator.startsWith(">") ? { lower: Number.NEGATIVE_INFINITY } : { upper: Number.POSITIVE_INFINITY };
  return { ...estimate, bounds: () => ({ lower: value, upper: value, ...(isPartial ? worst : {}) }) };
}

/** Whether it may be claimed that the condition holds, wrongly with probability `alpha` at most. */
export function isShownToHold(ruling: Ruling, alpha: number): boolean {
  switch (ruling.kind) {
    case "missing":
      return false;
    case "decidable":
      return holds(sidesOf(ruling, alpha).adverse, ruling.form);
    case "and":
      return ruling.parts.every((part) => isShownToHold(part, alpha));
    case "or":
      return ruling.parts.some((part) => isShownToHold(part, alpha / ruling.parts.length));
  }
}

/** Whether it may be claimed that the condition does not hold, wrongly with probability `alpha` at most. */
export function isShownToFail(ruling: Ruling, alpha: number): boolean {
  switch (ruling.kind) {
    case "missing":
      return false;
    case "decidable":
      return !holds(sidesOf(ruling, alpha).favourable, ruling.form);
    case "and":
      return ruling.parts.some((part) => isShownToFail(part, alpha / ruling.parts.length));
    case "or":
      return ruling.parts.every((part) => isShownToFail(part, alpha));
  }
}

/** The bound on which a pass depends, and the one on which a failure does. */
export function sidesOf({ form, estimate }: Decidable, alpha: number): { adverse: number; favourable: number } {
  const { lower, upper } = estimate.bounds(alpha);
  return form.operator.startsWith(">") ? { adverse: lower, favourable: upper } : { adverse: upper, favourable: lower };
}

/** A condition's inequalities from left to right. */
function leavesOf(ruling: Ruling): (Decidable | Missing)[] {
  return "parts" in ruling ? ruling.parts.flatMap(leavesOf) : [ruling];
}

/** True when no sample decides it: a size, or the measured value alone. */
export function isExact(ruling: Ruling, alpha: number): boolean {
  return leavesOf(ruling).every((leaf) => leaf.kind === "missing" || hasNoWidth(leaf.estimate.bounds(alpha)));
}

function hasNoWidth({ lower, upper }: Bounds): boolean {
  return lower === upper;
}
