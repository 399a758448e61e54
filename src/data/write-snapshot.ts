import { writeAtomically } from "../kit/atomic-write.ts";
import { UserError } from "../kit/user-error.ts";
import type { CleanColumn } from "./clean-columns.ts";
import { type Database, identifier, literal } from "./duckdb.ts";
import type { SourceTable } from "./load-source.ts";
import { contentId, keyId, rowText } from "./row-identity.ts";
import { type Split, splitHash } from "./split.ts";

export interface SnapshotRequest {
  path: string;
  table: SourceTable;
  columns: readonly CleanColumn[];
  /** Null: rows are identified by their content. */
  key: readonly CleanColumn[] | null;
  /** Names of columns whose values are never shown. */
  sensitive: ReadonlySet<string>;
  split: Split;
  /** Number of rows in mlops_repeats, which equal an earlier one. */
  repeats: number;
  /** Leave them out. */
  dropRepeats: boolean;
}

const idHash = "mlops_id";

/** Writes data/snapshot.parquet: row_id, mlops_row, mlops_part and the clean columns, in the order of the source. */
export async function writeSnapshot(database: Database, request: SnapshotRequest): Promise<void> {
  await copyToParquet(database, { path: request.path, sql: snapshotQuery(request) });
}

/** Writes the result of a SELECT under its final name only when complete. */
export async function copyToParquet(database: Database, { path, sql }: { path: string; sql: string }): Promise<void> {
  await writeAtomically(path, (temporary) =>
    database.run(`copy (${sql}) to ${literal(temporary)} (format parquet, use_tmp_file false)`),
  );
}

function snapshotQuery(request: SnapshotRequest): string {
  const { table, columns, key, sensitive, split, repeats, dropRepeats } = request;
  const id = key === null ? rowText({ table, columns }) : null;
  const hashes = [
    split.hashed === null ? "" : `, sha256(${split.hashed}) as ${splitHash}`,
    id === null || id === split.hashed ? "" : `, sha256(${id}) as ${idHash}`,
  ].join("");
  const part = `case when ${split.test} then 'test' when ${split.valid} then 'valid' else 'train' end`;
  const hash = id === split.hashed ? splitHash : idHash;
  const shown = columns.filter(({ name }) => name !== "row_id");
  const values = shown.map(({ name, expression }) => `${expression} as ${identifier(name)}`).join(", ");
  const identity = key === null ? contentId(hash, repeats > 0 && !dropRepeats) : keyId(key, sensitive);
  const rows = `select *${hashes} from ${table.relation}`;
  const selected = `select ${identity} as row_id, mlops_row, ${part} as mlops_part, ${values}`;
  // `not in` keeps the order of rows. A join does not (within a vector, matches come first), so that it needs a sort.
  if (dropRepeats || key !== null || repeats === 0) {
    return `${selected} from (${rows}) ${dropRepeats ? "where mlops_row not in (select mlops_n from mlops_repeats)" : ""}`;
  }
  return `${selected} from (${rows}) left join (select mlops_n, mlops_occurrence from mlops_repeats) on mlops_n = mlops_row order by mlops_row`;
}

export interface PartRows {
  train: number;
  valid: number;
  test: number;
}

/** Rows of each part of a snapshot. Throws split_empty when there is nothing to train or to test with. */
export async function countParts(database: Database, snapshot: string, where: string): Promise<PartRows> {
  const rows = await database.query(
    `select mlops_part, count(*) as rows from read_parquet(${literal(snapshot)}) group by mlops_part`,
  );
  const of = (part: string) => Number(rows.find((row) => row.mlops_part === part)?.rows ?? 0);
  const counts = { train: of("train"), valid: of("valid"), test: of("test") };
  if (counts.train > 0 && counts.test > 0) return counts;
  throw new UserError({
    code: "split_empty",
    message: `the split leaves ${counts.train} rows to train, ${counts.valid} to validate and ${counts.test} to test`,
    where,
    fix: "change data.test or data.valid, or collect more rows",
  });
}
