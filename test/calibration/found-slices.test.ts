import { expect, it } from "vitest";
import { findSlices, type SearchResult, type SliceSearch } from "../../src/evaluation/find-slices.ts";
import type { SearchedColumn } from "../../src/evaluation/slice-table.ts";
import { uniform } from "../support/builders/predictions.ts";
import { aSearch, type LossOf, lossPopulations, searchedColumns } from "../support/builders/searched.ts";
import { expectOnPage } from "./page.ts";

// How often a search of 14 columns and their pairs reports something where nothing is worse, and how often it finds a slice that
// is: the table of docs/slices.md.

const runsOf = (rows: number): number => (rows <= 1000 ? 1000 : 300);
const nominal = 0.025;
/** Upper 99.95 % limit of a share in so many runs, normal approximation. */
const most = (rows: number): number => nominal + 3.29 * Math.sqrt((nominal * (1 - nominal)) / runsOf(rows));
const sizes = [300, 1000, 5000];

/** A quarter of the rows, and the third of them that is yes in another column. */
const isBad = (columns: readonly SearchedColumn[], row: number): boolean =>
  columns[1].codes[row] === 4 && columns[8].codes[row] === 2;

type Losses = (columns: SearchedColumn[], random: () => number) => Float64Array;

function repeat(rows: number, lossesOf: Losses, rest: Partial<SliceSearch> = {}): SearchResult[] {
  return Array.from({ length: runsOf(rows) }, (_, run) => {
    const random = uniform(1 + run * 7919 + rows);
    const columns = searchedColumns(rows, random);
    return findSlices(aSearch(columns, lossesOf(columns, random), rest));
  });
}

const share = (results: readonly SearchResult[], holds: (result: SearchResult) => boolean): number =>
  results.filter(holds).length / results.length;

/** The planted slice has the largest of so many losses: for rare errors about so many times as many. */
const planted = (lossOf: LossOf, draws: number): Losses => {
  return (columns, random) =>
    Float64Array.from(columns[0].codes, (_, row) => {
      let loss = lossOf(random);
      for (let draw = 1; draw < draws && isBad(columns, row); draw += 1) loss = Math.max(loss, lossOf(random));
      return loss;
    });
};

/** Rows in clusters are not counted: with a design effect next to 1 errors are compared by Welch's statistic, as other losses are. */
const uncounted = { designEffect: 1 + Number.EPSILON };

/** Reported, as itself or as one of its two levels. */
const isFound = ({ found }: SearchResult): boolean =>
  found.some(({ levels }) =>
    levels.every(({ column, code }) => (column === 1 && code === 4) || (column === 8 && code === 2)),
  );

const percent = (value: number): string => (100 * value).toFixed(1);

/** A line of the table: at each size how often anything is reported without reason, and the planted slice. */
function measure(name: string, lossOf: LossOf): string {
  const isError = name.startsWith("error");
  const cells = sizes.map((rows) => {
    const [none, twice, often] = [1, 2, 5].map((draws) => repeat(rows, planted(lossOf, draws)));
    const alarms = share(none, ({ found }) => found.length > 0);
    expect(alarms, `${name}, ${rows} rows`).toBeLessThan(most(rows));
    return {
      alarms: percent(alarms),
      twice: percent(share(twice, isFound)),
      often: percent(share(often, isFound)),
      welch: isError ? percent(share(repeat(rows, planted(lossOf, 5), uncounted), isFound)) : "",
      listed: (twice.reduce((sum, { found }) => sum + found.length, 0) / twice.length).toFixed(2),
    };
  });
  expect(Number(cells[2].often), `${name}: found in 5,000 rows`).toBeGreaterThan(50);
  const column = (of: keyof (typeof cells)[number]): string => cells.map((cell) => cell[of]).join(", ");
  const welch = isError ? column("welch") : "the same";
  return `| ${[name, column("alarms"), column("twice"), column("listed"), column("often"), welch].join(" | ")} |`;
}

/** Of losses whose mean is the same everywhere, and whose spread is not. */
function alarmsOfSpread(): number {
  const spread = [0.2, 1, 1, 3];
  const results = repeat(1000, (columns, random) =>
    Float64Array.from(columns[1].codes, (code) => spread[code - 1] * (random() - 0.5)),
  );
  return share(results, ({ found }) => found.length > 0);
}

it("reports something where nothing is worse in at most one sample of 40, and finds what is", () => {
  const lines = Object.entries(lossPopulations).map(([name, lossOf]) => measure(name, lossOf));
  const alarms = alarmsOfSpread();
  expect(alarms, "means equal").toBeLessThan(most(1000));
  expectOnPage(
    "found slices",
    [
      "| losses | reported | found: larger of two | then listed | found: largest of five | the same by Welch's statistic |",
      "|---|---|---|---|---|---|",
      ...lines,
      `| means equal, a quarter varies three times as much | ${percent(alarms)} (1,000 rows) | | | | |`,
    ],
    "slices.md",
  );
});
