import type { Column, Table } from "../stats/table.ts";
import type { Database } from "./duckdb.ts";
import { plainColumn, readCompact } from "./read-compact.ts";

export type ColumnKind = Column["kind"];

/** Name and DuckDB type of a column of a query's result. */
export interface ColumnType {
  name: string;
  type: string;
}

const numberTypes = /^(BOOLEAN|U?(TINYINT|SMALLINT|INTEGER|BIGINT|HUGEINT)|BIGNUM|FLOAT|DOUBLE|DECIMAL\(\d+,\d+\))$/;

/** Integers, floats, decimals and booleans are numbers; everything else is read as DuckDB's text of it. */
export function columnKind(type: string): ColumnKind {
  return numberTypes.test(type) ? "number" : "text";
}

/** Columns of a SELECT without running it. */
export async function describeQuery(database: Database, sql: string): Promise<ColumnType[]> {
  const rows = await database.query(`describe ${sql}`);
  return rows.map((row) => ({ name: String(row.column_name), type: String(row.column_type) }));
}

/**
 * Any SELECT as typed arrays, in the order of its rows. Numbers (booleans as 0 and 1; integers beyond 2^53 lose
 * digits) with NaN for missing; texts by dictionary with -1 for missing. No value becomes a JavaScript object except
 * the distinct texts. The SELECT runs several times: give it a table, not a long query.
 */
export async function readTable(database: Database, sql: string): Promise<Table> {
  const wanted = (await describeQuery(database, sql)).map(({ name, type }) => {
    return { name, as: columnKind(type) === "number" ? "float64" : "text" } as const;
  });
  const { rows, columns } = await readCompact(database, `(${sql}\n)`, wanted);
  return { rows, columns: columns.map(plainColumn) };
}
