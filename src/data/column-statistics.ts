import { type Aggregates, aggregate } from "./aggregates.ts";
import { isFloatType, isIntegerType, type TypedColumn } from "./column-type.ts";
import { type Database, identifier } from "./duckdb.ts";
import { type Edges, histogramEdges, histogramExpression } from "./histogram.ts";

/** What one scan says of a column; nothing is masked here. */
export interface ColumnStatistics {
  column: TypedColumn;
  present: number;
  distinct: number;
  /** Numbers: over finite values, except `infinite`. */
  numeric: NumericStatistics | null;
  /** Times: first and last. */
  range: { min: string; max: string } | null;
}

export interface NumericStatistics {
  /** Ends over finite values; null when there are none. */
  min: number | null;
  max: number | null;
  mean: number | null;
  standardDeviation: number | null;
  zeros: number;
  negatives: number;
  infinite: number;
  histogram: { edges: number[]; counts: number[] } | null;
}

/** Smallest and largest value of a column, and what of the types' exotic values may be there. */
interface Ends {
  min: number | null;
  max: number | null;
  /** NaN or infinity may occur: aggregates need a filter, which costs time. */
  filtered: boolean;
  infinite: boolean;
  edges: Edges | null;
}

/**
 * Counts, ends, moments, approximate distinct counts and histograms of columns in two scans, the first of which Parquet
 * answers from its footer. Missing is NULL, and NaN in a column of floating-point numbers.
 */
export async function columnStatistics(
  database: Database,
  relation: string,
  columns: readonly TypedColumn[],
): Promise<ColumnStatistics[]> {
  const ends = await findEnds(database, relation, columns);
  const expressions = new Map(columns.flatMap((column) => statements(column, endsOf(ends, column))));
  const answers = await aggregate(database, relation, expressions);
  return columns.map((column) => readColumn(column, endsOf(ends, column), answers));
}

function endsOf(ends: ReadonlyMap<string, Ends>, column: TypedColumn): Ends {
  return ends.get(column.name) ?? { min: null, max: null, filtered: false, infinite: false, edges: null };
}

async function findEnds(database: Database, relation: string, columns: readonly TypedColumn[]) {
  const numbers = columns.filter(({ kind }) => kind === "number");
  const raw = await aggregate(database, relation, new Map(numbers.flatMap(({ name }) => endExpressions(name, ""))));
  const exotic = numbers.filter(({ name, type }) => isFloatType(type) && !allFinite(raw, name));
  const finite = await aggregate(
    database,
    relation,
    new Map(exotic.flatMap(({ name }) => endExpressions(name, ` filter (where isfinite(${identifier(name)}))`))),
  );
  const ends = new Map<string, Ends>();
  for (const column of numbers) {
    const filtered = exotic.includes(column);
    const min = (filtered ? finite : raw).number(`min ${column.name}`);
    const max = (filtered ? finite : raw).number(`max ${column.name}`);
    const edges = min === null || max === null ? null : histogramEdges(min, max, isIntegerType(column.type));
    // NaN sorts above infinity: a column whose largest value is NaN may hold infinity as well.
    ends.set(column.name, { min, max, filtered, infinite: filtered, edges });
  }
  return ends;
}

function endExpressions(name: string, filter: string): [string, string][] {
  const x = identifier(name);
  return [
    [`min ${name}`, `min(${x})${filter}`],
    [`max ${name}`, `max(${x})${filter}`],
  ];
}

function allFinite(raw: Aggregates, name: string): boolean {
  return Number.isFinite(raw.number(`min ${name}`) ?? 0) && Number.isFinite(raw.number(`max ${name}`) ?? 0);
}

function statements(column: TypedColumn, ends: Ends): [string, string][] {
  const x = identifier(column.name);
  const named = (what: string, sql: string): [string, string] => [`${what} ${column.name}`, sql];
  const shared = [named("distinct", `approx_count_distinct(${present(x, ends)})`)];
  if (column.kind === "time") {
    return [
      ...shared,
      named("count", `count(${x})`),
      named("first", showTime(`min(${x})`, column.type)),
      named("last", showTime(`max(${x})`, column.type)),
    ];
  }
  if (column.kind !== "number") return [...shared, named("count", `count(${x})`)];
  return [...shared, named("count", `count(${present(x, ends)})`), ...numericStatements(x, column, ends, named)];
}

function numericStatements(
  x: string,
  column: TypedColumn,
  ends: Ends,
  named: (what: string, sql: string) => [string, string],
): [string, string][] {
  if (ends.min === null || ends.max === null || ends.edges === null) {
    return ends.infinite ? [named("infinite", `count_if(isinf(${x}))`)] : [];
  }
  const finite = ends.filtered ? `case when isfinite(${x}) then ${x} end` : x;
  const scaled = scale(ends) === 1 ? `(${finite})::double` : `(${finite})::double / ${scale(ends)}`;
  const list = [
    // Integers are added exactly; Kahan's sum keeps the result of the others the same whatever the threads did.
    named("mean", isIntegerType(column.type) ? `avg(${x})` : `favg(${scaled})`),
    named("deviation", `stddev_samp(${scaled})`),
    named("histogram", histogramExpression(finite, ends.edges)),
  ];
  if (ends.min <= 0 && ends.max >= 0) list.push(named("zeros", `count_if(${x} = 0)`));
  if (ends.min < 0) list.push(named("negatives", `count_if(${finite} < 0)`));
  if (ends.infinite) list.push(named("infinite", `count_if(isinf(${x}))`));
  return list;
}

function readColumn(column: TypedColumn, ends: Ends, answers: Aggregates): ColumnStatistics {
  const first = column.kind === "time" ? answers.text(`first ${column.name}`) : null;
  const last = column.kind === "time" ? answers.text(`last ${column.name}`) : null;
  return {
    column,
    present: answers.count(`count ${column.name}`),
    distinct: answers.count(`distinct ${column.name}`),
    numeric: column.kind === "number" ? readNumeric(column, ends, answers) : null,
    range: first === null || last === null ? null : { min: first, max: last },
  };
}

function readNumeric({ name, type }: TypedColumn, ends: Ends, answers: Aggregates): NumericStatistics {
  const infinite = ends.infinite ? answers.count(`infinite ${name}`) : 0;
  if (ends.min === null || ends.max === null || ends.edges === null) {
    return {
      min: null,
      max: null,
      mean: null,
      standardDeviation: null,
      zeros: 0,
      negatives: 0,
      infinite,
      histogram: null,
    };
  }
  const factor = scale(ends);
  return {
    min: ends.min,
    max: ends.max,
    mean: repeatable(answers.number(`mean ${name}`), isIntegerType(type) ? 1 : factor),
    standardDeviation: repeatable(answers.number(`deviation ${name}`), factor),
    zeros: ends.min <= 0 && ends.max >= 0 ? answers.count(`zeros ${name}`) : 0,
    negatives: ends.min < 0 ? answers.count(`negatives ${name}`) : 0,
    infinite,
    histogram: { edges: [...ends.edges], counts: answers.numbers(`histogram ${name}`).reverse() },
  };
}

function present(x: string, ends: Ends): string {
  return ends.filtered ? `case when not isnan(${x}) then ${x} end` : x;
}

/** Squares of numbers above 1e100 overflow: those columns are divided by a power of two first. */
function scale(ends: Ends): number {
  const largest = Math.max(Math.abs(ends.min ?? 0), Math.abs(ends.max ?? 0));
  return largest > 1e100 ? 2 ** Math.min(1023, Math.ceil(Math.log2(largest))) : 1;
}

/** Twelve digits: the last ones depend on the order in which threads added, and equal data must give equal bytes. */
function repeatable(value: number | null, factor: number): number | null {
  if (value === null || !Number.isFinite(value * factor)) return null;
  return Number((value * factor).toPrecision(12));
}

/** ISO 8601 without the `T`, in UTC whatever the machine's time zone. */
function showTime(time: string, type: string): string {
  return type === "TIMESTAMP WITH TIME ZONE"
    ? `make_timestamp(epoch_us(${time}))::varchar || '+00'`
    : `${time}::varchar`;
}
