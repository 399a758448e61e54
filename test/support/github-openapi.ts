import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { Ajv, type ValidateFunction } from "ajv";
import formats from "ajv-formats";
import * as z from "zod";

// GitHub's own description of its API, and what an exchange breaks of it.

const require = createRequire(import.meta.url);
const Content = z.record(z.string(), z.object({ schema: z.unknown().optional() }));
const Answer = z.object({ content: Content.optional() });
const Operation = z.object({
  requestBody: z.object({ required: z.boolean().optional(), content: Content }).optional(),
  responses: z.record(z.string(), z.union([z.object({ $ref: z.string() }), Answer])),
});
type Operation = z.infer<typeof Operation>;
const Description = z.looseObject({
  paths: z.record(z.string(), z.record(z.string(), z.unknown())),
  components: z.looseObject({ responses: z.record(z.string(), z.unknown()) }),
});

export interface Exchanged {
  method: string;
  /** In GitHub's notation, with braces. */
  path: string;
  status: number;
  request: Uint8Array;
  answerType: string;
  answer: Uint8Array | null;
}

export interface OpenApi {
  /** Sentences about what is not as described; none when all is. */
  complaints(exchange: Exchanged): string[];
  knows(method: string, path: string): boolean;
}

let loaded: Promise<OpenApi> | undefined;

export function githubOpenApi(): Promise<OpenApi> {
  loaded ??= load();
  return loaded;
}

async function load(): Promise<OpenApi> {
  const path = require.resolve("@octokit/openapi/generated/api.github.com.json");
  const description = Description.parse(forAjv(JSON.parse(await readFile(path, "utf8"))));
  const ajv = new Ajv({
    strict: false,
    validateSchema: false,
    allErrors: true,
    inlineRefs: false,
    code: { optimize: false },
  });
  formats.default(ajv);
  // `owner/name`, which the description names without saying what it is.
  ajv.addFormat("repo.nwo", /^[^/]+\/[^/]+$/);
  ajv.addSchema(description, "github");
  const operationAt = (method: string, path: string): Operation | null => {
    const found = description.paths[path]?.[method.toLowerCase()];
    return found === undefined ? null : Operation.parse(found);
  };
  return {
    knows: (method, path) => operationAt(method, path) !== null,
    complaints: (exchange) => {
      const operation = operationAt(exchange.method, exchange.path);
      const name = `${exchange.method} ${exchange.path}`;
      if (operation === null) return [`${name} is not an endpoint of GitHub`];
      return [
        ...(exchange.status < 400 ? requestComplaints(ajv, operation, exchange) : []),
        ...answerComplaints(ajv, operation, exchange, description.components.responses),
      ].map((complaint) => `${name} → ${exchange.status}: ${complaint}`);
    },
  };
}

/** A request that was accepted must be one that GitHub accepts. */
function requestComplaints(ajv: Ajv, operation: Operation, exchange: Exchanged): string[] {
  if (operation.requestBody?.content["application/json"] === undefined) return [];
  if (exchange.request.length === 0) return operation.requestBody.required === true ? ["the request has no body"] : [];
  const pointer = `${operationPointer(exchange)}/requestBody/content/application~1json/schema`;
  return failures(ajv, pointer, exchange.request, "request");
}

function answerComplaints(
  ajv: Ajv,
  operation: Operation,
  exchange: Exchanged,
  shared: Readonly<Record<string, unknown>>,
): string[] {
  const { status } = exchange;
  const described = operation.responses[String(status)];
  // 304 is for whoever asks for it; the other refusals are general.
  if (described === undefined)
    return [304, 400, 401, 403, 404, 409, 422].includes(status) ? [] : ["is no status of it"];
  const name = "$ref" in described ? described.$ref.split("/").at(-1) : undefined;
  const answer = "$ref" in described ? Answer.parse(shared[name ?? ""]) : described;
  if (exchange.answer === null || exchange.answer.length === 0) return [];
  // Refusals have a body always, described or not.
  if (answer.content === undefined) return status >= 400 ? [] : ["has a body where none is described"];
  // Bytes and texts that were asked for by their media type are not described as schemas.
  if (answer.content["application/json"] === undefined || !/^application\/json/.test(exchange.answerType)) return [];
  const base =
    name === undefined ? `${operationPointer(exchange)}/responses/${status}` : `#/components/responses/${name}`;
  return failures(ajv, `${base}/content/application~1json/schema`, exchange.answer, "answer");
}

const validators = new Map<string, ValidateFunction>();

function failures(ajv: Ajv, pointer: string, body: Uint8Array, what: string): string[] {
  const validate = validators.get(pointer) ?? ajv.compile({ $ref: `github${pointer}` });
  validators.set(pointer, validate);
  const text = Buffer.from(body).toString("utf8");
  if (validate(JSON.parse(text))) return [];
  return (validate.errors ?? []).map(
    ({ instancePath, message, params }) => `${what}${instancePath} ${message} ${JSON.stringify(params)}`,
  );
}

function operationPointer({ method, path }: Exchanged): string {
  return `#/paths/${encodeURIComponent(path.replaceAll("~", "~0").replaceAll("/", "~1"))}/${method.toLowerCase()}`;
}

/**
 * The same description for ajv: a `nullable` beside a reference or a list of values, which it knows beside a type only, and
 * addresses that may be empty.
 */
function forAjv(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(forAjv);
  if (typeof value !== "object" || value === null) return value;
  const copy: Record<string, unknown> = Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, forAjv(inner)]),
  );
  if (copy.format === "uri" && copy.default === "") delete copy.format;
  if (copy.nullable !== true) return copy;
  if (!("type" in copy)) return { anyOf: [withoutNullable(copy), { type: "null" }] };
  return Array.isArray(copy.enum) ? { ...copy, enum: [...copy.enum, null] } : copy;
}

function withoutNullable({ nullable: _, ...rest }: Record<string, unknown>): Record<string, unknown> {
  return rest;
}
