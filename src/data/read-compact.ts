import type { DuckDBDataChunk, DuckDBVector } from "@duckdb/node-api";
import { fillRows } from "../stats/fill-rows.ts";
import type { Column } from "../stats/table.ts";
import { type CompactTexts, TextFiller } from "./compact-texts.ts";
import { type Database, identifier, literal } from "./duckdb.ts";
import { GrowingArray, shared } from "./growing-array.ts";

// Columns in the smallest arrays that hold them, in memory that threads share: what inference takes. One pass over the
// relation, which may be a file: the first rows tell the texts that SQL can code, and the few that come later are read
// one by one. A column whose first rows promise many more is looked at whole before.

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

export type CompactColumn = CompactNumbers | CompactTexts;

export interface CompactTable {
  rows: number;
  columns: readonly CompactColumn[];
}

/** Reads columns of a relation (what stands after FROM) in the order of its rows; `expectedRows`: about how many there are. */
export async function readCompact(
  database: Database,
  relation: string,
  wanted: readonly WantedColumn[],
  expectedRows = 1 << 17,
): Promise<CompactTable> {
  const names = wanted.filter(({ as }) => as === "text").map(({ name }) => name);
  const known = await knownTexts(database, relation, names);
  const plans = wanted.map((column, place): Plan => planOf(column, place, known.get(column.name) ?? []));
  const types = plans.flatMap(({ type }) => type ?? []);
  try {
    for (const { name, texts } of types)
      await database.run(`create temp type ${name} as enum (${texts.map(literal).join(", ")})`);
    return await readPlanned(database, { relation, plans, expectedRows });
  } finally {
    for (const { name } of types) await database.run(`drop type if exists ${name}`);
  }
}

/** The wanted columns out of others that were read of the same rows; null where one of them is not there in that form. */
export function takeCompact(
  columns: readonly CompactColumn[],
  wanted: readonly WantedColumn[],
): CompactColumn[] | null {
  const taken: CompactColumn[] = [];
  for (const { name, as } of wanted) {
    const column = columns.find((each) => each.name === name);
    if (column === undefined || (column.kind === "text") !== (as === "text")) return null;
    taken.push(as === "float32" && column.kind === "number" ? asSingles(column) : column);
  }
  return taken;
}

function asSingles({ kind, name, values }: CompactNumbers): CompactNumbers {
  const singles = new Float32Array(shared(values.length * 4));
  singles.set(values);
  return { kind, name, values: singles };
}

/** A compact column as the statistics take it: doubles, or codes with -1 for missing. Copies unless it is one already. */
export function plainColumn(column: CompactColumn): Column {
  if (column.kind === "number") {
    const { name, values } = column;
    return { kind: "number", name, values: values instanceof Float64Array ? values : Float64Array.from(values) };
  }
  const codes = fillRows(new Int32Array(column.codes.length), (row) => column.codes[row] - 1);
  return { kind: "text", name: column.name, codes, levels: column.levels.slice(1) };
}

const firstRows = 20_000;
/** By Good and Turing a later row has a new text with at most the share of texts among the first rows (Good, 1953). */
const mostNew = 0.02;

async function knownTexts(
  database: Database,
  relation: string,
  names: readonly string[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  if (names.length === 0) return new Map();
  const columns = [...new Set(names)].map(identifier).join(", ");
  const first = await distinctTexts(database, `(select ${columns} from ${relation} limit ${firstRows})`, names);
  const open = names.filter((name) => (first.get(name)?.length ?? 0) > mostNew * firstRows);
  if (open.length === 0) return first;
  return new Map([...first, ...(await distinctTexts(database, relation, open))]);
}

async function distinctTexts(
  database: Database,
  relation: string,
  names: readonly string[],
): Promise<Map<string, string[]>> {
  const lists = names.map((name) => `list(distinct ${identifier(name)}::varchar)`);
  const reader = await database.connection.runAndReadAll(`select ${lists.join(", ")} from ${relation}`);
  const [found = []] = reader.getRowsJson();
  return new Map(names.map((name, place) => [name, codable(found[place])]));
}

/** Sorted; without those that SQL cannot write: a NUL ends it. */
function codable(list: unknown): string[] {
  const texts: string[] = [];
  if (Array.isArray(list))
    for (const text of list) if (typeof text === "string" && !text.includes("\0")) texts.push(text);
  return texts.sort();
}

interface Plan {
  column: WantedColumn;
  /** Texts with a code; the type that gives it. */
  type: { name: string; texts: readonly string[] } | null;
  /** SQL over the relation, as columns of the inner query. */
  inner: readonly string[];
  /** SQL over those: a vector without nulls (null slots hold garbage). */
  outer: string;
  /** SQL of a text that has no code; null where there can be none. */
  uncoded: string | null;
}

let types = 0;

function planOf({ name, as }: WantedColumn, place: number, texts: readonly string[]): Plan {
  const column = { name, as };
  const source = identifier(name);
  if (as === "float64") {
    const outer = `coalesce(v${place}, 'nan'::double)`;
    return { column, type: null, inner: [`${source}::double as v${place}`], outer, uncoded: null };
  }
  if (as === "float32") {
    return { column, type: null, inner: [`${source}::double as v${place}`], outer: single(`v${place}`), uncoded: null };
  }
  const value = `${source}::varchar as v${place}`;
  if (texts.length === 0) return { column, type: null, inner: [value], outer: "0::utinyint", uncoded: `v${place}` };
  types += 1;
  const type = { name: identifier(`mlops_compact_${types}`), texts };
  return {
    column,
    type,
    inner: [value, `try_cast(${source}::varchar as ${type.name}) as c${place}`],
    outer: `(coalesce(enum_code(c${place})::bigint, -1) + 1)::${integerFor(texts.length + 1)}`,
    uncoded: `case when c${place} is null then v${place} end`,
  };
}

/** A double as a float, as IEEE 754 rounds it: infinite beyond the largest, where a cast of SQL is an error. Missing is NaN. */
function single(value: string): string {
  const beyond = `case when ${value} > 0 then 'inf'::float when ${value} < 0 then '-inf'::float else 'nan'::float end`;
  return `coalesce(try_cast(${value} as float), ${beyond})`;
}

function integerFor(levels: number): string {
  if (levels <= 256) return "utinyint";
  return levels <= 65_536 ? "usmallint" : "uinteger";
}

async function readPlanned(
  database: Database,
  { relation, plans, expectedRows }: { relation: string; plans: readonly Plan[]; expectedRows: number },
): Promise<CompactTable> {
  const inner = plans.flatMap((plan) => plan.inner);
  const outer = [...plans.map((plan) => plan.outer), ...uncodedTexts(plans)];
  if (outer.length === 0) return { rows: await countRows(database, relation), columns: [] };
  const sql = `select ${outer.join(", ")} from (select ${inner.join(", ")} from ${relation})`;
  const result = await database.connection.stream(sql);
  const fillers = plans.map((plan) => fillerOf(plan, expectedRows));
  let rows = 0;
  for (let chunk = await result.fetchChunk(); chunk && chunk.rowCount > 0; chunk = await result.fetchChunk()) {
    for (const [place, filler] of fillers.entries()) filler.add(chunk.getColumnVector(place), chunk.rowCount);
    setUncoded(chunk, fillers, rows);
    rows += chunk.rowCount;
  }
  return { rows, columns: fillers.map((filler) => filler.finish()) };
}

async function countRows(database: Database, relation: string): Promise<number> {
  const [row] = await database.query(`select count(*)::double as rows from ${relation}`);
  return Number(row?.rows);
}

/** Whether a row has a text without a code, and the texts of all text columns that have none. */
function uncodedTexts(plans: readonly Plan[]): string[] {
  const texts = plans.flatMap(({ uncoded }) => uncoded ?? []);
  if (texts.length === 0) return [];
  const any = texts.map((text) => `(${text}) is not null`).join(" or ");
  return [`(${any})::utinyint`, `case when ${any} then [${texts.join(", ")}] end`];
}

interface Filler {
  /** The next rows. */
  add(vector: DuckDBVector, rows: number): void;
  /** Null for a number column. */
  setText: ((text: string, row: number) => void) | null;
  finish(): CompactColumn;
}

function fillerOf({ column: { name, as }, type }: Plan, expectedRows: number): Filler {
  if (as === "text") {
    const filler = new TextFiller(type?.texts ?? [], expectedRows);
    return {
      add: (vector, rows) => filler.addCodes(codesIn(vector, rows)),
      setText: (text, row) => filler.setText(text, row),
      finish: () => filler.finish(name),
    };
  }
  const isSingle = as === "float32";
  const make = (rows: number) => (isSingle ? new Float32Array(shared(rows * 4)) : new Float64Array(shared(rows * 8)));
  const values = new GrowingArray(make, expectedRows);
  let filled = 0;
  return {
    add: (vector, rows) => {
      values.withRoom(filled + rows).set(numbersIn(vector, rows), filled);
      filled += rows;
    },
    setText: null,
    finish: () => ({ kind: "number", name, values: values.withRoom(filled).subarray(0, filled) }),
  };
}

function setUncoded(chunk: DuckDBDataChunk, fillers: readonly Filler[], before: number): void {
  const setters = fillers.flatMap(({ setText }) => setText ?? []);
  if (setters.length === 0) return;
  const flags = codesIn(chunk.getColumnVector(fillers.length), chunk.rowCount);
  for (let row = flags.indexOf(1); row >= 0; row = flags.indexOf(1, row + 1)) {
    const found = chunk.getColumnVector(fillers.length + 1).getItem(row);
    if (!(found instanceof Object && "items" in found && Array.isArray(found.items))) throw notPlain("list");
    for (const [place, text] of found.items.entries())
      if (typeof text === "string") setters[place]?.(text, before + row);
  }
}

function codesIn(vector: DuckDBVector, rows: number): Uint8Array | Uint16Array | Uint32Array {
  const { items } = itemsOf(vector);
  if (items instanceof Uint8Array || items instanceof Uint16Array || items instanceof Uint32Array)
    return items.subarray(0, rows);
  throw notPlain(vector.type);
}

function numbersIn(vector: DuckDBVector, rows: number): Float32Array | Float64Array {
  const { items } = itemsOf(vector);
  if (items instanceof Float32Array || items instanceof Float64Array) return items.subarray(0, rows);
  throw notPlain(vector.type);
}

function itemsOf(vector: DuckDBVector): { items: unknown } {
  return "items" in vector ? vector : { items: null };
}

function notPlain(type: unknown): Error {
  return new Error(`a vector of ${String(type)} has no plain items`);
}
