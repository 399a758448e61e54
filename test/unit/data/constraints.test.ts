import { expect, it } from "vitest";
import { literal } from "../../../src/data/duckdb.ts";
import { profileOracle } from "../../support/builders/profile-oracle.ts";
import { findingsOf, validate } from "../../support/builders/validation.ts";
import { sharedData } from "../../support/shared-data.ts";

/** Validates one column `x` (SQL of row `r`, 1 to 20) under one expectation. */
async function check(x: string, expectation: Record<string, unknown>) {
  const rows = `select ${x} as x, r as other, r % 2 = 0 as y from range(1, 21) t(r)`;
  const { findings } = await validate({ rows, data: { expect: { columns: { x: expectation } } } });
  return findings.filter(({ severity, subject }) => severity === "error" && subject === "x");
}

it("passes what holds", async () => {
  const columns = {
    i: { type: "integer", min: 1, max: 20, missing: 0, unique: true },
    n: { type: "number", min: 0.5, max: 10 },
    t: { type: "text", one_of: ["a", "b"], matches: "[ab]" },
    b: { type: "boolean", one_of: [true, false] },
    d: { type: "date", min: "2001-01-02", max: "2001-01-21" },
    s: { type: "timestamp", min: "2001-01-01 01:00:00", max: "2001-01-01 20:00:00" },
    h: { missing: 0.5 },
  };
  const rows = `select r as i, r / 2 as n, case r % 2 when 0 then 'a' else 'b' end as t, r % 3 = 0 as b, date '2001-01-01' + r::int as d,
    timestamp '2001-01-01' + to_hours(r) as s, case when r % 2 = 0 then r end as h, r % 2 = 0 as y from range(1, 21) t(r)`;
  const { findings } = await validate({ rows, data: { expect: { rows: { min: 20, max: 20 }, columns } } });
  expect(findings.filter(({ severity }) => severity === "error")).toEqual([]);
});

it("names count, share, five rows and values of what is below the minimum", async () => {
  expect(await check("r", { min: 9 })).toEqual([
    {
      code: "value_below_min",
      severity: "error",
      subject: "x",
      message: "8 of 20 values (40 %) are below 9",
      measured: { count: 8, share: 0.4, rows: [1, 2, 3, 4, 5], examples: ["1", "2", "3", "4", "5"] },
      expected: { min: 9 },
    },
  ]);
});

it("shows rows but no values of a sensitive column", async () => {
  const [finding] = await check("'person ' || r % 3", { one_of: ["person 0"], sensitive: true });
  expect(finding?.measured).toEqual({ count: 14, share: 0.7, rows: [1, 2, 4, 5, 7] });
});

it.each([
  ["max of numbers", "r", { max: 19 }, "value_above_max", 1],
  ["infinity above max", "case when r = 3 then 'inf'::double else r end", { max: 100 }, "value_above_max", 1],
  ["min of dates", "date '2001-01-01' + r::int", { min: "2001-01-04" }, "value_below_min", 2],
  ["max of timestamps", "timestamp '2001-01-01' + to_hours(r)", { max: "2001-01-01 19:30:00" }, "value_above_max", 1],
  [
    "bounds of times with a zone",
    "timestamptz '2001-01-01 00:00:00+00' + to_hours(r)",
    { min: "2001-01-01 02:00:00" },
    "value_below_min",
    1,
  ],
  ["numbers outside a list", "r % 4", { one_of: [0, "1", 2] }, "value_not_allowed", 5],
  ["texts outside a list", "'it''s ' || r % 2", { one_of: ["it's 0"] }, "value_not_allowed", 10],
  ["a pattern for the whole value", "'ab' || r", { matches: "ab[0-9]" }, "pattern_mismatch", 11],
  ["missing beyond the share", "case when r > 2 then r end", { missing: 0.05 }, "missing_share_too_high", 2],
  ["NaN as missing", "case when r > 2 then r else 'nan'::double end", { missing: 0 }, "missing_share_too_high", 2],
  ["values given twice", "least(r, 17)", { unique: true }, "not_unique", 3],
  ["fractions among integers", "case when r = 5 then 0.5 else r end", { type: "integer" }, "type_mismatch", 1],
  [
    "fractions among texts of integers",
    "case when r = 5 then '1.5' else r::varchar end",
    { type: "integer" },
    "type_mismatch",
    1,
  ],
  ["texts among numbers", "case when r = 5 then 'abc' else r::varchar end", { type: "number" }, "type_mismatch", 1],
  ["numbers that should be texts", "r", { type: "text" }, "type_mismatch", 20],
  [
    "texts that are no dates",
    "case when r < 4 then '2001-02-30' else '2001-02-03' end",
    { type: "date" },
    "type_mismatch",
    3,
  ],
  ["times of day in a date", "timestamp '2001-01-01' + to_hours(12 * r)", { type: "date" }, "type_mismatch", 10],
  ["numbers other than 0 and 1", "r % 3", { type: "boolean" }, "type_mismatch", 7],
] as const)("finds %s", async (_, x, expectation, code, count) => {
  expect(await check(x, expectation)).toMatchObject([{ code, measured: { count } }]);
});

it.each([
  ["whole floating-point numbers as integers", "r::double", { type: "integer" }],
  ["0 and 1 as booleans", "r % 2", { type: "boolean" }],
  [
    "missing values under every rule but missing",
    "null::bigint",
    { min: 1, max: 2, one_of: [1], unique: true, type: "integer" },
  ],
  ["missing texts under a pattern", "null::varchar", { matches: "a", one_of: ["b"] }],
] as const)("accepts %s", async (_, x, expectation) => {
  expect(await check(x, expectation)).toEqual([]);
});

it("says when a column is stored as text although each value reads as the declared type", async () => {
  expect(await check("r::varchar", { type: "integer" })).toMatchObject([
    { code: "type_mismatch", measured: { type: "VARCHAR" }, message: expect.stringContaining("stored as VARCHAR") },
  ]);
});

it("finds a column that is not there unless it need not be, and points at one that differs in case", async () => {
  const rows = "select r as Age, r % 2 = 0 as y from range(1, 21) t(r)";
  const columns = { age: { min: 0 }, gone: {}, optional: { required: false, min: 1 } };
  const found = findingsOf(await validate({ rows, data: { expect: { columns } } }), "column_missing");
  expect(found.map(({ subject }) => subject)).toEqual(["age", "gone"]);
  expect(found[0]?.message).toContain("Age");
});

it("finds too few and too many rows", async () => {
  const rows = "select r as x, r % 2 = 0 as y from range(1, 21) t(r)";
  for (const bounds of [{ min: 21 }, { max: 19 }]) {
    const found = await validate({ rows, data: { expect: { rows: bounds } } });
    expect(findingsOf(found, "row_count_out_of_range")).toMatchObject([{ measured: { count: 20 }, expected: bounds }]);
  }
});

it.each([
  ["a bound that is no date", "date '2001-01-01' + r::int", { min: "soon" }, "min"],
  ["a number as a bound of dates", "date '2001-01-01' + r::int", { max: 3 }, "max"],
  ["a text as a bound of numbers", "r", { max: "many" }, "max"],
  ["a pattern that is no regular expression", "'a'", { matches: "(" }, "matches"],
] as const)("refuses %s with its place in model.yml", async (_, x, expectation, key) => {
  await expect(check(x, expectation)).rejects.toMatchObject({
    code: "spec_invalid_value",
    where: `model.yml data.expect.columns.x.${key}`,
  });
});

it("checks columns whose names hold quotes, emoji and SQL", async () => {
  const name = `x"'; drop table t; -- 😀`;
  const rows = `select r as "${name.replaceAll('"', '""')}", r % 2 = 0 as y from range(1, 21) t(r)`;
  const expectation = { type: "integer", min: 2, unique: true, missing: 0, one_of: [2, 3] };
  const found = await validate({ rows, data: { expect: { columns: { [name]: expectation } } } });
  expect(findingsOf(found, "value_below_min", name)).toMatchObject([{ measured: { count: 1, rows: [1] } }]);
  expect(findingsOf(found, "value_not_allowed", name)).toMatchObject([{ measured: { count: 18 } }]);
});

const diamonds = sharedData("diamonds.csv");
it.skipIf(diamonds === null)("finds the 20 diamonds without a dimension (needs ../shared/data)", async () => {
  const columns = { x: { min: 0.01 }, y: { min: 0.01 }, z: { min: 0.01 } };
  const data = { label: "price", expect: { columns } };
  const found = await validate({
    rows: `select * from read_csv(${literal(diamonds ?? "")})`,
    task: "regression",
    data,
  });
  const zero = profileOracle().diamonds.zero_dimension_rows ?? [];
  expect(zero).toHaveLength(20);
  const counts = ["x", "y", "z"].map((name) => findingsOf(found, "value_below_min", name)[0]?.measured);
  expect(counts).toMatchObject([{ count: 8 }, { count: 7 }, { count: 20, rows: zero.slice(0, 5) }]);
});

it("compares a column of single precision as it holds numbers", async () => {
  expect(await check("0.1::float", { max: 0.1, min: 0.1 })).toEqual([]);
  expect(await check("case when r % 2 = 0 then 0.1 else 0.2 end::float", { one_of: [0.1, 0.2] })).toEqual([]);
  expect(await check("0.3::float", { max: 0.2 })).toHaveLength(1);
});

it.each([
  ["integer", "case when r = 7 then 'x' else r || '.0' end"],
  ["number", "case when r = 7 then '1_000' else r || '.5' end"],
  ["boolean", "case when r = 7 then 'maybe' else 'true' end"],
  ["date", "case when r = 7 then '2024-01-05 10:00:00' else '2024-01-' || (r + 9) end"],
])("counts as no %s what collecting could not read as one, and nothing else", async (type, x) => {
  const [finding] = await check(x, { type });
  expect(finding).toMatchObject({ code: "type_mismatch", measured: { count: 1, rows: [7] } });
});
