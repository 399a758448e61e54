// The types of the rooms that the npm package exports (mlops-actions/stats, mlops-actions/evaluation): the .d.ts files that
// TypeScript emits, as far as an index reaches. A package without dependencies cannot name zod's types, so those of a file of
// schemas are written from its JSON Schemas.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import * as z from "zod";
import * as evaluationFile from "../src/evaluation/evaluation-file.ts";

export const libraries = ["stats", "evaluation"] as const;

/** Files under build/ that are written from schemas instead. */
const schemaFiles = new Map([["evaluation/evaluation-file.d.ts", evaluationFile]]);

/** Copies every declaration file that a library's index reaches from `build` to `out`. */
export function writeDeclarations(build: string, out: string): void {
  const found = new Set<string>();
  const queue = libraries.map((library) => join(build, library, "index.d.ts"));
  for (let path = queue.pop(); path !== undefined; path = queue.pop()) {
    if (found.has(path)) continue;
    found.add(path);
    const name = relative(build, path);
    const schemas = schemaFiles.get(name);
    // Node's own resolution of types wants the name of the JavaScript file.
    const text =
      schemas === undefined
        ? readFileSync(path, "utf8").replaceAll(/(from "\.[^"]*)\.ts"/g, '$1.js"')
        : typesOfSchemas(schemas);
    for (const [, imported] of text.matchAll(/ from "([^"]*)"/g)) queue.push(declarationOf(path, imported));
    mkdirSync(dirname(join(out, name)), { recursive: true });
    writeFileSync(join(out, name), text);
  }
}

function declarationOf(importer: string, imported: string | undefined): string {
  if (imported === undefined || !/^\..*\.js$/.test(imported)) {
    throw new Error(`${importer} imports ${imported}: the types of a library reach no package`);
  }
  return join(dirname(importer), imported.replace(/\.js$/, ".d.ts"));
}

function typesOfSchemas(schemas: Readonly<Record<string, unknown>>): string {
  return Object.entries(schemas)
    .filter((entry): entry is [string, z.ZodType] => entry[1] instanceof z.ZodType)
    .map(([name, schema]) => `export type ${name} = ${typeOf(Schema.parse(z.toJSONSchema(schema)))};\n`)
    .join("\n");
}

const Type = z.enum(["string", "number", "integer", "boolean", "null", "array", "object"]);

/** What decides a type in the JSON Schemas that z.toJSONSchema makes; other words, as minItems, only narrow it. */
const Schema = z.object({
  type: z.union([Type, z.array(Type)]).optional(),
  description: z.string().optional(),
  const: z.union([z.string(), z.number()]).optional(),
  enum: z.array(z.string()).optional(),
  required: z.array(z.string()).optional(),
  get anyOf() {
    return z.array(Schema).optional();
  },
  get items() {
    return z.union([z.boolean(), Schema]).optional();
  },
  get prefixItems() {
    return z.array(Schema).optional();
  },
  get properties() {
    return z.record(z.string(), Schema).optional();
  },
  get additionalProperties() {
    return z.union([z.boolean(), Schema]).optional();
  },
});
type Schema = z.infer<typeof Schema>;

function typeOf(schema: Schema): string {
  if (schema.anyOf !== undefined) return schema.anyOf.map(typeOf).join(" | ");
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum !== undefined) return schema.enum.map((value) => JSON.stringify(value)).join(" | ");
  if (schema.prefixItems !== undefined) return `[${schema.prefixItems.map(typeOf).join(", ")}]`;
  if (typeof schema.items === "object") return `Array<${typeOf(schema.items)}>`;
  if (schema.properties !== undefined)
    return `{ ${Object.entries(schema.properties).map(property(schema)).join(" ")} }`;
  if (typeof schema.additionalProperties === "object") return `Record<string, ${typeOf(schema.additionalProperties)}>`;
  if (schema.type !== undefined) return [schema.type].flat().map(nameOf).join(" | ");
  throw new Error(`no type is written for ${JSON.stringify(schema)}`);
}

function nameOf(type: z.infer<typeof Type>): string {
  if (type === "array" || type === "object") throw new Error(`no type is written for any ${type}`);
  return type === "integer" ? "number" : type;
}

function property({ required = [] }: Schema): (entry: [string, Schema]) => string {
  return ([name, schema]) => {
    const comment = schema.description === undefined ? "" : `/** ${schema.description} */ `;
    return required.includes(name)
      ? `${comment}${name}: ${typeOf(schema)};`
      : `${comment}${name}?: ${typeOf(schema)} | undefined;`;
  };
}
