import type { Finding } from "../kit/outcome.ts";
import type { ModelSpec } from "../spec/model-spec.ts";
import {
  allMissing,
  type CleaningCount,
  cellsCleaned,
  cleaningActions,
  leadingZerosKept,
  mixedTypes,
  valuesInfinite,
} from "./cleaning-findings.ts";
import {
  canBeRead,
  candidateTypes,
  isOfType,
  isZeroLed,
  narrowestType,
  nearlyType,
  sqlTypes,
  type TypeCounts,
  typedValue,
  type ValueType,
  valueTypes,
} from "./column-typing.ts";
import { type Aggregates, countAll, countValues } from "./count-all.ts";
import { type Database, identifier } from "./duckdb.ts";
import type { SourceTable } from "./load-source.ts";
import { type TextCells, textCells } from "./text-cells.ts";

/** A source column after cleaning, as SQL over the source's relation. */
export interface CleanColumn {
  name: string;
  /** DuckDB's name. */
  type: string;
  /** The cleaned, typed value. */
  expression: string;
  /** Its text: of a CSV as it is written, so that rows appended later, which may widen the type, change no text. */
  text: string;
}

export interface CleanColumns {
  columns: readonly CleanColumn[];
  counts: readonly CleaningCount[];
  findings: readonly Finding[];
}

export interface CleaningRequest {
  table: SourceTable;
  data: Pick<ModelSpec["data"], "missing" | "trim" | "expect">;
}

/** Looks at every value, in SQL, and says how each column is to be cleaned and typed. */
export async function cleanColumns(database: Database, request: CleaningRequest): Promise<CleanColumns> {
  const seen = await lookAtColumns(database, request);
  const findings: Finding[] = [];
  for (const column of seen) findings.push(...(await observations(database, request, column)));
  return { columns: seen.map(({ clean }) => clean), counts: seen.flatMap(({ counts }) => counts), findings };
}

interface SeenColumn {
  clean: CleanColumn;
  counts: readonly CleaningCount[];
  /** Null where the type was not for the tool to find. */
  types: TypeCounts | null;
  values: number;
  infinite: number;
}

async function lookAtColumns(database: Database, request: CleaningRequest): Promise<SeenColumn[]> {
  const { table, data } = request;
  const texts = table.columns.filter(({ type }) => isText(type));
  const cells = await textCells(database, {
    relation: table.relation,
    format: table.format,
    columns: texts,
    trim: data.trim,
    missing: data.missing,
  });
  const typed = await typeTexts(database, request, cells);
  const others = await lookAtTyped(database, request);
  const seen = new Map([...typed, ...others].map((column) => [column.clean.name, column]));
  return table.columns.flatMap(({ name }) => seen.get(name) ?? []);
}

function isText(type: string): boolean {
  return type === "VARCHAR" || type.startsWith("ENUM(");
}

/** Rows by which types are ruled out before all rows are looked at. */
const sampleRows = 256;

interface TextPlan {
  cells: TextCells;
  declared: ValueType | "text" | undefined;
  types: ValueType[];
}

/** Parquet says what its texts are; those of a CSV may be anything. */
async function typeTexts(
  database: Database,
  { table, data }: CleaningRequest,
  cells: readonly TextCells[],
): Promise<SeenColumn[]> {
  const plans = cells.map((each): TextPlan => {
    const declared = table.format === "csv" ? data.expect.columns[each.name]?.type : "text";
    return {
      cells: each,
      declared,
      types: declared === undefined ? [...valueTypes] : declared === "text" ? [] : [declared],
    };
  });
  const untold = plans.filter(({ declared }) => declared === undefined);
  const first = await firstTexts(database, table.relation, untold);
  for (const [index, plan] of untold.entries()) plan.types = candidateTypes(first[index] ?? []);
  const counts = await countTypes(database, table.relation, plans);
  const broken = plans.filter((plan, index) => isBroken(plan, counts[index] ?? noCounts));
  for (const plan of broken) plan.types = [...valueTypes];
  const recounts = await countTypes(database, table.relation, broken);
  return plans.map((plan, index) => seenText(plan, recounts[broken.indexOf(plan)] ?? counts[index] ?? noCounts));
}

/** The first clean texts of each column. */
async function firstTexts(database: Database, relation: string, plans: readonly TextPlan[]): Promise<string[][]> {
  if (plans.length === 0) return [];
  const values = plans.map(({ cells }) => cells.value).join(", ");
  const reader = await database.connection.runAndReadAll(`select ${values} from ${relation} limit ${sampleRows}`);
  return reader.getColumnsJS().map((column) => column.filter((value) => typeof value === "string"));
}

const noCounts: TypeCounts = { values: 0, of: {}, zeroLed: 0, finite: 0, nan: 0, infinite: 0 };

/** The first rows promised a type that the others do not keep. */
function isBroken({ declared, types }: TextPlan, counts: TypeCounts): boolean {
  const isPartial = types.length > 0 && types.length < valueTypes.length;
  return declared === undefined && isPartial && narrowestType(counts) === null;
}

async function countTypes(database: Database, relation: string, plans: readonly TextPlan[]): Promise<TypeCounts[]> {
  const found = new Map<TextPlan, TypeCounts>();
  for (const alike of plansOfSameTypes(plans)) {
    const [first] = alike;
    if (first === undefined) continue;
    const values = alike.map(({ cells }) => cells.value);
    const rows = await countValues(database, relation, { values, aggregates: (value) => typeAggregates(first, value) });
    for (const [index, plan] of alike.entries()) found.set(plan, typeCounts(rows[index] ?? {}));
  }
  return plans.map((plan) => found.get(plan) ?? noCounts);
}

/** One scan for each set of types to count: columns of one set are counted by the same SQL. */
function plansOfSameTypes(plans: readonly TextPlan[]): TextPlan[][] {
  const groups = new Map<string, TextPlan[]>();
  for (const plan of plans) {
    const key = JSON.stringify([plan.declared !== undefined, plan.types]);
    const group = groups.get(key) ?? [];
    group.push(plan);
    groups.set(key, group);
  }
  return [...groups.values()];
}

function typeCounts(row: Record<string, number>): TypeCounts {
  const of: TypeCounts["of"] = {};
  for (const type of valueTypes) if (row[type] !== undefined) of[type] = row[type];
  const { values = 0, zeroLed = 0, finite = 0, nan = 0, infinite = 0 } = row;
  return { values, of, zeroLed, finite, nan, infinite };
}

function typeAggregates({ types, declared }: TextPlan, value: string): Aggregates {
  const test = declared === undefined ? isOfType : canBeRead;
  const counts = types.map((type) => [type, `count(*) filter (where ${test(type, value)})`]);
  const isNumeric = types.includes("integer") || types.includes("number");
  const double = `try_cast(${value} as double)`;
  return {
    values: `count(${value})`,
    ...Object.fromEntries(counts),
    ...(isNumeric ? { zeroLed: `count(*) filter (where ${isZeroLed(value)})` } : {}),
    ...(types.includes("number")
      ? {
          finite: `count(*) filter (where isfinite(${double}))`,
          nan: `count(*) filter (where isnan(${double}))`,
          infinite: `count(*) filter (where isinf(${double}))`,
        }
      : {}),
  };
}

function seenText({ cells, declared }: TextPlan, found: TypeCounts): SeenColumn {
  const { name, value, trimmed, marked } = cells;
  const type = chosenType(declared, found);
  const [nan, infinite] = type === "number" ? [found.nan, found.infinite] : [0, 0];
  return {
    clean: {
      name,
      type: type === null ? "VARCHAR" : sqlTypes[type],
      expression: type === null ? value : withoutNan(typedValue(type, value), nan),
      text: value,
    },
    counts: countsOf(name, { trimmed, marked_missing: marked, nan_to_missing: nan }),
    types: declared === undefined ? found : null,
    values: found.values - nan,
    infinite,
  };
}

function chosenType(declared: TextPlan["declared"], found: TypeCounts): ValueType | null {
  if (declared === "text") return null;
  if (declared === undefined) return found.zeroLed > 0 ? null : narrowestType(found);
  // A column that does not keep its declared type stays text; validate-data reports it.
  return found.values > 0 && found.of[declared] === found.values ? declared : null;
}

/** Columns that have a type already keep it; NaN becomes missing. */
async function lookAtTyped(database: Database, { table }: CleaningRequest): Promise<SeenColumn[]> {
  const columns = table.columns.filter(({ type }) => !isText(type));
  const isFloat = (type: string) => type === "FLOAT" || type === "DOUBLE";
  const rows = await countAll(
    database,
    table.relation,
    columns.map(({ name, type }): Aggregates => {
      const column = identifier(name);
      if (!isFloat(type)) return { values: `count(${column})` };
      const nan = `count(*) filter (where isnan(${column}))`;
      return { values: `count(${column})`, nan, infinite: `count(*) filter (where isinf(${column}))` };
    }),
  );
  return columns.map(({ name, type: stored }, index) => {
    const { values = 0, nan = 0, infinite = 0 } = rows[index] ?? {};
    const { type, value } = steadyType(identifier(name), stored);
    const expression = withoutNan(value, nan);
    const clean = { name, type, expression, text: steadyText(expression, type) };
    return { clean, counts: countsOf(name, { nan_to_missing: nan }), types: null, values: values - nan, infinite };
  });
}

/** Writers differ in the unit of a time (pandas has had two): here it is the microsecond. */
function steadyType(column: string, type: string): { type: string; value: string } {
  return /^TIMESTAMP_(S|MS|NS)$/.test(type)
    ? { type: "TIMESTAMP", value: `${column}::timestamp` }
    : { type, value: column };
}

/**
 * A value's text whatever type it is stored as: one missing value, appended later, makes pandas write a column of whole
 * numbers as doubles, and no row may move to another part for that.
 */
function steadyText(value: string, type: string): string {
  if (type === "FLOAT" || type === "DOUBLE") {
    const isWhole = `${value} = trunc(${value}) and abs(${value}) < 9.2e18`;
    return `(case when ${isWhole} then ${value}::bigint::varchar else ${value}::varchar end)`;
  }
  return /^DECIMAL\(\d+,[1-9]/.test(type) ? `rtrim(rtrim(${value}::varchar, '0'), '.')` : `${value}::varchar`;
}

/** NaN is how a program without nulls writes a missing number. */
function withoutNan(expression: string, nan: number): string {
  return nan === 0 ? expression : `(case when isnan(${expression}) then null else ${expression} end)`;
}

function countsOf(column: string, counts: Partial<Record<CleaningCount["action"], number>>): CleaningCount[] {
  return cleaningActions.flatMap((action) => {
    const count = counts[action] ?? 0;
    return count === 0 ? [] : [{ column, action, count }];
  });
}

async function observations(database: Database, { table }: CleaningRequest, column: SeenColumn): Promise<Finding[]> {
  const { name } = column.clean;
  const findings: Finding[] = column.counts.map(cellsCleaned);
  if (column.values === 0) findings.push(allMissing(name, table.rows));
  if (column.infinite > 0) findings.push(valuesInfinite(name, column.infinite));
  if (column.types === null || column.clean.type !== "VARCHAR") return findings;
  if (column.types.zeroLed > 0) return [...findings, ...leadingZerosKept(name, column.types)];
  const nearly = nearlyType(column.types);
  if (nearly === null) return findings;
  const { text } = column.clean;
  const odd = `${text} is not null and not coalesce(${isOfType(nearly, text)}, false)`;
  const rows = await database.query(`select mlops_row from ${table.relation} where ${odd} order by mlops_row limit 5`);
  return [
    ...findings,
    mixedTypes(name, { type: nearly, counts: column.types, rows: rows.map((row) => Number(row.mlops_row)) }),
  ];
}
