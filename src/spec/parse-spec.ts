import type * as z from "zod";
import { UserError, UserErrors } from "../kit/user-error.ts";
import type { DocumentPath, Mistake } from "./mistake.ts";
import { schemaMistakes } from "./schema-mistakes.ts";
import { type Position, readYaml, type YamlDocument } from "./yaml-document.ts";

export interface ParsedSpec<Spec> {
  spec: Spec;
  /** `model.yml:24:5` for a place in the document, `offset` characters into its text. */
  locate(path: DocumentPath, offset?: number): string;
}

export interface SpecRequest<Spec> {
  schema: z.ZodType<Spec>;
  /** What two entries say wrong together; runs on a spec that the schema took. */
  check: (spec: Spec) => readonly Mistake[];
  text: string;
  shownPath: string;
  /** What to read when the file is not what was expected, such as an example's path. */
  example: string;
}

/** More errors than a person repairs in one go. */
const mostErrors = 50;
/** Looking up a place takes time in proportion to the file: a megabyte of mistakes is not worth hours. */
const mostPlaced = 1000;

/** Reads a YAML spec, gives it its defaults, or throws UserErrors with every mistake in it, in the order of the file. */
export function parseSpec<Spec>(request: SpecRequest<Spec>): ParsedSpec<Spec> {
  const { text, shownPath, schema } = request;
  const document = readYaml(text, shownPath);
  refuseOtherThanMapping(document.value, request);
  const parsed = schema.safeParse(document.value);
  const found = parsed.success ? request.check(parsed.data) : allMistakes(request, document.value);
  const mistakes = [...document.mistakes, ...found];
  if (!parsed.success || mistakes.length > 0) throw inOrder(mistakes, document, shownPath);
  return { spec: parsed.data, locate: (path, offset = 0) => placeText(document, shownPath, { path, offset }) };
}

function refuseOtherThanMapping(value: unknown, { shownPath, example }: { shownPath: string; example: string }): void {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return;
  const isEmpty = value === null || value === undefined;
  const kind = Array.isArray(value) ? "a list" : `a single ${typeof value === "string" ? "text" : typeof value}`;
  throw new UserErrors([
    new UserError({
      code: "spec_wrong_type",
      message: isEmpty ? "the file is empty" : `the file holds ${kind}, where a mapping (key: value) is needed`,
      where: `${shownPath}:1:1`,
      fix: `write one; see ${example}`,
    }),
  ]);
}

/** The schema's mistakes, and those between entries that none of them touches. */
function allMistakes<Spec>({ schema, check }: SpecRequest<Spec>, value: unknown): Mistake[] {
  const refused = schemaMistakes(schema, value);
  if (refused.length > mostErrors) return refused;
  const rest = schema.safeParse(
    withoutPaths(
      value,
      refused.map(({ path }) => path),
    ),
  );
  if (!rest.success) return refused;
  const sure = check(rest.data).filter(({ path }) => !refused.some((other) => mayFollow(path, other.path)));
  return [...refused, ...sure];
}

/**
 * Whether a mistake at `path` may only seem to be one because the value at `refused` was left out: what was misspelt in
 * a section seems to be missing in it, and a list without one of its entries seems empty or has other positions.
 */
function mayFollow(path: DocumentPath, refused: DocumentPath): boolean {
  const section = refused.slice(0, -1);
  // A mistake at the top level says nothing about the sections.
  if (section.length === 0) return path.length <= 1;
  return isPrefix(section, path) || isPrefix(path, refused);
}

function isPrefix(start: DocumentPath, path: DocumentPath): boolean {
  return start.every((segment, index) => path[index] === segment);
}

/** A copy without the values at `paths`. */
function withoutPaths(value: unknown, paths: readonly DocumentPath[]): unknown {
  if (paths.length === 0 || typeof value !== "object" || value === null) return value;
  const below = new Map<string, DocumentPath[]>();
  for (const [head, ...tail] of paths) {
    const tails = below.get(String(head)) ?? [];
    tails.push(tail);
    below.set(String(head), tails);
  }
  const kept = Object.entries(value).flatMap(([key, member]) => {
    const inner = below.get(key) ?? [];
    return inner.some((path) => path.length === 0) ? [] : [[key, withoutPaths(member, inner)] as const];
  });
  return Array.isArray(value) ? kept.map(([, member]) => member) : Object.fromEntries(kept);
}

interface Placed {
  mistake: Mistake;
  at: Position;
}

function inOrder(mistakes: readonly Mistake[], document: YamlDocument, shownPath: string): UserErrors {
  const placed = distinct(
    mistakes.slice(0, mostPlaced).map((mistake) => ({ mistake, at: document.position(mistake.path, mistake) })),
  );
  placed.sort((a, b) => a.at.line - b.at.line || a.at.column - b.at.column);
  const errors = placed.slice(0, mostErrors).map(({ mistake: { code, message, fix }, at }) => {
    return new UserError({ code, message, fix, where: `${shownPath}:${at.line}:${at.column}` });
  });
  const left = mistakes.length > mostPlaced ? mistakes.length - mostErrors : placed.length - mostErrors;
  if (left > 0) errors.push(more(left, shownPath));
  return new UserErrors(errors);
}

/** Two rules may find the same mistake at the same place. */
function distinct(placed: readonly Placed[]): Placed[] {
  const seen = new Set<string>();
  return placed.filter(({ mistake, at }) => {
    const key = `${at.line}:${at.column}:${mistake.message}`;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

function more(count: number, shownPath: string): UserError {
  return new UserError({
    code: "spec_too_many_mistakes",
    message: `${count} more mistakes are not shown`,
    where: shownPath,
    fix: "repair those above first",
  });
}

function placeText(document: YamlDocument, shownPath: string, place: { path: DocumentPath; offset: number }): string {
  const { line, column } = document.position(place.path, { offset: place.offset });
  return `${shownPath}:${line}:${column}`;
}
