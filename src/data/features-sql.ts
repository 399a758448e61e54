import { readFile } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";
import { hasCode } from "../kit/has-code.ts";
import { UserError } from "../kit/user-error.ts";
import { type Database, identifier, literal, openDatabase } from "./duckdb.ts";
import type { ColumnType } from "./read-table.ts";
import { placeOfOffset, type SqlPlace, sqlErrorPlace, sqlErrorSentence } from "./sql-error-place.ts";

/** A features.sql that was read. */
export interface FeaturesSql {
  /** As model.yml names it. */
  shown: string;
  text: string;
}

/** A table that features.sql may read. */
export interface VisibleTable {
  name: string;
  columns: readonly ColumnType[];
}

/** Reads the file without a closing semicolon. Throws file_missing. */
export async function readFeaturesSql(folder: string, shown: string): Promise<FeaturesSql> {
  try {
    const text = await readFile(join(folder, shown), "utf8");
    return { shown, text: withoutClosing(text) };
  } catch (error) {
    if (!hasCode(error, "ENOENT")) throw error;
    throw new UserError({
      code: "file_missing",
      message: `there is no file ${JSON.stringify(shown)}, which data.features names`,
      where: shown,
      fix: "write it, or remove data.features to use the columns as they are",
      cause: error,
    });
  }
}

/** Texts, quoted names and comments, in which a semicolon closes nothing. */
const tokens =
  /(?<comment>\s+|--[^\n]*|\/\*[\s\S]*?\*\/)|\be'(?:[^'\\]|\\[\s\S]|'')*'|'(?:[^']|'')*'|"(?:[^"]|"")*"|\$(\w*)\$[\s\S]*?\$\2\$|(?<end>;)|[\s\S]/gi;

/** The text before a semicolon that nothing but comments follows. */
function withoutClosing(text: string): string {
  let closed: number | null = null;
  for (const { index, groups } of text.matchAll(tokens)) {
    if (groups?.end !== undefined) closed ??= index;
    else if (groups?.comment === undefined) closed = null;
  }
  return text.slice(0, closed ?? text.length).trimEnd();
}

/**
 * Checks that the SQL is one SELECT over the visible tables and nothing else, and gives its columns. Twice: its syntax
 * tree is walked for tables, functions and words outside a short list, and DuckDB binds it in an empty database that
 * may not touch files, the network or its own settings. The text comes from a pull request and runs on trusted machines.
 */
export async function checkFeaturesSql(sql: FeaturesSql, tables: readonly VisibleTable[]): Promise<ColumnType[]> {
  const locked = await openDatabase({ threads: 1 });
  try {
    for (const { name, columns } of tables) {
      const list = columns.map((column) => `${identifier(column.name)} ${column.type}`).join(", ");
      await locked.run(`create table ${identifier(name)} (${list})`);
    }
    await refuseOutsiders(locked, sql, tables);
    await locked.run("set enable_external_access = false");
    await locked.run("set lock_configuration = true");
    return await bind(locked, sql, tables);
  } finally {
    locked.close();
  }
}

export interface RowExpression {
  sql: string;
  table: VisibleTable;
  /** Of the metric that it makes. */
  name: string;
  /** Its place in model.yml, some characters into it. */
  locate(offset: number): string;
}

/**
 * Checks that the SQL is one expression over a row of the table, by the rules of features.sql and without functions of several rows,
 * and gives its type. Throws own_metric_invalid at its place in model.yml.
 */
export async function checkRowExpression({ sql, table, name, locate }: RowExpression): Promise<string> {
  const whole: FeaturesSql = { shown: "", text: `select (\n${sql}\n) as mlops_value from ${identifier(table.name)}` };
  const locked = await openDatabase({ threads: 1 });
  try {
    const list = table.columns.map((column) => `${identifier(column.name)} ${column.type}`).join(", ");
    await locked.run(`create table ${identifier(table.name)} (${list})`);
    const found = await locked.query(
      "select distinct function_name as name from duckdb_functions() where function_type = 'aggregate'",
    );
    const aggregates = new Set(found.map((row) => String(row.name)));
    await refuseOutsiders(locked, whole, [table], aggregates);
    await locked.run("set enable_external_access = false");
    await locked.run("set lock_configuration = true");
    const [column, ...more] = await bind(locked, whole, [table]);
    if (column !== undefined && more.length === 0) return column.type;
    throw new UserError({ code: "own_metric_invalid", message: "it is not one expression", where: null, fix: "" });
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    throw new UserError({
      code: "own_metric_invalid",
      message: `the SQL of ${name} cannot be used: ${error.message.replace(/^features\.sql may not use (.*): features .*$/s, "it may not use $1")}`,
      where: locate(offsetIn(sql, error.where)),
      fix: `write one expression (DuckDB dialect) over ${table.columns
        .map((column) => column.name)
        .join(", ")
        .slice(0, 500)}`,
      cause: error,
    });
  } finally {
    locked.close();
  }
}

/** Characters into the SQL of a place `:line:column` in the text that has one line before it. */
function offsetIn(sql: string, where: string | null): number {
  const [, line, column] = /:(\d+):(\d+)$/.exec(where ?? "") ?? [];
  const before = sql.split("\n").slice(0, Math.max(0, Number(line ?? 2) - 2));
  const offset = before.reduce((sum, text) => sum + text.length + 1, 0) + Number(column ?? 1) - 1;
  return Math.min(Math.max(0, offset), Math.max(0, sql.length - 1));
}

async function bind(locked: Database, sql: FeaturesSql, tables: readonly VisibleTable[]): Promise<ColumnType[]> {
  try {
    const rows = await locked.query(`describe\n${sql.text}`);
    return rows.map((row) => ({ name: String(row.column_name), type: String(row.column_type) }));
  } catch (error) {
    throw featuresMistake(error, { sql, before: 1, tables });
  }
}

/** DuckDB's complaint about features.sql as a person repairs it; what is no complaint of DuckDB stays a bug. */
export function featuresMistake(
  error: unknown,
  { sql, before, tables }: { sql: FeaturesSql; before: number; tables: readonly VisibleTable[] },
): unknown {
  if (!(error instanceof Error) || !/^(Error: )?[A-Z][A-Za-z-]*( [A-Za-z]+)* Error: /.test(error.message)) return error;
  const place = sqlErrorPlace(error.message, { text: sql.text, before });
  const known = tables.map(({ name, columns }) => `${name} (${columns.map((column) => column.name).join(", ")})`);
  return new UserError({
    code: "features_invalid",
    message: sqlErrorSentence(error.message),
    where: shownPlace(sql, place),
    fix: `correct the SQL (DuckDB dialect); it sees ${known.join("; ").slice(0, 500)}, without label and split`,
    cause: error,
  });
}

function shownPlace({ shown }: FeaturesSql, place: SqlPlace | null): string {
  return place === null ? shown : `${shown}:${place.line}:${place.column}`;
}

const SyntaxTree = z.union([
  z.object({ error: z.literal(false), statements: z.array(z.json()) }),
  z.object({
    error: z.literal(true),
    error_type: z.string(),
    error_message: z.string(),
    position: z.string().optional(),
  }),
]);

async function refuseOutsiders(
  locked: Database,
  sql: FeaturesSql,
  tables: readonly VisibleTable[],
  ofManyRows: ReadonlySet<string> | null = null,
): Promise<void> {
  const [row] = await locked.query(`select json_serialize_sql(${literal(sql.text)})::varchar as tree`);
  const tree = SyntaxTree.parse(JSON.parse(String(row?.tree)));
  if (tree.error) throw notOneSelect(sql, tree);
  if (tree.statements.length !== 1) {
    throw notOneSelect(sql, { error_type: "", error_message: `${tree.statements.length} statements` });
  }
  const unsteady = await locked.query(
    "select distinct function_name as name from duckdb_functions() where stability <> 'CONSISTENT'",
  );
  const common = commonTables(tree.statements);
  const views = await locked.query("select view_name as name from duckdb_views() where internal");
  const internal = new Set(views.map(({ name }) => String(name)));
  // A WITH table hides a view of the engine, or a file, inside its own query alone; names are looked at everywhere.
  const hides = (name: string) => internal.has(name) || /^(duckdb|pg|sqlite|pragma|mlops)_|[^\p{L}\p{N}_ ]/u.test(name);
  const hiding = common.find(hides);
  if (hiding !== undefined) throw notAllowed(sql, { what: `the name ${JSON.stringify(hiding)}`, offset: null });
  const rules: Rules = {
    tables: new Set([...tables.map(({ name }) => name.toLowerCase()), ...common]),
    columns: new Set(tables.flatMap(({ columns }) => columns.map(({ name }) => name.toLowerCase()))),
    unsteady: new Set(unsteady.map(({ name }) => String(name))),
    ofManyRows,
  };
  const outsider = findOutsider(tree.statements, rules);
  if (outsider !== null) throw notAllowed(sql, outsider);
}

function notOneSelect(
  sql: FeaturesSql,
  { error_type, error_message, position }: { error_type: string; error_message: string; position?: string | undefined },
): UserError {
  const place = position === undefined ? null : placeOfOffset(sql.text, Number(position));
  const isSyntax = error_type === "parser";
  return new UserError({
    code: "features_invalid",
    message: isSyntax ? error_message : `the file is not one SELECT (${error_message})`,
    where: shownPlace(sql, place),
    fix: "write one SELECT in DuckDB's dialect that gives row_id and the features",
  });
}

interface Rules {
  tables: ReadonlySet<string>;
  columns: ReadonlySet<string>;
  /** Functions whose value is not decided by their arguments. */
  unsteady: ReadonlySet<string>;
  /** Functions that make one value of many rows, where the SQL is an expression of one row; else null. */
  ofManyRows: ReadonlySet<string> | null;
}

interface Outsider {
  what: string;
  offset: number | null;
}

type Node = z.infer<ReturnType<typeof z.json>>;
type NodeObject = { [key: string]: Node };

function isObject(node: Node): node is NodeObject {
  return typeof node === "object" && node !== null && !Array.isArray(node);
}

function children(node: Node): Node[] {
  if (Array.isArray(node)) return node;
  return isObject(node) ? Object.values(node) : [];
}

/** Names of all WITH tables of the statement. */
function commonTables(node: Node): string[] {
  const own = isObject(node) && isObject(node.cte_map ?? null) ? cteNames(node.cte_map ?? null) : [];
  return [...own, ...children(node).flatMap(commonTables)];
}

function cteNames(map: Node): string[] {
  const entries = isObject(map) && Array.isArray(map.map) ? map.map : [];
  return entries.flatMap((entry) =>
    isObject(entry) && typeof entry.key === "string" ? [entry.key.toLowerCase()] : [],
  );
}

function findOutsider(node: Node, rules: Rules): Outsider | null {
  const own = isObject(node) ? judge(node, rules) : null;
  if (own !== null) return own;
  for (const child of children(node)) {
    const found = findOutsider(child, rules);
    if (found !== null) return found;
  }
  return null;
}

const tableFunctions = new Set(["unnest", "range", "generate_series"]);
/** About the session, the server or the clock, though DuckDB calls some of them consistent. */
const sessionFunction =
  /^(current_|session_|pg_|has_|inet_|txid_|get_current|getvariable|getenv|version$|user$|in_search_path|set_|setseed|write_|sleep|localtime|query$|query_table$|transaction_timestamp|today$|now$)/;
const sessionWord =
  /^(current_(date|time|timestamp|user|role|schema|catalog|database)|local(time|timestamp)|session_user|user)$/;

function judge(node: NodeObject, rules: Rules): Outsider | null {
  const offset = typeof node.query_location === "number" && node.query_location < 2 ** 31 ? node.query_location : null;
  const outside = (what: string): Outsider => ({ what, offset });
  if (node.sample !== undefined && node.sample !== null) return outside("a sample");
  if (node.type === "BASE_TABLE") {
    const name = String(node.table_name);
    const isNamed = node.schema_name === "" && node.catalog_name === "" && rules.tables.has(name.toLowerCase());
    return isNamed ? null : outside(`the table ${JSON.stringify(name)}`);
  }
  if (node.type === "SHOW_REF") return outside("SHOW, DESCRIBE or SUMMARIZE");
  if (node.type === "TABLE_FUNCTION" && isObject(node.function ?? null)) {
    const name = functionName(node.function ?? null);
    return tableFunctions.has(name) ? null : outside(`${name}()`);
  }
  if (rules.ofManyRows !== null && (node.class === "WINDOW" || node.class === "SUBQUERY")) {
    return outside(node.class === "WINDOW" ? "a window function" : "a query of its own");
  }
  if (node.class === "FUNCTION" || node.class === "WINDOW") {
    const name = functionName(node);
    if (rules.ofManyRows?.has(name)) return outside(`${name}(), which takes many rows`);
    const asked = Array.isArray(node.children) ? node.children.length : 0;
    if (name === "age" && asked === 1) return outside("age() of one time, which asks the clock");
    return rules.unsteady.has(name) || sessionFunction.test(name) ? outside(`${name}()`) : null;
  }
  if (node.class === "COLUMN_REF" && Array.isArray(node.column_names) && node.column_names.length === 1) {
    const name = String(node.column_names[0]).toLowerCase();
    return sessionWord.test(name) && !rules.columns.has(name) ? outside(name) : null;
  }
  return null;
}

function functionName(node: Node): string {
  return isObject(node) ? String(node.function_name).toLowerCase() : "";
}

function notAllowed(sql: FeaturesSql, { what, offset }: Outsider): UserError {
  return new UserError({
    code: "features_not_allowed",
    message: `features.sql may not use ${what}: features depend on the named sources alone`,
    where: shownPlace(sql, offset === null ? null : placeOfOffset(sql.text, offset)),
    fix: "read named sources only (list them under data.source); make a time, a random number or a file a column of the data",
  });
}
