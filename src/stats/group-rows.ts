import type { TextColumn } from "./table.ts";

export interface RowGroup {
  /** null: the rows where the column is missing. */
  value: string | null;
  /** Row numbers, in the order they were given. */
  rows: Uint32Array;
}

/** Rows by the value of a text column, in level order, missing last, empty levels left out. One pass, O(rows + levels). */
export function groupRows(column: TextColumn, order: Uint32Array): RowGroup[] {
  const { codes, levels } = column;
  const starts = new Uint32Array(levels.length + 2);
  for (let row = 0; row < codes.length; row += 1) starts[slot(codes[row], levels.length) + 1] += 1;
  for (let level = 1; level < starts.length; level += 1) starts[level] += starts[level - 1];
  const grouped = new Uint32Array(order.length);
  const next = starts.slice();
  for (const row of order) {
    const group = slot(codes[row], levels.length);
    grouped[next[group]] = row;
    next[group] += 1;
  }
  return [...levels, null]
    .map((value, level) => ({ value, rows: grouped.subarray(starts[level], starts[level + 1]) }))
    .filter(({ rows }) => rows.length > 0);
}

function slot(code: number, levels: number): number {
  return code < 0 ? levels : code;
}
