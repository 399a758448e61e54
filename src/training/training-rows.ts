import { type Database, identifier, literal } from "../data/duckdb.ts";
import { prepareFeatures } from "../data/features.ts";
import { columnKind, describeQuery, readTable } from "../data/read-table.ts";
import { UserError } from "../kit/user-error.ts";
import type { ModelSpec } from "../spec/model-spec.ts";
import type { Column, Table } from "../stats/table.ts";

export interface TrainingRowsRequest {
  spec: ModelSpec;
  /** Folder of model.yml. */
  folder: string;
  /** Path of data/snapshot.parquet. */
  snapshot: string;
  /** Folders to which the database writes afterwards (prepareFeatures). */
  writesTo?: readonly string[];
}

/** The rows of one part that can be learned from, in the order of the snapshot. */
export interface TrainingRows {
  features: Table;
  label: Column;
  weights: Float64Array | null;
}

/** Rows of a part that were left out, because label or weight is missing. */
export interface SkippedRows {
  label: number;
  weight: number;
}

/** A temp table of the training and validation rows: features, label and weight under names that are no features'. */
export interface TrainingView {
  relation: string;
  row_id: string;
  part: string;
  label: string;
  /** DuckDB's type of the label. */
  labelType: string;
  weight: string | null;
  features: readonly string[];
  skipped: SkippedRows;
}

let views = 0;

/** Puts the rows that can be learned from into a temp table. Test rows are never in it. Throws as prepareFeatures. */
export async function trainingView(database: Database, request: TrainingRowsRequest): Promise<TrainingView> {
  const { data, task } = request.spec;
  const made = await prepareFeatures(database, { ...request, parts: ["train", "valid"] });
  const features = made.columns.map(({ name }) => name);
  const free = freeNames(features);
  const names = { row_id: "row_id", part: "mlops_part", label: free("label"), weight: free("weight") };
  const relation = `mlops_training_${++views}`;
  const snapshot = `read_parquet(${literal(request.snapshot)})`;
  const labelType = await typeOf(database, data.label, snapshot);
  if (data.weight !== undefined) requireNumber(await typeOf(database, data.weight, snapshot), data.weight);
  if (task === "regression" && columnKind(labelType) !== "number") throw labelNotNumber(data.label, labelType);
  const weight = data.weight === undefined ? "1" : `source.${identifier(data.weight)}::double`;
  await database.run(
    `create temp table ${relation} as
     select features.*, source.${identifier(data.label)} as ${identifier(names.label)}, ${weight} as ${identifier(names.weight)}
     from ${made.relation} as features join ${snapshot} as source using (row_id) order by source.mlops_row`,
  );
  const view = { relation, ...names, labelType, weight: data.weight === undefined ? null : names.weight, features };
  await refuseBadWeights(database, view, data.weight ?? "");
  return { ...view, skipped: await removeUnusable(database, view, task === "regression") };
}

/** Reads one part of the view as typed arrays. */
export async function readPart(database: Database, view: TrainingView, part: "train" | "valid"): Promise<TrainingRows> {
  const where = `where ${view.part} = ${literal(part)}`;
  const select = (names: readonly string[]): Promise<Table> =>
    readTable(database, `select ${names.map(identifier).join(", ")} from ${view.relation} ${where}`);
  const facts = await select([view.label, ...(view.weight === null ? [] : [view.weight])]);
  const [label, weight] = facts.columns;
  if (label === undefined) throw new Error("the label was not read");
  const features = view.features.length === 0 ? { rows: facts.rows, columns: [] } : await select(view.features);
  return { features, label, weights: weight?.kind === "number" ? weight.values : null };
}

/** DuckDB's names are equal whatever their case. */
function freeNames(features: readonly string[]): (wanted: string) => string {
  const taken = new Set(features.map((name) => name.toLowerCase()));
  return (wanted) => {
    let name = `mlops_${wanted}`;
    while (taken.has(name)) name += "_";
    return name;
  };
}

async function typeOf(database: Database, column: string, relation: string): Promise<string> {
  const columns = await describeQuery(database, `select * from ${relation}`);
  const found = columns.find(({ name }) => name === column);
  if (found !== undefined) return found.type;
  throw new UserError({
    code: "column_missing",
    message: `the snapshot has no column ${JSON.stringify(column)}; it has ${columns.map(({ name }) => name).join(", ")}`,
    where: column,
    fix: "correct data.label or data.weight to a column of the source, and collect again",
  });
}

function requireNumber(type: string, weight: string): void {
  if (columnKind(type) === "number") return;
  throw new UserError({
    code: "weight_invalid",
    message: `the weight column ${weight} is ${type.toLowerCase()}`,
    where: weight,
    fix: "name a column of numbers of 0 or more in data.weight",
  });
}

function labelNotNumber(label: string, type: string): UserError {
  return new UserError({
    code: "label_not_number",
    message: `the label ${label} is ${type.toLowerCase()}, and a regression predicts a number`,
    where: label,
    fix: "name a column of numbers in data.label, or choose binary-classification or multiclass-classification",
  });
}

type NamedView = Omit<TrainingView, "skipped">;

async function refuseBadWeights(database: Database, view: NamedView, weight: string): Promise<void> {
  if (view.weight === null) return;
  const column = identifier(view.weight);
  const [bad] = await database.query(
    `select count(*)::integer as rows, min(${column}) as smallest from ${view.relation} where ${column} < 0 or isinf(${column})`,
  );
  if (bad === undefined || Number(bad.rows) === 0) return;
  throw new UserError({
    code: "weight_invalid",
    message: `${String(bad.rows)} rows have a weight below 0 or infinite, such as ${String(bad.smallest)}`,
    where: weight,
    fix: "make numbers of 0 or more of the weight column",
  });
}

/** Removes rows without a usable label or weight from the view, and counts them. */
async function removeUnusable(database: Database, view: NamedView, numeric: boolean): Promise<SkippedRows> {
  const label = identifier(view.label);
  const isNumber = columnKind(view.labelType) === "number";
  const noNumber = numeric ? `not isfinite(${label}::double)` : `isnan(${label}::double)`;
  const unlabelled = isNumber ? `(${label} is null or ${noNumber})` : `${label} is null`;
  const weight = identifier(view.weight ?? "");
  const unweighted = view.weight === null ? "false" : `(${weight} is null or isnan(${weight}))`;
  const [counts] = await database.query(
    `select count_if(${unlabelled})::integer as label, count_if(not ${unlabelled} and ${unweighted})::integer as weight from ${view.relation}`,
  );
  const skipped = { label: Number(counts?.label ?? 0), weight: Number(counts?.weight ?? 0) };
  if (skipped.label + skipped.weight > 0)
    await database.run(`delete from ${view.relation} where ${unlabelled} or ${unweighted}`);
  return skipped;
}
