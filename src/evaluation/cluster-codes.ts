import type { Column } from "../stats/table.ts";

/**
 * Rows with equal values in all columns as one cluster: codes from 0 in order of appearance. Missing is a value like others, as in
 * a split by group. columns: at least one, of one length.
 * @example clusterCodes([{ kind: "number", name: "user", values: Float64Array.of(7, 7, 9) }]) // Int32Array [0, 0, 1]
 */
export function clusterCodes(columns: readonly Column[]): Int32Array {
  const [first, ...others] = columns;
  if (first === undefined) throw new Error("clusters need a column");
  return others.reduce((codes, column) => paired(codes, valuesOf(column)), dense(valuesOf(first)));
}

/** Numbers, or codes of texts: what tells the rows of a column apart. */
function valuesOf(column: Column): ArrayLike<number> {
  return column.kind === "number" ? column.values : column.codes;
}

function dense(values: ArrayLike<number>): Int32Array {
  const known = new Map<number, number>();
  const codes = new Int32Array(values.length);
  for (let row = 0; row < codes.length; row += 1) {
    const code = known.get(values[row]) ?? known.size;
    known.set(values[row], code);
    codes[row] = code;
  }
  return codes;
}

function paired(first: Int32Array, second: ArrayLike<number>): Int32Array {
  const other = dense(second);
  const width = other.reduce((most, code) => Math.max(most, code + 1), 0);
  return dense(Float64Array.from(first, (code, row) => code * width + other[row]));
}
