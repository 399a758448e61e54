import type { Log } from "../kit/log.ts";
import type { Finding } from "../kit/outcome.ts";
import { UserError } from "../kit/user-error.ts";
import type { ModelSpec, Task } from "../spec/model-spec.ts";
import { checkColumns } from "./column-findings.ts";
import type { Locate } from "./conditions.ts";
import { checkDeclared } from "./constraints.ts";
import { checkCrossRow } from "./cross-row.ts";
import { type Database, literal, openDatabase } from "./duckdb.ts";
import { checkLabel } from "./label-checks.ts";
import { checkLeakage } from "./leakage.ts";
import { type ColumnRole, type MeasuredColumn, type Profile, profileRelation } from "./profile.ts";
import type { ProfileFile } from "./profile-file.ts";
import { columnRoles, sensitiveColumns } from "./roles.ts";

export interface ValidationRequest {
  /** Path of a snapshot (contract: data/snapshot.parquet). */
  snapshot: string;
  data: ModelSpec["data"];
  task: Task;
  locate: Locate;
  log: Log;
  /** DuckDB's threads; default: one a core. */
  threads?: number;
}

export interface Validation {
  profile: ProfileFile;
  /** Errors first, then warnings, then notes. */
  findings: Finding[];
}

/** Profiles a snapshot and checks it: what model.yml declares, and what is always worth knowing before training. */
export async function validateSnapshot(request: ValidationRequest): Promise<Validation> {
  const database = await openDatabase(request.threads === undefined ? {} : { threads: request.threads });
  try {
    // Each statement reads the file's footer again; of 2,000 columns that costs more than the data.
    await database.run("set parquet_metadata_cache = true");
    // Straight from Parquet, also when small: a copy in memory costs more than it saves.
    return await validateRelation(database, { ...request, relation: `read_parquet(${literal(request.snapshot)})` });
  } finally {
    database.close();
  }
}

async function validateRelation(
  database: Database,
  request: ValidationRequest & { relation: string },
): Promise<Validation> {
  const { relation, data, task, log } = request;
  const roles = columnRoles(data);
  const sensitive = sensitiveColumns(data);
  log.progress("profiling columns", 0);
  const profile = await profileRelation(database, { relation, roles, sensitive });
  const { rows } = profile.file;
  const label = requireLabel(profile.columns, request);
  log.progress("checking declared rules", 0.5);
  const findings = [
    ...(await checkDeclared(database, { ...request, rows, columns: profile.columns, sensitive, expect: data.expect })),
    ...(await checkColumns(database, { relation, rows, columns: profile.columns, roles })),
    ...(await checkLabel(database, {
      relation,
      rows,
      label,
      task,
      positive: data.positive,
      sensitive: sensitive.has(data.label),
      allowedMissing: data.expect.columns[data.label]?.missing ?? 0,
      parts: profile.file.parts,
    })),
  ];
  log.progress("comparing rows", 0.7);
  findings.push(...(await checkCrossRow(database, { relation, ...crossRowColumns(profile, roles, request) })));
  log.progress("looking for leaks", 0.9);
  const features = profile.columns.filter(({ column }) => (roles.get(column.name) ?? "feature") === "feature");
  findings.push(...(await checkLeakage(database, { sample: profile.sample, columns: features, label, task })));
  return { profile: profile.file, findings: bySeverity(findings) };
}

function requireLabel(columns: readonly MeasuredColumn[], { data, locate }: ValidationRequest): MeasuredColumn {
  const label = columns.find(({ column }) => column.name === data.label);
  if (label !== undefined) return label;
  throw new UserError({
    code: "column_missing",
    message: `the data have no column ${JSON.stringify(data.label)}, which is named as the label`,
    where: locate(["data", "label"]),
    fix: `name one of: ${columns
      .slice(0, 20)
      .map(({ column }) => column.name)
      .join(", ")}`,
  });
}

function crossRowColumns(
  { file, columns }: Profile,
  roles: ReadonlyMap<string, ColumnRole>,
  { data, task }: ValidationRequest,
) {
  const names = columns.map(({ column }) => column.name);
  // With features.sql a dropped, time or group column may still become a feature: nobody reads SQL here to find out.
  const hidden: ColumnRole[] =
    data.features === undefined ? ["label", "key", "weight", "drop", "time", "group"] : ["label", "key", "weight"];
  return {
    rows: file.rows,
    testRows: file.parts.test,
    columns: names,
    key: (data.key ?? []).filter((name) => names.includes(name)),
    features: names.filter((name) => !hidden.includes(roles.get(name) ?? "feature")),
    classLabel: task === "binary-classification" || task === "multiclass-classification" ? data.label : null,
  };
}

function bySeverity(findings: readonly Finding[]): Finding[] {
  const order = { error: 0, warning: 1, note: 2 } as const;
  return findings.toSorted((a, b) => order[a.severity] - order[b.severity]);
}
