import { afterEach, beforeEach, expect, it } from "vitest";
import { contentDigest } from "../../../src/data/digest.ts";
import { type Database, literal, openDatabase } from "../../../src/data/duckdb.ts";
import { describeQuery } from "../../../src/data/read-table.ts";
import { canonicalJson, sha256 } from "../../../src/kit/digest.ts";
import { scratchFolder } from "../../support/scratch.ts";

let database: Database;
beforeEach(async () => {
  database = await openDatabase();
});
afterEach(() => database.close());

async function digestOf(select: string, on: Database = database): Promise<string> {
  const relation = `(select row_number() over () as n, * from (${select}))`;
  const columns = await describeQuery(on, select);
  return contentDigest(on, { relation, columns, order: "n" });
}

const mixed = `select i::integer as i, i / 7 as d, (i % 3 = 0) as b, 'level ' || i % 40 as s, sha256(i::varchar) as long,
  case when i % 5 = 0 then null else i end as holes, date '2026-01-01' + (i % 100)::int as day,
  timestamp '2026-01-01' + to_seconds(i) as at, (i / 3)::decimal(18, 3) as money from range(150000) r(i)`;

it("is equal for other row groups, compression and thread counts", async () => {
  const folder = await scratchFolder();
  const layouts = ["row_group_size 2048, compression snappy", "row_group_size 1000000, compression zstd"];
  const digests: string[] = [];
  for (const [index, layout] of layouts.entries()) {
    const path = `${folder}/${index}.parquet`;
    await database.run(`copy (${mixed}) to ${literal(path)} (format parquet, ${layout})`);
    for (const threads of [1, 3]) {
      const other = await openDatabase({ threads });
      const relation = `(select *, file_row_number as n from read_parquet(${literal(path)}, file_row_number = true))`;
      const columns = await describeQuery(other, mixed);
      digests.push(await contentDigest(other, { relation, columns, order: "n" }));
      other.close();
    }
  }
  expect(digests).toEqual(digests.map(() => digests[0]));
});

it.each([
  ["a value", "select 1 as a", "select 2 as a"],
  ["a text", "select 'a' as a", "select 'b' as a"],
  ["missing to empty", "select null::varchar as a", "select '' as a"],
  ["missing to zero", "select null::integer as a", "select 0 as a"],
  ["missing to false", "select null::boolean as a", "select false as a"],
  ["a type", "select 1::integer as a", "select 1::bigint as a"],
  ["a number to its text", "select 1 as a", "select '1' as a"],
  ["a name", "select 1 as a", "select 1 as b"],
  ["the order of rows", "select unnest([1, 2]) as a", "select unnest([2, 1]) as a"],
  ["the order of texts", "select unnest(['a', 'b']) as a", "select unnest(['b', 'a']) as a"],
  ["which row is missing", "select unnest([1, null, 0]) as a", "select unnest([1, 0, null]) as a"],
  ["values between columns", "select 1 as a, 2 as b", "select 2 as a, 1 as b"],
  ["where a text ends", "select unnest(['ab', 'c']) as a", "select unnest(['a', 'bc']) as a"],
  ["the sign of zero", "select 0.0::double as a", "select '-0.0'::double as a"],
  ["a microsecond", "select timestamp '2026-01-01 00:00:00.000001' as a", "select timestamp '2026-01-01' as a"],
  ["a row more", "select 1 as a", "select 1 as a union all select 1"],
])("changes with %s", async (_what, before, after) => {
  expect(await digestOf(before)).toBe(await digestOf(before));
  expect(await digestOf(after)).not.toBe(await digestOf(before));
});

it("changes with one text among more levels than are digested by codes", async () => {
  const texts = (last: string) =>
    `select case when i = 69999 then ${literal(last)} else 'text ' || i end as a from range(70000) r(i)`;
  expect(await digestOf(texts("x"))).not.toBe(await digestOf(texts("y")));
});

it("digests a wide table as it does a narrow one, and texts with a NUL or a quote", async () => {
  const narrow = await digestOf("select 'it''s' as c0, 'a' || chr(0) || 'b' as c1");
  expect(await digestOf("select 'it''s' as c0, 'a' || chr(0) || 'c' as c1")).not.toBe(narrow);
  const wide = Array.from({ length: 40 }, (_, n) => `'v' || (i % ${n + 2}) as c${n}`).join(", ");
  expect(await digestOf(`select ${wide} from range(10) r(i)`)).toBe(
    await digestOf(`select ${wide} from range(10) r(i)`),
  );
});

it("is made as its docstring says", async () => {
  const vector = (...parts: Uint8Array[]) => sha256(parts.map((part) => sha256(part)).join(" "));
  const bytes = (values: BigInt64Array | Int32Array | Float64Array) => new Uint8Array(values.buffer);
  const columns = [
    { name: "a", type: "INTEGER", sha256: vector(bytes(BigInt64Array.of(7n, 8n))) },
    { name: "b", type: "VARCHAR", sha256: sha256(`${sha256("1:x2:é")} ${vector(bytes(Int32Array.of(1, 0)))}`) },
    { name: "c", type: "DOUBLE", sha256: vector(bytes(Float64Array.of(0.5, 0)), Uint8Array.of(0, 1)) },
  ];
  const select = "select unnest([7, 8]) as a, unnest(['é', 'x']) as b, unnest([0.5::double, null]) as c";
  expect(await digestOf(select)).toBe(sha256(canonicalJson({ encoding: 1, rows: 2, columns })));
});

it("refuses rows that do not come in their order", async () => {
  const relation = "(select unnest([1, 3, 2]) as n, 'x' as a)";
  await expect(
    contentDigest(database, { relation, columns: [{ name: "a", type: "VARCHAR" }], order: "n" }),
  ).rejects.toThrow("out of order at 2");
});
