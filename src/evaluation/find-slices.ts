import { type Bounded, type Contrast, type LossTest, lossTestOf } from "./loss-test.ts";
import { type LossSums, type SearchedColumn, type SearchedRows, SliceTable, subtract } from "./slice-table.ts";

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
  const test = lossTestOf(search, rows);
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
    .flatMap((candidate) => scoreOf(candidate, { test, total }) ?? [])
    .filter((each) => isBounded(each, { test, total }) && saysMoreThanParents(each, test, singles));
  const found = cover(worse, { search, rows, test, total });
  return { candidates: candidates.length, found: found.map((each) => describe(each, search.alpha, { test, total })) };
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

/** Exact test and bounds part where counts just reach the level: 3 of some 800 tables did. What is reported is shown by both. */
function isBounded({ sums, share }: Scored, { test, total }: Tested): boolean {
  return test.bounds(contrastOf(sums, total), share / 2).difference.lower > 0;
}

function contrastOf(slice: LossSums, total: LossSums): Contrast {
  return { slice, others: subtract(total, slice), all: total };
}

/** null where the rows do not show it to be worse. */
function scoreOf(candidate: Candidate, { test, total }: Tested): Scored | null {
  const sums = sumsOf(candidate);
  const support = test.support(contrastOf(sums, total), candidate.share / 2);
  return support > 1 ? { ...candidate, sums, support } : null;
}

const parentLevel = 0.05;

/** A pair is worth its second condition where it is worse than the rest of each of its levels. */
function saysMoreThanParents(pair: Scored, test: LossTest, singles: readonly Table[]): boolean {
  return parentsOf(pair, singles).every((parent) => {
    const contrast = { slice: pair.sums, others: subtract(parent, pair.sums), all: parent };
    return test.support(contrast, parentLevel) > 1;
  });
}

/** The rows that are searched, all together, and what slices of them are held against. */
interface Tested {
  test: LossTest;
  total: LossSums;
}

interface Covering extends Tested {
  search: SliceSearch;
  rows: Uint32Array;
}

/** A slice of which less than this share is new says little that those before it do not. */
const mostlyNew = 0.5;

/**
 * The slice that is shown best, then the best on the rows that it leaves, and so on: what is worse only because it shares rows
 * with one that is listed is not listed too, nor what shares most of its rows with them. Empties the tables of the rows that are covered.
 */
function cover(worse: readonly Scored[], { search, rows, test, total }: Covering): Scored[] {
  const tables = [...new Set(worse.map(({ table }) => table))];
  const found: Scored[] = [];
  let [open, left, rest] = [worse, rows, total];
  while (open.length > 0 && found.length < search.most) {
    const best = refine(strongest(open), open, { test, total: rest });
    found.push(best);
    const covered = best.table.slices.rowsIn(best.cell, left);
    rest = subtract(rest, sumsOf(best));
    for (const { slices } of tables) slices.add(search, covered, -1);
    const gone = new Uint8Array(search.losses.length);
    for (const row of covered) gone[row] = 1;
    left = left.filter((row) => gone[row] === 0);
    open = open.flatMap((each) => {
      const again = sumsOf(each).rows < mostlyNew * each.sums.rows ? null : scoreOf(each, { test, total: rest });
      return again === null ? [] : { ...each, support: again.support };
    });
  }
  return found;
}

function strongest(slices: readonly Scored[]): Scored {
  return slices.reduce((first, second) => (second.support > first.support ? second : first));
}

/** In place of a level a pair of it, where the pair is all that is wrong with the level: its other rows are as good as any. */
function refine(level: Scored, open: readonly Scored[], { test, total }: Tested): Scored {
  if (level.table.columns[1] !== null) return level;
  const parent = sumsOf(level);
  const outside = subtract(total, parent);
  const inside = open.filter((pair) => isPairOf(pair, level));
  const enough = parentLevel / Math.max(1, inside.length);
  const telling = inside.filter((pair) => {
    const slice = sumsOf(pair);
    const others = subtract(parent, slice);
    const isTheWorse = test.support({ slice, others, all: parent }, enough) > 1;
    return isTheWorse && test.support({ slice: others, others: outside, all: total }, parentLevel) <= 1;
  });
  return telling.length === 0 ? level : strongest(telling);
}

function isPairOf({ table, cell }: Cell, level: Cell): boolean {
  const place = table.columns.indexOf(level.table.columns[0]);
  const [code] = level.table.slices.codesOf(level.cell);
  return table.columns[1] !== null && place >= 0 && table.slices.codesOf(cell)[place] === code;
}

function describe({ table, cell, share, sums }: Scored, alpha: number, { test, total }: Tested): FoundSlice {
  const codes = table.slices.codesOf(cell);
  const contrast = contrastOf(sums, total);
  return {
    levels: table.columns.flatMap((column, place) => (column === null ? [] : { column, code: codes[place] })),
    rows: sums.rows,
    ...test.bounds(contrast, share / 2),
    pAdjusted: Math.min(1, (test.pValue(contrast) * alpha) / share),
  };
}
