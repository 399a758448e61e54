import type { DuckDBAppender, DuckDBDataChunk } from "@duckdb/node-api";
import { writeAtomically } from "../kit/atomic-write.ts";
import { loadDuckDB } from "../kit/native.ts";
import type { Column, Table } from "../stats/table.ts";
import { type Database, identifier, literal, openDatabase } from "./duckdb.ts";

// evaluation/predictions.parquet: row_id, label, predicted, and score or one probability a class, in snapshot order.

export interface PredictionsFile {
  /** Where it is written. */
  path: string;
  /** SELECT of one column, the row ids, in the order of the table's rows. */
  rowIds: string;
  /** The columns after row_id. */
  table: Table;
}

/** Rows of a vector of DuckDB. */
const chunkRows = 2048;

/** Writes the file under its final name when it is complete. Same predictions, same bytes. */
export async function writePredictions(file: PredictionsFile): Promise<void> {
  const database = await openDatabase({ threads: 1 });
  try {
    await database.run(`create temp table row_ids as select row_id from (${file.rowIds}\n)`);
    await appendTable(database, file.table);
    await requireEqualRows(database, file.table.rows);
    const columns = file.table.columns.map((column, place) => outputColumn(column, place));
    const rows = `select row_ids.row_id, ${columns.join(", ")} from row_ids positional join answers`;
    await writeAtomically(file.path, (temporary) =>
      database.run(`copy (${rows}) to ${literal(temporary)} (format parquet, compression zstd)`),
    );
  } finally {
    database.close();
  }
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
