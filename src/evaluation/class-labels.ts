import type { Column } from "../stats/table.ts";

// Labels as data and models spell them: the same class may be 1 in a table, "1" in model.json, true in model.yml.

/** A label that is none of the classes, with its rows. */
export interface UnknownLabel {
  value: string;
  rows: number;
}

export interface ClassLabels {
  /** Index into the classes; -1: none of them, or missing. */
  indices: Int32Array;
  missing: number;
  /** Most rows first. */
  unknown: readonly UnknownLabel[];
}

/**
 * A label as text: 1 and 1.0 are "1", true is "true". The spelling of classes in model.json and evaluation.json.
 * @example labelText(true) // "true"
 */
function labelText(value: string | number | boolean): string {
  return String(value);
}

/** Distinct labels of a column as texts, with their rows, sorted: numbers by value, texts by code unit. */
export function labelCounts(column: Column): { value: string; rows: number }[] {
  return column.kind === "text" ? textCounts(column.codes, column.levels) : numberCounts(column.values);
}

/** Position of a class that is spelled in one of the ways that mean the same (1, 1.0; true, True, 1), or -1. */
export function classIndex(value: string, classes: readonly string[]): number {
  const exact = classes.indexOf(value);
  return exact >= 0 ? exact : classes.findIndex((name) => canonical(name) === canonical(value));
}

/** Every row's class as an index. @example classLabels({ kind: "number", name: "y", values: Float64Array.of(1, 0) }, ["0", "1"]).indices // [1, 0] */
export function classLabels(column: Column, classes: readonly string[]): ClassLabels {
  return column.kind === "text" ? ofTexts(column.codes, column.levels, classes) : ofNumbers(column.values, classes);
}

function ofTexts(codes: Int32Array, levels: readonly string[], classes: readonly string[]): ClassLabels {
  const places = levels.map((level) => classIndex(level, classes));
  const indices = new Int32Array(codes.length);
  const unknown = new Map<string, number>();
  let missing = 0;
  for (let row = 0; row < codes.length; row += 1) {
    const code = codes[row] ?? -1;
    const place = places[code] ?? -1;
    indices[row] = place;
    if (code < 0) missing += 1;
    else if (place < 0) countOne(unknown, levels[code] ?? "");
  }
  return { indices, missing, unknown: sorted(unknown) };
}

function ofNumbers(values: Float64Array, classes: readonly string[]): ClassLabels {
  const places = new Map<number, number>();
  const indices = new Int32Array(values.length);
  const unknown = new Map<string, number>();
  let missing = 0;
  for (let row = 0; row < values.length; row += 1) {
    const value = values[row] ?? Number.NaN;
    let place = places.get(value);
    if (place === undefined) {
      place = Number.isNaN(value) ? -1 : classIndex(labelText(value), classes);
      places.set(value, place);
    }
    indices[row] = place;
    if (Number.isNaN(value)) missing += 1;
    else if (place < 0) countOne(unknown, labelText(value));
  }
  return { indices, missing, unknown: sorted(unknown) };
}

/** true, True and 1 are one class, and so are 1 and 1.0; everything else is itself. */
function canonical(text: string): string {
  if (/^(true|false)$/i.test(text)) return text.toLowerCase() === "true" ? "1" : "0";
  return /^[-+]?[0-9.]+(e[-+]?[0-9]+)?$/i.test(text) && Number.isFinite(Number(text)) ? String(Number(text)) : text;
}

function textCounts(codes: Int32Array, levels: readonly string[]): { value: string; rows: number }[] {
  const counts = new Int32Array(levels.length);
  for (const code of codes) if (code >= 0) counts[code] = (counts[code] ?? 0) + 1;
  return levels.map((value, code) => ({ value, rows: counts[code] ?? 0 })).filter(({ rows }) => rows > 0);
}

function numberCounts(values: Float64Array): { value: string; rows: number }[] {
  const counts = new Map<number, number>();
  for (const value of values) if (!Number.isNaN(value)) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].sort(([a], [b]) => a - b).map(([value, rows]) => ({ value: labelText(value), rows }));
}

function countOne(counts: Map<string, number>, value: string): void {
  counts.set(value, (counts.get(value) ?? 0) + 1);
}

function sorted(counts: Map<string, number>): UnknownLabel[] {
  return [...counts].map(([value, rows]) => ({ value, rows })).sort((a, b) => b.rows - a.rows);
}
