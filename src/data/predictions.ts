import type { DuckDBAppender, DuckDBDataChunk } from "@duckdb/node-api";
import type { RowName } from "../evaluation/worst-errors.ts";
import { writeAtomically } from "../kit/atomic-write.ts";
import { loadDuckDB } from "../kit/native.ts";
import type { Column, Table } from "../stats/table.ts";
import { type Database, identifier, literal, openDatabase } from "./duckdb.ts";

// evaluation/predictions.parquet: row_id, label, predicted, and score or one probability a class, in snapshot order.

export interface PredictionsFile {
  /** Where it is written. */
  path: string;
  /** SELECT with the columns row_id and mlops_row in the order of the table's rows. */
  rowIds: string;
  /** The columns after row_id. */
  table: Table;
}

/** Rows of a vector of DuckDB. */
const chunkRows = 2048;

/**
 * Writes the file under its final name when it is complete: same predictions, same bytes. Returns the names of the rows at
 * `places`, in that order, since they are known here.
 */
export async function writePredictions(file: PredictionsFile, places: readonly number[]): Promise<RowName[]> {
  const database = await openDatabase({ threads: 1 });
  try {
    await database.run(`create temp table row_ids as select row_id, mlops_row from (${file.rowIds}\n)`);
    const columns = await appendAnswers(database, file.table);
    await requireEqualRows(database, file.table.rows);
    const rows = `select row_ids.row_id, ${columns.join(", ")} from row_ids positional join answers`;
    await writeAtomically(file.path, (temporary) =>
      database.run(`copy (${rows}) to ${literal(temporary)} (format parquet, compression zstd)`),
    );
    return await namesAt(database, places);
  } finally {
    database.close();
  }
}

async function namesAt(database: Database, places: readonly number[]): Promise<RowName[]> {
  if (places.length === 0) return [];
  const found = await database.query(
    `select rowid as place, mlops_row, row_id from row_ids where rowid in (${places.join(", ")})`,
  );
  const names = new Map(
    found.map(({ place, mlops_row, row_id }) => {
      return [Number(place), { row: Number(mlops_row), row_id: String(row_id) }];
    }),
  );
  return places.flatMap((place) => names.get(place) ?? []);
}

/** Puts the columns into a temp table `answers`; returns how SQL reads each of them from it, under its own name. */
export async function appendAnswers(database: Database, table: Table): Promise<string[]> {
  await appendTable(database, table);
  return table.columns.map((column, place) => outputColumn(column, place));
}

async function appendTable(database: Database, table: Table): Promise<void> {
  const { DuckDBDataChunk, DOUBLE, INTEGER } = await loadDuckDB();
  const types = table.columns.map(({ kind }) => (kind === "number" ? DOUBLE : INTEGER));
  const names = table.columns.map(({ kind }, place) => `c${place} ${kind === "number" ? "double" : "integer"}`);
  await database.run(`create temp table answers (${names.join(", ")})`);
  const appender = await database.connection.createAppender("answers");
  for (let from = 0; from < table.rows; from += chunkRows) {
    const rows = Math.min(chunkRows, table.rows - from);
    appendRows(appender, DuckDBDataChunk.create(types, rows), { table, from, rows });
  }
  appender.closeSync();
}

function appendRows(
  appender: DuckDBAppender,
  chunk: DuckDBDataChunk,
  { table, from, rows }: { table: Table; from: number; rows: number },
): void {
  chunk.rowCount = rows;
  for (const [place, column] of table.columns.entries()) {
    const values = column.kind === "number" ? column.values : column.codes;
    chunk.setColumnValues(place, Array.from(values.subarray(from, from + rows)));
  }
  appender.appendDataChunk(chunk);
}

function outputColumn(column: Column, place: number): string {
  const name = identifier(column.name);
  if (column.kind === "number") return `case when isnan(c${place}) then null else c${place} end as ${name}`;
  const levels = column.levels.map(literal).join(", ");
  return `([${levels}]::varchar[])[c${place} + 1] as ${name}`;
}

async function requireEqualRows(database: Database, rows: number): Promise<void> {
  const [found] = await database.query("select count(*)::integer as rows from row_ids");
  if (Number(found?.rows) !== rows) throw new Error(`${String(found?.rows)} row ids for ${rows} predictions`);
}
