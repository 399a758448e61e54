import { UserError } from "../kit/user-error.ts";
import type { TypedColumn } from "./column-type.ts";
import { type Database, identifier, literal } from "./duckdb.ts";

/** Line and column of a place in model.yml (LoadedModel.locate). */
export type Locate = (path: readonly (string | number)[]) => string;

export interface BoundRequest {
  column: TypedColumn;
  end: "min" | "max";
  bound: string | number;
  locate: Locate;
}

/** SQL for values beyond a bound. Bounds of times are instants: a date alone is its midnight (UTC). */
export async function boundCondition(database: Database, request: BoundRequest): Promise<string> {
  const { column, end, bound } = request;
  const operator = end === "min" ? "<" : ">";
  const x = identifier(column.name);
  const asNumber = typeof bound === "number" ? bound : Number(bound.trim() === "" ? Number.NaN : bound);
  if (column.kind === "number" && Number.isFinite(asNumber))
    return `${x} ${operator} ${numberLiteral(asNumber, column.type)}`;
  if (column.kind === "text" && typeof bound === "number") {
    return `try_cast(${x}::varchar as double) ${operator} ${numberLiteral(bound, "DOUBLE")}`;
  }
  if (
    (column.kind === "time" || column.kind === "text") &&
    typeof bound === "string" &&
    (await isTime(database, bound))
  ) {
    const zoned = column.type === "TIMESTAMP WITH TIME ZONE";
    const value = zoned ? `make_timestamp(epoch_us(${x}))` : `try_cast(${x} as timestamp)`;
    return `${value} ${operator} ${literal(bound)}::timestamp`;
  }
  throw new UserError({
    code: "spec_invalid_value",
    message: `${end} of column ${column.name} is ${JSON.stringify(bound)}, but its values are ${column.type}`,
    where: request.locate(["data", "expect", "columns", column.name, end]),
    fix: column.kind === "time" ? "write a date such as 2001-06-30" : `write a number, or remove ${end}`,
  });
}

async function isTime(database: Database, text: string): Promise<boolean> {
  const [row] = await database.query(`select try_cast(${literal(text)} as timestamp) is not null as good`);
  return row?.good === true;
}

/** SQL for values outside a list. Numbers are compared as numbers, everything else by its text. */
export function oneOfCondition(
  { name, kind, type }: TypedColumn,
  allowed: readonly (string | number | boolean)[],
): string {
  const x = identifier(name);
  if (kind !== "number") return `${x}::varchar not in (${allowed.map((value) => literal(String(value))).join(", ")})`;
  const numbers = allowed.map(Number).filter(Number.isFinite);
  return numbers.length === 0
    ? "true"
    : `${x} not in (${numbers.map((value) => numberLiteral(value, type)).join(", ")})`;
}

export interface PatternRequest {
  column: TypedColumn;
  pattern: string;
  locate: Locate;
}

/** SQL for values that a regular expression (RE2) does not match as a whole. */
export async function patternCondition(
  database: Database,
  { column, pattern, locate }: PatternRequest,
): Promise<string> {
  try {
    await database.query(`select regexp_full_match('', ${literal(pattern)})`);
  } catch (error) {
    if (!(error instanceof Error) || !error.message.startsWith("Invalid Input Error")) throw error;
    throw new UserError({
      code: "spec_invalid_value",
      message: `${JSON.stringify(pattern)} is no regular expression: ${error.message.replace("Invalid Input Error: ", "")}`,
      where: locate(["data", "expect", "columns", column.name, "matches"]),
      fix: "write it in RE2's syntax; there are no look-arounds and no back-references",
      cause: error,
    });
  }
  return `not regexp_full_match(${identifier(column.name)}::varchar, ${literal(pattern)})`;
}

/** Integers as they are, so that 64-bit columns are compared exactly; else as DOUBLE, for a FLOAT as it would hold it. */
function numberLiteral(value: number, type: string): string {
  if (Number.isSafeInteger(value)) return String(value);
  return `'${value}'::${type === "FLOAT" ? "float" : "double"}`;
}
