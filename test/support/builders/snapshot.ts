import { join } from "node:path";
import { literal, openDatabase } from "../../../src/data/duckdb.ts";
import { scratchFolder } from "../scratch.ts";

/**
 * A snapshot of the rows of any SELECT, in its order: row ids and row numbers are added, and every fifth row is a test
 * row. A query that has `row_id`, `mlops_row` or `mlops_part` itself keeps them.
 */
export async function aSnapshot(select: string): Promise<string> {
  const path = join(await scratchFolder(), "snapshot.parquet");
  const database = await openDatabase();
  try {
    await database.run(`create table source as ${select}`);
    const columns = await database.query("select column_name as name from (describe source)");
    const own = new Set(columns.map(({ name }) => String(name)));
    const added = [
      ["row_id", "'r' || row_number() over ()"],
      ["mlops_row", "row_number() over ()"],
      ["mlops_part", "case when row_number() over () % 5 = 0 then 'test' else 'train' end"],
    ].filter(([name = ""]) => !own.has(name));
    const list = [...added.map(([name, sql]) => `${sql} as ${name}`), "*"].join(", ");
    await database.run(`copy (select ${list} from source) to ${literal(path)} (format parquet)`);
    return path;
  } finally {
    database.close();
  }
}
