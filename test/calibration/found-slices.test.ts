import { expect, it } from "vitest";
import { findSlices, type SearchResult } from "../../src/evaluation/find-slices.ts";
import type { SearchedColumn } from "../../src/evaluation/slice-table.ts";
import { uniform } from "../support/builders/predictions.ts";
import { aSearch, type LossOf, lossPopulations, searchedColumns } from "../support/builders/searched.ts";

// How often a search of 14 columns and their pairs reports something where nothing is worse, and how often it finds a slice that
// is. `npm run test:calibration` prints the table of docs/slices.md.

const runsOf = (rows: number): number => (rows <= 1000 ? 1000 : 300);
const nominal = 0.025;
/** Upper 99.95 % limit of a share in so many runs, normal approximation. */
const most = (rows: number): number => nominal + 3.29 * Math.sqrt((nominal * (1 - nominal)) / runsOf(rows));
const sizes = [300, 1000, 5000];

/** A quarter of the rows, and the third of them that is yes in another column. */
const isBad = (columns: readonly SearchedColumn[], row: number): boolean =>
  columns[1].codes[row] === 4 && columns[8].codes[row] === 2;

function repeat(rows: number, lossesOf: (columns: SearchedColumn[], random: () => number) => Float64Array) {
  return Array.from({ length: runsOf(rows) }, (_, run): SearchResult => {
    const random = uniform(1 + run * 7919 + rows);
    const columns = searchedColumns(rows, random);
    return findSlices(aSearch(columns, lossesOf(columns, random)));
  });
}

const share = (results: readonly SearchResult[], holds: (result: SearchResult) => boolean): number =>
  results.filter(holds).length / results.length;

/** The planted slice has the larger of two losses: for errors about twice as many. */
function planted(columns: readonly SearchedColumn[], lossOf: LossOf, random: () => number): Float64Array {
  return Float64Array.from(columns[0].codes, (_, row) =>
    isBad(columns, row) ? Math.max(lossOf(random), lossOf(random)) : lossOf(random),
  );
}

/** Twice as many of these are still few: a slice's variance grows with its mean, and the statistic is careful with it. */
const rare = new Set(["log loss, 1 positive in 50", "error of 5 %"]);

/** Reported, as itself or as one of its two levels. */
const isFound = ({ found }: SearchResult): boolean =>
  found.some(({ levels }) =>
    levels.every(({ column, code }) => (column === 1 && code === 4) || (column === 8 && code === 2)),
  );

it.each(Object.entries(lossPopulations).map(([name, lossOf]) => ({ name, lossOf })))(
  "reports something where nothing is worse in at most one sample of 40, and finds what is: $name",
  ({ name, lossOf }) => {
    const cells = sizes.map((rows) => {
      const none = repeat(rows, (columns, random) => Float64Array.from(columns[0].codes, () => lossOf(random)));
      const one = repeat(rows, (columns, random) => planted(columns, lossOf, random));
      const alarms = share(none, ({ found }) => found.length > 0);
      expect(alarms, `${name}, ${rows} rows`).toBeLessThan(most(rows));
      return {
        alarms,
        power: share(one, isFound),
        listed: one.reduce((sum, { found }) => sum + found.length, 0) / one.length,
      };
    });
    const percent = (value: number): string => (100 * value).toFixed(1);
    const column = (of: "alarms" | "power"): string => cells.map((cell) => percent(cell[of])).join(", ");
    const listed = cells.map((cell) => cell.listed.toFixed(2)).join(", ");
    process.stdout.write(`| ${name} | ${column("alarms")} | ${column("power")} | ${listed} |\n`);
    if (!rare.has(name)) expect(cells[2].power, `${name}: found in 5,000 rows`).toBeGreaterThan(0.5);
  },
);

it("takes no slice for a worse one whose losses only vary more", () => {
  const spread = [0.2, 1, 1, 3];
  const results = repeat(1000, (columns, random) =>
    Float64Array.from(columns[1].codes, (code) => spread[code - 1] * (random() - 0.5)),
  );
  const alarms = share(results, ({ found }) => found.length > 0);
  process.stdout.write(
    `| mean 0, spread of a quarter three times the others' | ${(100 * alarms).toFixed(1)} (1,000 rows) | | |\n`,
  );
  expect(alarms).toBeLessThan(most(1000));
});
