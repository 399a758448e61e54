import { UserError } from "../kit/user-error.ts";
import type { ModelSpec } from "../spec/model-spec.ts";
import type { CleanColumn } from "./clean-columns.ts";
import { type Database, identifier, literal } from "./duckdb.ts";
import type { SourceTable } from "./load-source.ts";
import { columnKind } from "./read-table.ts";
import { rowOrder } from "./require-roles.ts";
import { identityText, rowText } from "./row-identity.ts";

/** How rows are given to parts: SQL over the source's relation, and what the lock says of it. */
export interface Split {
  /** The text whose SHA-256 decides; also that of row ids without a key. Null where time decides. */
  hashed: string | null;
  /** Says of a row that it is in the test part; `mlops_hash` is the hash of `hashed`. */
  test: string;
  /** Says of a row that is not in the test part that it is for validation. */
  valid: string;
  lock: SplitLock;
}

/** The split with everything that was found out for it. */
export interface SplitLock {
  by: "hash" | "group" | "time";
  /** Share of the test part that was asked for. */
  share?: number;
  /** Share of what is not test. */
  valid_share?: number;
  columns?: readonly string[];
  /** The first time in the test part. */
  test_from?: string;
  valid_from?: string;
  rows_without_time?: number;
}

export interface SplitRequest {
  table: SourceTable;
  columns: readonly CleanColumn[];
  data: ModelSpec["data"];
  locate(path: readonly (string | number)[]): string;
}

export const splitHash = "mlops_hash";

/**
 * Plans the split. By hash and group, 52 bits of the SHA-256 decide on test and the next 52 on validation: a row's
 * part depends on nothing but its own text, so that it stays when rows are appended. By time the latest rows are the
 * test part, and the latest of the others those for validation.
 */
export async function planSplit(database: Database, request: SplitRequest): Promise<Split> {
  const { test, valid } = request.data;
  if (!("by" in test)) throw new Error("a sealed test source is refused before");
  const validShare = valid === undefined ? {} : { valid_share: valid.share };
  if (test.by === "time") return splitByTime(database, request);
  const named = test.by === "group" ? request.data.group : request.data.key;
  const columns = named === undefined ? null : columnsNamed(request.columns, named);
  return {
    hashed: columns === null ? rowText(request) : groupText(columns),
    test: belowShare(1, test.share),
    valid: valid === undefined ? "false" : belowShare(14, valid.share),
    lock: { by: test.by, share: test.share, ...validShare, ...(named === undefined ? {} : { columns: named }) },
  };
}

export function columnsNamed(columns: readonly CleanColumn[], names: readonly string[]): CleanColumn[] {
  return names.flatMap((name) => columns.filter((column) => column.name === name));
}

/** Rows without a group form one. */
function groupText(columns: readonly CleanColumn[]): string {
  return `coalesce('=' || (${identityText(columns)}), '')`;
}

/** Thirteen hexadecimal digits from `start` as a number in [0, 1), compared as text. */
function belowShare(start: number, share: number): string {
  const bound = Math.round(share * 2 ** 52)
    .toString(16)
    .padStart(13, "0");
  return `substr(${splitHash}, ${start}, 13) < '${bound}'`;
}

async function splitByTime(database: Database, request: SplitRequest): Promise<Split> {
  const { data, columns, table } = request;
  const time = data.time === rowOrder ? rowNumber : columns.find(({ name }) => name === data.time);
  if (time === undefined) throw new Error("the time column is checked before");
  requireOrdered(time, request);
  const at = time.expression;
  const share = "share" in data.test ? data.test.share : null;
  const testFrom =
    "from" in data.test
      ? await readInstant(database, time, request)
      : await latest(database, { table, time, share: share ?? 0 });
  const test = `coalesce(${at} >= ${cast(testFrom, time)}, false)`;
  const lock: SplitLock = {
    by: "time",
    columns: [time.name],
    test_from: testFrom,
    ...(share === null ? {} : { share }),
  };
  const missing = await countMissing(database, table, time);
  if (missing > 0) lock.rows_without_time = missing;
  if (data.valid === undefined) return { hashed: null, test, valid: "false", lock };
  const validFrom = await latest(database, { table, time, share: data.valid.share, before: test });
  const valid = `coalesce(${at} >= ${cast(validFrom, time)}, false)`;
  return { hashed: null, test, valid, lock: { ...lock, valid_share: data.valid.share, valid_from: validFrom } };
}

/** The row's number in the source, which the loaded table carries. */
const rowNumber: CleanColumn = {
  name: rowOrder,
  type: "BIGINT",
  expression: identifier(rowOrder),
  text: `${identifier(rowOrder)}::varchar`,
};

function isNumber(type: string): boolean {
  return type !== "BOOLEAN" && columnKind(type) === "number";
}

function requireOrdered(time: CleanColumn, { locate }: SplitRequest): void {
  if (/^(DATE|TIMESTAMP)/.test(time.type) || isNumber(time.type)) return;
  throw new UserError({
    code: "time_not_ordered",
    message: `the time column ${JSON.stringify(time.name)} is ${time.type.toLowerCase()}: not all of its values are dates, times or numbers`,
    where: locate(["data", "time"]),
    fix: "write times as 2027-06-30 or 2027-06-30 12:00:00; name other texts in data.missing",
  });
}

function cast(value: string, time: CleanColumn): string {
  // SQL has no word for an infinite number.
  if (isNumber(time.type)) return Number.isFinite(Number(value)) ? value : `${literal(value)}::double`;
  // A date is compared as a time, so that a bound within a day splits the day's end.
  return `${literal(value)}::${time.type === "DATE" ? "timestamp" : time.type.toLowerCase()}`;
}

async function readInstant(database: Database, time: CleanColumn, { data, locate }: SplitRequest): Promise<string> {
  const from = "from" in data.test ? data.test.from : "";
  const wrong = (what: string) =>
    new UserError({
      code: "time_not_ordered",
      message: `data.test.from is ${JSON.stringify(from)}, and the time column ${JSON.stringify(time.name)} holds ${what}`,
      where: locate(["data", "test", "from"]),
      fix: `write a ${what === "numbers" ? "number" : "date or time"}`,
    });
  if (isNumber(time.type)) {
    if (from === "" || !Number.isFinite(Number(from))) throw wrong("numbers");
    return String(Number(from));
  }
  if (typeof from === "number") throw wrong("times");
  const utc = `try_cast(${literal(from)} as timestamptz)`;
  const [read] = await database.query(
    `select ${time.type === "TIMESTAMP WITH TIME ZONE" ? utc : `${utc} at time zone 'UTC'`}::varchar as t`,
  );
  if (typeof read?.t !== "string") throw wrong("times");
  return read.t;
}

interface LatestRequest {
  table: SourceTable;
  time: CleanColumn;
  share: number;
  /** Leave out rows of which this holds. */
  before?: string;
}

/** The time from which on at most `share` of the rows lie; equal times are never parted. */
async function latest(database: Database, { table, time, share, before }: LatestRequest): Promise<string> {
  const rest = before === undefined ? "true" : `not ${before}`;
  const times = `select ${time.expression} as t from ${table.relation} where ${rest}`;
  const [row] = await database.query(
    `with times as (select t from (${times}) where t is not null),
     cut as (select quantile_disc(t, ${1 - share}) as q, max(t) as last from times)
     select coalesce((select min(t) from times where t > (select q from cut)), (select last from cut))::varchar as t`,
  );
  if (typeof row?.t !== "string") {
    throw new UserError({
      code: "split_empty",
      message: `no row has a time in ${JSON.stringify(time.name)}`,
      where: time.name,
      fix: "fill the times, or split by hash",
    });
  }
  return row.t;
}

async function countMissing(database: Database, table: SourceTable, time: CleanColumn): Promise<number> {
  const [row] = await database.query(
    `select count(*) as rows from ${table.relation} where (${time.expression}) is null`,
  );
  return Number(row?.rows);
}
