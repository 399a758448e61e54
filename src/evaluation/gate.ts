// A gate as a tree: what the parser makes and what verdicts are read from. The grammar is in docs/gates.md.

/** Whose metric: the model under evaluation, the naive baseline, the version in production, the base branch's model. */
export const subjects = ["model", "baseline", "production", "base"] as const;
export type Subject = (typeof subjects)[number];

/** One metric of one subject, on all rows or on those of one slice. `column` is 1-based in the gate's text. */
export interface MetricTerm {
  kind: "metric";
  subject: Subject;
  metric: string;
  where: { column: string; value: string; position: number } | null;
  position: number;
}

/** A metric over the slices of a column: its worst value, largest minus smallest, smallest over largest. */
export interface SliceTerm {
  kind: "worst" | "gap" | "ratio";
  subject: Subject;
  metric: string;
  by: string;
  byPosition: number;
  position: number;
}

/** Name of the slice column that pairs the values of two others. */
export function pairName(first: string, second: string): string {
  return `${first} × ${second}`;
}

export const units = ["%", "ms", "s", "B", "KB", "MB", "GB", "KiB", "MiB", "GiB"] as const;
export type Unit = (typeof units)[number];

/** A number as written, with its unit; `amount × unit` is the value compared (20 MB is 20,000,000; 5 % is 0.05). */
export interface NumberTerm {
  kind: "number";
  amount: number;
  /** One of `units`, or the unit of `problem.value`, such as EUR. */
  unit: string | null;
  /** `per 1000`: of how many cases the amount is the value. */
  per: number | null;
  /** Of the unit where there is one. */
  unitPosition: number;
  position: number;
}

export type Term = MetricTerm | SliceTerm | NumberTerm;

/** Terms with their signs, added up; at least one. */
export type Side = readonly { sign: 1 | -1; term: Term }[];

export const operators = [">=", "<=", ">", "<"] as const;
export type Operator = (typeof operators)[number];

/** Two sides compared. */
export interface Inequality {
  kind: "inequality";
  left: Side;
  operator: Operator;
  right: Side;
}

/** Conditions of which all (`and`) or at least one (`or`) must hold; at least two, none of the same kind. */
interface Joined {
  kind: "and" | "or";
  parts: readonly Condition[];
}

export type Condition = Inequality | Joined;

export interface Gate {
  condition: Condition;
  /** `if production exists`: without that subject the gate is skipped instead of inconclusive. */
  onlyIf: Subject | null;
}

/** A condition's inequalities from left to right. */
export function inequalitiesOf(condition: Condition): Inequality[] {
  return condition.kind === "inequality" ? [condition] : condition.parts.flatMap(inequalitiesOf);
}

/** All terms of a gate from left to right. */
export function termsOf({ condition }: Gate): Term[] {
  return inequalitiesOf(condition).flatMap(({ left, right }) => [...left, ...right].map(({ term }) => term));
}

/** A model that violates a gate passes it with at most this probability, unless evaluate.alpha says another (its default is this). */
export const gateAlpha = 0.05;

/** A gate in model.yml: its text, or its text with policy. */
export type GateSource =
  | string
  | {
      gate: string;
      /** warn: a failed gate is shown but does not hold the model back. Default block; warn for a time in milliseconds. */
      on_fail?: "block" | "warn" | undefined;
      /** The same for an inconclusive gate. */
      on_inconclusive?: "block" | "warn" | undefined;
      /** point: compare the measured value alone. Default interval. */
      decide_by?: "interval" | "point" | undefined;
      why?: string | undefined;
    };
