import type { Finding } from "../kit/outcome.ts";
import type { TypeCounts, ValueType } from "./column-typing.ts";
import type { SplitLock } from "./split.ts";
import type { PartRows } from "./write-snapshot.ts";

// What collecting noticed and changed, as findings: counts and row numbers, never values.

export const cleaningActions = ["trimmed", "marked_missing", "nan_to_missing"] as const;

/** How many cells of a column one kind of cleaning changed; never 0. */
export interface CleaningCount {
  column: string;
  action: (typeof cleaningActions)[number] | "duplicates_dropped";
  count: number;
}

const didWhat = {
  trimmed: "white space around the text was removed",
  marked_missing: "a missing marker became a missing value",
  nan_to_missing: "not-a-number became a missing value",
  duplicates_dropped: "the row equals an earlier one and was left out",
} as const satisfies Record<CleaningCount["action"], string>;

/** One kind of cleaning of one column. */
export function cellsCleaned({ column, action, count }: CleaningCount): Finding {
  return {
    code: "cells_cleaned",
    severity: "note",
    subject: column,
    message: `${column}: in ${count.toLocaleString("en")} ${count === 1 ? "cell" : "cells"} ${didWhat[action]}.`,
    measured: { action, count },
    expected: null,
  };
}

export function allMissing(column: string, rows: number): Finding {
  return {
    code: "column_all_missing",
    severity: "warning",
    subject: column,
    message: `${column} is missing in all ${rows.toLocaleString("en")} rows.`,
    measured: { missing: rows },
    expected: null,
  };
}

export function valuesInfinite(column: string, count: number): Finding {
  return {
    code: "values_infinite",
    severity: "warning",
    subject: column,
    message: `${column} is infinite in ${count.toLocaleString("en")} ${count === 1 ? "row" : "rows"}.`,
    measured: { infinite: count },
    expected: 0,
  };
}

/** Nothing where the texts were never numbers, and a few of them begin with 0. */
export function leadingZerosKept(column: string, { values, of, zeroLed }: TypeCounts): Finding[] {
  if (Math.max(of.integer ?? 0, of.number ?? 0) + zeroLed < values) return [];
  return [
    {
      code: "leading_zeros_kept",
      severity: "note",
      subject: column,
      message: `${column} was kept as text: ${zeroLed.toLocaleString("en")} of its values have leading zeros.`,
      measured: { leading_zeros: zeroLed, values },
      expected: null,
    },
  ];
}

export interface MixedTypes {
  type: ValueType;
  counts: TypeCounts;
  /** Up to five rows that are not of the type. */
  rows: readonly number[];
}

export function mixedTypes(name: string, { type, counts, rows }: MixedTypes): Finding {
  const { values, of } = counts;
  const odd = values - (of[type] ?? 0);
  return {
    code: "mixed_types",
    severity: "warning",
    subject: name,
    message: `${name} was kept as text: ${odd.toLocaleString("en")} of ${values.toLocaleString("en")} values are no ${type} (row ${rows.join(", ")}).`,
    measured: { values, other: odd, rows: [...rows] },
    expected: type,
  };
}

/** Off the asked share by more than this, as a share of it, a person should know. */
const farOff = 0.25;

function sharesMissed(split: SplitLock, { train, valid, test }: PartRows): Finding[] {
  return [
    ...shareMissed("test", { asked: split.share, rows: test, of: train + valid + test }),
    ...shareMissed("valid", { asked: split.valid_share, rows: valid, of: train + valid }),
  ];
}

function shareMissed(
  part: "test" | "valid",
  { asked, rows, of }: { asked: number | undefined; rows: number; of: number },
): Finding[] {
  if (asked === undefined || of === 0 || Math.abs(rows / of - asked) <= farOff * asked) return [];
  const percent = (share: number) => `${Number((share * 100).toPrecision(2))} %`;
  const rest = part === "valid" ? "what is not tested" : "the rows";
  return [
    {
      code: "split_share_missed",
      severity: "warning",
      subject: part,
      message: `The ${part} part has ${percent(rows / of)} of ${rest}; ${percent(asked)} were asked for.`,
      measured: { rows, share: rows / of },
      expected: { share: asked },
    },
  ];
}

/** Of whole rows and of the split. */
export function rowFindings({
  dropped,
  split,
  parts,
  byContent,
}: {
  dropped: number;
  split: SplitLock;
  parts: PartRows;
  byContent: boolean;
}): Finding[] {
  const findings: Finding[] = sharesMissed(split, parts);
  if (dropped > 0) {
    findings.push({
      code: "duplicates_dropped",
      severity: "note",
      subject: "rows",
      message: `${dropped.toLocaleString("en")} ${dropped === 1 ? "row equals" : "rows equal"} an earlier one and were left out.`,
      measured: { dropped },
      expected: null,
    });
  }
  if (byContent && split.by === "hash") {
    findings.push({
      code: "split_by_content",
      severity: "note",
      subject: "split",
      message: "Rows have no key and are split by their whole content: a new column would move rows between the parts.",
      measured: null,
      expected: null,
    });
  }
  const missing = split.rows_without_time ?? 0;
  if (missing > 0) {
    findings.push({
      code: "time_missing",
      severity: "warning",
      subject: split.columns?.[0] ?? "time",
      message: `${missing.toLocaleString("en")} rows have no time; they are in the train part.`,
      measured: { rows: missing },
      expected: 0,
    });
  }
  return findings;
}
