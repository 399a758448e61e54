import * as z from "zod";

type Schema = z.core.$ZodType;

/** The schema under optional, default, lazy and transform. */
function unwrapped(schema: Schema): Schema {
  if (
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault ||
    schema instanceof z.ZodNullable
  )
    return unwrapped(schema.def.innerType);
  if (schema instanceof z.ZodPipe) return unwrapped(schema.def.in);
  if (schema instanceof z.ZodLazy) return unwrapped(schema.def.getter());
  return schema;
}

/** A union's options, unions in unions included; another schema is its own only option. */
export function optionsOf(schema: Schema): Schema[] {
  const inner = unwrapped(schema);
  return inner instanceof z.ZodUnion ? inner.def.options.flatMap(optionsOf) : [inner];
}

/** The schemas by key of a mapping with known keys; empty for every other schema. */
export function shapeOf(schema: Schema): Readonly<Record<string, Schema>> {
  const inner = unwrapped(schema);
  return inner instanceof z.ZodObject ? inner.def.shape : {};
}

/** Schemas that may stand at `key` of a value: of every option of a union. */
export function childrenOf(schema: Schema, key: string | number): Schema[] {
  return optionsOf(schema).flatMap((option) => {
    if (option instanceof z.ZodObject) return ownShape(option, String(key));
    if (option instanceof z.ZodArray) return [option.def.element];
    if (option instanceof z.ZodRecord) return [option.def.valueType];
    return [];
  });
}

function ownShape(option: z.ZodObject, key: string): Schema[] {
  const child = Object.hasOwn(option.def.shape, key) ? option.def.shape[key] : undefined;
  return child === undefined ? [] : [child];
}

/** The only values that a literal or an enumeration allows; empty for every other schema. */
export function allowedValues(schema: Schema): readonly unknown[] {
  const inner = unwrapped(schema);
  if (inner instanceof z.ZodLiteral) return [...inner.values];
  return inner instanceof z.ZodEnum ? inner.options : [];
}

const valueTypes = ["text", "number", "boolean", "list", "mapping", "nothing"] as const;
export type ValueType = (typeof valueTypes)[number];

/** What kind of YAML value this is; `nothing` is an empty value or null. */
export function typeOfValue(value: unknown): ValueType {
  if (value === null || value === undefined) return "nothing";
  if (Array.isArray(value)) return "list";
  if (typeof value === "string") return "text";
  if (typeof value === "number") return "number";
  return typeof value === "boolean" ? "boolean" : "mapping";
}

/** Which kinds of YAML value a schema can take, in the order of its options. */
export function typesOfSchema(schema: Schema): ValueType[] {
  return [...new Set(optionsOf(schema).flatMap(typeOfOption))];
}

function typeOfOption(option: Schema): ValueType[] {
  if (option instanceof z.ZodLiteral) return [...option.values].map(typeOfValue);
  if (option instanceof z.ZodObject || option instanceof z.ZodRecord) return ["mapping"];
  if (option instanceof z.ZodArray) return ["list"];
  if (option instanceof z.ZodNumber) return ["number"];
  if (option instanceof z.ZodBoolean) return ["boolean"];
  if (option instanceof z.ZodNull) return ["nothing"];
  return ["text"];
}

const typeNames = {
  text: "a text",
  number: "a number",
  boolean: "true or false",
  list: "a list",
  mapping: "a mapping (key: value)",
  nothing: "nothing",
} as const satisfies Record<ValueType, string>;

export function typeName(type: ValueType): string {
  return typeNames[type];
}

/** The help text of a schema, also where a default or an optional stands around it. */
export function descriptionOf(schema: Schema): string | undefined {
  const own = z.globalRegistry.get(schema)?.description;
  if (own !== undefined) return own;
  const wrapped = schema instanceof z.ZodOptional || schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault;
  return wrapped ? descriptionOf(schema.def.innerType) : undefined;
}
