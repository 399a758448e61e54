import { counted } from "../kit/counted.ts";
import { groupRows } from "../stats/group-rows.ts";
import type { Sample, Subjected } from "./sample.ts";
import { type SliceColumn, shownOf } from "./slice-column.ts";

export interface Slice {
  /** null: the column is missing in these rows. */
  value: string | null;
  /** As it may be shown to anyone: a number in place of the value of a sensitive column. */
  shown: string | null;
  sample: Sample;
  /** Rows that it lacks to the smallest size at which a gate may rest on it; 0: it has enough. */
  lacking: number;
}

/** A slice and its size, as they may be shown to anyone. */
export interface SliceRows {
  column: string;
  /** null: the column is missing in these rows. */
  value: string | null;
  rows: number;
}

/** Slices of a subject by column name; undefined for a column that is not declared. */
export type SlicesOf = (column: string) => readonly Slice[] | undefined;

/** Measures the slices of each column when first asked for; `smallest`: rows that a slice must have. */
export function sliceSubject(subject: Subjected, columns: readonly SliceColumn[], smallest: number): SlicesOf {
  const known = new Map<string, readonly Slice[]>();
  return (name) => {
    const column = columns.find((each) => each.name === name);
    if (column === undefined) return undefined;
    const before = known.get(name);
    if (before !== undefined) return before;
    const slices = measureSlices(subject, column, smallest);
    known.set(name, slices);
    return slices;
  };
}

function measureSlices(subject: Subjected, column: SliceColumn, smallest: number): Slice[] {
  const shown = new Map(column.levels.map((level, code) => [level, shownOf(column)[code] ?? level]));
  return groupRows(column, subject.order).map(({ value, rows }) => ({
    value,
    shown: value === null ? null : (shown.get(value) ?? value),
    sample: subject.part(rows),
    lacking: Math.max(0, smallest - rows.length),
  }));
}

/** `race = Other has 12 rows, 18 fewer than evaluate.smallest_slice asks for`. */
export function tooSmall(column: string, { shown, sample, lacking }: Slice): string {
  return `${column} = ${shown ?? "(missing)"} has ${counted(sample.rows, "row")} and needs ${lacking} more (evaluate.smallest_slice)`;
}
