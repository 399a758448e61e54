import { fillRows } from "../stats/fill-rows.ts";
import type { Column, NumberColumn, TextColumn } from "../stats/table.ts";

// A column of the data as the groups that are evaluated one by one. Groups under the smallest size are merged (design,
// section 5); hiding the values of sensitive columns is for whoever shows them.

export interface SlicePolicy {
  /** No group may show fewer rows: a single small one takes the next with it. */
  sensitive: boolean;
  /** Groups with fewer rows are merged into one. */
  smallestGroup: number;
  /** Values that a gate names: kept apart whatever their size. */
  named?: readonly string[];
}

/** A text with more values than this shows none of them, and more groups than this are merged (design, section 5). */
const mostGroups = 200;
/** Up to this many distinct numbers each are a group of their own; more are cut at the quartiles. */
const mostNumbers = 10;

/** Groups of a column over the same rows. Code -1 stays: rows with a missing value. */
export function sliceColumn(column: Column, policy: SlicePolicy): TextColumn {
  const grouped = column.kind === "text" ? column : groupNumbers(column);
  const kept = keptGroups(grouped, policy);
  const names = grouped.levels.map((level, code) => (kept.has(code) ? level : "other groups"));
  return relabel(grouped, names);
}

/** True for a text column whose values are too many to be shown. */
export function hasManyTexts(column: Column): boolean {
  return column.kind === "text" && column.levels.length > mostGroups;
}

/** Codes of the groups that are not merged. */
function keptGroups(column: TextColumn, { sensitive, smallestGroup, named }: SlicePolicy): Set<number> {
  const counts = countCodes(column);
  const sizeOf = (code: number): number => counts[code] ?? 0;
  const bySize = [...column.levels.keys()].filter((code) => sizeOf(code) > 0);
  bySize.sort((a, b) => sizeOf(b) - sizeOf(a) || a - b);
  const isNamed = (code: number): boolean => named?.includes(column.levels[code] ?? "") ?? false;
  const kept = bySize.filter((code, rank) => (sizeOf(code) >= smallestGroup && rank < mostGroups) || isNamed(code));
  if (kept.length !== bySize.length - 1) return new Set(kept);
  // A group that is merged with nothing is not hidden: a sensitive one takes the next with it, another stays itself.
  const next = kept.findLast((code) => !isNamed(code));
  return new Set(sensitive ? kept.filter((code) => code !== next) : bySize);
}

function countCodes({ codes, levels }: TextColumn): Int32Array {
  const counts = new Int32Array(levels.length);
  for (const code of codes) if (code >= 0) counts[code] = (counts[code] ?? 0) + 1;
  return counts;
}

function relabel({ name, codes }: TextColumn, names: readonly string[]): TextColumn {
  const used = new Set(codes);
  const levels = [...new Set(names.filter((_, code) => used.has(code)))].sort();
  const places = new Map(levels.map((level, place) => [level, place]));
  const position = names.map((level) => places.get(level) ?? -1);
  return { kind: "text", name, codes: codes.map((code) => position[code] ?? -1), levels };
}

function groupNumbers(column: NumberColumn): TextColumn {
  const known = column.values.filter((value) => !Number.isNaN(value)).sort();
  const distinct = distinctUpTo(known, mostNumbers);
  return distinct === null ? byQuartile(column, known) : byValue(column, distinct);
}

function distinctUpTo(sorted: Float64Array, most: number): number[] | null {
  const distinct: number[] = [];
  for (const value of sorted) {
    if (value === distinct.at(-1)) continue;
    if (distinct.length === most) return null;
    distinct.push(value);
  }
  return distinct;
}

function byValue({ name, values }: NumberColumn, distinct: readonly number[]): TextColumn {
  const places = new Map(distinct.map((value, place) => [value, place]));
  const codes = fillRows(new Int32Array(values.length), (row) => places.get(values[row]) ?? -1);
  return { kind: "text", name, codes, levels: distinct.map(String) };
}

/** Groups between the quartiles (R type 1: a value of the data), each up to and including its upper end. */
function byQuartile({ name, values }: NumberColumn, sorted: Float64Array): TextColumn {
  const at = (share: number): number => sorted[Math.ceil(share * sorted.length) - 1] ?? Number.NaN;
  const ends = [...new Set([at(0.25), at(0.5), at(0.75), at(1)])];
  const codes = fillRows(new Int32Array(values.length), (row) =>
    Number.isNaN(values[row]) ? -1 : ends.findIndex((end) => values[row] <= end),
  );
  const first = sorted[0] ?? Number.NaN;
  const levels = ends.map((end, place) => {
    const start = place === 0 ? `${first}` : `above ${ends[place - 1]}`;
    return `${place + 1}: ${start} to ${end}`;
  });
  return { kind: "text", name, codes, levels };
}
