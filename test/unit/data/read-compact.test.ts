import { afterEach, beforeEach, expect, it } from "vitest";
import { type Database, openDatabase } from "../../../src/data/duckdb.ts";
import { type CompactColumn, readCompact, takeCompact, type WantedColumn } from "../../../src/data/read-compact.ts";

let database: Database;
beforeEach(async () => {
  database = await openDatabase({ threads: 2 });
});
afterEach(() => database.close());

const text = (name: string): WantedColumn => ({ name, as: "text" });

function textsOf(column: CompactColumn | undefined): (string | null)[] {
  if (column?.kind !== "text") throw new Error("no text column");
  return Array.from(column.codes, (code) => (code === 0 ? null : (column.levels[code] ?? null)));
}

it("reads numbers in the asked precision with NaN for missing, and texts by a sorted dictionary", async () => {
  const rows = "(select * from (values (1, 'b'), (null, null), (0.1, 'a')) t(n, s))";
  const { columns, rows: count } = await readCompact(database, rows, [
    { name: "n", as: "float32" },
    { name: "n", as: "float64" },
    text("s"),
  ]);
  expect(count).toBe(3);
  expect(columns[0]).toMatchObject({ values: Float32Array.of(1, Number.NaN, Math.fround(0.1)) });
  expect(columns[1]).toMatchObject({ values: Float64Array.of(1, Number.NaN, 0.1) });
  expect(columns[2]).toMatchObject({ codes: Uint8Array.of(2, 0, 1), levels: ["", "a", "b"] });
});

it("rounds numbers beyond those of single precision to infinity, as the arrays of this machine do", async () => {
  const rows = "(select unnest([1e300, -1e300, 3.5e38, 'inf'::double, 'nan'::double, null, 1e-60, 2.5]) as n)";
  const { columns } = await readCompact(database, rows, [{ name: "n", as: "float32" }]);
  expect(columns[0]).toMatchObject({
    values: Float32Array.from([1e300, -1e300, 3.5e38, Infinity, Number.NaN, Number.NaN, 1e-60, 2.5]),
  });
});

it("finds texts that only come after the rows it looked at first, in columns beside each other", async () => {
  // 'aa…' would be the first of the sorted levels; column u has nothing at all before row 50,000.
  await database.run(`create table t as select i,
    case when i = 60000 then 'aa "x"' when i % 7 = 0 then null else 'm' || (i % 5) end as s,
    case when i < 50000 then null else 'u' || (i % 3) end as u from range(70000) r(i)`);
  const { columns } = await readCompact(database, "t", [text("s"), { name: "i", as: "float64" }, text("u")], 10);
  const s = textsOf(columns[0]);
  expect([s[0], s[1], s[60_000], s[69_999]]).toEqual([null, "m1", 'aa "x"', "m4"]);
  expect(columns[0]).toMatchObject({ levels: ["", 'aa "x"', "m0", "m1", "m2", "m3", "m4"] });
  const u = textsOf(columns[2]);
  expect([u[49_999], u[50_000], u[69_999]]).toEqual([null, "u2", "u0"]);
});

it("has room for more levels than the first rows promised", async () => {
  await database.run(
    "create table t as select case when i < 40000 then 'x' else 'l' || i end as s from range(110000) r(i)",
  );
  const [column] = (await readCompact(database, "t", [text("s")])).columns;
  const texts = textsOf(column);
  expect([texts[0], texts[39_999], texts[40_000], texts[40_300], texts[109_999]]).toEqual([
    "x",
    "x",
    "l40000",
    "l40300",
    "l109999",
  ]);
  expect(column?.kind === "text" && column.codes).toBeInstanceOf(Uint32Array);
});

it("reads a column of a text a row, and texts with a NUL, which SQL cannot write", async () => {
  await database.run(
    "create table t as select 'id ' || i as s, 'a' || chr(0) || (i % 2) as z, i as v0 from range(30000) r(i)",
  );
  const { columns } = await readCompact(database, "t", [text("s"), text("z"), text("v0")]);
  expect(textsOf(columns[0])[29_999]).toBe("id 29999");
  expect(textsOf(columns[1]).slice(0, 2)).toEqual(["a\0" + "0", "a\0" + "1"]);
  expect(textsOf(columns[2])[12_345]).toBe("12345");
});

it("reads no rows, and no columns", async () => {
  expect(
    await readCompact(database, "(select 1 as a, 'x' as b where false)", [{ name: "a", as: "float32" }, text("b")]),
  ).toEqual({
    rows: 0,
    columns: [
      { kind: "number", name: "a", values: new Float32Array(0) },
      { kind: "text", name: "b", codes: new Uint8Array(0), levels: [""] },
    ],
  });
  expect(await readCompact(database, "range(5)", [])).toEqual({ rows: 5, columns: [] });
});

it("takes columns that were read already as if they were read again, and none where one has another form", async () => {
  await database.run("create table t as select i / 10 as n, 'a' || (i % 3) as s from range(100) r(i)");
  const doubles = await readCompact(database, "t", [{ name: "n", as: "float64" }, text("s")]);
  const wanted: WantedColumn[] = [text("s"), { name: "n", as: "float32" }];
  expect(takeCompact(doubles.columns, wanted)).toEqual((await readCompact(database, "t", wanted)).columns);
  expect(takeCompact(doubles.columns, [text("n")])).toBeNull();
  expect(takeCompact(doubles.columns, [{ name: "s", as: "float32" }])).toBeNull();
  expect(takeCompact(doubles.columns, [text("other")])).toBeNull();
});
