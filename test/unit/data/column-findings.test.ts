import { expect, it } from "vitest";
import { findingsOf, validate } from "../../support/builders/validation.ts";

const rows = (x: string) => `select ${x} as x, r as other, r % 2 as y from range(1, 41) t(r)`;

it.each([
  ["number", "7"],
  ["text", "'same'"],
  ["boolean", "true"],
  ["date", "date '2001-01-01'"],
  ["NULL-free sensitive text", "'same'"],
])("notes a constant %s", async (kind, x) => {
  const expectations = kind.includes("sensitive") ? { x: { sensitive: true } } : {};
  const found = await validate({ rows: rows(x), data: { expect: { columns: expectations } } });
  expect(findingsOf(found, "column_constant", "x")).toMatchObject([{ severity: "note" }]);
});

it("notes a column without any value, NaN included", async () => {
  for (const x of ["null::varchar", "'nan'::double", "null::date"]) {
    expect(findingsOf(await validate({ rows: rows(x) }), "column_all_missing", "x")).toMatchObject([
      { severity: "note" },
    ]);
  }
});

it("says nothing of two values, of one value beside missing ones, or of a dropped column", async () => {
  for (const x of ["r % 2", "case when r > 20 then 'a' end"]) {
    expect(findingsOf(await validate({ rows: rows(x) }), "column_constant")).toEqual([]);
  }
  expect(findingsOf(await validate({ rows: rows("1"), data: { drop: ["x"] } }), "column_constant")).toEqual([]);
});

it("warns of infinity in either direction with its rows, and does not count NaN", async () => {
  const x = "case r when 3 then 'inf' when 7 then '-inf' when 9 then 'nan' else r::varchar end::double";
  expect(findingsOf(await validate({ rows: rows(x) }), "infinite_values", "x")).toMatchObject([
    { severity: "warning", measured: { count: 2, share: 0.05, rows: [3, 7] } },
  ]);
});
