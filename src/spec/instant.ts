import { shown } from "./mistake.ts";

const isoInstant =
  /^(\d{4})-(\d{2})-(\d{2})(?:[ T]([01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}(?::?\d{2})?)?)?$/;

/** Why a point in time cannot be read (`is "2001-02-30", which …`), or null; numbers are points on a number column. */
export function instantProblem(value: string | number): string | null {
  if (typeof value === "number") return null;
  const match = isoInstant.exec(value);
  if (match === null) return `is ${shown(value)}, which is neither a date or time nor a number`;
  const [, year, month, day] = match;
  return isCalendarDate(Number(year), Number(month), Number(day)) ? null : `is ${shown(value)}, which no calendar has`;
}

function isCalendarDate(year: number, month: number, day: number): boolean {
  // The day 0 of the next month is the last one of this; setUTCFullYear takes years below 100 as they are.
  const last = new Date(0);
  last.setUTCFullYear(year, month, 0);
  return month >= 1 && month <= 12 && day >= 1 && day <= last.getUTCDate();
}

/** Milliseconds since 1970 of a readable text (UTC where it names no zone), or the number itself. */
export function instantOrder(value: string | number): number {
  if (typeof value === "number") return value;
  const text = value.replace(" ", "T");
  const hasZone = /(Z|[+-]\d{2}(:?\d{2})?)$/.test(text.slice(10));
  return Date.parse(text.length > 10 && !hasZone ? `${text}Z` : text);
}
