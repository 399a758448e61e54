import type { ErrorCode } from "../kit/codes.ts";

/** Keys and list positions from the root of a document to a place in it. */
export type DocumentPath = readonly (string | number)[];

/** One mistake in a document, before its place is known as line and column. */
export interface Mistake {
  code: ErrorCode;
  path: DocumentPath;
  /** Point at the key instead of its value. */
  atKey?: boolean;
  /** Characters into the text at `path`, for a mistake inside a gate. */
  offset?: number;
  message: string;
  fix: string;
}

/** `data.test.share`, `evaluate.gates[2]`, `columns["a b"]`; an empty path is the document itself. */
export function pathText(path: DocumentPath): string {
  return path.map(segmentText).join("").replace(/^\./, "");
}

function segmentText(segment: string | number): string {
  if (typeof segment === "number") return `[${segment}]`;
  return /^[A-Za-z_][A-Za-z0-9_-]*$/.test(segment) ? `.${segment}` : `[${shown(segment)}]`;
}

/** A value as JSON on one line, at most 60 characters, control characters escaped. */
export function shown(value: unknown): string {
  const json = typeof value === "number" ? String(value) : (JSON.stringify(value) ?? String(value));
  const line = json.replaceAll(/[\u007f-\u009f\u2028-\u202e\u2066-\u2069]/g, escapeCharacter);
  return line.length <= 60 ? line : `${line.slice(0, 57)}…`;
}

function escapeCharacter(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

/** `a, b or c`. */
export function anyOf(words: readonly string[]): string {
  return joined(words, "or");
}

/** `a, b and c`. */
export function allOf(words: readonly string[]): string {
  return joined(words, "and");
}

function joined(words: readonly string[], last: "and" | "or"): string {
  if (words.length < 2) return words.join("");
  return `${words.slice(0, -1).join(", ")} ${last} ${words[words.length - 1]}`;
}

/** A mistake at each entry of a list that is there before; 1 and "1" are different. */
export function duplicates(values: readonly unknown[], path: DocumentPath): Mistake[] {
  const seen = new Set<unknown>();
  return values.flatMap((value, index) => {
    if (!seen.has(value)) {
      seen.add(value);
      return [];
    }
    const message = `${shown(value)} is named twice in ${pathText(path)}`;
    return [{ code: "spec_duplicate", path: [...path, index], message, fix: "keep one of the two" }];
  });
}
