import { clusterCodes } from "../evaluation/cluster-codes.ts";
import { rowWeights } from "../evaluation/row-weights.ts";
import { columnsToSlice } from "../evaluation/slice-declaration.ts";
import { nearest } from "../kit/nearest.ts";
import { UserError } from "../kit/user-error.ts";
import type { ModelSpec } from "../spec/model-spec.ts";
import type { Column } from "../stats/table.ts";
import { type Database, identifier, literal } from "./duckdb.ts";
import { type FeatureColumn, prepareFeatures } from "./features.ts";
import type { FeaturesSql } from "./features-sql.ts";
import { labelIsKnown } from "./known-label.ts";
import { type CompactColumn, plainColumn, readCompact, type WantedColumn } from "./read-compact.ts";
import { type ColumnType, columnKind, describeQuery } from "./read-table.ts";
import { columnRoles } from "./roles.ts";

export interface LabelledRowsRequest {
  spec: ModelSpec;
  /** Folder of model.yml. */
  folder: string;
  /** Path of data/snapshot.parquet. */
  snapshot: string;
  part: "test" | "valid";
  locate(path: readonly (string | number)[]): string;
  /** The features of the trained model; default: those of model.yml. */
  sql?: FeaturesSql | undefined;
}

/** The rows of a part whose label is known. */
export interface LabelledRows {
  rows: number;
  label: Column;
  weights: Float64Array | null;
  /** Rows of these that have no weight. */
  unweighted: number;
  /** Which rows belong together by data.group; null: it is not declared. */
  clusters: Int32Array | null;
  /** What evaluate.slices and evaluate.fairness cut and what is searched, each column once. */
  sliced: readonly Column[];
  /** The columns that evaluate.find_slices searches. */
  searched: readonly string[];
  /** Rows of the part without a label: in none of the above. */
  unlabelled: number;
  /** SELECT of these rows in their order, with row_id and mlops_row. */
  rowIds: string;
  features: readonly FeatureColumn[];
  /** SQL that stands after FROM: the features of these rows in their order. */
  relation: string;
  /** Columns that were read already and are features as they stand: none where features.sql makes them. */
  plainFeatures: readonly CompactColumn[];
}

/** Reads a part of the snapshot. Throws column_missing for a slice column that is not in the data, and no_rows_to_evaluate. */
export async function readLabelledRows(database: Database, request: LabelledRowsRequest): Promise<LabelledRows> {
  const { part, spec } = request;
  const { data } = spec;
  const { slices, fairness } = spec.evaluate;
  const rows = `select * from read_parquet(${literal(request.snapshot)}) where mlops_part = ${literal(part)}`;
  const source = await describeQuery(database, rows);
  const view = await prepareFeatures(database, { ...request, parts: [part] });
  const known = new Set([...source, ...view.columns].map(({ name }) => name).filter((name) => !isOurs(name)));
  const there = { columns: [...known], label: data.label };
  requireColumns(columnsToSlice(slices), { ...there, where: request.locate(["evaluate", "slices"]) });
  requireColumns(columnsToSlice(fairness), { ...there, where: request.locate(["evaluate", "fairness"]) });
  requireColumns(namedForSearch(spec), { ...there, where: request.locate(["evaluate", "find_slices", "columns"]) });
  const searched = columnsToSearch(spec, source, view.columns);
  const toSlice = [...new Set([...columnsToSlice([...slices, ...fairness]), ...searched])];
  const isKnown = labelIsKnown(source, data.label);
  await pairRows(database, { rows, label: data.label, features: view.relation });
  const unlabelled = await countUnlabelled(database, request, isKnown);
  const relation = unlabelled === 0 ? view.relation : await labelledFeatures(database, view.relation, isKnown);
  const given = source.filter(({ name }) => [data.label, data.weight, ...toSlice].includes(name));
  const facts = await readCompact(
    database,
    `(${rows} and ${isKnown})`,
    given.map((column) => wanted(column, toSlice)),
  );
  const made = view.columns.filter(
    ({ name }) => toSlice.includes(name) && !given.some((column) => column.name === name),
  );
  const extra = await readCompact(
    database,
    relation,
    made.map(({ name, kind }) => ({ name, as: kind === "number" ? "float64" : "text" })),
  );
  const columns = new Map([...facts.columns, ...extra.columns].map((column) => [column.name, plainColumn(column)]));
  const sliced = toSlice.map((name) => columnOf(columns, name));
  requireNumbers(sliced, request);
  return {
    label: columnOf(columns, data.label),
    ...weightsOf(columns, request),
    clusters: await readClusters(database, `(${rows} and ${isKnown})`, data.group ?? []),
    sliced,
    searched,
    rows: facts.rows,
    unlabelled,
    rowIds: `${rows} and ${isKnown}`,
    features: view.columns,
    relation,
    plainFeatures: request.sql === undefined && data.features === undefined ? facts.columns : [],
  };
}

/** A slice of true and false has their names. */
function wanted({ name, type }: ColumnType, slices: readonly string[]): WantedColumn {
  const asText = columnKind(type) === "text" || (type === "BOOLEAN" && slices.includes(name));
  return { name, as: asText ? "text" : "float64" };
}

function namedForSearch({ evaluate: { find_slices: plan } }: ModelSpec): readonly string[] {
  return typeof plan === "object" ? (plan.columns ?? []) : [];
}

/** Pairs grow with the square of the columns: 20 of 100,000 rows take a quarter of a second. */
const mostSearched = 20;

/**
 * The columns that evaluate.find_slices names; otherwise those that are sliced, the features, and what else has no role, for a
 * column with a role says who a row is or what became of it.
 */
function columnsToSearch(
  spec: ModelSpec,
  source: readonly ColumnType[],
  features: readonly FeatureColumn[],
): readonly string[] {
  const { find_slices: plan, slices, fairness } = spec.evaluate;
  if (plan === false) return [];
  const named = namedForSearch(spec);
  if (named.length > 0) return named;
  const roles = columnRoles(spec.data);
  const plain = source.filter(({ name, type }) => !isOurs(name) && !roles.has(name) && !isTime(type));
  const columns = [...columnsToSlice([...slices, ...fairness]), ...[...features, ...plain].map(({ name }) => name)];
  return [...new Set(columns)].filter((name) => name !== spec.data.label && !isOurs(name)).slice(0, mostSearched);
}

function isTime(type: string): boolean {
  return type === "DATE" || type.startsWith("TIME");
}

/** Columns that collect-data adds. */
function isOurs(name: string): boolean {
  return name === "row_id" || name.startsWith("mlops_");
}

function weightsOf(
  columns: ReadonlyMap<string, Column>,
  { spec: { data }, locate }: LabelledRowsRequest,
): Pick<LabelledRows, "weights" | "unweighted"> {
  if (data.weight === undefined) return { weights: null, unweighted: 0 };
  const { weights, missing } = rowWeights(columnOf(columns, data.weight), locate(["data", "weight"]));
  return { weights, unweighted: missing };
}

/** Groups by 52 bits of a hash, which a double holds: keys of any type and number, without their texts in memory. */
async function readClusters(
  database: Database,
  rows: string,
  group: readonly string[],
): Promise<LabelledRows["clusters"]> {
  if (group.length === 0) return null;
  const hashed = `(hash(${group.map(identifier).join(", ")}) >> 12)::double`;
  const { columns } = await readCompact(database, `(select ${hashed} as mlops_group from ${rows})`, [
    { name: "mlops_group", as: "float64" },
  ]);
  return clusterCodes(columns.map(plainColumn));
}

function columnOf(columns: ReadonlyMap<string, Column>, name: string): Column {
  const column = columns.get(name);
  if (column === undefined) throw new Error(`column ${name} was not read`);
  return column;
}

/** Texts have no quantiles. */
function requireNumbers(sliced: readonly Column[], { spec, locate }: LabelledRowsRequest): void {
  const texts = new Set(sliced.filter(({ kind }) => kind === "text").map(({ name }) => name));
  for (const key of ["slices", "fairness"] as const) {
    for (const [place, slice] of spec.evaluate[key].entries()) {
      if (typeof slice === "string" || !("column" in slice) || !texts.has(slice.column)) continue;
      throw new UserError({
        code: "slice_not_number",
        message: `${JSON.stringify(slice.column)} is to be cut at quantiles, and it is no column of numbers`,
        where: locate(["evaluate", key, place, "quantiles"]),
        fix: `write ${slice.column} alone: each of its values is then a slice`,
      });
    }
  }
}

/** Features and labels are read apart and meet by position: their row ids must be the same in the same order. */
async function pairRows(
  database: Database,
  { rows, label, features }: { rows: string; label: string; features: string },
): Promise<void> {
  await database.run(
    `create or replace temp table mlops_labels as select row_id as mlops_label_id, ${identifier(label)} from (${rows})`,
  );
  const [found] = await database.query(
    `select count(*)::integer as different from ${features} positional join mlops_labels where row_id is distinct from mlops_label_id`,
  );
  if (Number(found?.different) !== 0)
    throw new Error(`${String(found?.different)} feature rows are not those of the snapshot`);
}

async function countUnlabelled(
  database: Database,
  { spec, part }: LabelledRowsRequest,
  isKnown: string,
): Promise<number> {
  const [found] = await database.query(
    `select count(*)::integer as rows, (count(*) filter (where ${isKnown}))::integer as known from mlops_labels`,
  );
  const [rows, known] = [Number(found?.rows), Number(found?.known)];
  if (known === 0) throw noRows({ part, label: spec.data.label, rows });
  return rows - known;
}

async function labelledFeatures(database: Database, features: string, isKnown: string): Promise<string> {
  const known = `select ${isKnown} as mlops_known from mlops_labels`;
  const rows = `select f.* from ${features} f positional join (${known}) where mlops_known`;
  await database.run(`create or replace temp table mlops_labelled_features as ${rows}`);
  return "mlops_labelled_features";
}

function requireColumns(
  names: readonly string[],
  { columns, label, where }: { columns: readonly string[]; label: string; where: string },
): void {
  const missing = names.find((name) => !columns.includes(name));
  if (missing === undefined) return;
  const meant = nearest(
    missing,
    columns.filter((name) => name !== label),
  );
  throw new UserError({
    code: "column_missing",
    message: `there is no column ${JSON.stringify(missing)} to slice by; the columns are ${columns.slice(0, 20).join(", ")}`,
    where,
    fix: meant === null ? "name a column of the data" : `did you mean ${JSON.stringify(meant)}?`,
  });
}

function noRows({ part, label, rows }: { part: LabelledRowsRequest["part"]; label: string; rows: number }): UserError {
  const name = part === "test" ? "test" : "validation";
  return new UserError({
    code: "no_rows_to_evaluate",
    message: rows === 0 ? `the ${name} part has no rows` : `none of the ${rows} ${name} rows has a label`,
    where: label,
    fix: `check data.${part}, the label column and the missing markers, then collect again`,
  });
}
