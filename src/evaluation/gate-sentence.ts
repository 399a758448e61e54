import { counted, grouped } from "../kit/counted.ts";
import type { Bounds } from "../stats/bounds.ts";
import type { GateCondition } from "./evaluation-file.ts";
import type { Decidable } from "./gate-ruling.ts";
import { amountOf, printTerm } from "./print-gate.ts";

interface Told {
  verdict: "pass" | "fail" | "inconclusive";
  bounds: Bounds;
  /** Test rows that would decide it. */
  needed: number | null;
  /** Gates beside which a failure was not certain enough. */
  crowd: number | null;
  rows: number;
  outOfReach: GateCondition["out_of_reach"];
}

/** Why an inequality has its verdict: a sentence or two for a person. */
export function gateSentence(ruling: Decidable, told: Told): string {
  const { form, estimate, reach } = ruling;
  const { verdict, bounds, outOfReach } = told;
  const show = (value: number): string => showNumber(value, form.unit);
  const subject = form.terms.map(({ coefficient, term }, at) => signed(coefficient, at) + printTerm(term)).join("");
  const measured = `${subject} is ${show(estimate.value)}`;
  const limit = `${form.operator} ${show(form.bound)}`;
  const isExact = bounds.lower === bounds.upper;
  const isUnknown = verdict === "inconclusive" && estimate.unbounded !== undefined;
  const found = isExact || isUnknown ? measured : `${measured}${rangeText(bounds, show)}`;
  const sentence = isExact
    ? `${found}, which ${verdict === "pass" ? "meets" : "misses"} ${limit}.`
    : `${found}: ${decidedBy(ruling, { ...told, limit })}.`;
  if (outOfReach === undefined) return sentence;
  if (outOfReach === "rows") return `${sentence} With ${counted(told.rows, "test row")} no value would pass.`;
  const most = form.operator.startsWith(">") ? `at most ${show(reach[1])}` : `at least ${show(reach[0])}`;
  return `${sentence} It can be ${most} on these rows, so no model passes.`;
}

/** An interval, as far as it goes. */
function rangeText({ lower, upper }: Bounds, show: (value: number) => string): string {
  if (Number.isFinite(lower) && Number.isFinite(upper)) return `, between ${show(lower)} and ${show(upper)}`;
  if (Number.isFinite(lower)) return `, with ${show(lower)} as a lower bound and no upper one`;
  return Number.isFinite(upper) ? `, with ${show(upper)} as an upper bound and no lower one` : "";
}

/** What the interval says of the limit, as a clause. */
function decidedBy({ estimate, notes }: Decidable, told: Told & { limit: string }): string {
  const { verdict, crowd, needed, rows, limit } = told;
  if (verdict === "pass") return `all of it meets ${limit}`;
  if (verdict === "fail") return `all of it misses ${limit}`;
  if (crowd !== null) return `all of it misses ${limit}${crowded(crowd)}`;
  if (notes.length > 0) return notes.join("; ");
  if (estimate.unbounded !== undefined) return estimate.unbounded;
  const more = needed === null ? "" : `; about ${grouped(needed)} would`;
  return `${counted(rows, "test row")} cannot decide ${limit}${more}`;
}

function crowded(gates: number): string {
  return `, but one of ${gates} gates does so by chance too often to call it a failure (Holm)`;
}

/** Why a joined condition has its verdict: the sentences of the conditions that decide it. */
export function joinedSentence(told: {
  kind: "and" | "or";
  verdict: Told["verdict"];
  conditions: readonly GateCondition[];
  crowd: number | null;
}): string {
  const { kind, verdict, conditions } = told;
  const telling = conditions.filter((condition) => condition.verdict === verdict);
  const shown = (telling.length > 0 ? telling : conditions).map(({ why }) => why).join(" ");
  const lead = {
    pass: kind === "and" ? "All conditions hold." : "One of the conditions holds.",
    fail: kind === "and" ? "One of the conditions fails." : "All conditions fail.",
    inconclusive: kind === "and" ? "Not all conditions are shown to hold." : "None of the conditions is shown to hold.",
  }[verdict];
  return `${lead} ${shown}${told.crowd === null ? "" : ` The gate fails by itself${crowded(told.crowd)}.`}`;
}

function signed(coefficient: number, at: number): string {
  if (at === 0) return coefficient < 0 ? "-" : "";
  return coefficient < 0 ? " - " : " + ";
}

/** At most four digits, in the unit of the gate. */
function showNumber(value: number, unit: string | null): string {
  const scaled = unit === null ? value : value / amountOf({ amount: 1, unit, per: null });
  const digits = Math.abs(scaled) >= 1000 ? Math.round(scaled) : Number(scaled.toPrecision(4));
  return unit === null ? String(digits) : `${digits} ${unit}`;
}
