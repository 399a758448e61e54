import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import zlib from "node:zlib";
import { UserError } from "../kit/user-error.ts";
import { type CsvHeader, readCsvHeader } from "./csv-header.ts";
import { csvMistake, headerMistake } from "./csv-mistakes.ts";
import { type Database, identifier, literal } from "./duckdb.ts";
import { parquetMistake, refuseRepeatedNames } from "./parquet-mistakes.ts";
import { type ColumnType, describeQuery } from "./read-table.ts";
import type { SourceFile, SourceFormat } from "./source-files.ts";
import { zstdHead } from "./zstd-head.ts";

/** A source that SQL can read: texts as they are written (CSV) or typed columns (Parquet). */
export interface SourceTable {
  name: string;
  format: SourceFormat;
  /** SQL for a FROM: mlops_row (1-based, over all files) and the columns. */
  relation: string;
  columns: readonly ColumnType[];
  rows: number;
  files: readonly { file: SourceFile; bytes: number; rows: number }[];
}

export interface LoadRequest {
  name: string;
  files: readonly SourceFile[];
}

/** Makes a source readable by SQL. A CSV is read once, into a temp table that spills to disk; Parquet stays where it is. */
export async function loadSource(database: Database, request: LoadRequest): Promise<SourceTable> {
  const isParquet = request.files[0]?.format === "parquet";
  const table = isParquet ? await openParquet(database, request) : await loadCsv(database, request);
  if (table.rows === 0) throw noRows(request.files);
  return table;
}

function noRows(files: readonly SourceFile[]): UserError {
  const [first] = files;
  const message =
    files.length === 1 ? `${first?.shown} has a header and no rows` : `none of ${files.length} files has rows`;
  return new UserError({
    code: "source_empty",
    message,
    where: first?.shown ?? null,
    fix: "write the file again, with its rows",
  });
}

let tables = 0;

async function loadCsv(database: Database, { name, files }: LoadRequest): Promise<SourceTable> {
  tables += 1;
  const table = `mlops_source_${tables}`;
  const loaded: SourceTable["files"][number][] = [];
  let header: CsvHeader | null = null;
  let before = 0;
  for (const file of files) {
    const own = await csvHeader(database, file);
    if (header === null) {
      header = own;
      await database.run(`create temp table ${table} (${own.names.map((_, index) => `c${index} varchar`).join(", ")})`);
    } else requireSameColumns(header.names, own.names, { first: files[0]?.shown ?? "", other: file.shown });
    await insertWholeCsv(database, { table, file, own, names: header.names });
    const after = await countOf(database, table);
    loaded.push({ file, bytes: (await stat(file.path)).size, rows: after - before });
    before = after;
  }
  const names = header?.names ?? [];
  // Columns are renamed here and not in the table: a column may be called rowid.
  const columns = names.map((column, index) => `c${index} as ${identifier(column)}`).join(", ");
  return {
    name,
    format: "csv",
    relation: `(select rowid + 1 as mlops_row, ${columns} from ${table})`,
    columns: names.map((column) => ({ name: column, type: "VARCHAR" })),
    rows: before,
    files: loaded,
  };
}

async function countOf(database: Database, relation: string): Promise<number> {
  const [row] = await database.query(`select count(*) as rows from ${relation}`);
  return Number(row?.rows);
}

interface CsvInsert {
  table: string;
  file: SourceFile;
  own: CsvHeader;
  /** Column order of the table. */
  names: readonly string[];
}

/** A file that is cut off often breaks a row too: that it is cut off is what a person repairs. */
async function insertWholeCsv(database: Database, insert: CsvInsert): Promise<void> {
  const [whole, inserted] = await Promise.allSettled([requireWhole(insert.file), insertCsv(database, insert)]);
  for (const outcome of [whole, inserted]) if (outcome.status === "rejected") throw outcome.reason;
}

async function insertCsv(database: Database, { table, file, own, names }: CsvInsert): Promise<void> {
  const read = own.names.map((_, index) => `'c${index}': 'VARCHAR'`).join(", ");
  const chosen = names.map((name) => `c${own.names.indexOf(name)}`).join(", ");
  const packed = compressionOf(file.path);
  const compression = packed === null ? "" : `, compression = ${literal(packed)}`;
  const options = `header = true, delim = ${literal(own.delimiter)}, quote = '"', escape = '"', columns = {${read}}${compression}`;
  try {
    await database.run(
      `insert into ${table} select ${chosen} from read_csv(${fileLiteral(file)}, auto_detect = false, strict_mode = true, ${options})`,
    );
  } catch (error) {
    throw csvMistake(error, file.shown) ?? error;
  }
}

/** DuckDB reads `[1]` in a file's name as a pattern. */
function fileLiteral(file: SourceFile): string {
  return literal(escaped(file.path));
}

function escaped(path: string): string {
  return path.replaceAll(/[[*?]/g, "[$&]");
}

function requireSameColumns(
  expected: readonly string[],
  seen: readonly string[],
  { first, other }: { first: string; other: string },
): void {
  const lacking = expected.filter((name) => !seen.includes(name));
  const added = seen.filter((name) => !expected.includes(name));
  if (lacking.length === 0 && added.length === 0) return;
  const say = (names: readonly string[]) =>
    names
      .slice(0, 5)
      .map((name) => JSON.stringify(name))
      .join(", ");
  const what = [
    lacking.length > 0 ? `lacks ${say(lacking)}` : "",
    added.length > 0 ? `has ${say(added)} more` : "",
  ].filter((text) => text !== "");
  throw new UserError({
    code: "source_columns_differ",
    message: `${other} ${what.join(" and ")} compared with ${first}`,
    where: other,
    fix: "give all files of the source the same columns, or narrow the pattern",
  });
}

const headSizes = [1 << 18, 1 << 23] as const;

async function csvHeader(database: Database, file: SourceFile): Promise<CsvHeader> {
  for (const size of headSizes) {
    const { bytes, whole } = canUnpack(file.path) ? await readHead(file, size) : await headByDuckdb(database, file);
    // A header that is longer than the head needs a longer one.
    if (!whole && !bytes.includes(0x0a) && size !== headSizes.at(-1)) continue;
    const result = readCsvHeader(bytes, whole);
    if (result.ok) return result.header;
    throw headerMistake(result.problem, file.shown);
  }
  throw new Error("unreachable: the last head is always judged");
}

async function readHead(file: SourceFile, size: number): Promise<{ bytes: Uint8Array; whole: boolean }> {
  const unpacked = unpacker(file.path);
  const raw = createReadStream(file.path, { highWaterMark: 1 << 17 });
  const stream = unpacked === null ? raw : raw.pipe(unpacked);
  raw.on("error", (error) => stream.destroy(error));
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of stream) {
      chunks.push(chunk);
      length += chunk.length;
      if (length > size) break;
    }
  } catch (error) {
    throw cutOff(file, error);
  } finally {
    raw.destroy();
  }
  return { bytes: Buffer.concat(chunks).subarray(0, size), whole: length <= size };
}

async function headByDuckdb(database: Database, file: SourceFile): Promise<{ bytes: Uint8Array; whole: boolean }> {
  try {
    return await zstdHead(database, escaped(file.path));
  } catch (error) {
    throw csvMistake(error, file.shown) ?? cutOff(file, error);
  }
}

/** By the ending, in DuckDB's words. */
function compressionOf(path: string): "gzip" | "zstd" | null {
  if (/\.gz$/i.test(path)) return "gzip";
  return /\.zst$/i.test(path) ? "zstd" : null;
}

/** Node has zstd since 22.15. A named import of it would stop an older one from loading this file at all. */
function canUnpack(path: string): boolean {
  return compressionOf(path) !== "zstd" || "createZstdDecompress" in zlib;
}

function unpacker(path: string) {
  switch (compressionOf(path)) {
    case "gzip":
      return zlib.createGunzip();
    case "zstd":
      return canUnpack(path) ? zlib.createZstdDecompress() : null;
    case null:
      return null;
  }
}

/** DuckDB takes a .gz that is cut off for a short file. */
async function requireWhole(file: SourceFile): Promise<void> {
  const unpacked = unpacker(file.path);
  if (unpacked === null) return;
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  try {
    await pipeline(createReadStream(file.path, { highWaterMark: 1 << 20 }), unpacked, nowhere);
  } catch (error) {
    throw cutOff(file, error);
  }
}

function cutOff(file: SourceFile, error: unknown): unknown {
  if (!(error instanceof Error) || compressionOf(file.path) === null) return error;
  return new UserError({
    code: "source_unreadable",
    message: `${file.shown} is cut off or damaged (${error.message})`,
    where: file.shown,
    fix: "copy or compress the file again",
    cause: error,
  });
}

async function openParquet(database: Database, { name, files }: LoadRequest): Promise<SourceTable> {
  const opened: SourceTable["files"][number][] = [];
  const selects: string[] = [];
  let names: readonly string[] | null = null;
  let before = 0;
  for (const file of files) {
    try {
      const own = (await describeQuery(database, `select * from read_parquet(${fileLiteral(file)})`)).map(
        (each) => each.name,
      );
      await refuseRepeatedNames(database, file, own);
      if (names === null) names = own;
      else requireSameColumns(names, own, { first: files[0]?.shown ?? "", other: file.shown });
      const [count] = await database.query(
        `select sum(num_rows) as rows from parquet_file_metadata(${fileLiteral(file)})`,
      );
      const rows = Number(count?.rows);
      opened.push({ file, bytes: (await stat(file.path)).size, rows });
      selects.push(numbered(file, { names, before }));
      before += rows;
    } catch (error) {
      throw parquetMistake(error, files) ?? error;
    }
  }
  const relation = `(${selects.join(" union all ")})`;
  const columns = await describeQuery(database, `select * exclude (mlops_row) from ${relation}`);
  return { name, format: "parquet", relation, columns, rows: before, files: opened };
}

function numbered(file: SourceFile, { names, before }: { names: readonly string[]; before: number }): string {
  const columns = names.map(identifier).join(", ");
  // The option fails on a file that has a column of its name; the window is slower and needs one thread.
  if (names.some((name) => name.toLowerCase() === "file_row_number")) {
    return `select row_number() over () + ${before} as mlops_row, ${columns} from read_parquet(${fileLiteral(file)})`;
  }
  return `select file_row_number + ${before + 1} as mlops_row, ${columns} from read_parquet(${fileLiteral(file)}, file_row_number = true)`;
}
