import { describe, expect, it } from "vitest";
import { findSlices, type SearchResult } from "../../../src/evaluation/find-slices.ts";
import type { SearchedColumn } from "../../../src/evaluation/slice-table.ts";
import { clopperPearsonBounds } from "../../../src/stats/clopper-pearson.ts";
import { fisherExactTest } from "../../../src/stats/fisher-exact.ts";
import { uniform } from "../../support/builders/predictions.ts";
import { aSearch, lossPopulations, searchedColumns } from "../../support/builders/searched.ts";

const named = ({ found }: SearchResult): string[] =>
  found.map(({ levels }) => levels.map(({ column, code }) => `${column}=${code}`).join(" & "));

/** Rows that have all levels, the others, and all. */
function sidesOf(columns: readonly SearchedColumn[], levels: readonly { column: number; code: number }[]) {
  const isIn = (row: number) => levels.every(({ column, code }) => columns[column].codes[row] === code);
  const rows = [...columns[0].codes.keys()];
  return { slice: rows.filter(isIn), rest: rows.filter((row) => !isIn(row)), all: rows };
}

describe("what is found", () => {
  const random = uniform(3);
  const columns = searchedColumns(3000, random);
  const weights = Float64Array.from({ length: 3000 }, () => 0.5 + random());
  /** Errors one time in ten, in rows of level 4 of column 0 and 1 of column 7 one in two. */
  const planted = Float64Array.from({ length: 3000 }, (_, row) =>
    Number(random() < (columns[0].codes[row] === 4 && columns[7].codes[row] === 1 ? 0.5 : 0.1)),
  );

  it("is the pair that was made worse, and neither its columns alone nor pairs that share its rows", () => {
    expect(named(findSlices(aSearch(columns, planted)))).toEqual(["0=4 & 7=1"]);
  });

  it("is the single level that was made worse, and none of its pairs", () => {
    const single = planted.map((_, row) => Number(random() < (columns[9].codes[row] === 2 ? 0.4 : 0.1)));
    expect(named(findSlices(aSearch(columns, single)))).toEqual(["9=2"]);
  });

  it("are two slices where two were made worse, the better supported first, and only as many as are asked for", () => {
    const two = planted.map((_, row) => {
      const isBad = columns[9].codes[row] === 2 ? 0.5 : columns[2].codes[row] === 3 ? 0.3 : 0.05;
      return Number(random() < isBad);
    });
    expect(named(findSlices(aSearch(columns, two)))).toEqual(["9=2", "2=3"]);
    expect(named(findSlices(aSearch(columns, two, { most: 1 })))).toEqual(["9=2"]);
  });

  it("lists no slice most of whose rows are listed already", () => {
    // Level 2 of the last column: the rows of the first one that is found, and some that are worse but in no other slice.
    const others = columns[2].codes.map((code) => Number(code !== 3 && random() < 0.1));
    const twin = { levels: 2, codes: columns[2].codes.map((code, row) => (code === 3 || others[row] === 1 ? 2 : 1)) };
    const half = Float64Array.from(others, (isOther, row) =>
      Number(random() < (columns[2].codes[row] === 3 ? 0.6 : isOther === 1 ? 0.2 : 0.05)),
    );
    expect(named(findSlices(aSearch([...columns, twin], half)))).toEqual(["2=3"]);
  });

  it("are single levels alone when pairs are not asked for", () => {
    const found = findSlices(aSearch(columns, planted, { depth: 1 }));
    expect(found.found.every(({ levels }) => levels.length === 1)).toBe(true);
    const sizes = columns.flatMap(({ codes, levels }) =>
      Array.from({ length: levels }, (_, level) => codes.filter((code) => code === level + 1).length),
    );
    expect(found.candidates).toBe(sizes.filter((size) => size >= 30 && size <= 2970).length);
  });

  it("has the size, the means and the bounds of its rows, weighted", () => {
    const search = aSearch(columns, planted, { weights });
    const { found, candidates } = findSlices(search);
    const [{ levels, rows, mean, difference, pAdjusted }] = found;
    const { slice, rest, all } = sidesOf(columns, levels);
    const measure = (places: readonly number[]) => {
      const total = places.reduce((sum, row) => sum + weights[row], 0);
      const value = places.reduce((sum, row) => sum + weights[row] * search.losses[row], 0) / total;
      const spread = places.reduce((sum, row) => sum + weights[row] * (search.losses[row] - value) ** 2, 0) / total;
      const effective = total ** 2 / places.reduce((sum, row) => sum + weights[row] ** 2, 0);
      return { value, variance: (spread * effective) / (effective - 1), effective };
    };
    const [own, other, overall] = [slice, rest, all].map(measure);
    expect(rows).toBe(slice.length);
    expect(mean.value).toBeCloseTo(own.value, 12);
    expect(difference.value).toBeCloseTo(own.value - other.value, 12);
    const errorOf = ({ variance, effective }: typeof own) => Math.max(variance, overall.variance) / effective;
    const error = Math.sqrt(errorOf(own) + errorOf(other));
    // Student's quantile lies between the normal one and 5 % above it here; half of the level for each family.
    const reach = (difference.value - difference.lower) / error;
    expect(reach).toBeGreaterThan(4);
    expect(reach).toBeLessThan(5.2);
    expect(difference.upper - difference.value).toBeCloseTo(difference.value - difference.lower, 12);
    expect(candidates).toBeGreaterThan(500);
    expect(pAdjusted).toBeLessThan(0.05);
    expect(difference.lower).toBeGreaterThan(0);
  });

  it("counts errors by Fisher's exact test, with bounds that clear 0, however few they are", () => {
    // One row in a hundred is wrong, five times as many where column 12 has its value 3.
    const own = uniform(11);
    const rare = planted.map((_, row) => Number(own() < (columns[12].codes[row] === 3 ? 0.05 : 0.01)));
    const search = aSearch(columns, rare, { depth: 1 });
    const { found, candidates } = findSlices(search);
    expect(found.map(({ levels }) => levels)).toEqual([[{ column: 12, code: 3 }]]);
    const { slice, rest } = sidesOf(columns, found[0].levels);
    const [a, c] = [slice, rest].map((places) => places.reduce((sum, row) => sum + rare[row], 0));
    const fourfold = { a, b: slice.length - a, c, d: rest.length - c };
    const { pAdjusted, difference, mean } = found[0];
    expect(pAdjusted / (2 * candidates * fisherExactTest(fourfold, "greater").pValue)).toBeCloseTo(1, 8);
    expect(difference.value).toBeCloseTo(a / slice.length - c / rest.length, 12);
    const overall = (a + c) / 3000;
    const { lower, upper } = clopperPearsonBounds({ hits: a, rows: slice.length }, 0.025 / candidates);
    expect([mean.value, mean.lower, mean.upper]).toEqual(
      [a / slice.length, lower, upper].map((share) => expect.closeTo(share - overall, 12)),
    );
    expect(difference.lower).toBeGreaterThan(0);
    expect(difference.lower).toBeLessThan(difference.value);
    expect(difference.upper).toBeGreaterThan(difference.value);
    // Weights that are all the same count as none.
    expect(named(findSlices({ ...search, weights: new Float64Array(3000).fill(0.3) }))).toEqual(["12=3"]);
    // By means and variances, as rows in clusters are compared, so few errors show nothing.
    expect(named(findSlices({ ...search, designEffect: 1.001 }))).toEqual([]);
  });

  it("reports no errors whose bounds reach 0, though the exact test alone just rejects", () => {
    const column = { levels: 2, codes: Uint8Array.from({ length: 1000 }, (_, row) => (row < 100 ? 1 : 2)) };
    // 800 of 1,000 rows are wrong, so many of the first hundred.
    const searched = (wrong: number) => {
      const losses = Float64Array.from({ length: 1000 }, (_, row) =>
        Number(row < 100 ? row < wrong : row < 900 - wrong),
      );
      return findSlices(aSearch([column], losses, { alpha: 6.25e-4, depth: 1 }));
    };
    const fourfold = { a: 93, b: 7, c: 707, d: 193 };
    expect(fisherExactTest(fourfold, "greater").pValue).toBeLessThan(6.25e-4 / 4);
    expect(searched(93)).toEqual({ candidates: 2, found: [] });
    expect(named(searched(94))).toEqual(["0=1"]);
  });

  it("does not change when rows that weigh nothing are added", () => {
    const twice = columns.map(({ codes, levels }) => ({ levels, codes: Uint8Array.from([...codes, ...codes]) }));
    const half = Float64Array.from({ length: 6000 }, (_, row) => Number(row < 3000));
    const search = aSearch(columns, planted);
    const losses = Float64Array.from([...search.losses, ...search.losses.map((loss) => 1 - loss)]);
    expect(findSlices({ ...search, columns: twice, losses, weights: half })).toEqual(
      findSlices({ ...search, weights: Float64Array.from(planted, () => 1) }),
    );
  });

  it("needs more where rows come in clusters", () => {
    const weak = planted.map((_, row) => Number(random() < (columns[9].codes[row] === 2 ? 0.25 : 0.1)));
    expect(named(findSlices(aSearch(columns, weak)))).toEqual(["9=2"]);
    expect(named(findSlices(aSearch(columns, weak, { designEffect: 10 })))).toEqual([]);
  });

  it("is nothing where rows are too few, all alike, or in one column of one level", () => {
    expect(findSlices(aSearch(columns, planted, { smallest: 2000 })).found).toEqual([]);
    expect(findSlices(aSearch(columns, new Float64Array(3000))).found).toEqual([]);
    const one = { codes: new Uint8Array(3000).fill(1), levels: 1 };
    expect(findSlices(aSearch([one, one], planted))).toEqual({ candidates: 0, found: [] });
    expect(findSlices(aSearch([], planted))).toEqual({ candidates: 0, found: [] });
  });
});

describe("a search of columns that have nothing to do with the loss", () => {
  const runs = 200;
  // At most 2.5 % by the level, whose upper 99.95 % limit in 200 runs is 12; docs/slices.md has the long run.
  const populations = Object.entries(lossPopulations).map(([name, lossOf]) => ({ name, lossOf }));
  it.each(populations)("finds something in at most one sample of 40: $name", ({ lossOf }) => {
    let reported = 0;
    for (let run = 1; run <= runs; run += 1) {
      const random = uniform(run * 7919);
      const columns = searchedColumns(400, random);
      const losses = Float64Array.from({ length: 400 }, () => lossOf(random));
      reported += Number(findSlices(aSearch(columns, losses)).found.length > 0);
    }
    expect(reported).toBeLessThanOrEqual(12);
  });

  it("takes no slice for a worse one whose losses only vary more, or less", () => {
    let reported = 0;
    for (let run = 1; run <= runs; run += 1) {
      const random = uniform(run * 104_729);
      const columns = searchedColumns(600, random);
      const spread = [0.2, 1, 1, 3];
      const losses = Float64Array.from(columns[1].codes, (code) => spread[code - 1] * (random() - 0.5));
      reported += Number(findSlices(aSearch(columns, losses)).found.length > 0);
    }
    expect(reported).toBeLessThanOrEqual(12);
  });
});
