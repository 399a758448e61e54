import { dirname } from "node:path";
import { UserError, UserErrors } from "../kit/user-error.ts";
import type { ModelSpec } from "../spec/model-spec.ts";
import { namedSources } from "../spec/sources.ts";
import { type Database, identifier, literal } from "./duckdb.ts";
import {
  checkFeaturesSql,
  type FeaturesSql,
  featuresMistake,
  readFeaturesSql,
  type VisibleTable,
} from "./features-sql.ts";
import { type ColumnKind, type ColumnType, columnKind, describeQuery } from "./read-table.ts";
import { requireRowWise } from "./row-wise.ts";
import { otherSourcePath } from "./snapshot-files.ts";

export const parts = ["train", "valid", "test"] as const;
export type Part = (typeof parts)[number];

export interface FeatureColumn {
  name: string;
  kind: ColumnKind;
}

/** What a model sees of the snapshot's rows. */
export interface FeatureView {
  /** SQL name of a temp table or view: row_id, mlops_part, then the features, in snapshot order. */
  relation: string;
  columns: readonly FeatureColumn[];
}

export interface FeatureRequest {
  spec: ModelSpec;
  /** Folder of model.yml. */
  folder: string;
  /** Path of data/snapshot.parquet. */
  snapshot: string;
  parts: readonly Part[];
  /** Folders besides that of the snapshot to which the database writes afterwards: features.sql locks it. */
  writesTo?: readonly string[];
  /** The features that a trained model brings along, run instead of what model.yml names. */
  sql?: FeaturesSql | undefined;
}

const systemColumns: ReadonlySet<string> = new Set(["row_id", "mlops_row", "mlops_part"]);
let views = 0;

/**
 * Makes the features of the asked parts of a snapshot: by features.sql, else every column that has no other role.
 * Throws UserError where the SQL breaks the rules of design.md (one SELECT, nothing outside the sources, each row
 * once and by itself), and feature_is_time for a date or time. Before the SQL runs, the database is locked: its check
 * finds what reaches outside, and the engine refuses what the check might have missed.
 */
export async function prepareFeatures(database: Database, request: FeatureRequest): Promise<FeatureView> {
  const isMade = request.sql !== undefined || request.spec.data.features !== undefined;
  views += 1;
  const relation = `mlops_features_${views}`;
  if (isMade) await useFeaturesSql(database, request, relation);
  else await usePlainColumns(database, request, relation);
  const described = await describeQuery(database, `select * from ${relation}`);
  const columns = described.filter(({ name }) => !systemColumns.has(name));
  refuseTimes(columns, isMade);
  return { relation, columns: columns.map(({ name, type }) => ({ name, kind: columnKind(type) })) };
}

/** SELECT of the asked parts' rows with all columns of the snapshot. */
function snapshotRows({ snapshot, parts: asked }: FeatureRequest): string {
  return `select * from read_parquet(${literal(snapshot)}) where mlops_part in (${asked.map(literal).join(", ")})`;
}

async function usePlainColumns(database: Database, request: FeatureRequest, relation: string): Promise<void> {
  const { label, drop, key, time, group, weight } = request.spec.data;
  const others = new Set([label, ...drop, ...(key ?? []), ...(group ?? []), time, weight, ...systemColumns]);
  const rows = snapshotRows(request);
  const features = (await describeQuery(database, rows)).filter(({ name }) => !others.has(name));
  const list = ["row_id", "mlops_part", ...features.map(({ name }) => identifier(name))].join(", ");
  await database.run(`create temp table ${relation} as select ${list} from (${rows})`);
}

async function useFeaturesSql(database: Database, request: FeatureRequest, relation: string): Promise<void> {
  const sql = request.sql ?? (await readDeclared(request));
  const sources = await visibleSources(database, request);
  const tables = sources.map(({ table }) => table);
  requireFeatureNames(sql, await checkFeaturesSql(sql, tables));
  const ids = `${relation}_rows`;
  const made = `${relation}_made`;
  await database.run(`create temp table ${ids} as select row_id, mlops_part from (${snapshotRows(request)})`);
  await database.lock([dirname(request.snapshot), ...(request.writesTo ?? [])]);
  try {
    await database.run(`create temp table ${made} as ${withSources(sources)}\n${sql.text}\n)`);
  } catch (error) {
    throw featuresMistake(error, { sql, before: 1, tables });
  }
  await bringInOrder(database, { sql, ids, made, relation, asked: request.parts });
  await requireRowWise(database, { sql, ids, relation, subset: (chosen) => subsetQuery(sources, sql, chosen) });
}

function readDeclared({ spec, folder }: FeatureRequest): Promise<FeaturesSql> {
  const { features } = spec.data;
  if (features === undefined) throw new Error("the spec has no features");
  if (typeof features === "string") return readFeaturesSql(folder, features);
  // row_wise: false is refused before, at its place in model.yml.
  return readFeaturesSql(folder, features.sql);
}

interface VisibleSource {
  table: VisibleTable;
  /** SELECT of its rows. */
  rows: string;
}

/** The rows without label and split under the first source's name, and the other sources under theirs. */
async function visibleSources(database: Database, request: FeatureRequest): Promise<VisibleSource[]> {
  const hidden = [request.spec.data.label, "mlops_row", "mlops_part"].map(identifier).join(", ");
  const sources = namedSources(request.spec.data.source).map(({ name }, index) => ({
    name,
    rows:
      index === 0
        ? `select * exclude (${hidden}) from (${snapshotRows(request)})`
        : `select * from read_parquet(${literal(otherSourcePath(request.snapshot, name))})`,
  }));
  const visible: VisibleSource[] = [];
  for (const { name, rows } of sources) {
    visible.push({ table: { name, columns: await describeQuery(database, rows) }, rows });
  }
  return visible;
}

/** One line, so that DuckDB's line numbers are one more than the user's. */
function withSources(sources: readonly VisibleSource[], chosen?: string): string {
  const named = sources.map(({ table, rows }, index) => {
    const some = index === 0 && chosen !== undefined ? `select * from (${rows}) where row_id in (${chosen})` : rows;
    return `${identifier(table.name)} as (${some})`;
  });
  return `with ${named.join(", ")} select * from (`;
}

function subsetQuery(sources: readonly VisibleSource[], sql: FeaturesSql, chosen: string): string {
  return `${withSources(sources, chosen)}\n${sql.text}\n)`;
}

function requireFeatureNames(sql: FeaturesSql, columns: readonly ColumnType[]): void {
  const names = columns.map(({ name }) => name.toLowerCase());
  const wrong = (
    message: string,
    fix: string,
    code: "features_invalid" | "features_rows_changed" = "features_invalid",
  ) => new UserError({ code, message, where: sql.shown, fix });
  if (!names.includes("row_id")) {
    throw wrong("features.sql does not select row_id", "add row_id to the SELECT", "features_rows_changed");
  }
  const repeated = columns.find(({ name }, index) => names.indexOf(name.toLowerCase()) !== index);
  if (repeated !== undefined)
    throw wrong(`two features are named ${JSON.stringify(repeated.name)}`, "rename one with as");
  const reserved = columns.find(({ name }) => name !== "row_id" && systemColumns.has(name.toLowerCase()));
  if (reserved !== undefined) throw wrong(`${reserved.name} is a name of the snapshot`, "rename it with as");
  if (columns.length === 1) throw wrong("features.sql makes no feature", "select columns besides row_id");
}

interface MadeFeatures {
  sql: FeaturesSql;
  /** Table of row_id and mlops_part in snapshot order. */
  ids: string;
  /** Table of what features.sql gave. */
  made: string;
  relation: string;
  asked: readonly Part[];
}

/** Most SQL keeps the order of rows; then nothing is joined or sorted. */
async function bringInOrder(database: Database, { sql, ids, made, relation, asked }: MadeFeatures): Promise<void> {
  const [row] = await database.query(
    `select count(*) as strange from (select i.row_id as expected, m.row_id as seen from ${ids} i positional join ${made} m)
     where expected is distinct from seen`,
  );
  const isInOrder = Number(row?.strange) === 0;
  if (!isInOrder) await requireSameRows(database, { sql, ids, made });
  const [part] = asked;
  if (isInOrder && asked.length === 1 && part !== undefined) {
    const columns = `row_id, ${literal(part)} as mlops_part, * exclude (row_id)`;
    await database.run(`create temp view ${relation} as select ${columns} from ${made}`);
    return;
  }
  const joined = isInOrder
    ? `from ${ids} i positional join ${made} m`
    : `from (select rowid as mlops_n, * from ${ids}) i join ${made} m on i.row_id = m.row_id order by i.mlops_n`;
  await database.run(`create temp table ${relation} as select i.row_id, i.mlops_part, m.* exclude (row_id) ${joined}`);
  await database.run(`drop table ${made}`);
}

async function requireSameRows(
  database: Database,
  { sql, ids, made }: Pick<MadeFeatures, "sql" | "ids" | "made">,
): Promise<void> {
  const [found] = await database.query(
    `select (select count(*) from ${ids} where row_id not in (select row_id from ${made} where row_id is not null)) as lost,
            (select count(*) from ${made} where row_id is null or row_id not in (select row_id from ${ids})) as added,
            (select count(*) - count(distinct row_id) from ${made} where row_id is not null) as repeated`,
  );
  const counts = { lost: Number(found?.lost), added: Number(found?.added), repeated: Number(found?.repeated) };
  const said = Object.entries(counts).filter(([, count]) => count > 0);
  if (said.length === 0) return;
  throw new UserError({
    code: "features_rows_changed",
    message: `features.sql does not give each row once: ${said.map(([what, count]) => `${count} ${what}`).join(", ")}`,
    where: sql.shown,
    fix: "keep row_id as it is, drop filters, and join only on columns that are unique in the joined source",
  });
}

function refuseTimes(columns: readonly ColumnType[], areMade: boolean): void {
  const times = columns.filter(({ type }) => /^(DATE|TIME|INTERVAL)/.test(type));
  if (times.length === 0) return;
  throw new UserErrors(
    times.map(({ name, type }) => {
      const parted = `date_part('hour', ${identifier(name)})`;
      return new UserError({
        code: "feature_is_time",
        message: `the feature ${JSON.stringify(name)} is a ${type.toLowerCase()}; a model takes numbers and texts`,
        where: name,
        fix: areMade
          ? `make a number of it in features.sql, such as ${parted}`
          : `make a number of it in a features.sql, such as ${parted}, or name it in data.drop`,
      });
    }),
  );
}
