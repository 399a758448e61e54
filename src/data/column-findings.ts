import type { FindingCode } from "../kit/codes.ts";
import type { Finding } from "../kit/outcome.ts";
import { type Database, identifier } from "./duckdb.ts";
import { type ColumnRole, type MeasuredColumn, snapshotColumns } from "./profile.ts";
import { findRows, measuredRows, sayCount } from "./row-evidence.ts";

export interface ColumnFindingsRequest {
  relation: string;
  rows: number;
  columns: readonly MeasuredColumn[];
  roles: ReadonlyMap<string, ColumnRole>;
}

/** What a column shows by itself without being asked for: nothing in it, one value only, infinity. */
export async function checkColumns(database: Database, request: ColumnFindingsRequest): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const column of request.columns) {
    // Too few classes of a label are an error of their own; what is dropped harms nobody.
    const role = request.roles.get(column.column.name);
    if (role === "label" || role === "drop" || request.rows === 0) continue;
    findings.push(...noContent(column), ...(await infinite(database, request, column)));
  }
  return findings;
}

function noContent(measured: MeasuredColumn): Finding[] {
  const { column, present, missing } = measured;
  const note = (code: FindingCode, message: string): Finding[] => [
    {
      code,
      severity: "note",
      subject: column.name,
      message,
      measured: { count: present, missing },
      expected: { distinct: 2 },
    },
  ];
  if (present === 0) return note("column_all_missing", "every value is missing");
  // A column whose missing values are its second value still says something.
  if (missing > 0 || !isConstant(measured)) return [];
  return note("column_constant", "every row has the same value");
}

function isConstant({ levels, numeric, range }: MeasuredColumn): boolean {
  if (levels !== null) return levels.distinct === 1;
  if (numeric !== null) return numeric.infinite === 0 && numeric.min !== null && numeric.min === numeric.max;
  return range !== null && range.min === range.max;
}

async function infinite(
  database: Database,
  { relation, rows }: ColumnFindingsRequest,
  { column, numeric }: MeasuredColumn,
): Promise<Finding[]> {
  const count = numeric?.infinite ?? 0;
  if (count === 0) return [];
  const condition = `isinf(${identifier(column.name)})`;
  const found = await findRows(database, { relation, rowNumber: snapshotColumns.rowNumber, condition, show: null });
  const evidence = { count, of: rows, ...found };
  return [
    {
      code: "infinite_values" satisfies FindingCode,
      severity: "warning",
      subject: column.name,
      message: `${sayCount(evidence, "values")} are infinite`,
      measured: measuredRows(evidence),
      expected: { count: 0 },
    },
  ];
}
