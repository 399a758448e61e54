// How model.yml and the command line name slices: a column, a pair of columns, or numbers cut at quantiles.

/** `sex`, `[sex, race]` or `{ column: age, quantiles: 4 }`. */
export type SliceDeclaration = string | readonly [string, string] | { column: string; quantiles: number };

/** Stands between the columns of a pair and between their values. */
export const pairSign = " × ";

/** The name under which a slice stands in gates, evaluation.json and reports. @example sliceName(["sex", "race"]) // "sex × race" */
export function sliceName(declaration: SliceDeclaration): string {
  return columnsOf(declaration).join(pairSign);
}

/** Columns of the data that the slices need, each once. */
export function columnsToSlice(declarations: readonly SliceDeclaration[]): string[] {
  return [...new Set(declarations.flatMap(columnsOf))];
}

/** Into how many parts the column is cut where its own declaration says so; a pair takes it over. */
export function quantilesOf(declarations: readonly SliceDeclaration[], column: string): number | undefined {
  for (const each of declarations) {
    if (typeof each !== "string" && "column" in each && each.column === column) return each.quantiles;
  }
  return undefined;
}

export function columnsOf(declaration: SliceDeclaration): readonly string[] {
  if (typeof declaration === "string") return [declaration];
  return "column" in declaration ? [declaration.column] : declaration;
}
