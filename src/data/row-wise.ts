import { UserError } from "../kit/user-error.ts";
import { type Database, identifier } from "./duckdb.ts";
import type { FeaturesSql } from "./features-sql.ts";
import { describeQuery } from "./read-table.ts";

export interface RowWiseRequest {
  sql: FeaturesSql;
  /** Table of all row ids. */
  ids: string;
  /** Features of all rows. */
  relation: string;
  /** The SQL over the rows whose ids a SELECT gives. */
  subset(chosen: string): string;
}

/** Rows computed a second time, among themselves. */
const most = 200;

/**
 * Throws features_not_row_wise when rows computed without the others come out different: window functions and
 * aggregates over rows would give other features in serving, where a row comes alone. A sample, so no proof.
 */
export async function requireRowWise(database: Database, request: RowWiseRequest): Promise<void> {
  const { ids, relation, sql } = request;
  const [count] = await database.query(`select count(*) as rows from ${ids}`);
  const step = Math.max(2, Math.ceil(Number(count?.rows) / most));
  const chosen = `select row_id from ${ids} where rowid % ${step} = 0`;
  const names = (await describeQuery(database, `select * exclude (row_id, mlops_part) from ${relation}`)).map(
    (each) => each.name,
  );
  const differs = names.map((name, index) => {
    const column = identifier(name);
    return `count(*) filter (where a.${column} is distinct from b.${column}) as d${index}`;
  });
  const [row = {}] = await database.query(
    `select count(*) as rows, (select count(*) from (${chosen})) as expected, ${differs.join(", ")}
     from (select * from ${relation} where row_id in (${chosen})) a join (\n${request.subset(chosen)}) b on a.row_id = b.row_id`,
  );
  const changed = names.filter((_, index) => Number(row[`d${index}`]) > 0);
  if (changed.length === 0 && Number(row.rows) === Number(row.expected)) return;
  const what =
    changed.length === 0
      ? "which rows come out changes"
      : `${changed.map((name) => JSON.stringify(name)).join(", ")} ${changed.length === 1 ? "changes" : "change"}`;
  throw new UserError({
    code: "features_not_row_wise",
    message: `${what} when the other rows are left out: a window function or an aggregate over rows`,
    where: sql.shown,
    fix: "compute each feature from its own row; put an aggregate into a named source and join it",
  });
}
