import { describeOwn, type OwnMetric } from "../evaluation/own-declaration.ts";
import type { OwnValues } from "../evaluation/own-metrics.ts";
import { UserError } from "../kit/user-error.ts";
import type { Table } from "../stats/table.ts";
import { type Database, identifier, openDatabase } from "./duckdb.ts";
import { checkRowExpression } from "./features-sql.ts";
import { appendAnswers } from "./predictions.ts";
import { plainColumn, readCompact } from "./read-compact.ts";
import { type ColumnType, columnKind, describeQuery } from "./read-table.ts";

export interface OwnMetricsRequest {
  metrics: readonly (OwnMetric & { sql: string })[];
  /** SELECT of the rows with all columns of the snapshot, in the order of the table's rows. */
  rowIds: string;
  /** The columns of predictions.parquet after row_id. */
  table: Table;
  /** Where a metric's SQL stands, some characters into it. */
  locate(metric: number, offset: number): string;
}

const cases = "cases";

/**
 * The numbers that the SQL of each metric gives for each row, over the columns of the predictions and those of the row; where
 * both have one of a name it is the predictions'. The SQL comes from a pull request: it is one expression of its own row, checked
 * word by word, and runs in a database that may touch no file, network or setting.
 * Throws own_metric_invalid at the line and column of model.yml.
 */
export async function measureOwn(request: OwnMetricsRequest): Promise<OwnValues[]> {
  const database = await openDatabase();
  try {
    await prepareCases(database, request);
    await database.lock([]);
    const columns = await describeQuery(database, `select * from ${cases}`);
    const found: OwnValues[] = [];
    for (const [place, metric] of request.metrics.entries()) {
      const locate = (offset: number): string => request.locate(place, offset);
      const type = await checkRowExpression({
        sql: metric.sql,
        table: { name: cases, columns },
        name: metric.name,
        locate,
      });
      found.push(await valuesOf(database, metric, { type, locate }));
    }
    return found;
  } finally {
    database.close();
  }
}

async function prepareCases(database: Database, { rowIds, table }: OwnMetricsRequest): Promise<void> {
  await database.run(`create temp table mlops_given as select * exclude (mlops_row, mlops_part) from (${rowIds}\n)`);
  const given = await describeQuery(database, "select * from mlops_given");
  const answers = await appendAnswers(database, table);
  const names = new Set(table.columns.map(({ name }) => name.toLowerCase()));
  const others = given.filter(({ name }) => !names.has(name.toLowerCase())).map(({ name }) => identifier(name));
  const all = [...answers, ...others].join(", ");
  await database.run(`create temp table ${cases} as select ${all} from mlops_given positional join answers`);
}

async function valuesOf(
  database: Database,
  metric: OwnMetric & { sql: string },
  { type, locate }: { type: ColumnType["type"]; locate(offset: number): string },
): Promise<OwnValues> {
  const isShare = type === "BOOLEAN";
  if (!isShare && columnKind(type) !== "number") {
    throw new UserError({
      code: "own_metric_invalid",
      message: `the SQL of ${metric.name} gives ${type.toLowerCase()}, and a metric is the mean of numbers`,
      where: locate(0),
      fix: "make it true or false, or a number, for each row; null where the row does not count",
    });
  }
  // A number that is none must be told apart from a row that does not count.
  const value = `(\n${metric.sql}\n)::double`;
  const told = `case when isnan(mlops_value) then 'inf'::double else mlops_value end as mlops_value`;
  const relation = `(select ${told} from (select ${value} as mlops_value from ${cases}))`;
  const wanted = [{ name: "mlops_value", as: "float64" }] as const;
  const { columns } = await readCompact(database, relation, wanted).catch((error: unknown) => {
    throw failedOnRow(metric.name, locate(0), error);
  });
  const [column] = columns.map(plainColumn);
  if (column?.kind !== "number") throw new Error("a double was read as something else");
  const [described] = describeOwn([isShare ? { min: 0, max: 1, ...metric } : metric]);
  if (described === undefined) throw new Error("a metric is described");
  return { name: metric.name, metric, values: column.values, isShare, description: described };
}

/** SQL that can be read and yet fails on a value: √ of a negative number, a cast of a text that is no number. */
function failedOnRow(name: string, where: string, error: unknown): UserError {
  const reason = error instanceof Error ? error.message : String(error);
  return new UserError({
    code: "own_metric_invalid",
    message: `the SQL of ${name} fails on a row: ${reason.split("\n")[0]?.slice(0, 300) ?? ""}`,
    where,
    fix: "guard it with case when, nullif or try_cast; a row that gives null does not count",
    cause: error,
  });
}
