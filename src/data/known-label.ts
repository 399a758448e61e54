import { identifier } from "./duckdb.ts";
import type { ColumnType } from "./read-table.ts";

/** SQL condition that a label has a value: NaN is a missing number here and a value in SQL. */
export function labelIsKnown(columns: readonly ColumnType[], label: string): string {
  const type = columns.find(({ name }) => name === label)?.type ?? "";
  const name = identifier(label);
  return /^(FLOAT|DOUBLE)$/.test(type) ? `${name} is not null and not isnan(${name})` : `${name} is not null`;
}
