import type { GateResult } from "../evaluation/evaluation-file.ts";
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
import { formOf } from "./gate-form.ts";

// How a gate's numbers are told to a person.

/** A gate's numbers as texts. */
export interface GateText {
  measured: string;
  /** Empty when there is no interval. */
  interval: string;
  bound: string;
  /** The value from which on it would pass on as many rows; empty when it passes, or no value would. */
  passesAt: string;
}

export type GateNumbers = Pick<GateResult, "gate" | "measured" | "lower" | "upper" | "bound" | "passes_at">;

/**
 * A gate's measured number and its bound, with as many digits as it takes to tell them apart: 0.88996 against 0.89 is
 * never shown as 0.890 against 0.89. Sizes, times, per cents and worths have their unit, differences their sign.
 */
export function formatGate({ gate, measured, lower, upper, bound, passes_at }: GateNumbers): GateText {
  const { kind, factor, unit, isDifference, operator } = formOf(gate);
  if (kind === "bytes") return sizeText(measured, bound);
  const scaled = { value: scale(measured, factor), lower: scale(lower, factor), upper: scale(upper, factor) };
  const limit = scale(bound, factor);
  const decimals = decimalsApart(scaled, limit);
  const show = isDifference ? signed : fixed;
  const isAbove = operator === null || operator.startsWith(">");
  const passing = passes_at === undefined ? null : roundedOutwards(passes_at * factor, decimals, isAbove);
  return {
    measured: measured === null ? absent : `${show(scaled.value, decimals)}${unit}`,
    interval: intervalText(scaled, (number) => show(number, decimals), unit),
    bound: limit === null ? absent : `${isDifference && limit > 0 ? "+" : ""}${shortest(limit)}${unit}`,
    passesAt: passing === null ? "" : `${show(passing, decimals)}${unit} or ${isAbove ? "more" : "less"}`,
  };
}

/** Whether the measured value alone meets the bound; null when nothing was measured or the gate cannot be read. */
export function meetsBound({ gate, measured, bound }: GateNumbers): boolean | null {
  const { operator } = formOf(gate);
  if (operator === null || measured === null || bound === null) return null;
  return { ">=": measured >= bound, ">": measured > bound, "<=": measured <= bound, "<": measured < bound }[operator];
}

/** The other model that a gate compares with and that can be missing; null when there is none. */
export function comparedWith(gate: string): "production" | "base" | null {
  return formOf(gate).subjects.find((subject) => subject === "production" || subject === "base") ?? null;
}

/** What a gate is decided on: its conditions where it joins several, else itself. */
export function partsOf(gate: GateResult): GateResult[] {
  return gate.conditions?.map(({ condition, ...rest }) => ({ gate: condition, ...rest })) ?? [gate];
}

/** To the side on which it still passes: 0.93612 or more is not 0.936 or more. */
function roundedOutwards(value: number, decimals: number, isAbove: boolean): number {
  const scaled = value * 10 ** decimals;
  return (isAbove ? Math.ceil(scaled - 1e-9) : Math.floor(scaled + 1e-9)) / 10 ** decimals;
}

function sizeText(measured: number | null, bound: number | null): GateText {
  const texts = { measured: formatBytes(measured), interval: "", bound: formatBytes(bound), passesAt: "" };
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
