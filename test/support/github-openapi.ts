import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import * as z from "zod";
import { LazySchemas } from "./lazy-schemas.ts";

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
  components: z.looseObject({
    responses: z.record(z.string(), z.unknown()),
    schemas: z.record(z.string(), z.unknown()),
  }),
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
  const description = Description.parse(JSON.parse(await readFile(path, "utf8")));
  const { schemas, responses } = description.components;
  const lazy = new LazySchemas({
    schemas,
    prefix: "#/components/schemas/",
    adapt: forAjv,
    // `owner/name`, which the description names without saying what it is.
    // A bot's address has brackets, which the format has no place for.
    formats: { email: /^[^\s@]+@[^\s@]+$/, "repo.nwo": /^[^/]+\/[^/]+$/ },
  });
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
        ...(exchange.status < 400 ? requestComplaints(lazy, operation, exchange) : []),
        ...answerComplaints(lazy, operation, exchange, responses),
      ].map((complaint) => `${name} → ${exchange.status}: ${complaint}`);
    },
  };
}

/** A request that was accepted must be one that GitHub accepts. */
function requestComplaints(lazy: LazySchemas, operation: Operation, exchange: Exchanged): string[] {
  const json = operation.requestBody?.content["application/json"];
  if (json === undefined) return [];
  const { request, method, path } = exchange;
  if (request.length === 0) return operation.requestBody?.required === true ? ["the request has no body"] : [];
  return failures(lazy, { key: `request of ${method} ${path}`, schema: json.schema, body: request, what: "request" });
}

function answerComplaints(
  lazy: LazySchemas,
  operation: Operation,
  exchange: Exchanged,
  shared: Readonly<Record<string, unknown>>,
): string[] {
  const { status, method, path } = exchange;
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
  const json = answer.content["application/json"];
  if (json === undefined || !/^application\/json/.test(exchange.answerType)) return [];
  const key = name ?? `${status} of ${method} ${path}`;
  return failures(lazy, { key, schema: json.schema, body: exchange.answer, what: "answer" });
}

interface Judged {
  key: string;
  schema: unknown;
  body: Uint8Array;
  what: string;
}

function failures(lazy: LazySchemas, { key, schema, body, what }: Judged): string[] {
  const value: unknown = JSON.parse(Buffer.from(body).toString("utf8"));
  return lazy.complaints(key, () => schema, { value, what });
}

/**
 * The same description for ajv: a `nullable` beside a reference or a list of values, which it knows beside a type only, and
 * addresses that may be empty.
 */
function forAjv(given: Record<string, unknown>): Record<string, unknown> {
  const copy = { ...given };
  if (copy.format === "uri" && copy.default === "") delete copy.format;
  if (copy.nullable !== true) return copy;
  if (!("type" in copy)) return { anyOf: [withoutNullable(copy), { type: "null" }] };
  return Array.isArray(copy.enum) ? { ...copy, enum: [...copy.enum, null] } : copy;
}

function withoutNullable({ nullable: _, ...rest }: Record<string, unknown>): Record<string, unknown> {
  return rest;
}
