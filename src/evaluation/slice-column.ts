import { fillRows } from "../stats/fill-rows.ts";
import type { Column, NumberColumn, TextColumn } from "../stats/table.ts";
import { pairSign } from "./slice-declaration.ts";

// Columns of the data, and pairs of them, as the groups that are evaluated one by one. Groups under the smallest size are
// merged, and values that are not for everyone are numbered (design, section 5).

/** Groups over rows; code -1: the value is missing. */
export interface SliceColumn extends TextColumn {
  /** The levels as they may be shown to anyone; without it, as they are. */
  shown?: readonly string[];
}

export interface SlicePolicy {
  /** Show no values, and no group of fewer rows: a single small one takes the next with it. */
  sensitive: boolean;
  /** Show the values of a text however many it has; without it, none where there are more than 200. */
  showsManyTexts?: boolean;
  /** Groups with fewer rows are merged into one. */
  smallestGroup: number;
  /** Values that a gate names: kept apart whatever their size. */
  named?: readonly string[];
  /** Parts into which numbers are cut; without it, quarters where there are more than 10 different ones. */
  quantiles?: number | undefined;
}

/** A text with more values than this shows none of them, and more groups than this are merged (design, section 5). */
const mostGroups = 200;
/** Up to this many distinct numbers each are a group of their own; more are cut at the quartiles. */
const mostNumbers = 10;

/** Of small groups, and of those beyond the 200 largest. */
export const otherGroups = "other groups";

/** Groups of a column over the same rows. Code -1 stays: rows with a missing value. */
export function sliceColumn(column: Column, policy: SlicePolicy): SliceColumn {
  const grouped = column.kind === "text" ? column : groupNumbers(column, policy.quantiles);
  const merged = merge(grouped, policy);
  return policy.sensitive || (policy.showsManyTexts !== true && hasManyTexts(column))
    ? { ...merged, shown: merged.levels.map(numbered) }
    : merged;
}

/**
 * Groups of the pairs of values that occur, `Female × Black`; code -1: both are missing. Small ones are merged like those of
 * one column. What one column hides, the pair hides.
 */
export function crossColumns(first: SliceColumn, second: SliceColumn, policy: SlicePolicy): SliceColumn {
  const width = second.levels.length + 1;
  const codes = fillRows(
    new Int32Array(first.codes.length),
    (row) => (first.codes[row] + 1) * width + second.codes[row] + 1,
  );
  const used = [...new Set(codes)].filter((code) => code > 0);
  const pairs = used.map((code) => {
    const places = [Math.floor(code / width) - 1, (code % width) - 1] as const;
    return { code, level: pairName(first.levels, second.levels, places), places };
  });
  pairs.sort((a, b) => (a.level < b.level ? -1 : 1));
  const place = new Map(pairs.map(({ code }, index) => [code, index]));
  const levels = pairs.map(({ level }) => level);
  const name = `${first.name}${pairSign}${second.name}`;
  const crossed = fillRows(codes, (row) => place.get(codes[row]) ?? -1);
  const merged = merge({ kind: "text", name, codes: crossed, levels }, policy);
  const hidden = new Map(pairs.map(({ level, places }) => [level, pairName(shownOf(first), shownOf(second), places)]));
  return { ...merged, shown: merged.levels.map((level) => hidden.get(level) ?? level) };
}

function pairName(
  first: readonly string[],
  second: readonly string[],
  places: readonly [first: number, second: number],
): string {
  return [first[places[0]], second[places[1]]].map((level) => level ?? "(missing)").join(pairSign);
}

/** The levels as anyone may see them. */
export function shownOf({ levels, shown }: SliceColumn): readonly string[] {
  return shown ?? levels;
}

function numbered(level: string, place: number): string {
  return level === otherGroups ? level : `(value ${place + 1})`;
}

function hasManyTexts(column: Column): boolean {
  return column.kind === "text" && column.levels.length > mostGroups;
}

function merge(column: TextColumn, policy: SlicePolicy): TextColumn {
  const kept = keptGroups(column, policy);
  const names = column.levels.map((level, code) => (kept.has(code) ? level : otherGroups));
  return relabel(column, names);
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

function relabel(column: TextColumn, names: readonly string[]): TextColumn {
  const { name, codes } = column;
  const counts = countCodes(column);
  const levels = [...new Set(names.filter((_, code) => counts[code] > 0))].sort();
  const places = new Map(levels.map((level, place) => [level, place]));
  const position = names.map((level) => places.get(level) ?? -1);
  const isSame = position.every((place, code) => place === code);
  return { kind: "text", name, codes: isSame ? codes : recode(codes, position), levels };
}

function recode(codes: Int32Array, position: readonly number[]): Int32Array {
  return fillRows(new Int32Array(codes.length), (row) => (codes[row] < 0 ? -1 : position[codes[row]]));
}

function groupNumbers(column: NumberColumn, quantiles: number | undefined): TextColumn {
  const known = column.values.filter((value) => !Number.isNaN(value)).sort();
  const distinct = quantiles === undefined ? distinctUpTo(known, mostNumbers) : null;
  return distinct === null ? byQuantile(column, known, quantiles ?? 4) : byValue(column, distinct);
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

/** Groups between the quantiles (R type 1: a value of the data), each up to and including its upper end. */
function byQuantile({ name, values }: NumberColumn, sorted: Float64Array, parts: number): TextColumn {
  const cuts = Array.from({ length: parts }, (_, part) => sorted[Math.ceil(((part + 1) / parts) * sorted.length) - 1]);
  const ends = [...new Set(cuts)].filter((end) => end !== undefined);
  const codes = fillRows(new Int32Array(values.length), (row) => {
    let part = 0;
    while (part < ends.length && values[row] > ends[part]) part += 1;
    return Number.isNaN(values[row]) ? -1 : part;
  });
  const [first, ...shown] = edgeTexts([sorted[0] ?? Number.NaN, ...ends]);
  const digits = String(ends.length).length;
  const levels = shown.map((end, place) => {
    const start = place === 0 ? first : `above ${shown[place - 1]}`;
    return `${String(place + 1).padStart(digits, "0")}: ${start} to ${end}`;
  });
  return { kind: "text", name, codes, levels };
}

/** Six significant digits of what is no whole number, more where two edges would look the same: 0.23404299999999998 is 0.234043. */
function edgeTexts(edges: readonly number[]): string[] {
  for (let digits = 6; digits < 17; digits += 1) {
    const texts = edges.map((edge) => String(Number.isInteger(edge) ? edge : Number(edge.toPrecision(digits))));
    if (new Set(texts).size === new Set(edges).size) return texts;
  }
  return edges.map(String);
}
