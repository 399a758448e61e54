import { type Condition, type Gate, type NumberTerm, type Side, type Term, type Unit, units } from "./gate.ts";

/** A gate in its canonical spelling; parsing it gives the same gate again. */
export function printGate({ condition, onlyIf }: Gate): string {
  return `${printCondition(condition)}${onlyIf === null ? "" : ` if ${onlyIf} exists`}`;
}

export function printCondition(condition: Condition): string {
  if (condition.kind === "inequality") {
    return `${printSide(condition.left)} ${condition.operator} ${printSide(condition.right)}`;
  }
  const parts = condition.parts.map((part) => {
    const printed = printCondition(part);
    return condition.kind === "and" && part.kind === "or" ? `(${printed})` : printed;
  });
  return parts.join(` ${condition.kind} `);
}

function printSide(side: Side): string {
  return side.map(({ sign, term }, at) => (at === 0 ? "" : sign === 1 ? " + " : " - ") + printTerm(term)).join("");
}

export function printTerm(term: Term): string {
  if (term.kind === "number") return printNumber(term);
  const metric = term.subject === "model" ? term.metric : `${term.subject}.${term.metric}`;
  if (term.kind !== "metric") return `${term.kind}(${metric} by ${quoteWord(term.by)})`;
  if (term.where === null) return metric;
  return `${metric} where ${quoteWord(term.where.column)} = ${quoteWord(term.where.value)}`;
}

function printNumber({ amount, unit, per }: NumberTerm): string {
  return `${amount}${unit === null ? "" : ` ${unit}`}${per === null ? "" : ` per ${per}`}`;
}

function quoteWord(word: string): string {
  if (/^[\p{L}\p{N}_.:/+-]+$/u.test(word)) return word;
  return `"${word.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;
}

const scales = {
  ms: 1,
  s: 1000,
  B: 1,
  KB: 1e3,
  MB: 1e6,
  GB: 1e9,
  KiB: 2 ** 10,
  MiB: 2 ** 20,
  GiB: 2 ** 30,
} as const satisfies Record<Exclude<Unit, "%">, number>;

/** Cases that the metric `value` counts the worth of, where a gate says no other number. */
const casesOfValue = 1000;

/** The number that is compared: shares as fractions, sizes in bytes, times in milliseconds, values per 1000 cases. */
export function amountOf({ amount, unit, per }: Pick<NumberTerm, "amount" | "unit" | "per">): number {
  if (per !== null) return (amount * casesOfValue) / per;
  const known = knownUnit(unit);
  // 5 % is 5 / 100, not 5 × 0.01, which rounds twice.
  if (known === "%") return amount / 100;
  return known === null ? amount : amount * scales[known];
}

/** The unit if it is one of those that scale a number. */
export function knownUnit(unit: string | null): Unit | null {
  return units.find((each) => each === unit) ?? null;
}
