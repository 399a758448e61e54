import type { columnTypes } from "../spec/model-spec.ts";
import { isIntegerType, type TypedColumn } from "./column-type.ts";
import { canBeRead } from "./column-typing.ts";
import { identifier } from "./duckdb.ts";

export type DeclaredType = (typeof columnTypes)[number];

export interface TypeFit {
  /** SQL, true for values that do not read as the declared type; null when the stored type rules that out. */
  condition: string | null;
  /** The stored type is another one even if every value reads as the declared one. */
  storedOtherwise: boolean;
}

const fits: TypeFit = { condition: null, storedOtherwise: false };
const none: TypeFit = { condition: "true", storedOtherwise: true };

/**
 * How values that are stored as one type can be another: whole floating-point numbers are integers (pandas stores
 * integers with missing values so), 0 and 1 are booleans, midnights are dates; a text is only ever stored as text.
 */
export function typeCondition(column: TypedColumn, declared: DeclaredType): TypeFit {
  const x = identifier(column.name);
  if (column.kind === "text")
    return declared === "text" ? fits : { condition: unreadable(x, declared), storedOtherwise: true };
  switch (declared) {
    case "integer":
      if (isIntegerType(column.type)) return fits;
      return column.kind === "number"
        ? { condition: `isinf(${x}::double) or ${x} <> trunc(${x})`, storedOtherwise: false }
        : none;
    case "number":
      return column.kind === "number" ? fits : none;
    case "boolean":
      if (column.kind === "boolean") return fits;
      return column.kind === "number" ? { condition: `${x} not in (0, 1)`, storedOtherwise: false } : none;
    case "date":
      if (column.type === "DATE") return fits;
      return column.kind === "time" ? { condition: `${x} <> date_trunc('day', ${x})`, storedOtherwise: false } : none;
    case "timestamp":
      return column.kind === "time" ? fits : none;
    case "text":
      return none;
  }
}

/** As collect-data read it: what it could not read is why the column is still text. */
function unreadable(x: string, declared: Exclude<DeclaredType, "text">): string {
  return `not coalesce(${canBeRead(declared, `${x}::varchar`)}, false)`;
}
