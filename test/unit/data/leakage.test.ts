import { expect, it } from "vitest";
import { literal } from "../../../src/data/duckdb.ts";
import { findingsOf, validate } from "../../support/builders/validation.ts";
import { sharedData } from "../../support/shared-data.ts";

const noise = "(r * 7919) % 1009";
const suspects = async (
  rows: string,
  task: "binary-classification" | "multiclass-classification" | "regression" = "binary-classification",
) => findingsOf(await validate({ rows, task }), "label_leakage_suspected");

it("suspects a number that separates two classes in either direction, and no noise", async () => {
  const rows = `select ${noise} as x, -${noise} as noise, case when ${noise} > 700 then -r - 9000 else r end as leak, ${noise} > 700 as y from range(1, 2001) t(r)`;
  const found = await suspects(
    `select leak, y, (r * 31) % 977 as noise from (select *, row_number() over () as r from (${rows}))`,
  );
  expect(found).toMatchObject([{ severity: "warning", subject: "leak", measured: { roc_auc: 1 } }]);
});

it("does not suspect a strong feature", async () => {
  const rows = `select y::int * 1.5 + (r * 7919 % 100) / 50 as strong, y from (select r, (r * 31) % 7 < 3 as y from range(1, 2001) t(r))`;
  expect(await suspects(rows)).toEqual([]);
});

it("suspects a text that gives the class away, and none whose values occur a few times only", async () => {
  const rows = `select 'code ' || y || r % 4 as code, 'name ' || r // 3 as name, (y + r) % 3 as other, y
    from (select r, (r * 7919) % 3 as y from range(1, 3001) t(r))`;
  const found = await suspects(rows, "multiclass-classification");
  expect(found.map(({ subject, measured }) => ({ subject, measured }))).toEqual([
    { subject: "code", measured: { lambda: 1 } },
  ]);
});

it("suspects that a value is missing only where the label is positive", async () => {
  const rows = `select case when y then null else ${noise} end as x, y from (select r, (r * 31) % 7 < 3 as y from range(1, 2001) t(r))`;
  expect(await suspects(rows)).toMatchObject([{ subject: "x", measured: { roc_auc: 1 } }]);
});

it("suspects a number that is the label in another unit", async () => {
  const rows =
    "select y * 0.45 + 3 as pounds, y + (r % 7) * 20 as close, y from (select r, (r * 7919) % 1009 as y from range(1, 2001) t(r))";
  expect(await suspects(rows, "regression")).toMatchObject([{ subject: "pounds" }]);
});

const adult = sharedData("adult.csv");
it.skipIf(adult === null)("suspects nothing in adult (needs ../shared/data)", async () => {
  const rows = `select * from read_csv(${literal(adult ?? "")}, nullstr = ['?'])`;
  expect(findingsOf(await validate({ rows, data: { label: "income" } }), "label_leakage_suspected")).toEqual([]);
});
