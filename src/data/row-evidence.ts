import type { Finding } from "../kit/outcome.ts";
import { type Database, identifier } from "./duckdb.ts";

/** Rows that break a rule: how many of how many, and five of them by their number in the source. */
export interface RowEvidence {
  count: number;
  of: number;
  rows: readonly number[];
  /** Values of those rows; null where the column's values must not be shown. */
  examples: readonly string[] | null;
}

export interface EvidenceRequest {
  relation: string;
  rowNumber: string;
  /** SQL that is true for the rows meant. */
  condition: string;
  /** Column whose values may be shown, or null. */
  show: string | null;
}

const mostRows = 5;
const longestExample = 100;

/** The first five rows that meet a condition, with their values where they may be shown. */
export async function findRows(
  database: Database,
  { relation, rowNumber, condition, show }: EvidenceRequest,
): Promise<Pick<RowEvidence, "rows" | "examples">> {
  const value = show === null ? "null" : `${identifier(show)}::varchar`;
  const found = await database.query(
    `select ${identifier(rowNumber)} as row_number, ${value} as shown from ${relation}
     where ${condition} order by 1 limit ${mostRows}`,
  );
  return readRows(found, show !== null);
}

/** Reads results with the columns `row_number` and `shown`. */
export function readRows(
  found: readonly Record<string, unknown>[],
  showValues: boolean,
): Pick<RowEvidence, "rows" | "examples"> {
  return {
    rows: found.slice(0, mostRows).map((row) => Number(row.row_number)),
    examples: showValues ? [...new Set(found.slice(0, mostRows).map((row) => shorten(row.shown)))] : null,
  };
}

/** `measured` of a finding about rows. */
export function measuredRows(
  evidence: RowEvidence,
  more: Record<string, Finding["measured"]> = {},
): Finding["measured"] {
  return {
    count: evidence.count,
    share: share(evidence),
    rows: [...evidence.rows],
    ...(evidence.examples === null ? {} : { examples: [...evidence.examples] }),
    ...more,
  };
}

/** `146 of 53,940 rows (0.27 %)` */
export function sayCount(evidence: Pick<RowEvidence, "count" | "of">, noun: string): string {
  return `${evidence.count.toLocaleString("en")} of ${evidence.of.toLocaleString("en")} ${noun} (${percent(share(evidence))})`;
}

export function percent(value: number): string {
  const points = value * 100;
  if (points !== 0 && points < 0.01) return "under 0.01 %";
  return `${Number(points.toPrecision(points >= 10 ? 3 : 2))} %`;
}

function share({ count, of }: Pick<RowEvidence, "count" | "of">): number {
  return of === 0 ? 0 : count / of;
}

function shorten(value: unknown): string {
  const text = value === null || value === undefined ? "(missing)" : String(value);
  return text.length <= longestExample ? text : `${text.slice(0, longestExample - 1)}…`;
}
