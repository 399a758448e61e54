import { UserError } from "../kit/user-error.ts";
import { type Database, identifier } from "./duckdb.ts";
import type { TableFile } from "./table-file.ts";

/** Rows of another table beside ours, by a key. */
export interface PairedRows {
  /** SQL that stands after FROM: the other table's columns for each of our rows, in our order; null without partners. */
  relation: string;
  rows: number;
  /** Our rows that the other table lacks. */
  missing: number;
  /** Its rows that are none of ours. */
  extra: number;
}

export interface PairRequest {
  /** SELECT of one column, the keys of our rows as texts, in our order. */
  ours: string;
  theirs: TableFile;
  /** Its column with the keys, read as text. */
  key: string;
  /** How our rows are called in a message: the option or file that they come from. */
  shown: string;
}

let pairs = 0;

/** Pairs rows one to one. Throws rows_not_paired where a key stands in two rows of either, or no key is in both. */
export async function pairRows(database: Database, { ours, theirs, key, shown }: PairRequest): Promise<PairedRows> {
  pairs += 1;
  const [left, relation] = [`mlops_ours_${pairs}`, `mlops_paired_${pairs}`];
  await database.run(`create temp table ${left} (mlops_id varchar)`);
  await database.run(`insert into ${left} ${ours}`);
  await requireDistinct(database, { relation: left, key: "mlops_id", shown });
  await requireDistinct(database, { relation: theirs.relation, key, shown: theirs.path });
  const id = identifier(key);
  await database.run(
    `create temp table ${relation} as select t.* from ${left} o left join ${theirs.relation} t on t.${id} = o.mlops_id order by o.rowid`,
  );
  const [counts] = await database.query(
    `select count(*)::integer as rows, (count(*) filter (where ${id} is null))::integer as missing,
     (select count(*) from ${theirs.relation})::integer as theirs from ${relation}`,
  );
  const [rows, missing] = [Number(counts?.rows), Number(counts?.missing)];
  const extra = Number(counts?.theirs) - (rows - missing);
  if (rows > 0 && missing === rows) throw nothingInCommon({ rows, theirs: extra, key, path: theirs.path });
  return { relation, rows, missing, extra };
}

async function requireDistinct(
  database: Database,
  { relation, key, shown }: { relation: string; key: string; shown: string },
): Promise<void> {
  const id = identifier(key);
  const [found] = await database.query(
    `select count(*)::integer as rows, count(${id})::integer as present, (count(distinct ${id}))::integer as keys from ${relation}`,
  );
  const [rows, present, keys] = [Number(found?.rows), Number(found?.present), Number(found?.keys)];
  if (present === rows && keys === rows) return;
  const what =
    present < rows ? `${rows - present} of ${rows} rows have none` : `${rows} rows have ${keys} different ones`;
  throw new UserError({
    code: "rows_not_paired",
    message: `rows are paired by ${JSON.stringify(key === "mlops_id" ? "the key" : key)}, and ${what}`,
    where: shown,
    fix: "name a column that every row has a value of its own in",
  });
}

function nothingInCommon(of: { rows: number; theirs: number; key: string; path: string }): UserError {
  return new UserError({
    code: "rows_not_paired",
    message: `none of the ${of.rows} rows evaluated is among its ${of.theirs} rows (by ${JSON.stringify(of.key)})`,
    where: of.path,
    fix: "give predictions of the same test rows: row ids change with the data's key and columns; a model folder is run on these rows",
  });
}
