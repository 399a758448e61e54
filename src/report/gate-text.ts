import type { GateResult } from "../evaluation/evaluation-file.ts";
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
import { linearForm } from "../evaluation/linear-form.ts";
import { factKindOf } from "../evaluation/metric-names.ts";
import { isBlocking } from "../evaluation/verdict.ts";
import {
  absent,
  decimalsApart,
  fixed,
  formatBytes,
  formatCount,
  hasInterval,
  type Measured,
  shortest,
  signed,
} from "./format-numbers.ts";

// How a gate is told to a person. What its numbers count is read from the parsed gate, as the judge reads it.

/** A gate's numbers as texts. */
export interface GateText {
  measured: string;
  /** Empty when there is no interval. */
  interval: string;
  bound: string;
}

type GateNumbers = Pick<GateResult, "gate" | "measured" | "lower" | "upper" | "bound">;

/**
 * A gate's measured number and its bound, with as many digits as it takes to tell them apart: 0.88996 against 0.89 is
 * never shown as 0.890 against 0.89. Sizes, times and per cents have their unit, differences their sign.
 */
export function formatGate({ gate, measured, lower, upper, bound }: GateNumbers): GateText {
  const { quantity, isDifference } = formOf(gate);
  if (quantity === "bytes") return sizeText(measured, bound);
  const { factor, unit } = units[quantity];
  const scaled = { value: scale(measured, factor), lower: scale(lower, factor), upper: scale(upper, factor) };
  const limit = scale(bound, factor);
  const decimals = decimalsApart(scaled, limit);
  const show = isDifference ? signed : fixed;
  return {
    measured: measured === null ? absent : `${show(scaled.value, decimals)}${unit}`,
    interval: intervalText(scaled, (number) => show(number, decimals), unit),
    bound: limit === null ? absent : `${isDifference && limit > 0 ? "+" : ""}${shortest(limit)}${unit}`,
  };
}

/** Whether the measured value alone meets the bound; null when nothing was measured or the gate cannot be read. */
export function meetsBound({ gate, measured, bound }: GateNumbers): boolean | null {
  const { operator } = formOf(gate);
  if (operator === null || measured === null || bound === null) return null;
  return { ">=": measured >= bound, ">": measured > bound, "<=": measured <= bound, "<": measured < bound }[operator];
}

/** True when the measured number is one metric minus another. */
export function isDifference(gate: string): boolean {
  return formOf(gate).isDifference;
}

/** The other model that a gate compares with and that can be missing; null when there is none. */
export function comparedWith(gate: string): "production" | "base" | null {
  return formOf(gate).subjects.find((subject) => subject === "production" || subject === "base") ?? null;
}

/** What its numbers do not say about a gate: why it is open or skipped. Empty when they say it all. */
export function gateNote(gate: GateResult, rows: number): string {
  const warning = isBlocking(gate) ? "" : "It is only a warning.";
  switch (gate.verdict) {
    case "pass":
      return "";
    case "fail":
      return warning;
    case "skipped":
      return gate.why;
    case "inconclusive":
      return `${openNote(gate, rows)} ${warning}`.trimEnd();
  }
}

function openNote(gate: GateResult, rows: number): string {
  if (gate.measured !== null && gate.measured === gate.bound) {
    return `The measured value is the bound itself: ${formatCount(rows)} test rows cannot decide it.`;
  }
  if (gate.measured === null || gate.rows_needed === undefined) return gate.why;
  if (meetsBound(gate) === false) {
    return `The measured value misses the bound, but ${formatCount(rows)} test rows do not prove that it does.`;
  }
  return `${formatCount(rows)} test rows cannot decide it; about ${formatCount(gate.rows_needed)} would.`;
}

const units = {
  number: { factor: 1, unit: "" },
  share: { factor: 100, unit: " %" },
  milliseconds: { factor: 1, unit: " ms" },
} as const;

interface GateForm {
  quantity: keyof typeof units | "bytes";
  isDifference: boolean;
  /** As it compares the measured number with the bound; null when the gate cannot be read. */
  operator: Operator | null;
  subjects: readonly Subject[];
}

function formOf(text: string): GateForm {
  const parsed = parseGate(text);
  if (!parsed.ok) return { quantity: "number", isDifference: false, operator: null, subjects: [] };
  const { gate } = parsed;
  const subjects = termsOf(gate).flatMap((term) => (term.kind === "number" ? [] : [term.subject]));
  const [only, ...others] = inequalitiesOf(gate.condition);
  // A gate of several conditions has no numbers of its own.
  if (only === undefined || others.length > 0) {
    return { quantity: "number", isDifference: false, operator: null, subjects };
  }
  const { terms, operator } = linearForm(only);
  return {
    quantity: quantityOf(gate, terms[0]?.term),
    isDifference: new Set(terms.map(({ coefficient }) => Math.sign(coefficient))).size > 1,
    operator,
    subjects,
  };
}

function quantityOf(gate: Gate, first: MetricTerm | SliceTerm | undefined): GateForm["quantity"] {
  if (first?.metric === "model_size") return "bytes";
  if (first !== undefined && factKindOf(first.metric) === "time") return "milliseconds";
  const inPerCent = termsOf(gate).some((term) => term.kind === "number" && term.unit === "%");
  return inPerCent ? "share" : "number";
}

function sizeText(measured: number | null, bound: number | null): GateText {
  const texts = { measured: formatBytes(measured), interval: "", bound: formatBytes(bound) };
  const looksEqual = measured !== bound && texts.measured.replace(".0 ", " ") === texts.bound;
  return looksEqual ? { ...texts, measured: `${formatCount(measured)} B` } : texts;
}

function intervalText(measured: Measured, show: (number: number | null) => string, unit: string): string {
  const { lower, upper } = measured;
  return hasInterval(measured) ? `${show(lower)} to ${show(upper)}${unit}` : "";
}

function scale(value: number | null, factor: number): number | null {
  return value === null ? null : value * factor;
}
