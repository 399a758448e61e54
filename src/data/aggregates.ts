import type { Database } from "./duckdb.ts";

/** Results of aggregate expressions by the name each was given. */
export interface Aggregates {
  /** A count; 0 when the aggregate saw no row. */
  count(name: string): number;
  /** A number, or null when the aggregate saw no value. */
  number(name: string): number | null;
  text(name: string): string | null;
  /** A list of numbers; empty when the aggregate saw no value. */
  numbers(name: string): number[];
}

/**
 * Aggregates a statement may hold. DuckDB's planning time grows faster than their number: of 2,000 columns with ten
 * aggregates each, statements of 400 are planned and run fastest.
 */
const expressionsPerStatement = 400;

/** Evaluates named aggregate expressions over a relation, in one scan for up to 400 of them. */
export async function aggregate(
  database: Database,
  relation: string,
  expressions: ReadonlyMap<string, string>,
): Promise<Aggregates> {
  const values = new Map<string, unknown>();
  const named = [...expressions];
  for (let begin = 0; begin < named.length; begin += expressionsPerStatement) {
    const chunk = named.slice(begin, begin + expressionsPerStatement);
    // Aliases are positions, not names: a result row is an object, and names come from users' files.
    const list = chunk.map(([, sql], position) => `${sql} as a${position}`).join(", ");
    const [row] = await database.query(`select ${list} from ${relation}`);
    for (const [position, [name]] of chunk.entries()) values.set(name, row?.[`a${position}`]);
  }
  return reader(values);
}

function reader(values: ReadonlyMap<string, unknown>): Aggregates {
  const get = (name: string): unknown => {
    if (!values.has(name)) throw new Error(`no aggregate is named ${name}`);
    return values.get(name) ?? null;
  };
  const asNumber = (value: unknown) => (value === null ? null : Number(value));
  return {
    count: (name) => asNumber(get(name)) ?? 0,
    number: (name) => asNumber(get(name)),
    text: (name) => (get(name) === null ? null : String(get(name))),
    numbers: (name) => {
      const list = get(name);
      return Array.isArray(list) ? list.map(Number) : [];
    },
  };
}
