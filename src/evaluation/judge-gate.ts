import type { Bounds, Estimate } from "../stats/bounds.ts";
import { normalQuantile } from "../stats/quantile-functions.ts";
import type { GateResult } from "./evaluation-file.ts";
import { type Gate, gateAlpha, type MetricTerm, type Operator, type SliceTerm, type Unit } from "./gate.ts";
import { finiteOrNull } from "./measured.ts";
import { amountOf, printTerm } from "./print-gate.ts";
import { combine, type Part } from "./quantity.ts";
import { type GateEvidence, type Resolved, resolveTerm } from "./resolve-term.ts";

/** rows_needed decides with this probability if the measured value is the true one. */
const power = 0.8;

export interface GatePolicy {
  /** The gate as written. */
  text: string;
  decideBy: "interval" | "point";
  onInconclusive: "block" | "warn";
}

/** Judges one gate; docs/gates.md has the rules. Whatever is missing is never a pass. */
export function judgeGate(gate: Gate, policy: GatePolicy, evidence: GateEvidence): GateResult {
  const form = linearForm(gate);
  if (gate.onlyIf !== null && evidence.subjects[gate.onlyIf] === undefined) {
    return undecided(policy, form.bound, { verdict: "skipped", why: `There is no ${gate.onlyIf} model.` });
  }
  const resolved = form.terms.map(({ coefficient, term }) => ({ coefficient, found: resolveTerm(term, evidence) }));
  const parts: Part[] = [];
  for (const { coefficient, found } of resolved) {
    if (found.kind === "missing") {
      return undecided(policy, form.bound, { verdict: "inconclusive", why: `Cannot be decided: ${found.why}.` });
    }
    parts.push({ coefficient, quantity: found.quantity });
  }
  return decide({ form, policy, estimate: combine(parts), rows: evidence.rows, notes: notesOf(resolved) });
}

function notesOf(resolved: readonly { found: Resolved }[]): string[] {
  return resolved.flatMap(({ found }) => (found.kind === "quantity" ? (found.note ?? []) : []));
}

function undecided(policy: GatePolicy, bound: number, rest: Pick<GateResult, "verdict" | "why">): GateResult {
  return { gate: policy.text, measured: null, lower: null, upper: null, bound, ...policyOf(policy), ...rest };
}

function policyOf({ onInconclusive }: GatePolicy): Pick<GateResult, "on_inconclusive"> {
  return onInconclusive === "warn" ? { on_inconclusive: "warn" } : {};
}

/** The gate as Σ coefficient·term compared with one number. */
interface LinearForm {
  terms: readonly { coefficient: number; term: MetricTerm | SliceTerm }[];
  operator: Operator;
  bound: number;
  /** Unit in which the bound was written, for sentences. */
  unit: Unit | null;
}

const mirrored = { ">=": "<=", "<=": ">=", ">": "<", "<": ">" } as const satisfies Record<Operator, Operator>;

function linearForm(gate: Gate): LinearForm {
  const signed = [
    ...gate.left.map(({ sign, term }) => ({ coefficient: sign, term })),
    ...gate.right.map(({ sign, term }) => ({ coefficient: -sign, term })),
  ];
  let bound = 0;
  let unit: Unit | null = null;
  const terms: { coefficient: number; term: MetricTerm | SliceTerm }[] = [];
  for (const { coefficient, term } of signed) {
    if (term.kind === "number") {
      bound -= coefficient * amountOf(term);
      unit ??= term.unit;
    } else terms.push({ coefficient, term });
  }
  // 0.9 <= roc_auc reads as roc_auc >= 0.9, and 0.05 <= roc_auc - baseline.roc_auc keeps its difference as written.
  const turn = (terms[0]?.coefficient ?? 1) < 0;
  if (!turn) return { terms, operator: gate.operator, bound: bound + 0, unit };
  return {
    terms: terms.map(({ coefficient, term }) => ({ coefficient: -coefficient, term })),
    operator: mirrored[gate.operator],
    bound: 0 - bound,
    unit,
  };
}

interface Decision {
  form: LinearForm;
  policy: GatePolicy;
  estimate: Estimate;
  rows: number;
  notes: readonly string[];
}

function decide(decision: Decision): GateResult {
  const { form, policy, estimate } = decision;
  const { value } = estimate;
  const bounds = policy.decideBy === "point" ? { lower: value, upper: value } : estimate.bounds(gateAlpha);
  const [adverse, favourable] = form.operator.startsWith(">")
    ? [bounds.lower, bounds.upper]
    : [bounds.upper, bounds.lower];
  const verdict = holds(adverse, form) ? "pass" : holds(favourable, form) ? "inconclusive" : "fail";
  const needed = verdict === "inconclusive" ? rowsNeeded(decision, { adverse, favourable }) : null;
  return {
    gate: policy.text,
    verdict,
    measured: value,
    lower: finiteOrNull(bounds.lower),
    upper: finiteOrNull(bounds.upper),
    bound: form.bound,
    ...(needed === null ? {} : { rows_needed: needed }),
    ...policyOf(policy),
    why: sentence(decision, { verdict, bounds, needed }),
  };
}

function holds(value: number, { operator, bound }: LinearForm): boolean {
  switch (operator) {
    case ">=":
      return value >= bound;
    case ">":
      return value > bound;
    case "<=":
      return value <= bound;
    case "<":
      return value < bound;
  }
}

/** Widths shrink with the root of the rows; the margin must become small against the distance, with room for `power`. */
function rowsNeeded(
  { form, estimate, rows, notes }: Decision,
  sides: { adverse: number; favourable: number },
): number | null {
  const { value } = estimate;
  const margin = Math.abs(value - (holds(value, form) ? sides.adverse : sides.favourable));
  const distance = Math.abs(value - form.bound);
  if (notes.length > 0 || distance === 0 || !Number.isFinite(margin)) return null;
  const room = 1 + normalQuantile(power) / normalQuantile(1 - gateAlpha);
  const needed = Math.ceil(rows * ((room * margin) / distance) ** 2);
  return needed < 1e12 ? Math.max(needed, rows + 1) : null;
}

interface Told {
  verdict: "pass" | "fail" | "inconclusive";
  bounds: Bounds;
  needed: number | null;
}

function sentence(decision: Decision, { verdict, bounds, needed }: Told): string {
  const { form, policy, estimate, rows, notes } = decision;
  const show = (value: number): string => showNumber(value, form.unit);
  const subject = form.terms.map(({ coefficient, term }, at) => signed(coefficient, at) + printTerm(term)).join("");
  const measured = `${subject} is ${show(estimate.value)}`;
  const limit = `${form.operator} ${show(form.bound)}`;
  const range = `between ${show(bounds.lower)} and ${show(bounds.upper)}`;
  if (policy.decideBy === "point" || bounds.lower === bounds.upper) {
    return `${measured}, which ${verdict === "pass" ? "meets" : "misses"} ${limit}.`;
  }
  if (verdict === "pass") return `${measured}, ${range}: all of it meets ${limit}.`;
  if (verdict === "fail") return `${measured}, ${range}: all of it misses ${limit}.`;
  const because = notes.length > 0 ? notes.join("; ") : `${rows.toLocaleString("en")} test rows cannot decide ${limit}`;
  const more = needed === null ? "" : `; about ${needed.toLocaleString("en")} would`;
  return `${measured}, ${range}: ${because}${more}.`;
}

function signed(coefficient: number, at: number): string {
  if (at === 0) return coefficient < 0 ? "-" : "";
  return coefficient < 0 ? " - " : " + ";
}

/** At most four digits, in the unit of the gate. */
function showNumber(value: number, unit: Unit | null): string {
  if (!Number.isFinite(value)) return value > 0 ? "anything above" : "anything below";
  const scaled = unit === null ? value : value / amountOf({ kind: "number", amount: 1, unit, position: 0 });
  const digits = Math.abs(scaled) >= 1000 ? Math.round(scaled) : Number(scaled.toPrecision(4));
  return unit === null ? String(digits) : `${digits} ${unit}`;
}
