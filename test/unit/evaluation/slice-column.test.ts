import { expect, it } from "vitest";
import { sliceColumn } from "../../../src/evaluation/slice-column.ts";
import type { TextColumn } from "../../../src/stats/table.ts";

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
