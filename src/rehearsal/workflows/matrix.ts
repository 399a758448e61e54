import { isList, isObject, type Value, type Values } from "./expression.ts";
import { WorkflowMistake } from "./mistake.ts";

const most = 256;

/** The combinations of a matrix in their order: those of its lists without `exclude`, extended and added to by `include`. */
export function combinations(matrix: Value): Values[] {
  if (!isObject(matrix)) throw new WorkflowMistake("strategy.matrix is no object");
  const { include = [], exclude = [], ...axes } = matrix;
  if (!isListOfObjects(include) || !isListOfObjects(exclude))
    throw new WorkflowMistake("include and exclude of strategy.matrix are lists of objects");
  const product = Object.entries(axes).reduce<Values[]>(
    (rows, [name, values]) => {
      if (!isList(values)) throw new WorkflowMistake(`strategy.matrix.${name} is no list`);
      return rows.flatMap((row) => values.map((value) => ({ ...row, [name]: value })));
    },
    Object.keys(axes).length === 0 ? [] : [{}],
  );
  const kept = product.filter((row) => !exclude.some((one) => agrees(row, one, Object.keys(one))));
  const all = included(kept, include, Object.keys(axes));
  if (all.length === 0) throw new WorkflowMistake("strategy.matrix has no combination: GitHub fails such a job");
  if (all.length > most)
    throw new WorkflowMistake(`strategy.matrix has ${all.length} combinations; ${most} is the most`);
  return all;
}

/** An entry extends each combination whose own values it does not change; one that extends none is a new combination. */
function included(rows: readonly Values[], include: readonly Values[], axes: readonly string[]): Values[] {
  const extended = [...rows];
  const added: Values[] = [];
  for (const entry of include) {
    const shared = axes.filter((name) => name in entry);
    const fits = rows.flatMap((row, at) => (agrees(row, entry, shared) ? [at] : []));
    for (const at of fits) extended[at] = { ...extended[at], ...entry };
    if (fits.length === 0) added.push(entry);
  }
  return [...extended, ...added];
}

function agrees(row: Values, entry: Values, names: readonly string[]): boolean {
  return names.every((name) => JSON.stringify(row[name]) === JSON.stringify(entry[name]));
}

function isListOfObjects(value: Value): value is readonly Values[] {
  return isList(value) && value.every(isObject);
}

/** What GitHub appends to the name of a job that has no expression in it: `(linux, 3)`. */
export function matrixSuffix(row: Values): string {
  const values = Object.values(row).filter((value) => value === null || typeof value !== "object");
  return values.length === 0 ? "" : ` (${values.map(String).join(", ")})`;
}
