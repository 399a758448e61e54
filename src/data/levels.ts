import type { ColumnStatistics } from "./column-statistics.ts";
import { presence, type TypedColumn } from "./column-type.ts";
import { type Database, identifier } from "./duckdb.ts";

/** The values of a column that has few, counted exactly. */
export interface Levels {
  /** Distinct values, missing not counted. */
  distinct: number;
  /** Most frequent first, ties by value; at most 20. */
  top: readonly { value: string; count: number }[];
}

/** Texts with more distinct values show none of them (design: who trusts what). */
export const mostShownTexts = 200;
const topValues = 20;
/** Approximate distinct counts are too small by a third now and then: columns up to these are counted exactly. */
const approximateLimit = { text: 2 * mostShownTexts, boolean: 3, number: 40, time: 0, other: 0 };
const columnsPerStatement = 50;
/** Each select is planned against all columns of its table: a copy of 50 columns of a wide table is six times faster. */
const wideTable = 200;
const mostCopiedRows = 200_000;

/** Exact counts of the values of texts, booleans and numbers with few of them, by column name. */
export async function countLevels(
  database: Database,
  relation: string,
  statistics: readonly ColumnStatistics[],
): Promise<Map<string, Levels>> {
  const wide = statistics.length > wideTable && statistics.every(({ present }) => present <= mostCopiedRows);
  const few = statistics.filter(({ column, distinct }) => distinct <= approximateLimit[column.kind]);
  const levels = new Map<string, Levels>(few.map(({ column }) => [column.name, { distinct: 0, top: [] }]));
  for (let begin = 0; begin < few.length; begin += columnsPerStatement) {
    const chunk = few.slice(begin, begin + columnsPerStatement);
    const from = wide ? await narrow(database, relation, chunk) : relation;
    const selects = chunk.map(({ column }, position) => levelsOf(from, column, position));
    for (const row of await database.query(`${selects.join(" union all ")} order by c, n desc, v`)) {
      const name = chunk[Number(row.c)]?.column.name;
      if (name === undefined) continue;
      const top = levels.get(name)?.top ?? [];
      levels.set(name, {
        distinct: Number(row.d),
        top: [...top, { value: String(row.v), count: Number(row.n) }],
      });
    }
  }
  return levels;
}

async function narrow(database: Database, relation: string, columns: readonly ColumnStatistics[]): Promise<string> {
  const list = columns.map(({ column }) => identifier(column.name)).join(", ");
  await database.run(`create or replace temp table mlops_narrow as select ${list} from ${relation}`);
  return "mlops_narrow";
}

function levelsOf(relation: string, column: TypedColumn, position: number): string {
  const x = identifier(column.name);
  // Each select reads one column; DuckDB groups dictionary-coded Parquet columns by their codes, faster than any map.
  return `select ${position} as c, v::varchar as v, n, d from (
    select v, n, count(*) over () as d, row_number() over (order by n desc, v) as place
    from (select ${x} as v, count(*) as n from ${relation} where ${presence(column)} group by 1)
  ) where place <= ${topValues}`;
}
