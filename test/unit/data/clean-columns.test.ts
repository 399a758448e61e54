import { expect, it } from "vitest";
import { literal, openDatabase } from "../../../src/data/duckdb.ts";
import { aFolderWith, collectFrom, collectIn } from "../../support/builders/collecting.ts";

/** A CSV of one column `x` beside the label. */
function column(values: readonly string[]): { "data.csv": string } {
  return { "data.csv": `x,y\n${values.map((value, n) => `${value},${n}`).join("\n")}\n` };
}

const many = (value: (n: number) => string, count = 40) => Array.from({ length: count }, (_, n) => value(n));

async function typeOf(values: readonly string[], data: Record<string, unknown> = {}) {
  const { lock, outcome, rows } = await collectFrom(column(values), data);
  return {
    type: lock.schema[0]?.type,
    first: rows[0]?.x,
    cleaning: lock.cleaning,
    findings: outcome.findings.filter(({ subject }) => subject === "x"),
  };
}

it.each([
  ["BIGINT", many((n) => String(n - 20)), "-20"],
  ["DOUBLE", many((n) => `${n}.5`), 0.5],
  ["DOUBLE", many((n) => (n === 39 ? "1e-3" : String(n))), 0],
  ["BOOLEAN", many((n) => (n % 2 === 0 ? "True" : "false")), true],
  ["DATE", many((n) => `2026-01-${n % 9 === 0 ? "10" : "20"}`), "2026-01-10"],
  ["TIMESTAMP", many(() => "2026-01-02T03:04:05"), "2026-01-02 03:04:05"],
  ["TIMESTAMP", many(() => "2026-01-02 03:04:05+02:00"), "2026-01-02 01:04:05"],
  ["VARCHAR", many((n) => (n % 2 === 0 ? "yes" : "no")), "yes"],
  ["VARCHAR", many((n) => `00${n}`), "000"],
  ["VARCHAR", many((n) => `1234567890123456789${n}`), "12345678901234567890"],
  ["VARCHAR", many((n) => `1_00${n}`), "1_000"],
  ["VARCHAR", many(() => "nan"), "nan"],
  ["VARCHAR", many((n) => (n === 5 ? "2026-02-30" : "2026-02-20")), "2026-02-20"],
] as const)("reads as %s a column number %#", async (type, values, first) => {
  expect(await typeOf(values)).toMatchObject({ type, first });
});

it("changes its mind about a type that only the first thousand rows have", async () => {
  const values = many((n) => (n === 1500 ? "n/a" : String(n)), 1501);
  const { type, findings } = await typeOf(values);
  expect(type).toBe("VARCHAR");
  expect(findings).toMatchObject([
    {
      code: "mixed_types",
      severity: "warning",
      measured: { values: 1501, other: 1, rows: [1501] },
      expected: "integer",
    },
  ]);
  expect((await typeOf(many((n) => (n === 1500 ? "0.5" : String(n)), 1501))).type).toBe("DOUBLE");
});

it("keeps leading zeros, says so, and reads a number when that is declared", async () => {
  const codes = many((n) => String(n).padStart(5, "0"));
  expect((await typeOf(codes)).findings).toMatchObject([{ code: "leading_zeros_kept", severity: "note" }]);
  const declared = (type: string) => typeOf(codes, { expect: { columns: { x: { type } } } });
  expect(await declared("integer")).toMatchObject({ type: "BIGINT", first: "0", findings: [] });
  expect(await declared("text")).toMatchObject({ type: "VARCHAR", first: "00000", findings: [] });
});

it("keeps text when not every value has the declared type, so that validation can tell", async () => {
  const values = many((n) => (n === 3 ? "many" : String(n)));
  expect((await typeOf(values, { expect: { columns: { x: { type: "integer" } } } })).type).toBe("VARCHAR");
});

it("counts the cells in which it removed white space or a marker, before it reads types", async () => {
  const values = many((n) => (n < 3 ? ` ${n}\t` : n === 3 ? " ? " : n === 4 ? "" : n === 5 ? "-" : String(n)));
  const { type, cleaning, findings, first } = await typeOf(values, { missing: ["?", "-"] });
  expect({ type, first }).toEqual({ type: "BIGINT", first: "0" });
  expect(cleaning).toEqual([
    { column: "x", action: "trimmed", count: 4 },
    { column: "x", action: "marked_missing", count: 2 },
  ]);
  expect(findings.map(({ code, severity }) => [code, severity])).toEqual([
    ["cells_cleaned", "note"],
    ["cells_cleaned", "note"],
  ]);
});

it("keeps white space when told so", async () => {
  expect(
    await typeOf(
      many(() => " a"),
      { trim: false },
    ),
  ).toMatchObject({ first: " a", cleaning: [] });
});

it("takes not-a-number for missing and reports infinities", async () => {
  const { type, cleaning, findings } = await typeOf(many((n) => (n === 0 ? "NaN" : n === 1 ? "-inf" : `${n}.25`)));
  expect(type).toBe("DOUBLE");
  expect(cleaning).toEqual([{ column: "x", action: "nan_to_missing", count: 1 }]);
  expect(findings.map(({ code }) => code)).toEqual(["cells_cleaned", "values_infinite"]);
});

it("reports a column without any value", async () => {
  const { findings, type } = await typeOf(many(() => ""));
  expect(type).toBe("VARCHAR");
  expect(findings).toMatchObject([{ code: "column_all_missing", severity: "warning", measured: { missing: 40 } }]);
});

it("drops rows equal to an earlier one and keeps the numbers of the others", async () => {
  const lines = ["1,a", "2,b", "1,a", "3,", "3,", "4,d", "5,e", "6,f"];
  const { lock, rows } = await collectFrom({ "data.csv": `y,x\n${lines.join("\n")}\n` }, { drop_duplicates: true });
  expect(rows.map(({ mlops_row }) => mlops_row)).toEqual(["1", "2", "4", "6", "7", "8"]);
  expect(lock.cleaning).toEqual([{ column: "", action: "duplicates_dropped", count: 2 }]);
});

it("keeps the types of Parquet, applies markers to its texts, and tells empty from missing", async () => {
  const context = await aFolderWith({}, { source: "data.parquet", missing: ["?"] });
  const database = await openDatabase();
  await database.run(
    `copy (select i::smallint as y, case i when 0 then '?' when 1 then '' else ' 1' end as t,
     case when i = 2 then 'nan'::float else i end as f, date '2026-01-01' + i::int as d, [i] as l from range(20) r(i))
     to ${literal(`${context.model.folder}/data.parquet`)} (format parquet)`,
  );
  database.close();
  const { lock, rows } = await collectIn(context);
  expect(lock.schema.map(({ type }) => type)).toEqual(["SMALLINT", "VARCHAR", "FLOAT", "DATE", "BIGINT[]"]);
  expect(rows.slice(0, 3).map(({ t, f }) => [t, f])).toEqual([
    [null, 0],
    ["", 1],
    ["1", null],
  ]);
});
