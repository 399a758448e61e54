import type { Gate, NumberTerm, Side, Term, Unit } from "./gate.ts";

/** A gate in its canonical spelling; parsing it gives the same gate again. */
export function printGate(gate: Gate): string {
  const condition = gate.onlyIf === null ? "" : ` if ${gate.onlyIf} exists`;
  return `${printSide(gate.left)} ${gate.operator} ${printSide(gate.right)}${condition}`;
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

function printNumber({ amount, unit }: NumberTerm): string {
  return unit === null ? String(amount) : `${amount} ${unit}`;
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

/** The number that is compared: shares as fractions, sizes in bytes, times in milliseconds. */
export function amountOf({ amount, unit }: NumberTerm): number {
  // 5 % is 5 / 100, not 5 × 0.01, which rounds twice.
  if (unit === "%") return amount / 100;
  return unit === null ? amount : amount * scales[unit];
}
