import type { DuckDBVector } from "@duckdb/node-api";
import * as z from "zod";
import type { Column, NumberColumn, Table, TextColumn } from "../stats/table.ts";
import { type Database, identifier } from "./duckdb.ts";
import { type Levels, levelCode, textLevels } from "./text-levels.ts";

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
  const columns = await describeQuery(database, sql);
  const relation = `(${sql}\n)`;
  const rows = await countRows(database, relation);
  const names = columns.filter(({ type }) => columnKind(type) === "text").map(({ name }) => name);
  const levels = await textLevels(database, { relation, rows, names });
  const readers: ColumnReader[] = [];
  for (const { name, type } of columns) {
    if (columnKind(type) === "number") readers.push(numberReader(name, rows));
    else readers.push(await textReader(database, { relation, name, rows, levels: levels.get(name) ?? null }));
  }
  await streamInto(database, relation, readers);
  return { rows, columns: readers.map((reader) => reader.column) };
}

interface ColumnReader {
  column: Column;
  /** SQL that gives the column as DOUBLE or INTEGER without nulls, whose slots hold garbage; null when it is read. */
  expression: string | null;
  fill(vector: DuckDBVector, offset: number, rows: number): void;
}

function numberReader(name: string, rows: number): ColumnReader {
  const values = new Float64Array(rows);
  const column: NumberColumn = { kind: "number", name, values };
  return {
    column,
    expression: `coalesce(${identifier(name)}::double, 'nan'::double)`,
    fill: (vector, offset, count) => copyNumbers(vector, { into: values, offset, count }),
  };
}

interface TextRequest {
  relation: string;
  name: string;
  rows: number;
  levels: Levels;
}

async function textReader(database: Database, request: TextRequest): Promise<ColumnReader> {
  const { name, rows } = request;
  const codes = new Int32Array(rows);
  if (request.levels === null) {
    return { column: await readLongTexts(database, request), expression: null, fill: nothingToFill };
  }
  const { levels, position } = sortByCodeUnit(request.levels);
  const column: TextColumn = { kind: "text", name, codes, levels };
  return {
    column,
    expression: levelCode(`${identifier(name)}::varchar`, request.levels),
    fill(vector, offset, count) {
      copyCodes(vector, { into: codes, offset, count });
      if (position !== null) reorder(codes.subarray(offset, offset + count), position);
    },
  };
}

function nothingToFill(): void {
  // The column was read whole.
}

/** Rows whose texts come as one JSON list. */
const rowsAtOnce = 16_384;

/** A column of too many levels for codes in SQL: its texts are numbered here. */
async function readLongTexts(database: Database, { relation, name, rows }: TextRequest): Promise<TextColumn> {
  const codes = new Int32Array(rows).fill(-1);
  const found = new Map<string, number>();
  const numbered = `select ${identifier(name)}::varchar as text, row_number() over () as n from ${relation}`;
  const result = await database.connection.stream(
    `select to_json(list(text order by n))::varchar from (${numbered}) group by (n - 1) // ${rowsAtOnce} order by min(n)`,
  );
  let row = 0;
  for (let chunk = await result.fetchChunk(); chunk && chunk.rowCount > 0; chunk = await result.fetchChunk()) {
    for (const list of chunk.getColumnValues(0)) {
      for (const text of TextList.parse(JSON.parse(String(list)))) {
        if (text !== null) codes[row] = numberOf(text, found);
        row += 1;
      }
    }
  }
  const { levels, position } = sortByCodeUnit([...found.keys()]);
  if (position !== null) reorder(codes, position);
  return { kind: "text", name, codes, levels };
}

const TextList = z.array(z.string().nullable());

function numberOf(text: string, found: Map<string, number>): number {
  const known = found.get(text);
  if (known !== undefined) return known;
  found.set(text, found.size);
  return found.size - 1;
}

/** DuckDB sorts by code point, a Table by code unit: they differ above U+FFFF only. `position` is null when equal. */
function sortByCodeUnit(found: readonly string[]): { levels: readonly string[]; position: Int32Array | null } {
  if (found.every((level, index) => index === 0 || (found[index - 1] ?? "") < level)) {
    return { levels: found, position: null };
  }
  const levels = [...found].sort();
  const places = new Map(levels.map((level, place) => [level, place]));
  return { levels, position: Int32Array.from(found, (level) => places.get(level) ?? -1) };
}

function reorder(codes: Int32Array, position: Int32Array): void {
  for (let row = 0; row < codes.length; row += 1) codes[row] = position[codes[row] ?? -1] ?? -1;
}

async function countRows(database: Database, relation: string): Promise<number> {
  const [row] = await database.query(`select count(*) as rows from ${relation}`);
  return Number(row?.rows ?? 0);
}

async function streamInto(database: Database, relation: string, all: readonly ColumnReader[]): Promise<void> {
  const readers = all.filter(({ expression }) => expression !== null);
  if (readers.length === 0) return;
  const expressions = readers.map(({ expression }) => expression).join(", ");
  const result = await database.connection.stream(`select ${expressions} from ${relation}`);
  let offset = 0;
  for (let chunk = await result.fetchChunk(); chunk && chunk.rowCount > 0; chunk = await result.fetchChunk()) {
    for (const [index, reader] of readers.entries()) {
      reader.fill(chunk.getColumnVector(index), offset, chunk.rowCount);
    }
    offset += chunk.rowCount;
  }
}

interface Destination<Values> {
  into: Values;
  offset: number;
  count: number;
}

function copyNumbers(vector: DuckDBVector, { into, offset, count }: Destination<Float64Array>): void {
  if (!("items" in vector) || !(vector.items instanceof Float64Array)) throw noItems(vector);
  into.set(vector.items.length === count ? vector.items : vector.items.subarray(0, count), offset);
}

function copyCodes(vector: DuckDBVector, { into, offset, count }: Destination<Int32Array>): void {
  if (!("items" in vector) || !(vector.items instanceof Int32Array)) throw noItems(vector);
  into.set(vector.items.length === count ? vector.items : vector.items.subarray(0, count), offset);
}

function noItems(vector: DuckDBVector): Error {
  return new Error(`a DuckDB vector of ${vector.type} has no plain items`);
}
