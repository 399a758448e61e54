import { Data } from "../spec/model-spec.ts";
import { cleanColumns } from "./clean-columns.ts";
import { type Database, identifier } from "./duckdb.ts";
import { loadSource } from "./load-source.ts";
import { describeQuery } from "./read-table.ts";
import { refuseReservedNames } from "./row-identity.ts";
import type { SourceFile } from "./source-files.ts";
import { planSplit, splitHash } from "./split.ts";
import type { TableFile } from "./table-file.ts";

/**
 * The test part of a file under the default split, which needs no model.yml: the rows that `mlops collect` would hold
 * out with `test: { by: hash, share: 0.2 }`, without a key.
 */
export async function openHeldOutRows(database: Database, file: SourceFile, label: string): Promise<TableFile> {
  const data = Data.parse({ source: file.path, label });
  const table = await loadSource(database, { name: "data", files: [file] });
  refuseReservedNames(table, undefined);
  const { columns } = await cleanColumns(database, { table, data });
  const split = await planSplit(database, { table, columns, data, locate: () => "--rows" });
  const values = ["mlops_row", ...columns.map(({ name, expression }) => `${expression} as ${identifier(name)}`)];
  await database.run(
    `create or replace temp table mlops_held_out as select ${values.join(", ")}
     from (select *, sha256(${split.hashed ?? ""}) as ${splitHash} from ${table.relation}) where ${split.test} order by mlops_row`,
  );
  const relation = "mlops_held_out";
  const described = await describeQuery(database, `select * exclude (mlops_row) from ${relation}`);
  return { path: file.path, relation, columns: described, expectedRows: table.rows, rowNumber: "mlops_row" };
}
