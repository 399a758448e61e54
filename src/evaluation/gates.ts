import {
  type Condition,
  type Gate,
  type Inequality,
  type MetricTerm,
  type NumberTerm,
  type Operator,
  operators,
  pairName,
  type Side,
  type Subject,
  subjects,
  type Term,
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
  const condition = readJoined(scanner, "or");
  const onlyIf = readCondition(scanner);
  if (!scanner.atEnd) {
    fail(`${scanner.describeNext()} is not expected here`, "end the gate before it", scanner.column);
  }
  return { condition, onlyIf };
}

/** Conditions joined by `or`, each of them joined by `and`, which binds more closely. */
function readJoined(scanner: GateScanner, word: "and" | "or"): Condition {
  const parts: Condition[] = [];
  do {
    const part = word === "or" ? readJoined(scanner, "and") : readPart(scanner);
    // (a or b) or c is a or b or c.
    parts.push(...(part.kind === word ? part.parts : [part]));
  } while (scanner.takeName(word));
  const [only] = parts;
  return parts.length === 1 && only !== undefined ? only : { kind: word, parts };
}

/** Brackets nest; more than a person can read is a mistake. */
const deepest = 8;

function readPart(scanner: GateScanner): Condition {
  const position = scanner.column;
  if (!scanner.take("(")) return readInequality(scanner);
  if (scanner.openBrackets >= deepest) fail("brackets are nested too deeply", "write it as several gates", position);
  scanner.openBrackets += 1;
  const condition = readJoined(scanner, "or");
  scanner.openBrackets -= 1;
  if (!scanner.take(")")) {
    fail(`")" is expected here, found ${scanner.describeNext()}`, "close the bracket", scanner.column);
  }
  return condition;
}

function readInequality(scanner: GateScanner): Inequality {
  const position = scanner.column;
  const left = readSide(scanner);
  const operator = readOperator(scanner);
  const right = readSide(scanner);
  if ([...left, ...right].every(({ term }) => term.kind === "number")) {
    fail("the gate compares numbers only", "name a metric, as in roc_auc >= 0.9", position);
  }
  return { kind: "inequality", left, operator, right };
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

const reserved = ["if", "and", "or", "per"];

function readAmount(scanner: GateScanner, digits: string, position: number): NumberTerm {
  const amount = toNumber(digits, position);
  const unitPosition = scanner.column;
  const unit = reserved.includes(scanner.peekName() ?? "") ? null : scanner.readUnit();
  return { kind: "number", amount, unit, per: readPer(scanner), unitPosition, position };
}

/** `per 1000`. */
function readPer(scanner: GateScanner): number | null {
  if (!scanner.takeName("per")) return null;
  const column = scanner.column;
  const per = toNumber(scanner.readNumber() ?? "", column);
  if (per > 0) return per;
  return fail("a number of cases is expected after per", "write for example value >= 100 EUR per 1000", column);
}

function toNumber(digits: string, position: number): number {
  const amount = Number(digits.replaceAll("_", ""));
  if (!Number.isFinite(amount)) fail(`${digits} is too large a number`, "write a smaller one", position);
  return amount;
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
  const by = readPair(scanner);
  if (!scanner.take(")")) {
    fail(`")" is expected here, found ${scanner.describeNext()}`, "close the bracket", scanner.column);
  }
  return { kind, subject, metric, by, byPosition, position };
}

/** A slice column, or two of them whose values are paired. */
function readPair(scanner: GateScanner): string {
  const first = scanner.readWord("the slice column");
  const paired = ["×", "*", ","].some((sign) => scanner.take(sign));
  return paired ? pairName(first, scanner.readWord("the second slice column")) : first;
}

function readWhere(scanner: GateScanner): MetricTerm["where"] {
  if (!scanner.takeName("where")) return null;
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
  if (!scanner.takeName("if")) return null;
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
  if (scanner.takeName(word)) return;
  fail(`${JSON.stringify(word)} is expected here, found ${scanner.describeNext()}`, `write ${example}`, column);
}

function fail(message: string, fix: string, column: number): never {
  throw new GateSyntaxError({ message, fix, column });
}
