import { type Database, identifier } from "./duckdb.ts";

/** Names of counts with their SQL aggregates. */
export type Aggregates = Record<string, string>;

/** Aggregates of one query; thousands in one take DuckDB seconds to plan. */
const atOnce = 400;

/** Sets of aggregates over a relation, in as few scans as can be; one record of numbers for each set. */
export async function countAll(
  database: Database,
  relation: string,
  sets: readonly Aggregates[],
): Promise<Record<string, number>[]> {
  const named = sets.flatMap((set, index) =>
    Object.entries(set).map(([name, sql]) => ({ key: `${index}:${name}`, sql })),
  );
  const counts: Record<string, unknown> = {};
  for (let at = 0; at < named.length; at += atOnce) {
    const list = named.slice(at, at + atOnce).map(({ key, sql }) => `${sql} as "${key}"`);
    Object.assign(counts, (await database.query(`select ${list.join(", ")} from ${relation}`))[0]);
  }
  return sets.map((set, index) =>
    Object.fromEntries(Object.keys(set).map((name) => [name, Number(counts[`${index}:${name}`])])),
  );
}

/** From this many columns on, DuckDB plans a query with aggregates of each longer than it runs. */
const wide = 32;

/**
 * The same aggregates of each of many values of one type (SQL over the relation), one record for each. Of many columns
 * the values are made rows of one column: two thousand then take as long to plan as one.
 */
export async function countValues(
  database: Database,
  relation: string,
  { values, aggregates }: { values: readonly string[]; aggregates: (value: string) => Aggregates },
): Promise<Record<string, number>[]> {
  if (values.length < wide) return countAll(database, relation, values.map(aggregates));
  const named = Object.entries(aggregates("value"));
  if (named.length === 0) return values.map(() => ({}));
  const list = named.map(([name, sql]) => `${sql} as ${identifier(name)}`).join(", ");
  const unnested = `select unnest([${values.join(", ")}]) as value, unnest(range(${values.length})) as place from ${relation}`;
  const rows = await database.query(`select ${list}, place from (${unnested}) group by place order by place`);
  return rows.map((row) => Object.fromEntries(named.map(([name]) => [name, Number(row[name])])));
}
