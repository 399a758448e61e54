import type * as z from "zod";
import { isSlip, nearest } from "../kit/nearest.ts";
import { anyOf, type DocumentPath, type Mistake, pathText, shown } from "./mistake.ts";
import { allowedValues, descriptionOf, shapeOf, typeName, typeOfValue, typesOfSchema } from "./schema-walk.ts";

type Schema = z.core.$ZodType;

/** A value of the document and what may stand there. */
export interface Place {
  schema: Schema;
  value: unknown;
  path: DocumentPath;
  /** Schema of the whole document, for keys that belong elsewhere. */
  root: Schema;
}

/** A key that is not known here: the nearest key, the section that it belongs to, or all the keys there are. */
export function unknownKey(place: Place, key: string, known: readonly string[]): Mistake {
  const where = place.path.length === 0 ? "" : ` in ${pathText(place.path)}`;
  return {
    code: "spec_unknown_key",
    path: [...place.path, key],
    atKey: true,
    message: `unknown key ${shown(key)}${where}`,
    fix: unknownKeyFix(place, key, known),
  };
}

function unknownKeyFix(place: Place, key: string, known: readonly string[]): string {
  if (looksLikeRestOfText(place.value, key)) return "put quotes around the whole text: an unquoted comma ends it here";
  if (key === "<<") return "write the keys out: YAML 1.2 has no merge keys";
  const meant = nearest(key, known);
  if (meant !== null && isSlip(key, meant)) return `did you mean ${meant}?`;
  const section = sectionWith(place, key);
  if (section !== null) return `move it into ${section}: it belongs there`;
  if (meant !== null) return `did you mean ${meant}?`;
  return known.length === 0 ? "remove it" : `remove it; known here: ${[...known].sort().join(", ")}`;
}

/** `{ why: first, second }` reads as a key `second` without a value. */
function looksLikeRestOfText(parent: unknown, key: string): boolean {
  const value = typeof parent === "object" && parent !== null ? Object.getOwnPropertyDescriptor(parent, key)?.value : 0;
  return value === null && key.includes(" ");
}

/** The document's section, or the document, in which this key is known. */
function sectionWith({ root, path }: Place, key: string): string | null {
  const shape = shapeOf(root);
  if (path.length > 0 && Object.hasOwn(shape, key)) return "the top level";
  for (const [name, section] of Object.entries(shape)) {
    if (name !== path[0] && Object.hasOwn(shapeOf(section), key)) return name;
  }
  return null;
}

/** A value of the wrong type, a value left empty, or a key that is not there. */
export function typeMistake(place: Place): Mistake {
  const type = typeOfValue(place.value);
  if (place.value === undefined) return missingKey(place);
  const expected = anyOf(typesOfSchema(place.schema).map(typeName));
  if (type === "nothing") return emptyValue(place, expected);
  const name = nameOf(place);
  if (typeof place.value === "number" && typesOfSchema(place.schema).includes("number"))
    return invalid(
      place,
      `${name} is ${shown(place.value)}, which is no ${numberKind(place.value)}`,
      `write a ${numberKind(place.value)}`,
    );
  return {
    code: "spec_wrong_type",
    path: place.path,
    message: `${name} is ${typeName(type)}, ${shown(place.value)}, where ${expected} is needed`,
    fix: typeFix(place, expected),
  };
}

function numberKind(value: number): string {
  return Number.isFinite(value) ? "whole number" : "finite number";
}

function typeFix(place: Place, expected: string): string {
  const { value } = place;
  const types = typesOfSchema(place.schema);
  if (types.includes("text") && (typeof value === "number" || typeof value === "boolean"))
    return `put quotes around it: "${String(value)}"`;
  if (types.includes("list") && typeof value === "string") return `write it as a list: [${shown(value)}]`;
  if (typeof value === "string" && types.includes("boolean")) return "write true or false without quotes";
  if (typeof value === "string" && types.includes("number") && value.trim() !== "" && Number.isFinite(Number(value)))
    return `write it without quotes: ${Number(value)}`;
  return `write ${expected}${helpOf(place.schema)}`;
}

/** A key that must be there and is not. */
export function missingKey(place: Place): Mistake {
  const key = String(place.path[place.path.length - 1]);
  const parent = place.path.slice(0, -1);
  const values = allowedValues(place.schema);
  const choice = values.length > 0 ? `: ${anyOf(values.map(String))}` : helpOf(place.schema);
  return {
    code: "spec_missing_key",
    path: place.path,
    message: `${key} is missing${parent.length === 0 ? "" : ` in ${pathText(parent)}`}`,
    fix: `add ${key}${choice}`,
  };
}

function emptyValue(place: Place, expected: string): Mistake {
  return {
    code: "spec_wrong_type",
    path: place.path,
    message: `${nameOf(place)} is empty`,
    fix: `write ${expected} there, or remove the line${helpOf(place.schema)}`,
  };
}

/** A text that is none of those allowed. */
export function valueMistake(place: Place, values: readonly unknown[]): Mistake {
  const allowed = [...new Set(values.map(String))];
  if (place.value === undefined) return missingKey(place);
  if (typeOfValue(place.value) !== "text") return typeMistake(place);
  const meant = nearest(String(place.value), allowed);
  const question = meant === null ? "" : `did you mean ${meant}? `;
  return invalid(
    place,
    `${nameOf(place)} is ${shown(place.value)}, which is not known`,
    `${question}${question === "" ? "write" : "It is"} ${anyOf(allowed)}`,
  );
}

export function rangeMistake(place: Place, issue: z.core.$ZodIssueTooSmall | z.core.$ZodIssueTooBig): Mistake {
  const name = nameOf(place);
  if (issue.origin === "string" || issue.origin === "array")
    return invalid(place, `${name} is empty: ${shown(place.value)}`, `write something there, or remove it`);
  const bound = issue.code === "too_small" ? lowerBound(issue) : upperBound(issue);
  return invalid(place, `${name} is ${shown(place.value)}; it must be ${bound}`, `write a number that is ${bound}`);
}

function lowerBound(issue: z.core.$ZodIssueTooSmall): string {
  return `${issue.inclusive === false ? "above" : "at least"} ${issue.minimum}`;
}

function upperBound(issue: z.core.$ZodIssueTooBig): string {
  return `${issue.inclusive === false ? "below" : "at most"} ${issue.maximum}`;
}

export function formatMistake(place: Place, issue: z.core.$ZodIssueInvalidStringFormat): Mistake {
  const rule = formatRules[issue.format] ?? issue.message;
  return invalid(place, `${nameOf(place)} is ${shown(place.value)}; ${rule}`, formatFix(place, issue.format));
}

const formatRules: Readonly<Record<string, string>> = {
  date: "it must be a date of the calendar as YYYY-MM-DD",
  url: "it must be an https address",
};

function formatFix(place: Place, format: string): string {
  if (format === "date") return "write it as 2027-06-30";
  if (format === "url") return "write it as https://host/path";
  const known = String(place.value).trim();
  const meant = place.path[place.path.length - 1] === "baseline" ? nearest(known, baselineWords) : null;
  return meant === null ? `change it${helpOf(place.schema)}` : `did you mean ${meant}?`;
}

const baselineWords = ["prior", "mean", "last-value", "command"] as const;

export function emptyKey(place: Place): Mistake {
  const parent = place.path.slice(0, -1);
  return {
    code: "spec_invalid_value",
    path: place.path,
    atKey: true,
    message: `a key of ${pathText(parent)} is empty`,
    fix: "write a name before the colon",
  };
}

export function invalid(place: Place, message: string, fix: string): Mistake {
  return { code: "spec_invalid_value", path: place.path, message, fix };
}

function nameOf(place: Place): string {
  return place.path.length === 0 ? "the document" : pathText(place.path);
}

function helpOf(schema: Schema): string {
  const description = descriptionOf(schema);
  return description === undefined ? "" : ` (${description.replace(/\.$/, "")})`;
}
