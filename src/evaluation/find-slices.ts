import { normalQuantile, studentQuantile, studentSurvival } from "../stats/quantile-functions.ts";
import {
  type LossMoments,
  type LossSums,
  momentsOf,
  type SearchedColumn,
  type SearchedRows,
  SliceTable,
  subtract,
} from "./slice-table.ts";

// A bounded search for the rows that a model serves worst: every level of every column, and every pair of levels of two
// columns, is a candidate, and whatever is reported was corrected for all of them (docs/slices.md has why and how well).

export interface SliceSearch extends SearchedRows {
  columns: readonly SearchedColumn[];
  /** 1: single levels; 2: pairs too. */
  depth: 1 | 2;
  /** Rows that a slice and the rest must have. */
  smallest: number;
  /** At most so many are reported. */
  most: number;
  /** Probability that anything is reported of columns that have nothing to do with the loss is at most half of this. */
  alpha: number;
}

export interface SearchResult {
  /** Slices that were large enough to be looked at. */
  candidates: number;
  /** Worst supported first; rows of one are not what makes the next. */
  found: readonly FoundSlice[];
}

export interface FoundSlice {
  /** Indices into the columns, with the level's code. */
  levels: readonly { column: number; code: number }[];
  rows: number;
  /** Mean loss less that of all rows, with bounds that hold for all candidates at once. */
  mean: Bounded;
  /** Mean loss less that of all other rows, likewise. */
  difference: Bounded;
  /** Two-sided p-value of the difference times the candidates that share the level (Bonferroni). */
  pAdjusted: number;
}

interface Bounded {
  value: number;
  lower: number;
  upper: number;
}

interface Table {
  columns: readonly [first: number, second: number | null];
  slices: SliceTable;
}

interface Cell {
  table: Table;
  cell: number;
}

interface Candidate extends Cell {
  /** Its share of alpha. */
  share: number;
}

/** A candidate with what it shows beyond chance. */
interface Scored extends Candidate {
  /** Over all its rows. */
  sums: LossSums;
  /** The statistic in units of what chance reaches; above 1. A pair must reach further than one level, being one of more. */
  support: number;
}

/** Finds the slices whose mean loss is higher than that of the other rows. */
export function findSlices(search: SliceSearch): SearchResult {
  const rows = everyRow(search);
  const total = totalOf(search, rows);
  const singles = search.columns.map((column, index) => tableOf([index, null], [column, null]));
  const pairs = search.depth === 2 ? pairTables(search.columns) : [];
  for (const { slices } of [...singles, ...pairs]) slices.add(search, rows, 1);
  const isLarge = ({ rows: count }: LossSums): boolean =>
    count >= search.smallest && total.rows - count >= search.smallest;
  const families = [
    singles.flatMap(cellsOf).filter((cell) => isLarge(sumsOf(cell))),
    pairs.flatMap(cellsOf).filter((cell) => isLarge(sumsOf(cell)) && !isWholeParent(cell, singles)),
  ].filter((family) => family.length > 0);
  const candidates = families.flatMap((family) =>
    family.map((cell): Candidate => ({ ...cell, share: search.alpha / families.length / family.length })),
  );
  const worse = candidates
    .flatMap((candidate) => scoreOf(candidate, total) ?? [])
    .filter((each) => saysMoreThanParents(each, singles));
  const found = cover(worse, { search, rows, total });
  return { candidates: candidates.length, found: found.map((each) => describe(each, { search, total })) };
}

function sumsOf({ table, cell }: Cell): LossSums {
  return table.slices.sumsOf(cell);
}

function everyRow({ losses, weights }: SearchedRows): Uint32Array {
  const rows = Uint32Array.from(losses.keys());
  return weights === null ? rows : rows.filter((row) => weights[row] > 0);
}

function totalOf(search: SearchedRows, rows: Uint32Array): LossSums {
  const all = new SliceTable({ codes: new Uint8Array(search.losses.length), levels: 0 }, null);
  all.add(search, rows, 1);
  return all.sumsOf(0);
}

function tableOf(columns: Table["columns"], [first, second]: readonly [SearchedColumn, SearchedColumn | null]): Table {
  return { columns, slices: new SliceTable(first, second) };
}

function pairTables(columns: readonly SearchedColumn[]): Table[] {
  return columns.flatMap((first, i) =>
    columns.slice(i + 1).map((second, beyond) => tableOf([i, i + 1 + beyond], [first, second])),
  );
}

/** The slices of a table, without levels that are not searched. */
function cellsOf(table: Table): Cell[] {
  const { slices, columns } = table;
  const cells: Cell[] = [];
  for (let cell = 0; cell < slices.cells; cell += 1) {
    const [first, second] = slices.codesOf(cell);
    if (first > 0 && (second > 0 || columns[1] === null)) cells.push({ table, cell });
  }
  return cells;
}

/** Sums of the single levels that a pair is made of. */
function parentsOf({ table, cell }: Cell, singles: readonly Table[]): LossSums[] {
  const [first, second] = table.columns;
  if (second === null) return [];
  const codes = table.slices.codesOf(cell);
  return [singles[first].slices.sumsOf(codes[0]), singles[second].slices.sumsOf(codes[1])];
}

/** A pair with all rows of one of its levels is that level. */
function isWholeParent(pair: Cell, singles: readonly Table[]): boolean {
  const { rows } = sumsOf(pair);
  return parentsOf(pair, singles).some((parent) => parent.rows === rows);
}

/**
 * Welch's statistic for a higher mean loss than in the other rows, where no side's variance counts for less than that of all
 * rows: losses that happen to lie close together prove nothing by it. Losses are skewed to the right, so that a slice with a
 * high mean has a high variance too: the statistic errs to the safe side.
 */
function statistic(slice: LossMoments, rest: LossMoments, all: LossMoments): number {
  return (slice.mean - rest.mean) / standardError(slice, rest, all);
}

function standardError(slice: LossMoments, rest: LossMoments, all: LossMoments): number {
  return Math.hypot(meanError(slice, all), meanError(rest, all));
}

function meanError({ variance, effectiveRows }: LossMoments, all: LossMoments): number {
  return Math.sqrt(Math.max(variance, all.variance) / effectiveRows);
}

/** null where the rows do not show it to be worse. */
function scoreOf(candidate: Candidate, total: LossSums): Scored | null {
  const sums = sumsOf(candidate);
  const slice = momentsOf(sums);
  const score = statistic(slice, momentsOf(subtract(total, sums)), momentsOf(total));
  // Student's quantile lies above the normal one and takes longer.
  if (!(score > normalQuantile(1 - candidate.share / 2))) return null;
  const critical = studentQuantile(1 - candidate.share / 2, slice.effectiveRows - 1);
  return score > critical ? { ...candidate, sums, support: score / critical } : null;
}

const parentLevel = 0.05;

/** A pair is worth its second condition where it is worse than the rest of each of its levels. */
function saysMoreThanParents(pair: Scored, singles: readonly Table[]): boolean {
  const slice = momentsOf(pair.sums);
  return parentsOf(pair, singles).every((parent) => {
    const score = statistic(slice, momentsOf(subtract(parent, pair.sums)), momentsOf(parent));
    return score > normalQuantile(1 - parentLevel);
  });
}

interface Covering {
  search: SliceSearch;
  rows: Uint32Array;
  total: LossSums;
}

/** A slice of which less than this share is new says little that those before it do not. */
const mostlyNew = 0.5;

/**
 * The slice that is shown best, then the best on the rows that it leaves, and so on: what is worse only because it shares rows
 * with one that is listed is not listed too, nor what shares most of its rows with them. Empties the tables of the rows that are covered.
 */
function cover(worse: readonly Scored[], { search, rows, total }: Covering): Scored[] {
  const tables = [...new Set(worse.map(({ table }) => table))];
  const found: Scored[] = [];
  let [open, left, rest] = [worse, rows, total];
  while (open.length > 0 && found.length < search.most) {
    const best = refine(strongest(open), open, rest);
    found.push(best);
    const covered = best.table.slices.rowsIn(best.cell, left);
    rest = subtract(rest, sumsOf(best));
    for (const { slices } of tables) slices.add(search, covered, -1);
    const gone = new Uint8Array(search.losses.length);
    for (const row of covered) gone[row] = 1;
    left = left.filter((row) => gone[row] === 0);
    open = open.flatMap((each) => {
      const again = sumsOf(each).rows < mostlyNew * each.sums.rows ? null : scoreOf(each, rest);
      return again === null ? [] : { ...each, support: again.support };
    });
  }
  return found;
}

function strongest(slices: readonly Scored[]): Scored {
  return slices.reduce((first, second) => (second.support > first.support ? second : first));
}

/** In place of a level a pair of it, where the pair is all that is wrong with the level: its other rows are as good as any. */
function refine(level: Scored, open: readonly Scored[], total: LossSums): Scored {
  if (level.table.columns[1] !== null) return level;
  const parent = sumsOf(level);
  const [outside, all, whole] = [subtract(total, parent), total, parent].map(momentsOf);
  const inside = open.filter((pair) => isPairOf(pair, level));
  const enough = normalQuantile(1 - parentLevel / Math.max(1, inside.length));
  const telling = inside.filter((pair) => {
    const others = momentsOf(subtract(parent, sumsOf(pair)));
    const isTheWorse = statistic(momentsOf(sumsOf(pair)), others, whole) > enough;
    return isTheWorse && statistic(others, outside, all) <= normalQuantile(1 - parentLevel);
  });
  return telling.length === 0 ? level : strongest(telling);
}

function isPairOf({ table, cell }: Cell, level: Cell): boolean {
  const place = table.columns.indexOf(level.table.columns[0]);
  const [code] = level.table.slices.codesOf(level.cell);
  return table.columns[1] !== null && place >= 0 && table.slices.codesOf(cell)[place] === code;
}

function describe(
  { table, cell, share, sums }: Scored,
  { search, total }: Pick<Covering, "search" | "total">,
): FoundSlice {
  const [slice, rest, all] = [momentsOf(sums), momentsOf(subtract(total, sums)), momentsOf(total)];
  const degrees = slice.effectiveRows - 1;
  const quantile = studentQuantile(1 - share / 2, degrees);
  const codes = table.slices.codesOf(cell);
  const bounded = (value: number, error: number): Bounded => {
    return { value, lower: value - quantile * error, upper: value + quantile * error };
  };
  const pValue = 2 * studentSurvival(statistic(slice, rest, all), degrees);
  return {
    levels: table.columns.flatMap((column, place) => (column === null ? [] : { column, code: codes[place] })),
    rows: sums.rows,
    mean: bounded(slice.mean, meanError(slice, all)),
    difference: bounded(slice.mean - rest.mean, standardError(slice, rest, all)),
    pAdjusted: Math.min(1, (pValue * search.alpha) / share),
  };
}
