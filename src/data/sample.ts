import { type Database, identifier } from "./duckdb.ts";

export interface SampleRequest {
  relation: string;
  /** Rows of the relation. */
  rows: number;
  columns: readonly string[];
  /** Column with the row's number, or null: rows are numbered in the relation's order. */
  rowNumber: string | null;
}

/** Rows that stand for the relation: the relation itself when it is small enough to be read whole. */
export interface Sample {
  relation: string;
  /** Rows of the relation that was sampled. */
  rows: number;
  /** Column with the row's number, or null in a whole relation without one. */
  rowNumber: string | null;
  exact: boolean;
}

/** Up to here every row is used and quantiles are exact. */
const largestExactRows = 131_072;
const sampleRows = 65_536;
const sampleRowNumber = "mlops sample row";
/** Bounds the memory of a sample of a very wide table. */
const sampleCells = 40_000_000;

/**
 * About 65,536 rows, the same ones each time: a profile is evidence, so two runs on equal data must write equal bytes,
 * which DuckDB's own samplers and approx_quantile do not do on several threads. Rows are chosen by Fibonacci hashing
 * of their number (Knuth, The Art of Computer Programming 3, section 6.4), which spreads them evenly over the table.
 */
export async function drawSample(database: Database, request: SampleRequest): Promise<Sample> {
  if (request.rows <= largestExactRows) return { ...request, exact: true };
  const size = Math.min(sampleRows, Math.floor(sampleCells / request.columns.length));
  const numbered =
    request.rowNumber === null
      ? `(select *, row_number() over () as ${identifier(sampleRowNumber)} from ${request.relation})`
      : request.relation;
  const number = request.rowNumber ?? sampleRowNumber;
  const kept = [number, ...request.columns.filter((name) => name !== number)].map(identifier).join(", ");
  await database.run(
    `create or replace temp table mlops_sample as
     select ${kept} from ${numbered} where ${isSampled(number, size / request.rows)}`,
  );
  return { relation: "mlops_sample", rows: request.rows, rowNumber: number, exact: false };
}

/** SQL that is true for a share of the rows; the rows of a smaller share are among those of a larger one. */
export function isSampled(rowNumber: string, share: number): string {
  const threshold = Math.min(2 ** 32, Math.round(share * 2 ** 32));
  // 2654435769 is 2^32 divided by the golden ratio.
  return `((${identifier(rowNumber)} % 2147483648) * 2654435769) % 4294967296 < ${threshold}`;
}

/** How quantiles were made, for readers of a profile. */
export function describeSample(sample: Sample): string {
  return sample.exact
    ? "quantiles are exact"
    : `quantiles are those of a fixed sample of about ${sampleRows.toLocaleString("en")} rows (standard error of their rank at most 0.2 percentage points)`;
}
