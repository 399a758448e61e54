import { dirname, join } from "node:path";
import type { ModelSpec } from "../spec/model-spec.ts";
import { namedSources } from "../spec/sources.ts";

/** Where collect leaves a source that is not the first: `data/<name>.parquet`. */
export function otherSourcePath(snapshot: string, name: string): string {
  return join(dirname(snapshot), `${name}.parquet`);
}

/** The files that hold a model's rows: the snapshot, and the sources that features.sql may join to it. */
export function snapshotFiles(snapshot: string, { source }: ModelSpec["data"]): string[] {
  const others = namedSources(source).slice(1);
  return [snapshot, ...others.map(({ name }) => otherSourcePath(snapshot, name))];
}
