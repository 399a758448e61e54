import type { Inequality, MetricTerm, Operator, SliceTerm } from "./gate.ts";
import { amountOf } from "./print-gate.ts";

/** An inequality as Σ coefficient·term compared with one number. */
export interface LinearForm {
  terms: readonly { coefficient: number; term: MetricTerm | SliceTerm }[];
  operator: Operator;
  bound: number;
  /** Unit in which the bound was written, for sentences. */
  unit: string | null;
}

const mirrored = { ">=": "<=", "<=": ">=", ">": "<", "<": ">" } as const satisfies Record<Operator, Operator>;

/** Numbers go to the right; a form that begins with a minus is turned round: 0.9 <= roc_auc reads as roc_auc >= 0.9. */
export function linearForm({ left, operator, right }: Inequality): LinearForm {
  const signed = [
    ...left.map(({ sign, term }) => ({ coefficient: sign, term })),
    ...right.map(({ sign, term }) => ({ coefficient: -sign, term })),
  ];
  let bound = 0;
  let unit: string | null = null;
  const terms: { coefficient: number; term: MetricTerm | SliceTerm }[] = [];
  for (const { coefficient, term } of signed) {
    if (term.kind === "number") {
      bound -= coefficient * amountOf(term);
      unit ??= term.unit;
    } else terms.push({ coefficient, term });
  }
  // 0.05 <= roc_auc - baseline.roc_auc keeps its difference as written.
  const turn = (terms[0]?.coefficient ?? 1) < 0;
  if (!turn) return { terms, operator, bound: bound + 0, unit };
  return {
    terms: terms.map(({ coefficient, term }) => ({ coefficient: -coefficient, term })),
    operator: mirrored[operator],
    bound: 0 - bound,
    unit,
  };
}

/** Whether a value is on the right side of the bound. */
export function holds(value: number, { operator, bound }: LinearForm): boolean {
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
