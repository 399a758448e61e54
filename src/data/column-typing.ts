// Which type a column of texts has. A type counts only when every value has it: a code such as 00123 stays text.

export const valueTypes = ["integer", "number", "boolean", "date", "timestamp"] as const;
export type ValueType = (typeof valueTypes)[number];

/** DuckDB's names of the types that columns of texts become. */
export const sqlTypes = {
  integer: "BIGINT",
  number: "DOUBLE",
  boolean: "BOOLEAN",
  date: "DATE",
  timestamp: "TIMESTAMP",
} as const satisfies Record<ValueType, string>;

const notFinite = "'nan', 'inf', '+inf', '-inf', 'infinity', '+infinity', '-infinity'";
// At most 18 digits before the point: longer ones are identifiers, which a double would round.
const plainNumber = "[+-]?(0|[1-9][0-9]{0,17})?(\\.[0-9]*)?([eE][+-]?[0-9]{1,3})?";
const anyNumber = "[+-]?[0-9]*(\\.[0-9]*)?([eE][+-]?[0-9]{1,3})?";
const calendarDate = "[0-9]{4}[-/][0-9]{1,2}[-/][0-9]{1,2}";

/** SQL that says whether the text `value` is of the type without being told so. */
export function isOfType(type: ValueType, value: string): string {
  switch (type) {
    case "integer":
      // Round trip: no sign, point, exponent or leading zero gets lost.
      return `try_cast(${value} as bigint)::varchar = ${value}`;
    case "number":
      return `((regexp_full_match(${value}, '${plainNumber}') and try_cast(${value} as double) is not null) or lower(${value}) in (${notFinite}))`;
    case "boolean":
      return `lower(${value}) in ('true', 'false')`;
    case "date":
      return `(regexp_full_match(${value}, '${calendarDate}') and try_cast(${value} as date) is not null)`;
    case "timestamp":
      return `(regexp_full_match(${value}, '${calendarDate}([ T].*)?') and try_cast(${value} as timestamptz) is not null)`;
  }
}

/** SQL that says whether the text `value` can be read as the type that model.yml declares. */
export function canBeRead(type: ValueType, value: string): string {
  switch (type) {
    case "integer":
      return `(regexp_full_match(${value}, '[+-]?[0-9]+(\\.0*)?') and try_cast(${value} as bigint) is not null)`;
    case "number":
      return `((regexp_full_match(${value}, '${anyNumber}') and try_cast(${value} as double) is not null) or lower(${value}) in (${notFinite}))`;
    case "boolean":
      return `(try_cast(${value} as boolean) is not null)`;
    case "date":
    case "timestamp":
      return isOfType(type, value);
  }
}

/** SQL that says whether `value` is digits after a leading zero, as codes are. */
export function isZeroLed(value: string): string {
  return `regexp_full_match(${value}, '[+-]?0[0-9]+')`;
}

/** SQL of the typed value; NULL where the text cannot be read. Times with an offset become UTC. */
export function typedValue(type: ValueType, value: string): string {
  if (type === "timestamp") return `(try_cast(${value} as timestamptz) at time zone 'UTC')`;
  return `try_cast(${value} as ${sqlTypes[type]})`;
}

/** How often values of a column were of each type. */
export interface TypeCounts {
  /** Values that are not missing. */
  values: number;
  of: Partial<Record<ValueType, number>>;
  /** Digits after a leading zero. */
  zeroLed: number;
  /** Numbers other than NaN and infinities. */
  finite: number;
  nan: number;
  infinite: number;
}

/** What the SQL tests of each type let pass, at least. */
const shapes = {
  integer: /^-?\d+$/,
  number: /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$|^[+-]?(nan|inf|infinity)$/i,
  boolean: /^(true|false)$/i,
  date: /^\d{4}[-/]\d{1,2}[-/]\d{1,2}$/,
  timestamp: /^\d{4}[-/]\d{1,2}[-/]\d{1,2}([ T].*)?$/,
} as const satisfies Record<ValueType, RegExp>;

/**
 * Types worth counting over all rows, by the first texts: the narrowest that all look like, else those that nearly all
 * look like. It rules out and promises nothing; without a text every type is possible.
 */
export function candidateTypes(texts: readonly string[]): ValueType[] {
  if (texts.length === 0) return [...valueTypes];
  const counts = valueTypes.map((type) => texts.reduce((count, text) => count + (shapes[type].test(text) ? 1 : 0), 0));
  const narrowest = valueTypes.find((_, index) => counts[index] === texts.length);
  if (narrowest !== undefined) return [narrowest];
  return valueTypes.filter((_, index) => (counts[index] ?? 0) >= 0.9 * texts.length);
}

/** The narrowest type that every value has, or null for text. */
export function narrowestType(counts: TypeCounts): ValueType | null {
  const type = valueTypes.find((each) => counts.values > 0 && counts.of[each] === counts.values);
  if (type === undefined) return null;
  // A column of "nan" and "inf" only says nothing about numbers.
  return type === "number" && counts.finite === 0 ? null : type;
}

/** The type that all but a few values have (at least 95 %), when not all have it. */
export function nearlyType(counts: TypeCounts): ValueType | null {
  const share = (type: ValueType) => (counts.of[type] ?? 0) / Math.max(counts.values, 1);
  const best = valueTypes.reduce((most, each) => (share(each) > share(most) ? each : most), "integer");
  return share(best) >= 0.95 && share(best) < 1 ? best : null;
}
