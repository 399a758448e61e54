/** values[rows[0]], values[rows[1]], … */
export function gatherNumbers(values: Float64Array, rows: Uint32Array): Float64Array {
  const gathered = new Float64Array(rows.length);
  for (let index = 0; index < rows.length; index += 1) gathered[index] = values[rows[index]];
  return gathered;
}

export function gatherBytes(values: Uint8Array, rows: Uint32Array): Uint8Array {
  const gathered = new Uint8Array(rows.length);
  for (let index = 0; index < rows.length; index += 1) gathered[index] = values[rows[index]];
  return gathered;
}
