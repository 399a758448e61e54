import { afterEach, expect, it } from "vitest";
import { type Database, openDatabase } from "../../../src/data/duckdb.ts";
import { readTable } from "../../../src/data/read-table.ts";

let database: Database;
afterEach(() => database.close());

it("reads numbers, booleans and decimals as doubles with NaN for missing", async () => {
  database = await openDatabase();
  const table = await readTable(
    database,
    "select * from (values (1, true, 1.5, 7::bigint), (null, null, null, null), (3, false, -2.5, 9)) t(i, b, d, l)",
  );
  expect(table).toEqual({
    rows: 3,
    columns: [
      { kind: "number", name: "i", values: Float64Array.of(1, Number.NaN, 3) },
      { kind: "number", name: "b", values: Float64Array.of(1, Number.NaN, 0) },
      { kind: "number", name: "d", values: Float64Array.of(1.5, Number.NaN, -2.5) },
      { kind: "number", name: "l", values: Float64Array.of(7, Number.NaN, 9) },
    ],
  });
});

it("reads texts by dictionary, sorted by code unit, with -1 for missing", async () => {
  database = await openDatabase();
  // U+1F600 comes after U+FF21 by code point and before it by code unit.
  const table = await readTable(database, "select unnest(['Ａ', '😀', null, 'b', '', 'b']) as \"it's \"\"t\"\"\"");
  expect(table.columns).toEqual([
    { kind: "text", name: 'it\'s "t"', codes: Int32Array.of(3, 2, -1, 1, 0, 1), levels: ["", "b", "😀", "Ａ"] },
  ]);
});

it("keeps the order of rows over many chunks", async () => {
  database = await openDatabase({ threads: 2 });
  await database.run("create table t as select i, 'v' || (i % 10) as s from range(200000) r(i)");
  const table = await readTable(database, "select * from t");
  const [numbers, texts] = table.columns;
  expect(numbers?.kind === "number" && numbers.values.every((value, row) => value === row)).toBe(true);
  expect(texts?.kind === "text" && texts.codes.every((code, row) => code === row % 10)).toBe(true);
});

it("reads a column of missing texts, and no rows at all", async () => {
  database = await openDatabase();
  const missing = await readTable(database, "select null::varchar as a from range(2)");
  expect(missing.columns).toEqual([{ kind: "text", name: "a", codes: Int32Array.of(-1, -1), levels: [] }]);
  expect(await readTable(database, "select 'x' as a, 1 as b where false")).toEqual({
    rows: 0,
    columns: [
      { kind: "text", name: "a", codes: new Int32Array(0), levels: [] },
      { kind: "number", name: "b", values: new Float64Array(0) },
    ],
  });
});

it("reads a column of more levels than codes in SQL are good for, in order", async () => {
  database = await openDatabase({ threads: 2 });
  await database.run(
    "create table t as select case when i % 1000 = 7 then null else 'row \"' || (i * 7919 % 100003) end as s from range(70000) r(i)",
  );
  const { columns } = await readTable(database, "select * from t");
  const [column] = columns;
  const text = (row: number) => (column?.kind === "text" ? column.levels[column.codes[row] ?? -1] : undefined);
  expect(text(7)).toBeUndefined();
  expect([0, 1, 65_535, 69_999].map(text)).toEqual(
    [0, 1, 65_535, 69_999].map((row) => `row "${(row * 7919) % 100_003}`),
  );
  expect(
    column?.kind === "text" && column.levels.every((level, n) => n === 0 || (column.levels[n - 1] ?? "") < level),
  ).toBe(true);
});

it("reads texts with quotes and NUL", async () => {
  database = await openDatabase();
  const { columns } = await readTable(database, "select unnest(['it''s', 'a' || chr(0) || 'b']) as s, 'x''y' as q");
  expect(columns.map((column) => (column.kind === "text" ? column.levels : []))).toEqual([["a\0b", "it's"], ["x'y"]]);
});
