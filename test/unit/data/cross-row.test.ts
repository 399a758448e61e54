import { describe, expect, it } from "vitest";
import { checkCrossRow } from "../../../src/data/cross-row.ts";
import { literal, openDatabase } from "../../../src/data/duckdb.ts";
import { profileOracle } from "../../support/builders/profile-oracle.ts";
import { findingsOf, validate } from "../../support/builders/validation.ts";
import { sharedData } from "../../support/shared-data.ts";

const distinctRows = "select r as a, r * 2 as b, r % 2 = 0 as y from range(1, 101) t(r)";

it("finds nothing in rows that differ", async () => {
  const { findings } = await validate({ rows: distinctRows });
  const codes = findings.map(({ code }) => code);
  for (const code of ["duplicate_rows", "train_test_overlap", "conflicting_labels"]) expect(codes).not.toContain(code);
});

it("counts copies beyond the first and names them by their row in the source", async () => {
  const rows = `${distinctRows} union all by name select 7 as a, 14 as b, false as y from range(3)`;
  const found = await validate({ rows });
  expect(findingsOf(found, "duplicate_rows")).toMatchObject([
    { severity: "warning", measured: { count: 3, share: 3 / 103, groups: 1, rows: [103] } },
  ]);
});

it("takes missing values and NaN in the same places as equal", async () => {
  const rows = `${distinctRows} union all by name (select unnest([null, null, 'nan', 'nan'])::double as a, null as b, true as y)`;
  expect(findingsOf(await validate({ rows }), "duplicate_rows")).toMatchObject([{ measured: { count: 2, groups: 2 } }]);
});

describe("rows on both sides of the split", () => {
  // The builder makes each fifth row a test row: a copy of row r at row r + 1 crosses the split where r + 1 is one.
  const copied = (share: number) =>
    `select (case when r % 5 = 0 and r <= ${share} * 1000 then r - 1 else r end) as a, (r - (r % 5 = 0)::int) % 2 as y, r as id from range(1, 1001) t(r)`;

  it("warns up to 5 % of the test rows", async () => {
    const found = await validate({ rows: copied(0.05), data: { key: "id" } });
    expect(findingsOf(found, "train_test_overlap")).toMatchObject([
      { severity: "warning", measured: { count: 10, share: 0.05, rows: [5, 10, 15, 20, 25] } },
    ]);
  });

  it("is an error above", async () => {
    const found = await validate({ rows: `select a, y from (${copied(0.06)})` });
    expect(findingsOf(found, "train_test_overlap")).toMatchObject([{ severity: "error", measured: { count: 12 } }]);
  });

  it("stays a warning where a key says that equal rows are different cases", async () => {
    const found = await validate({ rows: copied(0.5), data: { key: "id" } });
    expect(findingsOf(found, "train_test_overlap")).toMatchObject([{ severity: "warning", measured: { count: 100 } }]);
  });
});

it("finds equal features with different labels, and leaves out what is no feature", async () => {
  const rows = "select r // 2 as a, r as dropped, r as id, r % 2 as y from range(2, 42) t(r)";
  const data = { key: "id", drop: ["dropped"] };
  const found = await validate({ rows, data });
  expect(findingsOf(found, "conflicting_labels", "y")).toMatchObject([
    { severity: "warning", measured: { count: 40, groups: 20, rows: [1, 3, 5, 7, 9] } },
  ]);
  const kept = await validate({ rows, data: { ...data, features: "features.sql" } });
  expect(findingsOf(kept, "conflicting_labels")).toEqual([]);
});

it("does not call equal features with different numbers a conflict", async () => {
  const rows = "select r // 2 as a, r as y from range(2, 42) t(r)";
  expect(findingsOf(await validate({ rows, task: "regression" }), "conflicting_labels")).toEqual([]);
});

it("finds keys that are given twice or missing", async () => {
  const rows =
    "select case when r = 9 then null else least(r, 18) end as id, 1 as part, r as a, r % 2 as y from range(1, 21) t(r)";
  const found = await validate({ rows, data: { key: ["id", "part"] } });
  expect(findingsOf(found, "key_duplicated")).toMatchObject([
    { severity: "error", subject: "id, part", measured: { count: 2, rows: [20] } },
  ]);
  expect(findingsOf(found, "key_missing")).toMatchObject([{ severity: "error", measured: { count: 1, rows: [9] } }]);
});

it("checks a key that is named row_id as the snapshot's own column is", async () => {
  const rows = "select 'r' || least(r, 19) as row_id, r as a, r % 2 as y from range(1, 21) t(r)";
  const found = await validate({ rows, data: { key: "row_id" } });
  expect(findingsOf(found, "key_duplicated", "row_id")).toMatchObject([{ measured: { count: 1, rows: [20] } }]);
  expect(found.profile.columns.map(({ name, role }) => `${name} ${role}`)).toEqual([
    "row_id key",
    "a feature",
    "y label",
  ]);
});

it("reports no collision of the hash: rows are compared by their values", async () => {
  const database = await openDatabase();
  await database.run(
    `create table t as select r as mlops_row, case when r % 5 = 0 then 'test' else 'train' end as mlops_part,
       case when r = 12 then 3 else r end as a, r = 12 as y from range(1, 101) t(r)`,
  );
  const request = {
    relation: "t",
    rows: 100,
    testRows: 20,
    columns: ["a", "y"],
    key: [],
    features: ["a"],
    classLabel: "y",
  };
  // Only rows that share one of ten hashes with another become candidates: here all, and few of them where asked.
  for (const rowHash of ["a % 10", "0", "case when a < 9 then a % 2 else a end"]) {
    const found = await checkCrossRow(database, { ...request, rowHash });
    expect(found).toMatchObject([{ code: "conflicting_labels", measured: { count: 2, rows: [3] } }]);
  }
  expect(await checkCrossRow(database, request)).toMatchObject([{ measured: { count: 2, rows: [3] } }]);
  database.close();
});

describe("on real data", () => {
  const diamonds = sharedData("diamonds.csv");
  it.skipIf(diamonds === null)("finds the 146 exact duplicates of diamonds (needs ../shared/data)", async () => {
    const rows = `select * from read_csv(${literal(diamonds ?? "")})`;
    const found = await validate({ rows, task: "regression", data: { label: "price" } });
    const { duplicates, duplicate_groups } = profileOracle().diamonds;
    expect(duplicates).toBe(146);
    expect(findingsOf(found, "duplicate_rows")).toMatchObject([
      { measured: { count: duplicates, groups: duplicate_groups } },
    ]);
  });

  const adult = sharedData("adult.csv");
  it.skipIf(adult === null)("finds duplicates and conflicting labels of adult (needs ../shared/data)", async () => {
    const rows = `select * from read_csv(${literal(adult ?? "")}, nullstr = ['?'])`;
    const found = await validate({ rows, data: { label: "income", drop: ["fnlwgt"] } });
    const { duplicates, conflicting_rows } = profileOracle().adult;
    expect(findingsOf(found, "duplicate_rows")).toMatchObject([{ measured: { count: duplicates } }]);
    expect(findingsOf(found, "conflicting_labels")).toMatchObject([{ measured: { count: conflicting_rows } }]);
    expect(found.findings.filter(({ severity }) => severity === "error")).toEqual([]);
  });
});
