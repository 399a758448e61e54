import { UserError } from "../kit/user-error.ts";
import type { CleanColumn } from "./clean-columns.ts";
import type { Database } from "./duckdb.ts";
import type { SourceTable } from "./load-source.ts";

/**
 * SQL of a row's canonical text: the texts of its columns in the order of their names, so that the order in the file
 * does not count. Each with its length before it: no text can look like two, and a missing one (no length) like none.
 */
export function rowText({ columns }: RowsRequest): string {
  const sorted = [...columns].sort((a, b) => (a.name < b.name ? -1 : 1));
  return `concat(${sorted.map(({ text }) => `strlen(${text}), ':', ${text}`).join(", ")})`;
}

/** SQL of the text that identifies by some columns: of one its text, of several a JSON list of theirs. */
export function identityText(columns: readonly CleanColumn[]): string {
  const [only] = columns;
  if (columns.length === 1 && only !== undefined) return only.text;
  return `to_json([${columns.map(({ text }) => text).join(", ")}])::varchar`;
}

/** SQL of row_id with a key: its text; 128 bits of its SHA-256 when the key is sensitive, as row_id is in many files. */
export function keyId(columns: readonly CleanColumn[], sensitive: ReadonlySet<string>): string {
  const text = identityText(columns);
  return columns.some(({ name }) => sensitive.has(name)) ? `substr(sha256(${text}), 1, 32)` : text;
}

export interface RowsRequest {
  table: SourceTable;
  columns: readonly CleanColumn[];
}

/**
 * Makes the temp table mlops_repeats (mlops_n, mlops_occurrence) of the rows that equal an earlier one, with their
 * 2, 3 …; returns their number. All names of ours begin with mlops_: users' columns lie in the same queries. DuckDB's hash finds candidates, their texts decide; it is never stored (it may change with versions).
 */
export async function findRepeats(database: Database, request: RowsRequest): Promise<number> {
  const { table, columns } = request;
  const values = columns.map((column) => (table.format === "csv" ? column.text : column.expression)).join(", ");
  await database.run(
    `create or replace temp table mlops_row_hashes as select mlops_row as mlops_n, hash(${values}) as mlops_h from ${table.relation}`,
  );
  await database.run(
    `create or replace temp table mlops_alike as select mlops_n from mlops_row_hashes
     where mlops_h in (select mlops_h from mlops_row_hashes group by mlops_h having count(*) > 1)`,
  );
  await database.run("drop table mlops_row_hashes");
  // Without this answer the scan for texts would be made for nothing.
  const [alike] = await database.query("select count(*) as rows from mlops_alike");
  const place = `row_number() over (partition by ${rowText(request)} order by mlops_row)`;
  const numbered = `select mlops_row as mlops_n, ${place} as mlops_occurrence
    from ${table.relation} where mlops_row in (select mlops_n from mlops_alike)`;
  const repeats = Number(alike?.rows) === 0 ? noRepeats : `select * from (${numbered}) where mlops_occurrence > 1`;
  await database.run(`create or replace temp table mlops_repeats as ${repeats}`);
  const [found] = await database.query("select count(*) as rows from mlops_repeats");
  return Number(found?.rows);
}

const noRepeats = "select 0::bigint as mlops_n, 0::bigint as mlops_occurrence where false";

/** Makes mlops_repeats without a row, where nobody asks which rows repeat. */
export async function skipRepeats(database: Database): Promise<number> {
  await database.run(`create or replace temp table mlops_repeats as ${noRepeats}`);
  return 0;
}

export interface KeyRequest extends RowsRequest {
  key: readonly CleanColumn[];
  /** Leave out the rows of mlops_repeats, which will be dropped. */
  dropRepeats: boolean;
  where: string;
}

/** Throws key_not_unique with up to five rows when rows share a key or have none. */
export async function requireUniqueKey(database: Database, request: KeyRequest): Promise<void> {
  const { table, key, where } = request;
  const kept = request.dropRepeats ? "where mlops_row not in (select mlops_n from mlops_repeats)" : "";
  const named = key.map(({ name }) => JSON.stringify(name)).join(", ");
  const absent = key.map(({ text }) => `(${text}) is null`).join(" or ");
  const lacking = await firstRows(database, `select mlops_row as mlops_n from ${table.relation} where ${absent}`);
  if (lacking.length > 0) {
    throw new UserError({
      code: "key_not_unique",
      message: `the key ${named} is missing in row ${lacking.join(", ")}`,
      where,
      fix: "fill the key, or name another column as data.key",
    });
  }
  const keyed = `select ${identityText(key)} as mlops_k, mlops_row as mlops_n from ${table.relation} ${kept}`;
  const shared = await firstRows(
    database,
    `select unnest(rows) as mlops_n from (select list(mlops_n order by mlops_n) as rows from (${keyed})
     group by mlops_k having count(*) > 1 order by rows[1] limit 5)`,
  );
  if (shared.length === 0) return;
  throw new UserError({
    code: "key_not_unique",
    message: `the key ${named} is the same in rows ${shared.join(", ")}`,
    where,
    fix: "add a column to data.key that tells them apart; data.drop_duplicates: true drops rows that are wholly equal",
  });
}

async function firstRows(database: Database, sql: string): Promise<number[]> {
  const rows = await database.query(`select mlops_n as n from (${sql}) order by mlops_n limit 5`);
  return rows.map((row) => Number(row.n));
}

/** SQL of row_id without a key: 128 bits of the content's SHA-256, and which occurrence it is where rows repeat. */
export function contentId(hash: string, repeated: boolean): string {
  const digits = `substr(${hash}, 1, 32)`;
  return repeated
    ? `concat(${digits}, case when mlops_occurrence is null then '' else concat('-', mlops_occurrence) end)`
    : digits;
}

/** Names that the snapshot, and the queries around it, need for themselves. */
const reserved = /^(row_id$|mlops[_:])/i;

/** Throws column_reserved for a source column with such a name, but for row_id as the key. */
export function refuseReservedNames(table: SourceTable, key: readonly string[] | undefined): void {
  const isKey = (name: string) => name === "row_id" && key?.length === 1 && key[0] === "row_id";
  const found = table.columns.find(({ name }) => reserved.test(name) && !isKey(name));
  if (found === undefined) return;
  throw new UserError({
    code: "column_reserved",
    message: `column ${JSON.stringify(found.name)} has a name that is kept for the snapshot (row_id, mlops_…)`,
    where: table.files[0]?.file.shown ?? null,
    fix: found.name === "row_id" ? "name it as data.key, or rename it" : "rename it",
  });
}
