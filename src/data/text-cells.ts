import { countValues } from "./count-all.ts";
import { type Database, identifier, literal } from "./duckdb.ts";
import type { SourceFormat } from "./source-files.ts";

// White space and missing markers of columns of texts: what is there, and the SQL that removes it.

/** A column of texts with the SQL of its clean text: no more of it than this column needs. */
export interface TextCells {
  name: string;
  /** The clean text. */
  value: string;
  /** Cells that had white space around a text. */
  trimmed: number;
  /** Cells whose text meant missing; empty cells of a CSV are not counted. */
  marked: number;
}

export interface TextCellsRequest {
  relation: string;
  format: SourceFormat;
  /** Columns of type VARCHAR or ENUM. */
  columns: readonly { name: string; type: string }[];
  trim: boolean;
  /** Texts that mean missing. */
  missing: readonly string[];
}

/** Counts white space and markers, in one scan, with a second one for columns where both may meet. */
export async function textCells(database: Database, request: TextCellsRequest): Promise<TextCells[]> {
  const { relation, trim } = request;
  const columns = request.columns.map(({ name, type }) => ({ name, raw: rawText(name, type) }));
  const counts = await countValues(database, relation, {
    values: columns.map(({ raw }) => raw),
    aggregates: (text) => ({
      surrounded: trim ? `count(*) filter (where ${isSurrounded(text)})` : "0",
      ...markerCounts(text, request),
    }),
  });
  const surrounded = columns.map((_, index) => (counts[index]?.surrounded ?? 0) > 0);
  const trimmedColumns = columns.filter((_, index) => surrounded[index]);
  const recounts = await countValues(database, relation, {
    values: trimmedColumns.map(({ raw }) => trimText(raw)),
    aggregates: (text) => markerCounts(text, request),
  });
  return columns.map((column, index) => {
    const isTrimmed = surrounded[index] === true;
    const found = isTrimmed ? recounts[trimmedColumns.indexOf(column)] : counts[index];
    const text = isTrimmed ? trimText(column.raw) : column.raw;
    return {
      name: column.name,
      value: (found?.absent ?? 0) > 0 ? withoutMarkers(text, request) : text,
      trimmed: counts[index]?.surrounded ?? 0,
      marked: found?.marked ?? 0,
    };
  });
}

function rawText(name: string, type: string): string {
  return type === "VARCHAR" ? identifier(name) : `${identifier(name)}::varchar`;
}

const noBreakSpace = "\u00a0";

const spaces = [" ", "\t", "\n", "\v", "\f", "\r", noBreakSpace];

/** Comparing ends is three times faster than trimming and comparing. All ASCII white space sorts before `!`. */
function isSurrounded(text: string): string {
  const ends = spaces.map((space) => `suffix(${text}, ${literal(space)})`).join(" or ");
  // Other control characters sort before `!` too.
  const starts = `${text} < '!' and ascii(${text}) in (9, 10, 11, 12, 13, 32) or prefix(${text}, ${literal(noBreakSpace)})`;
  return `(${starts} or ${ends}) and ${text} <> ''`;
}

function trimText(text: string): string {
  return `trim(${text}, ${literal(spaces.join(""))})`;
}

/** The empty cell of a CSV is missing; Parquet can tell an empty text from a missing one. */
function markers({ missing, format }: TextCellsRequest): string[] {
  return format === "csv" && !missing.includes("") ? [...missing, ""] : [...missing];
}

function markerCounts(text: string, request: TextCellsRequest): Record<string, string> {
  const all = markers(request);
  if (all.length === 0) return {};
  const absent = `${text} in (${all.map(literal).join(", ")})`;
  return {
    absent: `count(*) filter (where ${absent})`,
    marked: `count(*) filter (where ${absent}${request.format === "csv" ? ` and ${text} <> ''` : ""})`,
  };
}

function withoutMarkers(text: string, request: TextCellsRequest): string {
  return `(case when ${text} in (${markers(request).map(literal).join(", ")}) then null else ${text} end)`;
}
