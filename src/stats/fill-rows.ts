interface NumberArray {
  readonly length: number;
  [row: number]: number;
}

/**
 * Sets each element by its row, in place. `from` with a function gathers all values in a list first: for 1,000,000 rows
 * some 60 MB and ten times the time.
 * @example fillRows(new Uint8Array(3), (row) => row * 2) // Uint8Array [0, 2, 4]
 */
export function fillRows<Values extends NumberArray>(values: Values, valueAt: (row: number) => number): Values {
  const into: NumberArray = values;
  for (let row = 0; row < into.length; row += 1) into[row] = valueAt(row);
  return values;
}
