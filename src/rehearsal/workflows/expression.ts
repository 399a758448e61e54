import { data, Evaluator, Lexer, Parser } from "@actions/expressions";
import { truthy } from "@actions/expressions/result";
import { WorkflowMistake } from "./mistake.ts";

/** What expressions compute with: JSON. */
export type Value = null | boolean | number | string | readonly Value[] | { readonly [name: string]: Value };
export type Values = Readonly<Record<string, Value>>;

/** What may be named in an expression at its place: other names are mistakes there, as on GitHub. */
export interface Scope {
  contexts: Values;
  /** `success`, `failure`, `always`, `cancelled`, `hashFiles`, where they may be called. */
  functions?: Readonly<Record<string, (...args: Value[]) => Value>>;
}

const statusFunctions = ["success", "failure", "always", "cancelled"];

/** An expression without its `${{ }}`. */
function evaluate(text: string, scope: Scope): Value {
  return fromData(evaluateData(text, scope));
}

/** An `if`, with or without `${{ }}`; without a status function it also asks for success. Empty: `success()`. */
export function holds(condition: string, scope: Scope): boolean {
  const text = unwrapped(condition.trim());
  if (text === "") return truthy(evaluateData("success()", scope));
  const asked = callsStatus(text) ? text : `success() && (${text})`;
  return truthy(evaluateData(asked, scope));
}

/** A text with expressions in it; one that is nothing but an expression keeps the expression's type. */
function interpolate(text: string, scope: Scope): Value {
  const parts = templateParts(text);
  const [only] = parts;
  if (parts.length === 1 && only?.isExpression === true) return evaluate(only.text, scope);
  return interpolateText(text, scope);
}

export function interpolateText(text: string, scope: Scope): string {
  return templateParts(text)
    .map((part) => (part.isExpression ? evaluateData(part.text, scope).coerceString() : part.text))
    .join("");
}

/** The same for all texts in a value. */
export function interpolateAll(value: Value, scope: Scope): Value {
  if (typeof value === "string") return interpolate(value, scope);
  if (value === null || typeof value !== "object") return value;
  if (isList(value)) return value.map((each) => interpolateAll(each, scope));
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, interpolateAll(each, scope)]));
}

export function isList(value: Value): value is readonly Value[] {
  return Array.isArray(value);
}

export function isObject(value: Value): value is Values {
  return value !== null && typeof value === "object" && !isList(value);
}

/** As an expression writes it into a text: nothing for null, `true`, numbers without trailing zeros. */
export function textOf(value: Value): string {
  return toData(value).coerceString();
}

function evaluateData(text: string, { contexts, functions = {} }: Scope): data.ExpressionData {
  const known = Object.entries(functions).map(([name, call]) => ({
    name,
    minArgs: name === "hashFiles" ? 1 : 0,
    maxArgs: name === "hashFiles" ? 255 : 0,
    call: (...args: data.ExpressionData[]) => toData(call(...args.map(fromData))),
  }));
  const context = new data.Dictionary(
    ...Object.entries(contexts).map(([key, value]) => ({ key, value: toData(value) })),
  );
  try {
    const expression = new Parser(new Lexer(text).lex().tokens, Object.keys(contexts), known).parse();
    return new Evaluator(expression, context, new Map(known.map((one) => [one.name.toLowerCase(), one]))).evaluate();
  } catch (error) {
    throw refused(text, error);
  }
}

function refused(text: string, cause: unknown): WorkflowMistake {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new WorkflowMistake(`the expression ${text.trim()} cannot be evaluated: ${reason}`, { cause });
}

/** GitHub compares and prints by the kinds of the expression language, which are JSON's. */
function toData(value: Value): data.ExpressionData {
  if (value === null) return new data.Null();
  if (typeof value === "string") return new data.StringData(value);
  if (typeof value === "number") return new data.NumberData(value);
  if (typeof value === "boolean") return new data.BooleanData(value);
  if (isList(value)) return new data.Array(...value.map(toData));
  return new data.Dictionary(...Object.entries(value).map(([key, each]) => ({ key, value: toData(each) })));
}

function fromData(value: data.ExpressionData): Value {
  return JSON.parse(JSON.stringify(value, data.replacer));
}

function callsStatus(text: string): boolean {
  const tokens = lexed(text);
  return tokens.some(
    ({ lexeme }, at) => statusFunctions.includes(lexeme.toLowerCase()) && tokens[at + 1]?.lexeme === "(",
  );
}

function lexed(text: string) {
  try {
    return new Lexer(text).lex().tokens;
  } catch (error) {
    throw refused(text, error);
  }
}

function unwrapped(condition: string): string {
  const parts = templateParts(condition);
  const [only] = parts;
  if (parts.length === 1 && only !== undefined) return only.text;
  // A text around expressions is a text, which always holds: a well-known trap of GitHub's, kept.
  return parts.some(({ isExpression }) => isExpression) ? "true" : condition;
}

interface Part {
  text: string;
  isExpression: boolean;
}

function templateParts(text: string): Part[] {
  const parts: Part[] = [];
  let at = 0;
  for (;;) {
    const start = text.indexOf("${{", at);
    if (start === -1) break;
    const end = endOfExpression(text, start + 3);
    if (start > at) parts.push({ text: text.slice(at, start), isExpression: false });
    parts.push({ text: text.slice(start + 3, end), isExpression: true });
    at = end + 2;
  }
  if (at < text.length) parts.push({ text: text.slice(at), isExpression: false });
  return parts;
}

/** Where the `}}` begins that is not inside a quoted text. */
function endOfExpression(text: string, from: number): number {
  let quoted = false;
  for (let at = from; at < text.length; at++) {
    if (text[at] === "'") quoted = !quoted;
    if (!quoted && text.startsWith("}}", at)) return at;
  }
  throw new WorkflowMistake(`an expression begins with \${{ and has no end: ${text.slice(from - 3, from + 60)}`);
}
