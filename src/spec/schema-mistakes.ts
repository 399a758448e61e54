import * as z from "zod";
import type { Mistake } from "./mistake.ts";
import {
  emptyKey,
  formatMistake,
  invalid,
  missingKey,
  type Place,
  rangeMistake,
  typeMistake,
  unknownKey,
  valueMistake,
} from "./schema-messages.ts";
import { allowedValues, childrenOf, optionsOf, shapeOf, typeOfValue, typesOfSchema } from "./schema-walk.ts";

type Schema = z.core.$ZodType;

/** Every mistake that a schema finds in a document, in the words of the document; empty when there is none. */
export function schemaMistakes(schema: Schema, value: unknown): Mistake[] {
  return refusals({ schema, value, path: [], root: schema });
}

function refusals(place: Place): Mistake[] {
  const result = z.core.safeParse(place.schema, place.value);
  if (result.success) return [];
  return result.error.issues.flatMap((issue) => issueMistakes(placeOf(place, issue.path), issue));
}

function placeOf(place: Place, issuePath: readonly PropertyKey[]): Place {
  return issuePath.reduce<Place>((parent, segment) => {
    const key = typeof segment === "number" ? segment : String(segment);
    return childPlace(parent, key, childrenOf(parent.schema, key)[0] ?? parent.schema);
  }, place);
}

function childPlace(parent: Place, key: string | number, schema: Schema): Place {
  return { ...parent, schema, value: memberOf(parent.value, key), path: [...parent.path, key] };
}

function memberOf(value: unknown, key: string | number): unknown {
  if (typeof value !== "object" || value === null) return undefined;
  return Object.getOwnPropertyDescriptor(value, key)?.value;
}

function issueMistakes(place: Place, issue: z.core.$ZodIssue): Mistake[] {
  switch (issue.code) {
    case "unrecognized_keys":
      // zod reports the only option that fits but for its keys as if there were no union.
      if (optionsOf(place.schema).length > 1) return unionMistakes(place);
      return unknownKeys(place, issue.keys);
    case "invalid_union":
      return unionMistakes(place);
    case "invalid_type":
      return [typeMistake(place)];
    case "invalid_value":
      return [valueMistake(place, issue.values)];
    case "too_small":
    case "too_big":
      return [rangeMistake(place, issue)];
    case "invalid_format":
      return [formatMistake(place, issue)];
    case "invalid_key":
      return [emptyKey(place)];
    default:
      return [invalid(place, issue.message, "change it")];
  }
}

function unknownKeys(place: Place, keys: readonly string[]): Mistake[] {
  const known = Object.keys(shapeOf(place.schema));
  // The document reports __proto__ itself, wherever it stands.
  return keys.filter((key) => key !== "__proto__").map((key) => unknownKey(place, key, known));
}

/** What is wrong by the option that was obviously meant: the one that takes such a value. */
function unionMistakes(place: Place): Mistake[] {
  const type = typeOfValue(place.value);
  const fitting = optionsOf(place.schema).filter((option) => typesOfSchema(option).includes(type));
  const [first, ...others] = fitting;
  if (first === undefined) return [typeMistake(place)];
  if (type === "mapping" && others.length > 0) return mappingUnionMistakes(place, fitting);
  return refusals({ ...place, schema: first });
}

/** Mappings of a union are told apart by a literal (`by: hash`), then by the keys that they share with the value. */
function mappingUnionMistakes(place: Place, options: readonly Schema[]): Mistake[] {
  const keys = Object.keys(Object(place.value));
  const known = [...new Set(options.flatMap((option) => Object.keys(shapeOf(option))))];
  const unknown = keys.filter((key) => !known.includes(key));
  if (unknown.length > 0) return unknown.map((key) => unknownKey(place, key, known));
  const literal = wrongLiteral(place, options);
  if (literal !== null) return [literal];
  const [closest, ...rest] = closestOptions(place, options, keys);
  if (closest === undefined) return [typeMistake(place)];
  const foreign = keys.filter((key) => !Object.hasOwn(shapeOf(closest), key));
  if (foreign.length > 0) return foreign.map((key) => conflict(place, key, keys, closest));
  const lack = lacking(place, [closest, ...rest]);
  return lack !== null ? [lack] : refusals({ ...place, schema: closest });
}

/** The literal key that no option has with this value, with all the values that the options have. */
function wrongLiteral(place: Place, options: readonly Schema[]): Mistake | null {
  for (const key of literalKeys(options)) {
    const value = memberOf(place.value, key);
    const schemas = options.flatMap((option) => shapeOf(option)[key] ?? []);
    const allowed = schemas.flatMap(allowedValues);
    const [schema] = schemas;
    if (value === undefined || schema === undefined || allowed.includes(value)) continue;
    return valueMistake(childPlace(place, key, schema), allowed);
  }
  return null;
}

function literalKeys(options: readonly Schema[]): string[] {
  const keys = options.flatMap((option) =>
    Object.entries(shapeOf(option)).flatMap(([key, schema]) => (allowedValues(schema).length > 0 ? [key] : [])),
  );
  return [...new Set(keys)];
}

function closestOptions(place: Place, options: readonly Schema[], keys: readonly string[]): Schema[] {
  const scored = options.map((option) => ({ option, score: closeness(place, option, keys) }));
  const best = Math.max(...scored.map(({ score }) => score));
  return scored.filter(({ score }) => score === best).map(({ option }) => option);
}

/** A literal that agrees outweighs any number of shared keys. */
function closeness(place: Place, option: Schema, keys: readonly string[]): number {
  const shape = shapeOf(option);
  const shared = keys.filter((key) => Object.hasOwn(shape, key));
  const agreeing = shared.filter((key) => {
    const schema = shape[key];
    return schema !== undefined && allowedValues(schema).includes(memberOf(place.value, key));
  });
  return agreeing.length * 1000 + shared.length;
}

function conflict(place: Place, key: string, keys: readonly string[], option: Schema): Mistake {
  const shape = shapeOf(option);
  const kept = keys.filter((other) => Object.hasOwn(shape, other));
  const literal = kept.find((other) => allowedValues(shape[other] ?? place.schema).length > 0);
  const beside = literal === undefined ? kept.join(", ") : `${literal}: ${String(memberOf(place.value, literal))}`;
  return {
    code: "spec_conflict",
    path: [...place.path, key],
    atKey: true,
    message: `${key} does not go together with ${beside}`,
    fix: `remove ${key}; with ${beside} go: ${Object.keys(shape).join(", ")}`,
  };
}

/** One mistake where options that fit equally well lack different keys: `from or share is missing`. */
function lacking(place: Place, options: readonly Schema[]): Mistake | null {
  if (options.length < 2) return null;
  const missing = options.flatMap((option) => firstMissing(place, option));
  const names = [...new Set(missing.map(({ key }) => key))];
  const [first] = missing;
  if (first === undefined) return null;
  if (names.length > 1) return missingKey({ ...childPlace(place, names.join(" or "), z.unknown()), value: undefined });
  const values = missing.flatMap(({ schema }) => allowedValues(schema));
  const schema = values.length > 0 ? z.enum(values.map(String)) : first.schema;
  return missingKey({ ...childPlace(place, first.key, schema), value: undefined });
}

function firstMissing(place: Place, option: Schema): { key: string; schema: Schema }[] {
  const missing = Object.entries(shapeOf(option)).find(
    ([key, schema]) => memberOf(place.value, key) === undefined && !z.core.safeParse(schema, undefined).success,
  );
  return missing === undefined ? [] : [{ key: missing[0], schema: missing[1] }];
}
