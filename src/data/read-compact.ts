import type { DuckDBVector } from "@duckdb/node-api";
import type { Column } from "../stats/table.ts";
import { type Database, identifier, literal } from "./duckdb.ts";

// Columns in the smallest arrays that hold them, in memory that threads share: what inference takes. Two passes over the
// relation, one for the distinct texts and one for the rows, and no copy in between: 1M × 15 of a CSV in 130 MB less
// than through a table, and faster (the relation may be a file).

export interface WantedColumn {
  name: string;
  /** Numbers with NaN for missing, or texts by dictionary. */
  as: "float32" | "float64" | "text";
}

export interface CompactNumbers {
  kind: "number";
  name: string;
  values: Float32Array | Float64Array;
}

/** `levels[codes[row]]` is the text; level 0 is the empty text, which stands for missing. Levels after it are sorted. */
export interface CompactTexts {
  kind: "text";
  name: string;
  codes: Uint8Array | Uint16Array | Uint32Array;
  levels: readonly string[];
}

export type CompactColumn = CompactNumbers | CompactTexts;

export interface CompactTable {
  rows: number;
  columns: readonly CompactColumn[];
}

/** Reads columns of a relation (what stands after FROM) in the order of its rows. */
export async function readCompact(
  database: Database,
  relation: string,
  wanted: readonly WantedColumn[],
): Promise<CompactTable> {
  const { rows, levels } = await readLevels(database, relation, wanted);
  const sinks: Sink[] = [];
  try {
    for (const column of wanted) sinks.push(await sinkOf(database, { column, rows, levels: levels.get(column.name) }));
    if (sinks.length > 0 && rows > 0) await stream(database, relation, sinks);
  } finally {
    for (const { type } of sinks) if (type !== null) await database.run(`drop type if exists ${type}`);
  }
  return { rows, columns: sinks.map(({ column }) => column) };
}

/** A compact column as the statistics take it: doubles, or codes with -1 for missing. Copies unless it is one already. */
export function plainColumn(column: CompactColumn): Column {
  if (column.kind === "number") {
    const { name, values } = column;
    return { kind: "number", name, values: values instanceof Float64Array ? values : Float64Array.from(values) };
  }
  const codes = Int32Array.from(column.codes, (code) => code - 1);
  return { kind: "text", name: column.name, codes, levels: column.levels.slice(1) };
}

async function readLevels(
  database: Database,
  relation: string,
  wanted: readonly WantedColumn[],
): Promise<{ rows: number; levels: ReadonlyMap<string, readonly string[]> }> {
  const texts = wanted.filter((column) => column.as === "text");
  const lists = texts.map(({ name }) => `list(distinct ${identifier(name)}::varchar)`);
  const sql = `select ${["count(*)::double", ...lists].join(", ")} from ${relation}`;
  const reader = await database.connection.runAndReadAll(sql);
  const [rows, ...found] = reader.getRowsJson()[0] ?? [];
  const levels = texts.map(({ name }, place): [string, string[]] => [name, sortedTexts(found[place])]);
  return { rows: Number(rows), levels: new Map(levels) };
}

function sortedTexts(list: unknown): string[] {
  const texts: string[] = [];
  if (Array.isArray(list)) for (const text of list) if (typeof text === "string") texts.push(text);
  return texts.sort();
}

interface Sink {
  column: CompactColumn;
  /** The SQL type made for it. */
  type: string | null;
  /** SQL without nulls: null slots of a vector hold garbage. */
  expression: string;
}

interface SinkRequest {
  column: WantedColumn;
  rows: number;
  levels: readonly string[] | undefined;
}

let types = 0;

async function sinkOf(database: Database, { column: { name, as }, rows, levels = [] }: SinkRequest): Promise<Sink> {
  const source = identifier(name);
  if (as !== "text") {
    const sql = as === "float32" ? "float" : "double";
    const values = as === "float32" ? new Float32Array(shared(rows * 4)) : new Float64Array(shared(rows * 8));
    return {
      column: { kind: "number", name, values },
      type: null,
      expression: `coalesce(${source}::${sql}, 'nan'::${sql})`,
    };
  }
  const { codes, integer } = codesFor(rows, levels.length + 1);
  const column: CompactTexts = { kind: "text", name, codes, levels: ["", ...levels] };
  if (levels.length === 0) return { column, type: null, expression: `0::${integer}` };
  types += 1;
  const type = identifier(`mlops_compact_${types}`);
  await database.run(`create temp type ${type} as enum (${levels.map(literal).join(", ")})`);
  const code = `enum_code(${source}::varchar::${type})::bigint`;
  return { column, type, expression: `(coalesce(${code}, -1) + 1)::${integer}` };
}

function codesFor(rows: number, levels: number): { codes: CompactTexts["codes"]; integer: string } {
  if (levels <= 256) return { codes: new Uint8Array(shared(rows)), integer: "utinyint" };
  if (levels <= 65_536) return { codes: new Uint16Array(shared(rows * 2)), integer: "usmallint" };
  return { codes: new Uint32Array(shared(rows * 4)), integer: "uinteger" };
}

async function stream(database: Database, relation: string, sinks: readonly Sink[]): Promise<void> {
  const expressions = sinks.map(({ expression }) => expression).join(", ");
  const result = await database.connection.stream(`select ${expressions} from ${relation}`);
  let offset = 0;
  for (let chunk = await result.fetchChunk(); chunk && chunk.rowCount > 0; chunk = await result.fetchChunk()) {
    for (const [place, { column }] of sinks.entries())
      fill(column, chunk.getColumnVector(place), { offset, rows: chunk.rowCount });
    offset += chunk.rowCount;
  }
}

function fill(column: CompactColumn, vector: DuckDBVector, { offset, rows }: { offset: number; rows: number }): void {
  const into = column.kind === "number" ? column.values : column.codes;
  if (!("items" in vector) || !isTypedLike(vector.items, into))
    throw new Error(`a vector of ${vector.type} has no plain items`);
  into.set(vector.items.length === rows ? vector.items : vector.items.subarray(0, rows), offset);
}

type Numbers = Float32Array | Float64Array | Uint8Array | Uint16Array | Uint32Array;

function isTypedLike(items: unknown, into: Numbers): items is Numbers {
  return items instanceof Object && items.constructor === into.constructor;
}

function shared(bytes: number): SharedArrayBuffer {
  return new SharedArrayBuffer(bytes);
}
