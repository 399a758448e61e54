import { open } from "node:fs/promises";
import { nearest } from "../kit/nearest.ts";
import { UserError } from "../kit/user-error.ts";
import { type Database, identifier, literal } from "./duckdb.ts";
import { labelIsKnown } from "./known-label.ts";
import { type CompactTable, readCompact, type WantedColumn } from "./read-compact.ts";
import { type ColumnType, describeQuery } from "./read-table.ts";
import { type SourceFile, sourceFiles } from "./source-files.ts";

/** A CSV or Parquet file as a relation, read when it is asked. */
export interface TableFile {
  path: string;
  /** SQL that stands after FROM. */
  relation: string;
  columns: readonly ColumnType[];
  /** About how many rows it has. */
  expectedRows: number;
  /** Column of the relation with a row's number in the file, from 1; null: the relation has all rows in their order. */
  rowNumber: string | null;
}

/** The rows of a file whose label is known. */
export interface FileRows {
  table: CompactTable;
  /** Rows without a label: not in the table. */
  unlabelled: number;
  /** Number of each row in its file, from 1. */
  rowNumber(row: number): number;
}

/** The one file at a path, recognised. Throws UserError for a folder, a glob, a pointer of Git LFS or DVC, no table. */
export async function findTableFile(path: string, option: string): Promise<SourceFile> {
  const source = { name: "data", kind: "path", value: path, query: null, path: [] } as const;
  const [file] = await sourceFiles({ source, folder: process.cwd(), where: option });
  if (file === undefined) throw new Error("sourceFiles found nothing and did not say so");
  return { ...file, shown: path };
}

export interface TextColumns {
  /** Columns that are read as text even where they look like numbers. */
  texts?: readonly string[];
  /** Columns whose values are shown: a yes or a true is kept as it is written, not as a truth value. */
  asWritten?: readonly string[];
}

/** Opens a CSV or Parquet file. */
export async function openTableFile(
  database: Database,
  { path, shown, format }: SourceFile,
  { texts = [], asWritten = [] }: TextColumns = {},
): Promise<TableFile> {
  const relation = relationOf({ path, format }, []);
  const columns = await describeOrExplain(database, relation, shown);
  const expectedRows = await estimateRows(database, { path, format }, relation);
  const asText = columns
    .filter(
      ({ name, type }) =>
        (texts.includes(name) && type !== "VARCHAR") || (asWritten.includes(name) && type === "BOOLEAN"),
    )
    .map(({ name }) => name);
  const file = { path: shown, expectedRows, rowNumber: null };
  if (asText.length === 0) return { ...file, relation, columns };
  const typed = relationOf({ path, format }, asText);
  return { ...file, relation: typed, columns: await describeOrExplain(database, typed, shown) };
}

const headBytes = 1 << 16;

/** A Parquet file says it; a CSV's first lines tell how long its lines are. */
async function estimateRows(
  database: Database,
  { path, format }: Pick<SourceFile, "path" | "format">,
  relation: string,
): Promise<number> {
  if (format === "parquet") return Number((await database.query(`select count(*) as n from ${relation}`))[0]?.n);
  const handle = await open(path);
  try {
    const { size } = await handle.stat();
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(headBytes));
    const lines = buffer.subarray(0, bytesRead).filter((byte) => byte === 0x0a).length;
    return Math.ceil((1.1 * size * (lines + 1)) / Math.max(bytesRead, 1));
  } finally {
    await handle.close();
  }
}

/** Reads columns of the file's rows whose `label` is known, and counts the others. Throws table_unreadable. */
export async function readLabelled(
  database: Database,
  file: TableFile,
  { label, wanted }: { label: string; wanted: readonly WantedColumn[] },
): Promise<FileRows> {
  const numbers = file.rowNumber === null ? [] : [{ name: file.rowNumber, as: "float64" as const }];
  try {
    const table = await readCompact(database, file.relation, [...wanted, ...numbers], file.expectedRows);
    const present = presentRows(table, label);
    const unlabelled = table.rows - present.length;
    const number = numberOf(table, file.rowNumber);
    if (unlabelled === 0 || present.length === 0) return { table, unlabelled, rowNumber: number };
    const rows = `(select * from ${file.relation} where ${labelIsKnown(file.columns, label)})`;
    const labelled = await readCompact(database, rows, wanted, present.length);
    return { table: labelled, unlabelled, rowNumber: (row) => number(present[row]) };
  } catch (error) {
    throw unreadable(file.path, error);
  }
}

/** Places of the rows with a label. */
function presentRows({ rows, columns }: CompactTable, label: string): Uint32Array {
  const column = columns.find(({ name }) => name === label);
  const isPresent = (row: number): boolean => {
    if (column === undefined) return true;
    return column.kind === "text" ? column.codes[row] > 0 : !Number.isNaN(column.values[row]);
  };
  const present = new Uint32Array(rows);
  let known = 0;
  for (let row = 0; row < rows; row += 1) {
    if (!isPresent(row)) continue;
    present[known] = row;
    known += 1;
  }
  return present.subarray(0, known);
}

function numberOf({ columns }: CompactTable, rowNumber: string | null): FileRows["rowNumber"] {
  const numbers = columns.find(({ name }) => name === rowNumber);
  return numbers?.kind === "number" ? (row) => numbers.values[row] : (row) => row + 1;
}

/**
 * Throws column_missing for the first column that the file does not have, with the nearest name among those that nothing else is
 * said to be.
 */
export function requireFileColumns(file: TableFile, wanted: readonly { name: string; option: string }[]): void {
  const names = file.columns.map(({ name }) => name);
  const missing = wanted.find(({ name }) => !names.includes(name));
  if (missing === undefined) return;
  const taken = new Set(wanted.map(({ name }) => name));
  const meant = nearest(
    missing.name,
    names.filter((name) => !taken.has(name)),
  );
  throw new UserError({
    code: "column_missing",
    message: `${missing.option}: there is no column ${JSON.stringify(missing.name)} in ${file.path}; the columns are ${names.slice(0, 20).join(", ")}`,
    where: missing.option,
    fix: meant === null ? "name one of the columns" : `did you mean ${JSON.stringify(meant)}?`,
  });
}

/** The default of 32 MB a buffer costs 100 MB more on 1M Adult rows, and no less time. A line has at most 2 MB. */
const csvBuffers = "buffer_size = 4000000, max_line_size = 2000000";

function relationOf({ path, format }: Pick<SourceFile, "path" | "format">, texts: readonly string[]): string {
  if (format === "parquet") {
    const casts = texts.map((name) => `${identifier(name)}::varchar as ${identifier(name)}`).join(", ");
    const rows = `read_parquet(${literal(path)})`;
    return casts === "" ? rows : `(select * replace (${casts}) from ${rows})`;
  }
  const types = texts.map((name) => `${literal(name)}: 'VARCHAR'`).join(", ");
  return `read_csv(${literal(path)}, ${csvBuffers}${types === "" ? "" : `, types = {${types}}`})`;
}

async function describeOrExplain(database: Database, relation: string, path: string): Promise<ColumnType[]> {
  try {
    return await describeQuery(database, `select * from ${relation}`);
  } catch (error) {
    throw unreadable(path, error);
  }
}

function unreadable(path: string, error: unknown): UserError {
  const reason = error instanceof Error ? error.message : String(error);
  return new UserError({
    code: "table_unreadable",
    message: `it cannot be read as a table: ${reason.split("\n").slice(0, 3).join(" ").slice(0, 400)}`,
    where: path,
    fix: "give a CSV with a header or a Parquet file; a Git LFS or DVC pointer needs `git lfs pull` or `dvc pull` first",
    cause: error,
  });
}
