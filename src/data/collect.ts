import { canonicalJson, sha256 } from "../kit/digest.ts";
import type { Log } from "../kit/log.ts";
import type { Finding } from "../kit/outcome.ts";
import type { ModelSpec } from "../spec/model-spec.ts";
import { type CleanColumns, cleanColumns } from "./clean-columns.ts";
import { type CleaningCount, rowFindings } from "./cleaning-findings.ts";
import type { DataLock, LockedSource } from "./data-lock.ts";
import { contentDigest } from "./digest.ts";
import { type Database, identifier, literal, openDatabase } from "./duckdb.ts";
import { loadSource, type SourceTable } from "./load-source.ts";
import { parquetMistake } from "./parquet-mistakes.ts";
import { describeQuery } from "./read-table.ts";
import { requireRoles } from "./require-roles.ts";
import { sensitiveColumns } from "./roles.ts";
import { findRepeats, refuseReservedNames, requireUniqueKey, skipRepeats } from "./row-identity.ts";
import { otherSourcePath } from "./snapshot-files.ts";
import type { SourceFile } from "./source-files.ts";
import { columnsNamed, planSplit, type Split } from "./split.ts";
import { copyToParquet, countParts, type PartRows, writeSnapshot } from "./write-snapshot.ts";

/** A source whose files were found and digested. The first of several has the rows. */
interface FoundSource {
  name: string;
  files: readonly (SourceFile & { sha256: string })[];
}

export interface CollectRequest {
  spec: ModelSpec;
  locate(path: readonly (string | number)[]): string;
  sources: readonly FoundSource[];
  /** Path of data/snapshot.parquet; other sources are written beside it as <name>.parquet. */
  snapshot: string;
  log: Log;
}

export interface Collected {
  lock: DataLock;
  findings: readonly Finding[];
  /** Files written. */
  outputs: readonly string[];
}

/** Reads, cleans and splits the sources and writes the snapshot. No row becomes a JavaScript object. */
export async function collectData(request: CollectRequest): Promise<Collected> {
  const database = await openDatabase();
  try {
    return await collectInto(database, request);
  } catch (error) {
    const files = request.sources.flatMap((source) => source.files);
    throw parquetMistake(error, files) ?? error;
  } finally {
    database.close();
  }
}

async function collectInto(database: Database, request: CollectRequest): Promise<Collected> {
  const [first, ...others] = request.sources;
  if (first === undefined) throw new Error("a spec has at least one source");
  const rows = await collectRows(database, request, first);
  const beside: OtherSource[] = [];
  for (const other of others) beside.push(await collectOther(database, request, other));
  const tables = [rows.table, ...beside.map((other) => other.table)];
  const cleaning = [...rows.cleaning, ...beside.flatMap(named)];
  const digest = combined(rows.digest, beside);
  return {
    lock: {
      schema_version: 1,
      model: request.spec.name,
      sources: request.sources.flatMap((source, index) => locked(source, tables[index])),
      snapshot: { digest, rows: total(rows.parts), parts: rows.parts },
      schema: rows.schema,
      cleaning,
      split: rows.split,
    },
    findings: [...rows.findings, ...beside.flatMap((other) => other.cleaned.findings)],
    outputs: [request.snapshot, ...beside.map((other) => other.path)],
  };
}

function total({ train, valid, test }: PartRows): number {
  return train + valid + test;
}

function locked(source: FoundSource, table: SourceTable | undefined): LockedSource[] {
  return source.files.map((file, index) => ({
    name: source.name,
    path: file.shown,
    bytes: table?.files[index]?.bytes ?? 0,
    sha256: file.sha256,
    rows: table?.files[index]?.rows ?? 0,
  }));
}

interface CollectedRows {
  table: SourceTable;
  digest: string;
  parts: PartRows;
  schema: DataLock["schema"];
  cleaning: readonly CleaningCount[];
  split: DataLock["split"];
  findings: readonly Finding[];
}

async function collectRows(database: Database, request: CollectRequest, source: FoundSource): Promise<CollectedRows> {
  const { spec, locate, log, snapshot } = request;
  const { data } = spec;
  log.progress(`reading ${shownNames(source)}`);
  const table = await loadSource(database, source);
  refuseReservedNames(table, data.key);
  requireRoles(table, request);
  log.progress(`looking at ${table.rows.toLocaleString("en")} rows`);
  const cleaned = await cleanColumns(database, { table, data });
  const { columns } = cleaned;
  const byContent = data.key === undefined;
  const repeats =
    byContent || data.drop_duplicates ? await findRepeats(database, { table, columns }) : await skipRepeats(database);
  const key = data.key === undefined ? null : columnsNamed(columns, data.key);
  if (key !== null) {
    await requireUniqueKey(database, {
      table,
      columns,
      key,
      dropRepeats: data.drop_duplicates,
      where: locate(["data", "key"]),
    });
  }
  const split = await planSplit(database, { table, columns, data, locate });
  log.progress(`writing ${table.rows.toLocaleString("en")} rows`);
  await writeSnapshot(database, {
    path: snapshot,
    table,
    columns,
    key,
    sensitive: sensitiveColumns(data),
    split,
    repeats,
    dropRepeats: data.drop_duplicates,
  });
  const parts = await countParts(database, snapshot, locate(["data"]));
  const schema = await schemaOf(
    database,
    snapshot,
    columns.map(({ name }) => name),
  );
  log.progress("digesting the snapshot");
  const relation = `read_parquet(${literal(snapshot)})`;
  const digest = await contentDigest(database, { relation, columns: schema, order: "mlops_row" });
  const dropped = data.drop_duplicates ? repeats : 0;
  return {
    table,
    digest,
    parts,
    schema,
    cleaning: [...cleaned.counts, ...droppedRows(dropped)],
    split: lockOf(split),
    findings: [...cleaned.findings, ...rowFindings({ dropped, split: split.lock, parts, byContent })],
  };
}

function shownNames({ files }: FoundSource): string {
  const [first] = files;
  return files.length === 1 ? (first?.shown ?? "") : `${files.length} files`;
}

async function schemaOf(database: Database, path: string, names: readonly string[]): Promise<DataLock["schema"]> {
  const described = await describeQuery(database, `select * from read_parquet(${literal(path)})`);
  return described.filter(({ name }) => names.includes(name));
}

function lockOf({ lock }: Split): DataLock["split"] {
  const { columns, ...rest } = lock;
  return columns === undefined ? rest : { ...rest, columns: [...columns] };
}

/** Of whole rows, not of a column: the column's name is empty. */
function droppedRows(count: number): CleaningCount[] {
  return count === 0 ? [] : [{ column: "", action: "duplicates_dropped", count }];
}

interface OtherSource {
  name: string;
  path: string;
  table: SourceTable;
  cleaned: CleanColumns;
  digest: string;
}

/** A source that features.sql may join: cleaned like the rows, written as <name>.parquet. */
async function collectOther(database: Database, request: CollectRequest, source: FoundSource): Promise<OtherSource> {
  const { missing, trim } = request.spec.data;
  request.log.progress(`reading ${shownNames(source)}`);
  const table = await loadSource(database, source);
  const cleaned = await cleanColumns(database, { table, data: { missing, trim, expect: { columns: {} } } });
  const path = otherSourcePath(request.snapshot, source.name);
  const values = cleaned.columns.map(({ name, expression }) => `${expression} as ${identifier(name)}`).join(", ");
  await copyToParquet(database, { path, sql: `select ${values} from ${table.relation}` });
  const read = `read_parquet(${literal(path)})`;
  const columns = await describeQuery(database, `select * from ${read}`);
  const relation = `(select *, row_number() over () as mlops_row from ${read})`;
  const digest = await contentDigest(database, { relation, columns, order: "mlops_row" });
  return { name: source.name, path, table, cleaned, digest };
}

function named({ name, cleaned }: OtherSource): DataLock["cleaning"] {
  return cleaned.counts.map((count) => ({ source: name, ...count }));
}

function combined(rows: string, others: readonly OtherSource[]): string {
  if (others.length === 0) return rows;
  return sha256(canonicalJson({ rows, others: Object.fromEntries(others.map(({ name, digest }) => [name, digest])) }));
}
