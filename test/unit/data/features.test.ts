import { rm } from "node:fs/promises";
import { afterEach, beforeEach, expect, it } from "vitest";
import { type Database, openDatabase } from "../../../src/data/duckdb.ts";
import { type FeatureView, type Part, parts, prepareFeatures } from "../../../src/data/features.ts";
import type { StepContext } from "../../../src/kit/step.ts";
import { aFolderWith, collectIn, mistake, writeFiles } from "../../support/builders/collecting.ts";

let database: Database;
beforeEach(async () => {
  database = await openDatabase();
});
afterEach(() => database.close());

const people = `id,age,city,when,y\n${Array.from({ length: 60 }, (_, n) => `p${n},${20 + (n % 7)},c${n % 3},2026-01-01 ${String(n % 24).padStart(2, "0")}:00:00,${n}`).join("\n")}\n`;

/** A project whose rows are collected, with features.sql. */
async function aProjectWith(
  sql: string | null,
  data: Record<string, unknown> = {},
  files: Record<string, string> = {},
): Promise<StepContext> {
  const features = sql === null ? {} : { features: "features.sql" };
  const context = await aFolderWith({ "data.csv": people, ...files }, { ...features, ...data });
  await collectIn(context);
  if (sql !== null) await writeFiles(context.model.folder, { "features.sql": sql });
  return context;
}

function prepare(context: StepContext, asked: readonly Part[] = parts): Promise<FeatureView> {
  const { spec, folder } = context.model;
  return prepareFeatures(database, { spec, folder, snapshot: context.folder.snapshot, parts: asked });
}

async function mistakeOf(sql: string, data: Record<string, unknown> = {}) {
  return mistake(prepare(await aProjectWith(sql, data)));
}

it("takes all columns but the label and those with a role when there is no features.sql", async () => {
  const context = await aProjectWith(null, { key: "id", time: "when", drop: ["city"] });
  const view = await prepare(context);
  expect(view.columns).toEqual([{ name: "age", kind: "number" }]);
  const [row] = await database.query(`select * from ${view.relation}`);
  expect(row).toEqual({ row_id: "p0", mlops_part: expect.any(String), age: "20" });
});

it("gives only the rows of the asked parts, in the order of the snapshot", async () => {
  const context = await aProjectWith("select row_id, age + 1 as older, city from data order by city;", { key: "id" });
  const view = await prepare(context, ["test"]);
  expect(view.columns).toEqual([
    { name: "older", kind: "number" },
    { name: "city", kind: "text" },
  ]);
  const rows = await database.query(`select row_id, mlops_part from ${view.relation}`);
  const expected = await database.query(
    `select row_id, mlops_part from '${context.folder.snapshot}' where mlops_part = 'test' order by mlops_row`,
  );
  expect(rows).toEqual(expected);
  expect(rows.length).toBeGreaterThan(10);
});

it("joins named sources", async () => {
  const sql = "select row_id, age, rank from people left join cities using (city)";
  const source = [
    { name: "people", path: "data.csv" },
    { name: "cities", path: "cities.csv" },
  ];
  const context = await aProjectWith(sql, { source }, { "cities.csv": "city,rank\nc0,10\nc1,20\nc2,30\n" });
  const view = await prepare(context);
  expect(await database.query(`select distinct rank from ${view.relation} order by rank`)).toEqual([
    { rank: "10" },
    { rank: "20" },
    { rank: "30" },
  ]);
});

it("hides the label and the split", async () => {
  for (const hidden of ["y", "mlops_part", "mlops_row"]) {
    const error = await mistakeOf(`select row_id,\n  ${hidden} as x\nfrom data`);
    expect(error).toMatchObject({ code: "features_invalid", where: "features.sql:2:3" });
  }
});

it("points at the line and column of a mistake in the SQL", async () => {
  expect(await mistakeOf("-- features\nselect row_id,\n  aeg * 2 as x from data")).toMatchObject({
    code: "features_invalid",
    where: "features.sql:3:3",
    message: expect.stringContaining('"aeg" not found'),
  });
  expect(await mistakeOf("select row_id,\n  age + from data")).toMatchObject({ where: "features.sql:2:9" });
  expect(await mistakeOf("select row_id, age::date as x from data")).toMatchObject({ code: "features_invalid" });
});

it.each([
  ["two statements", "select row_id, age from data; select 1"],
  ["a statement that is no SELECT", "create table t as select * from data"],
  ["COPY", "copy data to '/tmp/mlops-out.csv'"],
  ["ATTACH", "attach '/tmp/mlops.db'"],
  ["INSTALL", "install httpfs"],
  ["SET", "set enable_external_access = true"],
  ["a comment only", "-- nothing"],
])("refuses %s", async (_what, sql) => {
  expect(await mistakeOf(sql)).toMatchObject({ code: "features_invalid" });
});

it.each([
  ["read_csv", "select row_id, x.* from data, read_csv('/etc/passwd') x"],
  ["read_text in a subquery", "select row_id, (select content from read_text('/etc/passwd')) as x from data"],
  ["a file as a table", "select row_id, age from data, '/etc/passwd'"],
  [
    "a file under the name of a WITH table elsewhere",
    'select row_id, age from (with "/etc/hostname" as (select 1) select 1), "/etc/hostname", data',
  ],
  ["glob", "select row_id, (select count(*) from glob('/*')) as x from data"],
  ["settings", "select row_id, current_setting('home_directory') as x from data"],
  ["the catalog", "select row_id, (select count(*) from information_schema.tables) as x from data"],
  ["tables of the engine", "select row_id, (select count(*) from duckdb_settings()) as x from data"],
  ["SQL in a text", "select row_id, x.* from data, query('select 1') x"],
  ["the clock", "select row_id, now() as x from data"],
  ["the clock as a word", "select row_id, year(current_date) - age as x from data"],
  ["chance", "select row_id, random() as x from data"],
  ["a sample", "select row_id, age from data using sample 10"],
  ["the environment", "select row_id, getenv('PATH') as x from data"],
  ["another table of the connection", "select row_id, age from mlops_features_1"],
  ["the clock as a default", "select row_id, epoch(age(age::varchar::timestamp)) as x from data"],
  ["the list of tables", "select row_id, x.* from data, (show tables) x"],
  ["a summary", "select row_id, x.q50 from data, (summarize data) x"],
  [
    "a view of the engine under the name of a WITH table elsewhere",
    "select row_id, (with duckdb_tables as (select 1 as a) select max(a) from duckdb_tables) as q, (select max(estimated_size) from duckdb_tables) as x from data",
  ],
])("refuses %s", async (_what, sql) => {
  const error = await mistakeOf(sql);
  // By the walk over its syntax, not only by the engine.
  expect(error.code).toBe("features_not_allowed");
  expect(error.where).toMatch(/^features\.sql/);
});

it.each([
  ["a logarithm of a negative number", "select row_id, ln(age - 1000) as x from data"],
  ["a root of one", "select row_id, sqrt(age - 1000) as x from data"],
  ["a number that is too large", "select row_id, (age::bigint * 9223372036854775807)::bigint as x from data"],
])("calls %s a mistake in the SQL", async (_what, sql) => {
  expect(await mistakeOf(sql)).toMatchObject({ code: "features_invalid", where: "features.sql" });
});

it("lets a WITH table have the name of a source", async () => {
  const context = await aProjectWith("with data as (select row_id, age * 2 as twice from data) select * from data");
  expect((await prepare(context)).columns).toEqual([{ name: "twice", kind: "number" }]);
});

it.each([
  ["lost", "select row_id, age from data where age < 24"],
  ["repeated", "select row_id, age, u from data, (select unnest([1, 2]) as u)"],
  ["added", "select 'new' || row_id as row_id, age from data"],
])("says how many rows were %s", async (what, sql) => {
  expect(await mistakeOf(sql)).toMatchObject({ code: "features_rows_changed", message: expect.stringContaining(what) });
});

it("wants row_id, a feature, and each name once", async () => {
  expect(await mistakeOf("select age from data")).toMatchObject({ code: "features_rows_changed" });
  expect(await mistakeOf("select row_id from data")).toMatchObject({ code: "features_invalid" });
  expect(await mistakeOf("select row_id, age, city as age from data")).toMatchObject({ code: "features_invalid" });
});

it.each([
  ["an average over rows", "select row_id, age - avg(age) over () as x from data"],
  ["the row before", "select row_id, lag(age) over (order by row_id) as x from data"],
  ["a count in a group", "select row_id, count(*) over (partition by city) as x from data"],
  ["an aggregate in a subquery", "select row_id, (select sum(age) from data) as x from data"],
])("finds that %s is not made of the row alone", async (_what, sql) => {
  expect(await mistakeOf(sql)).toMatchObject({
    code: "features_not_row_wise",
    message: expect.stringContaining('"x"'),
  });
});

it("takes an aggregate of another source, which is the same for every row", async () => {
  const source = [
    { name: "people", path: "data.csv" },
    { name: "cities", path: "cities.csv" },
  ];
  const sql = "select row_id, (select max(rank) from cities) as top from people";
  const context = await aProjectWith(sql, { source }, { "cities.csv": "city,rank\nc0,10\n" });
  expect((await prepare(context)).columns).toEqual([{ name: "top", kind: "number" }]);
});

it("refuses a time as a feature, and says what to make of it", async () => {
  const plain = await mistake(prepare(await aProjectWith(null, { key: "id" })));
  expect(plain).toMatchObject({ code: "feature_is_time", where: "when", fix: expect.stringContaining("data.drop") });
  expect(await mistakeOf('select row_id, "when"::date as day from data')).toMatchObject({ code: "feature_is_time" });
});

it("says when the file is missing", async () => {
  const context = await aProjectWith("");
  await rm(`${context.model.folder}/features.sql`);
  expect(await mistake(prepare(context))).toMatchObject({ code: "file_missing", where: "features.sql" });
});

it.each([
  "select row_id, age from data; -- the end",
  "select row_id, age from data;\n/* two\n lines; */ -- and one\n;\n",
  "select row_id, age from data -- a; b",
])("takes what closes the statement, and comments, off %j", async (sql) => {
  expect((await prepare(await aProjectWith(sql))).columns).toEqual([{ name: "age", kind: "number" }]);
});

it("leaves a semicolon in a text or a quoted name", async () => {
  const view = await prepare(await aProjectWith("select row_id, concat(city, ';--') as \"a;--\" from data"));
  expect(view.columns).toEqual([{ name: "a;--", kind: "text" }]);
});

it("refuses a second statement after a comment", async () => {
  expect(await mistakeOf("select row_id, age from data; -- one\nselect 2;")).toMatchObject({
    code: "features_invalid",
  });
});
