import { type Document, isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument } from "yaml";
import { UserError, UserErrors } from "../kit/user-error.ts";
import type { DocumentPath, Mistake } from "./mistake.ts";
import { shown } from "./mistake.ts";
import { syntaxMistake } from "./yaml-syntax.ts";

/** 1-based line and column; a column counts UTF-16 code units, as editors do. */
export interface Position {
  line: number;
  column: number;
}

/** A YAML document as plain values, with the place of each of them. */
export interface YamlDocument {
  value: unknown;
  /** Keys that the values cannot say: given twice, or not usable. */
  mistakes: readonly Mistake[];
  /**
   * Where the value at `path` is written, or the nearest place around it that is. A block mapping or list is shown by
   * its key. `offset` counts characters into a one-line text.
   */
  position(path: DocumentPath, options?: { atKey?: boolean; offset?: number }): Position;
}

/** Larger files are not specs; 1 MB of YAML takes seconds to read. */
export const largestSpecBytes = 1024 * 1024;
/** A hand-written spec nests fewer than ten levels; a megabyte of brackets keeps the YAML parser busy for 5 s. */
const deepestNesting = 100;

/**
 * Reads one YAML 1.2 document (core schema, every key a text). Throws UserErrors with every syntax error at its line
 * and column; `shownPath` is the file's name in them. Aliases may add at most 100 copies.
 */
export function readYaml(text: string, shownPath: string): YamlDocument {
  const source = text.startsWith("\uFEFF") ? text.slice(1) : text;
  refuseOtherThanText(source, shownPath);
  const lineCounter = new LineCounter();
  // Duplicate keys are looked for below: the parser's own search takes quadratic time.
  const document = parseDocument(source, {
    lineCounter,
    prettyErrors: false,
    stringKeys: true,
    uniqueKeys: false,
    schema: "core",
    resolveKnownTags: false,
    // "silent" would also keep quiet about a second document.
    logLevel: "error",
  });
  refuseSyntaxErrors({ document, source, shownPath, lineCounter });
  return {
    value: plainValue(document, shownPath),
    mistakes: keyMistakes(document, lineCounter),
    position: (path, options = {}) => {
      const { line, col } = lineCounter.linePos(offsetOf({ document, source, path, ...options }));
      return { line: Math.max(line, 1), column: Math.max(col, 1) };
    },
  };
}

function refuseOtherThanText(source: string, shownPath: string): void {
  if (source.length > largestSpecBytes) throw tooLarge(shownPath, Buffer.byteLength(source));
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  if (/[\u0000-\u0008\u000e-\u001f]/.test(source)) throw notText(shownPath);
  if (nestsTooDeep(source)) {
    throw new UserError({
      code: "spec_syntax",
      message: `brackets are open more than ${deepestNesting} deep`,
      where: shownPath,
      fix: "close them; no spec nests that deep",
    });
  }
}

/** The error for a file over 1 MB. */
export function tooLarge(shownPath: string, bytes: number): UserError {
  return new UserError({
    code: "spec_too_large",
    message: `the file has ${bytes} bytes; at most ${largestSpecBytes} are read`,
    where: shownPath,
    fix: "name the model's YAML file, not its data; a spec is a page of text",
  });
}

/** The error for a file that is not UTF-8 text. */
export function notText(shownPath: string): UserError {
  return new UserError({
    code: "spec_not_text",
    message: "the file is not UTF-8 text",
    where: shownPath,
    fix: "name the model's YAML file, or save it as UTF-8",
  });
}

function nestsTooDeep(source: string): boolean {
  let depth = 0;
  for (let index = 0; index < source.length; index++) {
    const character = source[index];
    if (character === "[" || character === "{") depth++;
    else if (character === "]" || character === "}") depth = Math.max(0, depth - 1);
    if (depth > deepestNesting) return true;
  }
  return false;
}

interface Read {
  document: Document.Parsed;
  source: string;
  shownPath: string;
  lineCounter: LineCounter;
}

/** One error a line at most: a YAML parser that lost its place reports the rest of the line too. */
function refuseSyntaxErrors({ document, source, shownPath, lineCounter }: Read): void {
  const byLine = new Map<number, UserError>();
  for (const problem of [...document.errors, ...document.warnings]) {
    const { line, col } = lineCounter.linePos(problem.pos[0]);
    if (byLine.has(line)) continue;
    const { message, fix } = syntaxMistake(problem, source);
    byLine.set(
      line,
      new UserError({ code: "spec_syntax", message, fix, where: `${shownPath}:${line}:${col}`, cause: problem }),
    );
    if (byLine.size === 10) break;
  }
  if (byLine.size > 0) throw new UserErrors([...byLine.values()]);
}

function plainValue(document: Document.Parsed, shownPath: string): unknown {
  try {
    const value: unknown = document.toJS({ maxAliasCount: 100 });
    return value;
  } catch (error) {
    // yaml throws ReferenceError for an alias without its anchor and for too many copies; RangeError is its stack.
    if (!(error instanceof ReferenceError || error instanceof RangeError)) throw error;
    const { message } = error;
    const fix = "write the values out instead of repeating them by aliases (*name)";
    throw new UserError({ code: "spec_syntax", message, where: shownPath, fix, cause: error });
  }
}

function keyMistakes(document: Document.Parsed, lineCounter: LineCounter): Mistake[] {
  const mistakes: Mistake[] = [];
  const look = (node: unknown, path: DocumentPath): void => {
    if (isSeq(node)) for (const [index, item] of node.items.entries()) look(item, [...path, index]);
    if (!isMap(node)) return;
    const firstOffsets = new Map<string, number>();
    for (const { key, value } of node.items) {
      const name = keyText(key);
      const first = firstOffsets.get(name);
      if (first !== undefined) mistakes.push(duplicate([...path, name], lineCounter.linePos(first).line));
      else firstOffsets.set(name, startOf(key) ?? 0);
      if (name === "__proto__") mistakes.push(unusableKey([...path, name]));
      look(value, [...path, name]);
    }
  };
  look(document.contents, []);
  return mistakes;
}

function duplicate(path: DocumentPath, firstLine: number): Mistake {
  return {
    code: "spec_duplicate",
    path,
    atKey: true,
    message: `${shown(path[path.length - 1])} is given twice, first on line ${firstLine}`,
    fix: "keep one of the two",
  };
}

function unusableKey(path: DocumentPath): Mistake {
  return {
    code: "spec_unknown_key",
    path,
    atKey: true,
    message: '"__proto__" cannot be a key or a column name here',
    fix: "rename it",
  };
}

/** Offset in the source of the deepest part of `path` that is written there. */
function offsetOf(request: {
  document: Document.Parsed;
  source: string;
  path: DocumentPath;
  atKey?: boolean;
  offset?: number;
}): number {
  const { document, source, path, atKey = false, offset = 0 } = request;
  let node: unknown = document.contents;
  let place = 0;
  for (const [index, segment] of path.entries()) {
    const child = childOf(resolved(node, document), segment);
    if (child === null) return place;
    node = child.value;
    const keyOnly = atKey && index === path.length - 1;
    place = keyOnly || startsBelow(node, child.start, source) ? child.start : (startOf(node) ?? child.start);
  }
  return place + offsetInside(node, offset);
}

interface Child {
  value: unknown;
  /** Offset of its key, or of itself in a list. */
  start: number;
}

function childOf(parent: unknown, segment: string | number): Child | null {
  if (isMap(parent)) {
    // The last of two equal keys is the one whose value counts.
    const pair = parent.items.findLast(({ key }) => keyText(key) === String(segment));
    return pair === undefined ? null : { value: pair.value, start: startOf(pair.key) ?? 0 };
  }
  if (!isSeq(parent)) return null;
  const item = parent.items[Number(segment)];
  const start = startOf(item);
  return start === undefined ? null : { value: item, start };
}

/** A block below its key, or nothing at all: the key shows it better than the next line does. */
function startsBelow(node: unknown, keyStart: number, source: string): boolean {
  const start = startOf(node);
  if (start === undefined || (isScalar(node) && node.source === "")) return true;
  return !isScalar(node) && source.slice(keyStart, start).includes("\n");
}

/** Characters before the text's character `offset`: a quoted text starts with its quote, a block text is not counted. */
function offsetInside(node: unknown, offset: number): number {
  if (offset === 0 || !isScalar(node)) return 0;
  if (node.type === "PLAIN") return offset;
  return node.type === "QUOTE_DOUBLE" || node.type === "QUOTE_SINGLE" ? offset + 1 : 0;
}

function resolved(node: unknown, document: Document.Parsed): unknown {
  return isAlias(node) ? node.resolve(document) : node;
}

function keyText(key: unknown): string {
  return isScalar(key) ? String(key.value) : "";
}

function startOf(node: unknown): number | undefined {
  return isNodeWithRange(node) ? node.range?.[0] : undefined;
}

function isNodeWithRange(node: unknown): node is Node {
  return isScalar(node) || isMap(node) || isSeq(node) || isAlias(node);
}
