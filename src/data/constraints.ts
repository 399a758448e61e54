import type * as z from "zod";
import type { FindingCode } from "../kit/codes.ts";
import type { Finding } from "../kit/outcome.ts";
import type { ColumnExpectation, ModelSpec } from "../spec/model-spec.ts";
import { aggregate } from "./aggregates.ts";
import { presence, type TypedColumn } from "./column-type.ts";
import { boundCondition, type Locate, oneOfCondition, patternCondition } from "./conditions.ts";
import { type Database, identifier } from "./duckdb.ts";
import { mostShownTexts } from "./levels.ts";
import { type MeasuredColumn, snapshotColumns } from "./profile.ts";
import { findRows, measuredRows, type RowEvidence, readRows, sayCount } from "./row-evidence.ts";
import { typeCondition } from "./type-condition.ts";

type Expectation = z.infer<typeof ColumnExpectation>;

export interface DeclaredChecksRequest {
  relation: string;
  rows: number;
  columns: readonly MeasuredColumn[];
  sensitive: ReadonlySet<string>;
  expect: ModelSpec["data"]["expect"];
  locate: Locate;
}

/** One declared rule about one column, as the SQL of the rows that break it. */
interface Check {
  column: MeasuredColumn;
  code: FindingCode;
  condition: string;
  expected: Finding["expected"];
  /** What the values counted are: `are below 17`. */
  says: string;
  /** Share of all rows that may break it; 0 for most rules. */
  allowedShare: number;
  /** The type differs even if no value does: `is VARCHAR`. */
  storedAs: string | null;
}

/**
 * The checks that model.yml declares in data.expect. A declared rule that does not hold is an error: somebody wrote it
 * down. Missing values break no rule but `missing`. Throws UserError for a rule that makes no sense for its column.
 */
export async function checkDeclared(database: Database, request: DeclaredChecksRequest): Promise<Finding[]> {
  const checks = await planChecks(database, request);
  const conditions = checks.map(({ condition }, index): [string, string] => [`${index}`, `count_if(${condition})`]);
  const counts = await aggregate(database, request.relation, new Map(conditions));
  const findings = [...rowCount(request), ...absentColumns(request)];
  for (const [index, check] of checks.entries()) {
    const finding = await judge(database, request, check, counts.count(`${index}`));
    if (finding !== null) findings.push(finding);
  }
  for (const { name } of uniqueColumns(request)) {
    const finding = await checkUnique(database, request, name);
    if (finding !== null) findings.push(finding);
  }
  return findings;
}

function rowCount({ expect, rows }: DeclaredChecksRequest): Finding[] {
  const { min = 0, max = Number.POSITIVE_INFINITY } = expect.rows ?? {};
  if (rows >= min && rows <= max) return [];
  const bound = rows < min ? `fewer than ${min.toLocaleString("en")}` : `more than ${max.toLocaleString("en")}`;
  return [
    {
      code: "row_count_out_of_range" satisfies FindingCode,
      severity: "error",
      subject: "rows",
      message: `there are ${rows.toLocaleString("en")} rows, ${bound}`,
      measured: { count: rows },
      expected: {
        ...(expect.rows?.min === undefined ? {} : { min }),
        ...(expect.rows?.max === undefined ? {} : { max }),
      },
    },
  ];
}

function absentColumns({ expect, columns }: DeclaredChecksRequest): Finding[] {
  const names = columns.map(({ column }) => column.name);
  const absent = Object.entries(expect.columns).filter(
    ([name, { required }]) => required !== false && !names.includes(name),
  );
  return absent.map(([name]) => {
    const similar = names.find((other) => other.trim().toLowerCase() === name.trim().toLowerCase());
    return {
      code: "column_missing" satisfies FindingCode,
      severity: "error",
      subject: name,
      message:
        similar === undefined ? "the column is not in the data" : `the column is not in the data, but ${similar} is`,
      measured: { columns: names.length },
      expected: { required: true },
    };
  });
}

async function planChecks(database: Database, request: DeclaredChecksRequest): Promise<Check[]> {
  const checks: Check[] = [];
  for (const measured of request.columns) {
    const expectation = request.expect.columns[measured.column.name];
    if (expectation === undefined) continue;
    checks.push(...missingCheck(measured, expectation), ...typeCheck(measured, expectation));
    checks.push(...(await valueChecks(database, request, measured, expectation)));
  }
  return checks;
}

function missingCheck(column: MeasuredColumn, { missing }: Expectation): Check[] {
  if (missing === undefined) return [];
  const condition = `not (${presence(column.column)})`;
  const says = missing === 0 ? "are missing" : `are missing, more than the allowed share of ${missing}`;
  return [
    { ...check(column, "missing_share_too_high", condition), expected: { missing }, says, allowedShare: missing },
  ];
}

function typeCheck(column: MeasuredColumn, { type }: Expectation): Check[] {
  if (type === undefined) return [];
  const fit = typeCondition(column.column, type);
  if (fit.condition === null) return [];
  const made = check(column, "type_mismatch", broken(column.column, fit.condition));
  const storedAs = fit.storedOtherwise ? column.column.type : null;
  return [{ ...made, expected: { type }, says: `do not read as ${type}`, storedAs }];
}

async function valueChecks(
  database: Database,
  { locate }: DeclaredChecksRequest,
  measured: MeasuredColumn,
  { min, max, one_of: oneOf, matches }: Expectation,
): Promise<Check[]> {
  const { column } = measured;
  const checks: Check[] = [];
  const add = (code: FindingCode, condition: string, expected: Finding["expected"], says: string) =>
    checks.push({ ...check(measured, code, broken(column, condition)), expected, says });
  if (min !== undefined) {
    const condition = await boundCondition(database, { column, end: "min", bound: min, locate });
    add("value_below_min", condition, { min }, `are below ${min}`);
  }
  if (max !== undefined) {
    const condition = await boundCondition(database, { column, end: "max", bound: max, locate });
    add("value_above_max", condition, { max }, `are above ${max}`);
  }
  if (oneOf !== undefined)
    add("value_not_allowed", oneOfCondition(column, oneOf), { one_of: oneOf }, "are not allowed values");
  if (matches !== undefined) {
    add(
      "pattern_mismatch",
      await patternCondition(database, { column, pattern: matches, locate }),
      { matches },
      `do not match ${matches}`,
    );
  }
  return checks;
}

function check(column: MeasuredColumn, code: FindingCode, condition: string): Check {
  return { column, code, condition, expected: null, says: "", allowedShare: 0, storedAs: null };
}

/** Rules are about present values only. */
function broken(column: TypedColumn, condition: string): string {
  return `(${presence(column)}) and (${condition})`;
}

async function judge(
  database: Database,
  request: DeclaredChecksRequest,
  found: Check,
  count: number,
): Promise<Finding | null> {
  const { column, code, expected, storedAs } = found;
  const { name } = column.column;
  if (count > found.allowedShare * request.rows) {
    const show = code === "missing_share_too_high" ? null : shownColumn(column, request.sensitive);
    const { relation } = request;
    const rows = await findRows(database, {
      relation,
      rowNumber: snapshotColumns.rowNumber,
      condition: found.condition,
      show,
    });
    const evidence = { count, of: code === "missing_share_too_high" ? request.rows : column.present, ...rows };
    return error(code, name, `${sayCount(evidence, "values")} ${found.says}`, measuredRows(evidence), expected);
  }
  if (storedAs === null || column.present === 0) return null;
  const message = `the column is stored as ${storedAs}, although each of its values reads as the declared type`;
  return error(code, name, message, { type: storedAs, count: column.present, share: 1 }, expected);
}

function error(
  code: FindingCode,
  subject: string,
  message: string,
  measured: Finding["measured"],
  expected: Finding["expected"],
): Finding {
  return { code, severity: "error", subject, message, measured, expected };
}

function uniqueColumns({ expect, columns }: DeclaredChecksRequest): TypedColumn[] {
  return columns.map(({ column }) => column).filter(({ name }) => expect.columns[name]?.unique === true);
}

async function checkUnique(database: Database, request: DeclaredChecksRequest, name: string): Promise<Finding | null> {
  const measured = request.columns.find(({ column }) => column.name === name);
  if (measured === undefined) return null;
  const evidence = await repeatedValues(database, request, measured);
  if (evidence.count === 0) return null;
  const message = `${sayCount(evidence, "values")} repeat an earlier one`;
  return error("not_unique", name, message, measuredRows(evidence), { unique: true });
}

/** Copies beyond the first of each value; grouped by the values themselves, so the answer is exact. */
async function repeatedValues(
  database: Database,
  { relation, sensitive }: DeclaredChecksRequest,
  measured: MeasuredColumn,
): Promise<RowEvidence> {
  const { column } = measured;
  const groups = `from ${relation} where ${presence(column)} group by ${identifier(column.name)} having count(*) > 1`;
  const [total] = await database.query(`select coalesce(sum(n - 1), 0) as extra from (select count(*) as n ${groups})`);
  const count = Number(total?.extra ?? 0);
  if (count === 0) return { count, of: measured.present, rows: [], examples: null };
  const show = shownColumn(measured, sensitive);
  const value = show === null ? "null" : `${identifier(show)}::varchar`;
  const rows = await database.query(
    `select max(${identifier(snapshotColumns.rowNumber)}) as row_number, ${value} as shown ${groups} order by 1 limit 5`,
  );
  return { count, of: measured.present, ...readRows(rows, show !== null) };
}

/** The column's name where its values may be shown: not when sensitive, nor texts with more than 200 values. */
function shownColumn({ column, levels }: MeasuredColumn, sensitive: ReadonlySet<string>): string | null {
  if (sensitive.has(column.name)) return null;
  const private_ = column.kind === "text" && (levels === null || levels.distinct > mostShownTexts);
  return private_ ? null : column.name;
}
