import { copyFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { type Database, identifier, literal } from "../data/duckdb.ts";
import { labelIsKnown } from "../data/known-label.ts";
import { describeQuery } from "../data/read-table.ts";
import { snapshotFiles } from "../data/snapshot-files.ts";
import type { ModelSpec } from "../spec/model-spec.ts";
import type { ScoredPart } from "./scoring-reply.ts";

export interface HiddenLabels {
  spec: ModelSpec;
  /** Path of the snapshot. */
  snapshot: string;
  parts: readonly ScoredPart[];
  /** Folder for the copies. */
  into: string;
}

/**
 * Copies the labelled rows of parts of a snapshot with every label missing, and the sources that features may join, to
 * `into`: an untrusted model is shown no answers. Returns the path of the copied snapshot.
 */
export async function hideLabels(database: Database, { spec, snapshot, parts, into }: HiddenLabels): Promise<string> {
  const label = spec.data.label;
  const source = `read_parquet(${literal(snapshot)})`;
  const columns = await describeQuery(database, `select * from ${source}`);
  const type = columns.find(({ name }) => name === label)?.type ?? "VARCHAR";
  const hidden = join(into, basename(snapshot));
  const rows = `select * replace (null::${type} as ${identifier(label)}) from ${source}
    where mlops_part in (${parts.map(literal).join(", ")}) and ${labelIsKnown(columns, label)}`;
  await database.run(`copy (${rows}) to ${literal(hidden)} (format parquet)`);
  for (const other of snapshotFiles(snapshot, spec.data).slice(1)) await copyFile(other, join(into, basename(other)));
  return hidden;
}
