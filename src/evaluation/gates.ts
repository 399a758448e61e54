import {
  type Gate,
  type MetricTerm,
  type Operator,
  operators,
  type Side,
  type Subject,
  subjects,
  type Term,
  units,
} from "./gate.ts";
import { type GateError, GateScanner, GateSyntaxError } from "./gate-scanner.ts";

export type GateParse = { ok: true; gate: Gate } | { ok: false; error: GateError };

const sliceKinds = ["worst", "gap", "ratio"] as const;
const longestGate = 1000;

/**
 * Parses one gate; the grammar is in docs/gates.md. Only the form is checked here: names are checked by checkGate.
 * @example parseGate("roc_auc >= 0.9").ok // true
 */
export function parseGate(text: string): GateParse {
  try {
    return { ok: true, gate: readGate(new GateScanner(text)) };
  } catch (error) {
    if (error instanceof GateSyntaxError) return { ok: false, error: error.error };
    throw error;
  }
}

function readGate(scanner: GateScanner): Gate {
  if (scanner.text.length > longestGate) {
    fail(`the gate has ${scanner.text.length} characters`, `write at most ${longestGate}`, 1);
  }
  const left = readSide(scanner);
  const operator = readOperator(scanner);
  const right = readSide(scanner);
  if ([...left, ...right].every(({ term }) => term.kind === "number")) {
    fail("the gate compares numbers only", "name a metric, as in roc_auc >= 0.9", 1);
  }
  const onlyIf = readCondition(scanner);
  const joined = scanner.peekName();
  if (joined === "and" || joined === "or") {
    const fix = joined === "and" ? "write two gates: all of them must hold" : "write one condition a gate";
    fail(`a gate is one condition, and ${joined} begins another`, fix, scanner.column);
  }
  if (!scanner.atEnd) {
    fail(`${scanner.describeNext()} is not expected here`, "end the gate before it", scanner.column);
  }
  return { left, operator, right, onlyIf };
}

function readSide(scanner: GateScanner): Side {
  const side: { sign: 1 | -1; term: Term }[] = [{ sign: 1, term: readTerm(scanner) }];
  for (;;) {
    if (scanner.take("-")) side.push({ sign: -1, term: readTerm(scanner) });
    else if (scanner.take("+")) side.push({ sign: 1, term: readTerm(scanner) });
    else return side;
  }
}

function readTerm(scanner: GateScanner): Term {
  const position = scanner.column;
  const amount = scanner.readNumber();
  if (amount !== null) return readAmount(scanner, amount, position);
  const name = scanner.readName();
  if (name === null) {
    return fail(
      `a metric or a number is expected here, found ${scanner.describeNext()}`,
      "write a metric such as roc_auc, or a number such as 0.9",
      position,
    );
  }
  const kind = sliceKinds.find((each) => each === name);
  if (kind !== undefined && scanner.take("(")) return readSliceTerm(scanner, kind, position);
  const { subject, metric } = readMetric(scanner, name, position);
  return { kind: "metric", subject, metric, where: readWhere(scanner), position };
}

function readAmount(scanner: GateScanner, digits: string, position: number): Term {
  const amount = Number(digits.replaceAll("_", ""));
  if (!Number.isFinite(amount)) fail(`${digits} is too large a number`, "write a smaller one", position);
  const column = scanner.column;
  if (["if", "and", "or"].some((word) => word === scanner.peekName())) {
    return { kind: "number", amount, unit: null, position };
  }
  const written = scanner.readUnit();
  const unit = units.find((each) => each === written);
  if (written !== null && unit === undefined) {
    fail(`${JSON.stringify(written)} is not a unit`, `use one of ${units.join(", ")}, or none`, column);
  }
  return { kind: "number", amount, unit: unit ?? null, position };
}

function readMetric(scanner: GateScanner, name: string, position: number): { subject: Subject; metric: string } {
  if (!scanner.take(".")) return { subject: "model", metric: name };
  const subject = subjects.find((each) => each === name);
  if (subject === undefined) {
    return fail(`${JSON.stringify(name)} is no one's metrics`, `use one of ${subjects.join(", ")}`, position);
  }
  const column = scanner.column;
  const metric = scanner.readName();
  if (metric === null) {
    return fail(
      `a metric is expected after ${name}., found ${scanner.describeNext()}`,
      `write for example ${name}.roc_auc`,
      column,
    );
  }
  return { subject, metric };
}

function readSliceTerm(scanner: GateScanner, kind: (typeof sliceKinds)[number], position: number): Term {
  const column = scanner.column;
  const name = scanner.readName();
  if (name === null) {
    return fail(
      `a metric is expected here, found ${scanner.describeNext()}`,
      `write for example ${kind}(recall by sex)`,
      column,
    );
  }
  const { subject, metric } = readMetric(scanner, name, column);
  expectWord(scanner, "by", `${kind}(${metric} by a_column)`);
  const byPosition = scanner.column;
  const by = scanner.readWord("the slice column");
  if (!scanner.take(")")) {
    fail(`")" is expected here, found ${scanner.describeNext()}`, "close the bracket", scanner.column);
  }
  return { kind, subject, metric, by, byPosition, position };
}

function readWhere(scanner: GateScanner): MetricTerm["where"] {
  if (scanner.peekName() !== "where") return null;
  scanner.readName();
  const position = scanner.column;
  const column = scanner.readWord("the slice column");
  const equals = scanner.column;
  if (scanner.readOperator() !== "=") {
    fail(`"=" is expected after where ${column}`, "a slice is one value: where sex = Female", equals);
  }
  return { column, value: scanner.readWord("the slice's value"), position };
}

function readOperator(scanner: GateScanner): Operator {
  const column = scanner.column;
  const written = scanner.readOperator();
  const operator = operators.find((each) => each === written);
  if (operator !== undefined) return operator;
  return fail(
    `a comparison is expected here, found ${written === null ? scanner.describeNext() : JSON.stringify(written)}`,
    "use one of >= > <= <; equality cannot be decided from a sample",
    column,
  );
}

function readCondition(scanner: GateScanner): Subject | null {
  if (scanner.peekName() !== "if") return null;
  scanner.readName();
  const column = scanner.column;
  const name = scanner.readName();
  const subject = subjects.find((each) => each === name && each !== "model");
  if (subject === undefined) {
    fail("a condition is `if production exists`", "use baseline, production or base", column);
  }
  expectWord(scanner, "exists", `if ${name} exists`);
  return subject ?? null;
}

function expectWord(scanner: GateScanner, word: string, example: string): void {
  const column = scanner.column;
  if (scanner.peekName() !== word) {
    fail(`${JSON.stringify(word)} is expected here, found ${scanner.describeNext()}`, `write ${example}`, column);
  }
  scanner.readName();
}

function fail(message: string, fix: string, column: number): never {
  throw new GateSyntaxError({ message, fix, column });
}
