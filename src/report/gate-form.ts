import {
  type Gate,
  inequalitiesOf,
  type MetricTerm,
  type Operator,
  type SliceTerm,
  type Subject,
  termsOf,
} from "../evaluation/gate.ts";
import { parseGate } from "../evaluation/gates.ts";
import { type LinearForm, linearForm } from "../evaluation/linear-form.ts";
import { factKindOf } from "../evaluation/metric-names.ts";
import { knownUnit } from "../evaluation/print-gate.ts";

// What a gate's numbers count, read from the parsed gate, as the judge reads it.

export interface GateForm {
  /** bytes: written with the unit that suits the number. */
  kind: "number" | "bytes";
  /** What a number is multiplied by before it is written, and what is written behind it. */
  factor: number;
  unit: string;
  /** The measured number is one metric minus another. */
  isDifference: boolean;
  /** As it compares the measured number with the bound; null when the gate cannot be read or joins several conditions. */
  operator: Operator | null;
  subjects: readonly Subject[];
}

export function formOf(text: string): GateForm {
  const plain = { kind: "number", factor: 1, unit: "", isDifference: false, operator: null, subjects: [] } as const;
  const parsed = parseGate(text);
  if (!parsed.ok) return plain;
  const subjects = termsOf(parsed.gate).flatMap((term) => (term.kind === "number" ? [] : [term.subject]));
  const [only, ...others] = inequalitiesOf(parsed.gate.condition);
  // A gate of several conditions has no numbers of its own.
  if (only === undefined || others.length > 0) return { ...plain, subjects };
  const form = linearForm(only);
  return {
    ...writingOf(parsed.gate, form),
    isDifference: new Set(form.terms.map(({ coefficient }) => Math.sign(coefficient))).size > 1,
    operator: form.operator,
    subjects,
  };
}

function writingOf(gate: Gate, { terms, unit }: LinearForm): Pick<GateForm, "kind" | "factor" | "unit"> {
  const [first] = terms;
  const plain = { kind: "number", factor: 1, unit: "" } as const;
  if (first !== undefined && isFact(first.term, "size")) return { ...plain, kind: "bytes" };
  if (first !== undefined && isFact(first.term, "time")) return { ...plain, unit: " ms" };
  const isPerCent = termsOf(gate).some((term) => term.kind === "number" && term.unit === "%");
  if (isPerCent) return { ...plain, factor: 100, unit: " %" };
  // The unit of problem.value, which scales nothing.
  return unit === null || knownUnit(unit) !== null ? plain : { ...plain, unit: ` ${unit}` };
}

function isFact({ metric }: MetricTerm | SliceTerm, kind: "size" | "time"): boolean {
  return factKindOf(metric) === kind;
}
