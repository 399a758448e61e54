import { expect, it } from "vitest";
import { type DeclaredSlices, declaredSlices } from "../../../src/evaluation/declared-slices.ts";
import { sliceColumn } from "../../../src/evaluation/slice-column.ts";
import type { Column, TextColumn } from "../../../src/stats/table.ts";

const open = { sensitive: false, smallestGroup: 10 };

/** `{ a: 3 }` is three rows of a, then …; "-" is a missing value. */
function groups(sizes: Record<string, number>): TextColumn {
  const levels = Object.keys(sizes)
    .filter((level) => level !== "-")
    .sort();
  const codes = Object.entries(sizes).flatMap(([level, rows]) => new Array<number>(rows).fill(levels.indexOf(level)));
  return { kind: "text", name: "g", codes: Int32Array.from(codes), levels };
}

function sizes({ codes, levels }: TextColumn): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const code of codes) {
    const level = levels[code] ?? "-";
    counts[level] = (counts[level] ?? 0) + 1;
  }
  return counts;
}

it("merges groups under the smallest size and leaves missing values apart", () => {
  const column = sliceColumn(groups({ a: 12, b: 9, c: 30, d: 1, "-": 4 }), open);
  expect(sizes(column)).toEqual({ a: 12, c: 30, "other groups": 10, "-": 4 });
  expect(column.levels).toEqual(["a", "c", "other groups"]);
});

it("leaves a single small group alone, unless it is sensitive: then the next smallest goes with it", () => {
  const column = groups({ a: 40, b: 20, c: 2 });
  expect(sizes(sliceColumn(column, open))).toEqual({ a: 40, b: 20, c: 2 });
  expect(sizes(sliceColumn(column, { ...open, sensitive: true }))).toEqual({ a: 40, "other groups": 22 });
});

it("keeps a small group that a gate names", () => {
  const column = groups({ a: 40, b: 3, c: 2, d: 1 });
  expect(sizes(sliceColumn(column, { ...open, named: ["b"] }))).toEqual({ a: 40, b: 3, "other groups": 3 });
});

it("keeps the 200 largest of more groups", () => {
  const many = Object.fromEntries(Array.from({ length: 250 }, (_, place) => [`g${place}`, 10 + (place % 3)]));
  expect(sliceColumn(groups(many), open).levels).toHaveLength(201);
});

it("takes few numbers as they are and cuts many at the quartiles, in their order", () => {
  const few = sliceColumn(
    { kind: "number", name: "n", values: Float64Array.of(10, 2, 10, Number.NaN) },
    { ...open, smallestGroup: 1 },
  );
  expect(sizes(few)).toEqual({ "10": 2, "2": 1, "-": 1 });
  const values = Float64Array.from({ length: 100 }, (_, row) => 100 - row);
  const many = sliceColumn({ kind: "number", name: "n", values }, open);
  expect(sizes(many)).toEqual({
    "1: 1 to 25": 25,
    "2: above 25 to 50": 25,
    "3: above 50 to 75": 25,
    "4: above 75 to 100": 25,
  });
});

it("cuts numbers at the quantiles that are asked for, in names that sort in their order", () => {
  const values = Float64Array.from({ length: 120 }, (_, row) => row + 1);
  const { levels } = sliceColumn({ kind: "number", name: "n", values }, { ...open, quantiles: 12 });
  expect(levels).toHaveLength(12);
  expect([levels[0], levels[1], levels[11]]).toEqual(["01: 1 to 10", "02: above 10 to 20", "12: above 110 to 120"]);
});

it("names quantiles by six digits, and by more where two ends would look the same", () => {
  const named = (ends: number[]) =>
    sliceColumn(
      { kind: "number", name: "n", values: Float64Array.from(ends) },
      { ...open, smallestGroup: 1, quantiles: ends.length },
    ).levels;
  expect(named([0.1 + 0.2, 1234567, 2345678.25])).toEqual([
    "1: 0.3 to 0.3",
    "2: above 0.3 to 1234567",
    "3: above 1234567 to 2345680",
  ]);
  expect(named([0.12345671, 0.12345679])).toEqual(["1: 0.1234567 to 0.1234567", "2: above 0.1234567 to 0.1234568"]);
});

it("cuts few different numbers too when it is told to, and makes one group of equal ends", () => {
  const values = Float64Array.from({ length: 40 }, (_, row) => (row < 30 ? 1 : 2));
  const column = sliceColumn({ kind: "number", name: "n", values }, { ...open, quantiles: 4 });
  expect(sizes(column)).toEqual({ "1: 1 to 1": 30, "2: above 1 to 2": 10 });
});

const ages: Column = { kind: "number", name: "age", values: Float64Array.from({ length: 40 }, (_, row) => row) };
const sex: Column = { ...groups({ F: 20, M: 18, "-": 2 }), name: "sex" };
const asked: DeclaredSlices = {
  declarations: [["sex", "age"], { column: "age", quantiles: 2 }],
  columns: [ages, sex],
  isSensitive: () => false,
  smallestGroup: 1,
  named: () => [],
};

it("pairs columns under both names, with the quantiles that one of them declares, and keeps missing values apart", () => {
  const [pair] = declaredSlices(asked);
  expect(pair.name).toBe("sex × age");
  expect(sizes(pair)).toEqual({
    "F × 1: 0 to 19": 20,
    "M × 2: above 19 to 39": 18,
    "(missing) × 2: above 19 to 39": 2,
  });
});

it("takes rows where both columns of a pair are missing as missing", () => {
  const other: Column = { ...groups({ a: 30, b: 9, "-": 1 }), name: "g" };
  const [pair] = declaredSlices({ ...asked, declarations: [["sex", "g"]], columns: [sex, other] });
  expect(sizes(pair)).toEqual({ "F × a": 20, "M × a": 10, "M × b": 8, "(missing) × b": 1, "-": 1 });
});

it("merges small pairs, but for one that a gate names", () => {
  const other: Column = { ...groups({ a: 33, b: 4, c: 3 }), name: "g" };
  const small = { ...asked, declarations: [["sex", "g"]] as const, columns: [sex, other], smallestGroup: 6 };
  expect(sizes(declaredSlices(small)[0])).toEqual({ "F × a": 20, "M × a": 13, "other groups": 7 });
  const [named] = declaredSlices({ ...small, named: (slice) => (slice === "sex × g" ? ["M × b"] : []) });
  expect(sizes(named)).toMatchObject({ "M × b": 4 });
});

it("shows of a pair what both columns show", () => {
  const [pair] = declaredSlices({ ...asked, isSensitive: (name) => name === "sex" });
  expect(pair.levels).toContain("F × 1: 0 to 19");
  expect(pair.shown).toEqual([
    "(missing) × 2: above 19 to 39",
    "(value 1) × 1: 0 to 19",
    "(value 2) × 2: above 19 to 39",
  ]);
});
