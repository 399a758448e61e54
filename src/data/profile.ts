import type * as z from "zod";
import { type ColumnStatistics, columnStatistics, type NumericStatistics } from "./column-statistics.ts";
import { describeRelation, isFloatType, type TypedColumn } from "./column-type.ts";
import { type Database, identifier } from "./duckdb.ts";
import { countLevels, type Levels, mostShownTexts } from "./levels.ts";
import type { ProfileColumn, ProfileFile } from "./profile-file.ts";
import { describeSample, drawSample, type Sample } from "./sample.ts";

type ProfiledColumn = z.infer<typeof ProfileColumn>;
export type ColumnRole = ProfiledColumn["role"];

/** Columns that the snapshot adds to the source's own (contract: snapshot.parquet). */
export const snapshotColumns = { rowId: "row_id", rowNumber: "mlops_row", part: "mlops_part" } as const;

export interface ProfileRequest {
  /** SQL of a table, a view or a table function: `"data"`, `read_parquet('…')`. Its text is trusted. */
  relation: string;
  /** Columns to profile, in order; default: all but those that the snapshot adds. */
  columns?: readonly string[];
  roles?: ReadonlyMap<string, ColumnRole>;
  /** Columns whose values must not be shown. */
  sensitive?: ReadonlySet<string>;
}

/** A profile before masking, for checks that need the values; only `file` may leave the process. */
export interface Profile {
  file: ProfileFile;
  columns: readonly MeasuredColumn[];
  sample: Sample;
}

export interface MeasuredColumn extends ColumnStatistics {
  missing: number;
  /** Counted exactly where the column has few values, else null. */
  levels: Levels | null;
  quantiles: readonly number[] | null;
}

const fractions = [0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99] as const;

/**
 * Profiles any relation by scans inside DuckDB: no row becomes a JavaScript object, and equal data give equal bytes.
 * Missing is NULL and NaN; parts are counted where the relation has the snapshot's `mlops_part`.
 */
export async function profileRelation(database: Database, request: ProfileRequest): Promise<Profile> {
  const { relation } = request;
  const all = await describeRelation(database, relation);
  const columns = chooseColumns(all, request);
  const has = (name: string) => all.some((column) => column.name === name);
  const parts = await countParts(database, relation, has(snapshotColumns.part));
  const statistics = await columnStatistics(database, relation, columns);
  const levels = await countLevels(database, relation, statistics);
  const sample = await drawSample(database, {
    relation,
    rows: parts.rows,
    columns: columns.map(({ name }) => name),
    rowNumber: has(snapshotColumns.rowNumber) ? snapshotColumns.rowNumber : null,
  });
  const quantiles = await quantilesOf(database, sample, columns);
  const measured = statistics.map((of) => ({
    ...of,
    missing: parts.rows - of.present,
    levels: levels.get(of.column.name) ?? null,
    quantiles: quantiles.get(of.column.name) ?? null,
  }));
  const file: ProfileFile = {
    schema_version: 1,
    rows: parts.rows,
    parts: { train: parts.train, valid: parts.valid, test: parts.test },
    approximation: describeApproximation(sample),
    columns: measured.map((column) => profiledColumn(column, parts.rows, request)),
  };
  return { file, columns: measured, sample };
}

function chooseColumns(all: readonly TypedColumn[], { columns, roles }: ProfileRequest): TypedColumn[] {
  const own: readonly string[] = Object.values(snapshotColumns);
  // `row_id` is the source's own column where model.yml names it as the key.
  if (columns === undefined) return all.filter(({ name }) => !own.includes(name) || roles?.get(name) === "key");
  return columns.flatMap((name) => all.filter((column) => column.name === name));
}

async function countParts(database: Database, relation: string, split: boolean) {
  const part = split ? `${identifier(snapshotColumns.part)}::varchar` : "'train'";
  const counts = { rows: 0, train: 0, valid: 0, test: 0 };
  for (const row of await database.query(`select ${part} as part, count(*) as n from ${relation} group by 1`)) {
    const count = Number(row.n);
    counts.rows += count;
    if (!split) continue;
    if (row.part === "train" || row.part === "valid" || row.part === "test") counts[row.part] += count;
  }
  return counts;
}

async function quantilesOf(database: Database, sample: Sample, columns: readonly TypedColumn[]) {
  const numbers = columns.filter(({ kind }) => kind === "number");
  const found = new Map<string, readonly number[]>();
  const columnsPerStatement = 200;
  for (let begin = 0; begin < numbers.length; begin += columnsPerStatement) {
    const chunk = numbers.slice(begin, begin + columnsPerStatement);
    const list = chunk.map((column, position) => `${quantileExpression(column)} as q${position}`).join(", ");
    const [row] = await database.query(`select ${list} from ${sample.relation}`);
    for (const [position, { name }] of chunk.entries()) {
      const values = row?.[`q${position}`];
      if (Array.isArray(values)) found.set(name, values.map(Number));
    }
  }
  return found;
}

/** Linear interpolation between order statistics: R type 7, numpy's default. */
function quantileExpression({ name, type }: TypedColumn): string {
  const x = identifier(name);
  const filter = isFloatType(type) ? ` filter (where isfinite(${x}))` : "";
  return `quantile_cont(${x}::double, [${fractions.join(", ")}])${filter}`;
}

function profiledColumn(measured: MeasuredColumn, rows: number, request: ProfileRequest): ProfiledColumn {
  const { column, levels } = measured;
  const sensitive = request.sensitive?.has(column.name) ?? false;
  const distinct = levels?.distinct ?? Math.min(measured.distinct, measured.present);
  const shown: ProfiledColumn = {
    name: column.name,
    type: column.type,
    kind: column.kind,
    role: request.roles?.get(column.name) ?? "feature",
    sensitive,
    missing: { count: measured.missing, share: rows === 0 ? 0 : measured.missing / rows },
    distinct: { count: distinct, exact: levels !== null },
  };
  // The ends, quantiles and even the mean of a sensitive column can be one person's value.
  return sensitive ? shown : { ...shown, ...values(measured) };
}

function values({ numeric, quantiles, range, levels, present }: MeasuredColumn): Partial<ProfiledColumn> {
  return {
    ...(numeric === null ? {} : { numeric: numericProfile(numeric, quantiles) }),
    ...(numeric?.histogram ? { histogram: numeric.histogram } : {}),
    ...(range === null ? {} : { range }),
    ...(levels === null || levels.distinct > mostShownTexts || present === 0
      ? {}
      : { top: levels.top.map(({ value, count }) => ({ value: shorten(value), count, share: count / present })) }),
  };
}

function numericProfile(numeric: NumericStatistics, quantiles: readonly number[] | null): ProfiledColumn["numeric"] {
  const [q01, q05, q25, q50, q75, q95, q99] = quantiles ?? [];
  const complete =
    q01 !== undefined &&
    q05 !== undefined &&
    q25 !== undefined &&
    q50 !== undefined &&
    q75 !== undefined &&
    q95 !== undefined &&
    q99 !== undefined;
  return {
    min: numeric.min,
    max: numeric.max,
    mean: numeric.mean,
    standard_deviation: numeric.standardDeviation,
    zeros: numeric.zeros,
    negatives: numeric.negatives,
    infinite: numeric.infinite,
    quantiles: complete ? { q01, q05, q25, q50, q75, q95, q99 } : null,
  };
}

const longestShownText = 200;
function shorten(value: string): string {
  return value.length <= longestShownText ? value : `${value.slice(0, longestShownText - 1)}…`;
}

function describeApproximation(sample: Sample): string {
  return `Distinct counts marked as not exact are HyperLogLog estimates (64 registers, standard error about 15 %); ${describeSample(sample)}; everything else is exact.`;
}
