import { groupRows } from "../stats/group-rows.ts";
import type { TextColumn } from "../stats/table.ts";
import type { Sample, Subjected } from "./sample.ts";

interface Slice {
  /** null: the column is missing in these rows. */
  value: string | null;
  /** As it may be shown to anyone: a number in place of the value of a sensitive column. */
  shown: string | null;
  sample: Sample;
}

/** Slices of a subject by column name; undefined for a column that is not declared. */
export type SlicesOf = (column: string) => readonly Slice[] | undefined;

/** Measures the slices of each column when first asked for. */
export function sliceSubject(
  subject: Subjected,
  columns: readonly TextColumn[],
  sensitive: readonly string[],
): SlicesOf {
  const known = new Map<string, readonly Slice[]>();
  return (name) => {
    const column = columns.find((each) => each.name === name);
    if (column === undefined) return undefined;
    const before = known.get(name);
    if (before !== undefined) return before;
    const slices = groupRows(column, subject.order).map(({ value, rows }, index) => ({
      value,
      shown: value !== null && sensitive.includes(name) ? `(value ${index + 1})` : value,
      sample: subject.part(rows),
    }));
    known.set(name, slices);
    return slices;
  };
}
