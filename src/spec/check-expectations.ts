import { instantOrder, instantProblem } from "./instant.ts";
import { type DocumentPath, duplicates, type Mistake, shown } from "./mistake.ts";
import type { ColumnExpectation, ModelSpec } from "./model-spec.ts";

/** Mistakes between the entries of `data.expect`: bounds that no value meets or that do not suit the type. */
export function checkExpectations(expect: ModelSpec["data"]["expect"]): Mistake[] {
  const columns = Object.entries(expect.columns).flatMap(([name, column]) => {
    const path = ["data", "expect", "columns", name];
    return [...checkBounds(column, path), ...duplicates(column.one_of ?? [], [...path, "one_of"])];
  });
  return [...checkRows(expect.rows), ...columns];
}

function checkRows(rows: ModelSpec["data"]["expect"]["rows"]): Mistake[] {
  if (rows?.min === undefined || rows.max === undefined || rows.min <= rows.max) return [];
  return [reversed(["data", "expect", "rows", "min"], rows.min, rows.max)];
}

function checkBounds(column: ColumnExpectation, path: DocumentPath): Mistake[] {
  const { min, max, type } = column;
  const wrong = (["min", "max"] as const).flatMap((bound) => checkBound({ bound, value: column[bound], type, path }));
  if (wrong.length > 0 || min === undefined || max === undefined) return wrong;
  if (typeof min !== typeof max) return [mixed([...path, "max"], min, max)];
  return instantOrder(min) > instantOrder(max) ? [reversed([...path, "min"], min, max)] : [];
}

interface Bound {
  bound: "min" | "max";
  value: string | number | undefined;
  type: ColumnExpectation["type"];
  path: DocumentPath;
}

function checkBound({ bound, value, type, path }: Bound): Mistake[] {
  if (value === undefined) return [];
  const place = [...path, bound];
  if (type === "text" || type === "boolean") {
    const message = `${bound} does not apply to a column of type ${type}`;
    return [{ code: "spec_conflict", path: place, atKey: true, message, fix: "remove it, or use one_of or matches" }];
  }
  const isNumeric = type === "integer" || type === "number";
  if (isNumeric && typeof value === "string") return [wrongBound(place, bound, value, "a number")];
  if (type !== undefined && !isNumeric && typeof value === "number")
    return [wrongBound(place, bound, value, `a ${type} such as 2027-06-30`)];
  const problem = instantProblem(value);
  if (problem === null) return [];
  return [{ code: "spec_invalid_value", path: place, message: `${bound} ${problem}`, fix: "write it as 2027-06-30" }];
}

function wrongBound(path: DocumentPath, bound: string, value: unknown, needed: string): Mistake {
  const message = `${bound} is ${shown(value)}, where the column's type needs ${needed}`;
  return { code: "spec_conflict", path, message, fix: `write ${needed}` };
}

function mixed(path: DocumentPath, min: unknown, max: unknown): Mistake {
  const message = `min is ${shown(min)} and max is ${shown(max)}: one is a number, the other a date`;
  return { code: "spec_conflict", path, message, fix: "write both as numbers or both as dates" };
}

function reversed(path: DocumentPath, min: unknown, max: unknown): Mistake {
  const message = `min is ${shown(min)}, above max, ${shown(max)}`;
  return { code: "spec_conflict", path, message, fix: "exchange them, or correct one" };
}
