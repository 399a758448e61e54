import { createHash, type Hash } from "node:crypto";
import type { DuckDBVector } from "@duckdb/node-api";
import { canonicalJson, sha256 } from "../kit/digest.ts";
import { countAll } from "./count-all.ts";
import { type Database, identifier } from "./duckdb.ts";
import type { ColumnType } from "./read-table.ts";
import { levelCode, textLevels } from "./text-levels.ts";

export interface DigestRequest {
  /** SQL for a FROM, with `order` among its columns. */
  relation: string;
  columns: readonly ColumnType[];
  /** Column of whole numbers that rises from row to row. */
  order: string;
}

/**
 * Canonical digest of a table's content: SHA-256 over the rows' number and each column's name, type and the SHA-256 of
 * its values in row order. Equal for any row groups, compression, writer and thread count; another for any change of a
 * value (also from missing to empty), type, name or order. Throws when rows do not come in rising `order`.
 *
 * Encoding, version 1: whole numbers and times as little-endian int64 (times in microseconds since 1970), floats as
 * float64, booleans as a byte, each with 0 for missing and a byte a row that says so when any is missing; texts with at
 * most 65,536 levels (none with a NUL) as int32 codes (-1 missing) over the levels sorted by code point, others as their lengths and bytes.
 */
export async function contentDigest(database: Database, request: DigestRequest): Promise<string> {
  const { rows, missing } = await countMissing(database, request);
  const names = request.columns.filter(({ name, type }) => plainExpression(identifier(name), type) === null);
  const texts = await textLevels(database, { relation: request.relation, rows, names: names.map(({ name }) => name) });
  const digesters: ColumnDigester[] = [];
  for (const [index, column] of request.columns.entries()) {
    digesters.push(await columnDigester(database, { request, column, missing: missing[index] ?? 0, texts }));
  }
  await streamInto(database, request, digesters);
  const columns = digesters.map(({ name, type, digest }) => ({ name, type, sha256: digest() }));
  return sha256(canonicalJson({ encoding: 1, rows, columns }));
}

async function countMissing(
  database: Database,
  { relation, columns }: DigestRequest,
): Promise<{ rows: number; missing: number[] }> {
  const all = { rows: "count(*)" };
  const [first, ...counts] = await countAll(database, relation, [
    all,
    ...columns.map(({ name }) => ({ missing: `count(*) - count(${identifier(name)})` })),
  ]);
  return { rows: first?.rows ?? 0, missing: counts.map(({ missing = 0 }) => missing) };
}

interface ColumnDigester extends ColumnType {
  /** SQL of plain vectors without nulls. */
  expressions: readonly string[];
  update(vectors: readonly DuckDBVector[], rows: number): void;
  digest(): string;
}

interface DigesterRequest {
  request: DigestRequest;
  column: ColumnType;
  missing: number;
  /** Levels of each column of texts; null for those with too many. */
  texts: ReadonlyMap<string, readonly string[] | null>;
}

async function columnDigester(database: Database, digester: DigesterRequest): Promise<ColumnDigester> {
  const { request, column, missing, texts } = digester;
  const name = identifier(column.name);
  const plain = plainExpression(name, column.type);
  if (plain !== null) return vectorDigester(column, missing === 0 ? [plain] : [plain, `(${name} is null)::utinyint`]);
  const levels = texts.get(column.name) ?? null;
  return levels === null ? longTextDigester(database, request, column) : levelDigester(column, levels);
}

const wholeNumber = /^(U?(TINYINT|SMALLINT|INTEGER)|BIGINT)$/;

/** SQL of a vector of fixed width for the types that have one. */
function plainExpression(column: string, type: string): string | null {
  if (wholeNumber.test(type)) return `coalesce(${column}::bigint, 0)`;
  if (type === "FLOAT" || type === "DOUBLE") return `coalesce(${column}::double, 0)`;
  if (type === "BOOLEAN") return `coalesce(${column}::utinyint, 0)`;
  if (type === "DATE" || type === "TIMESTAMP" || type === "TIMESTAMP WITH TIME ZONE")
    return `coalesce(epoch_us(${column}), 0)`;
  return null;
}

function vectorDigester(column: ColumnType, expressions: readonly string[]): ColumnDigester {
  const hashes = expressions.map(() => createHash("sha256"));
  return {
    ...column,
    expressions,
    update(vectors, rows) {
      for (const [index, vector] of vectors.entries()) updateHash(hashes[index], vector, rows);
    },
    digest: () => sha256(hashes.map((hash) => hash.digest("hex")).join(" ")),
  };
}

function updateHash(hash: Hash | undefined, vector: DuckDBVector, rows: number): void {
  hash?.update(bytesOf(vector, rows));
}

function bytesOf(vector: DuckDBVector, rows: number): Uint8Array {
  if (!("items" in vector) || !ArrayBuffer.isView(vector.items) || !("BYTES_PER_ELEMENT" in vector.items))
    throw new Error(`a DuckDB vector of ${vector.type} has no plain items`);
  const { buffer, byteOffset } = vector.items;
  return new Uint8Array(buffer, byteOffset, rows * Number(vector.items.BYTES_PER_ELEMENT));
}

function levelDigester(column: ColumnType, levels: readonly string[]): ColumnDigester {
  const codes = vectorDigester(column, [levelCode(`${identifier(column.name)}::varchar`, levels)]);
  const dictionary = sha256(levels.map((level) => `${Buffer.byteLength(level)}:${level}`).join(""));
  return { ...codes, digest: () => sha256(`${dictionary} ${codes.digest()}`) };
}

/** Rows whose texts DuckDB joins into one: a text a row would cost twelve times as much. */
const rowsAtOnce = 16_384;

async function longTextDigester(
  database: Database,
  { relation, order }: DigestRequest,
  column: ColumnType,
): Promise<ColumnDigester> {
  const hash = createHash("sha256");
  const text = `${identifier(column.name)}::varchar`;
  const n = identifier(order);
  const framed = `coalesce(concat(strlen(${text}), ':', ${text}), '-')`;
  const result = await database.connection.stream(
    `select string_agg(${framed}, '' order by ${n}) from ${relation} group by ${n} // ${rowsAtOnce} order by min(${n})`,
  );
  for (let chunk = await result.fetchChunk(); chunk && chunk.rowCount > 0; chunk = await result.fetchChunk()) {
    for (const joined of chunk.getColumnValues(0)) hash.update(String(joined));
  }
  const digest = hash.digest("hex");
  return {
    ...column,
    expressions: [],
    update: () => undefined,
    digest: () => digest,
  };
}

async function streamInto(
  database: Database,
  { relation, order }: DigestRequest,
  digesters: readonly ColumnDigester[],
): Promise<void> {
  const expressions = digesters.flatMap((digester) => digester.expressions);
  const result = await database.connection.stream(
    `select ${[`${identifier(order)}::bigint`, ...expressions].join(", ")} from ${relation}`,
  );
  let last = -1n;
  for (let chunk = await result.fetchChunk(); chunk && chunk.rowCount > 0; chunk = await result.fetchChunk()) {
    last = requireRising(chunk.getColumnVector(0), chunk.rowCount, last);
    let at = 1;
    for (const { expressions: own, update } of digesters) {
      const vectors = own.map((_, index) => chunk.getColumnVector(at + index));
      update(vectors, chunk.rowCount);
      at += own.length;
    }
  }
}

function requireRising(vector: DuckDBVector, rows: number, before: bigint): bigint {
  if (!("items" in vector) || !(vector.items instanceof BigInt64Array)) throw new Error("the order is no whole number");
  let last = before;
  for (let row = 0; row < rows; row += 1) {
    const next = vector.items[row] ?? last;
    if (next <= last) throw new Error(`rows came out of order at ${next}`);
    last = next;
  }
  return last;
}
