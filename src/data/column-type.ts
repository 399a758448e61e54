import { type Database, identifier } from "./duckdb.ts";

/** What can be asked of a column's values. */
type ColumnKind = "number" | "text" | "boolean" | "time" | "other";

export interface TypedColumn {
  name: string;
  /** DuckDB's name of the type, parameters of an ENUM left out. */
  type: string;
  kind: ColumnKind;
}

const integerTypes = /^U?(TINYINT|SMALLINT|INTEGER|BIGINT|HUGEINT)$/;
const floatTypes = /^(FLOAT|DOUBLE)$/;
const textTypes = /^(VARCHAR|ENUM|UUID)$/;
const timeTypes = /^(DATE|TIMESTAMP.*)$/;

/** Columns of a table, a view or a table function call, in order, with what their types allow. */
export async function describeRelation(database: Database, relation: string): Promise<TypedColumn[]> {
  const rows = await database.query(`select column_name, column_type from (describe select * from ${relation})`);
  return rows.map((row) => {
    const type = shortType(String(row.column_type));
    return { name: String(row.column_name), type, kind: kindOfType(type) };
  });
}

/** The kind of a DuckDB type: lists, structs, blobs, intervals and times of day are `other`. */
function kindOfType(type: string): ColumnKind {
  if (isIntegerType(type) || isFloatType(type) || type.startsWith("DECIMAL("))
    return type.endsWith("]") ? "other" : "number";
  if (textTypes.test(type)) return "text";
  if (type === "BOOLEAN") return "boolean";
  return timeTypes.test(type) && !type.endsWith("]") ? "time" : "other";
}

export function isIntegerType(type: string): boolean {
  return integerTypes.test(type);
}

/** FLOAT and DOUBLE: the types that know NaN and infinity. */
export function isFloatType(type: string): boolean {
  return floatTypes.test(type);
}

/** SQL that is true where the column has a value: NaN is a missing number. */
export function presence({ name, type }: Pick<TypedColumn, "name" | "type">): string {
  const x = identifier(name);
  return isFloatType(type) ? `${x} is not null and not isnan(${x})` : `${x} is not null`;
}

function shortType(type: string): string {
  return type.startsWith("ENUM(") && type.endsWith(")") ? "ENUM" : type;
}
