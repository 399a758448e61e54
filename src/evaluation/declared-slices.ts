import type { Column } from "../stats/table.ts";
import { crossColumns, type SliceColumn, type SlicePolicy, sliceColumn } from "./slice-column.ts";
import { columnsOf, pairSign, quantilesOf, type SliceDeclaration, sliceName } from "./slice-declaration.ts";

export interface DeclaredSlices {
  declarations: readonly SliceDeclaration[];
  /** The data's columns by name, over the evaluated rows. */
  columns: readonly Column[];
  /** Whether a column's values are not for everyone. */
  isSensitive(column: string): boolean;
  smallestGroup: number;
  /** See SlicePolicy. */
  showsManyTexts?: boolean;
  /** Values that gates name, by the slice's name. */
  named(slice: string): readonly string[];
}

/** The groups of each declared slice, in the order of the declarations; a column that several pairs share is cut once. */
export function declaredSlices(request: DeclaredSlices): SliceColumn[] {
  const { declarations } = request;
  const single = new Map<string, SliceColumn>();
  const sliceOf = (name: string): SliceColumn => {
    const before = single.get(name);
    if (before !== undefined) return before;
    const policy = { ...policyOf(request, [name], namedIn(request, name)), quantiles: quantilesOf(declarations, name) };
    const made = sliceColumn(columnOf(request.columns, name), policy);
    single.set(name, made);
    return made;
  };
  return declarations.map((declaration) => {
    const names = columnsOf(declaration);
    const [first, second] = names.map(sliceOf);
    if (second === undefined) return first;
    return crossColumns(first, second, policyOf(request, names, request.named(sliceName(declaration))));
  });
}

function policyOf(
  { isSensitive, smallestGroup, showsManyTexts = false }: DeclaredSlices,
  columns: readonly string[],
  named: readonly string[],
): SlicePolicy {
  return { sensitive: columns.some(isSensitive), smallestGroup, showsManyTexts, named };
}

/** Values of a column that gates name, alone or in a pair. */
function namedIn({ declarations, named }: DeclaredSlices, column: string): string[] {
  const inPairs = declarations.flatMap((declaration) => {
    const names = columnsOf(declaration);
    if (names.length < 2 || !names.includes(column)) return [];
    return named(sliceName(declaration)).flatMap((value) => value.split(pairSign)[names.indexOf(column)] ?? []);
  });
  return [...named(column), ...inPairs];
}

function columnOf(columns: readonly Column[], name: string): Column {
  const column = columns.find((each) => each.name === name);
  if (column === undefined) throw new Error(`column ${name} was not read`);
  return column;
}
