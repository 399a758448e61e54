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
}

/** Why an inequality has its verdict: one sentence for a person. */
export function gateSentence({ form, estimate, notes }: Decidable, told: Told): string {
  const { verdict, bounds } = told;
  const show = (value: number): string => showNumber(value, form.unit);
  const subject = form.terms.map(({ coefficient, term }, at) => signed(coefficient, at) + printTerm(term)).join("");
  const measured = `${subject} is ${show(estimate.value)}`;
  const limit = `${form.operator} ${show(form.bound)}`;
  if (bounds.lower === bounds.upper) return `${measured}, which ${verdict === "pass" ? "meets" : "misses"} ${limit}.`;
  const range = `${measured}, between ${show(bounds.lower)} and ${show(bounds.upper)}`;
  if (verdict === "pass") return `${range}: all of it meets ${limit}.`;
  if (verdict === "fail") return `${range}: all of it misses ${limit}.`;
  if (told.crowd !== null) return `${range}: all of it misses ${limit}${crowded(told.crowd)}.`;
  const because =
    notes.length > 0
      ? notes.join("; ")
      : `${told.rows.toLocaleString("en")} test row${told.rows === 1 ? "" : "s"} cannot decide ${limit}`;
  const more = told.needed === null ? "" : `; about ${told.needed.toLocaleString("en")} would`;
  return `${range}: ${because}${more}.`;
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
  if (!Number.isFinite(value)) return value > 0 ? "anything above" : "anything below";
  const scaled = unit === null ? value : value / amountOf({ amount: 1, unit, per: null });
  const digits = Math.abs(scaled) >= 1000 ? Math.round(scaled) : Number(scaled.toPrecision(4));
  return unit === null ? String(digits) : `${digits} ${unit}`;
}
