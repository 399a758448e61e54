import type * as z from "zod";
import { ApiError, notFound, unprocessable } from "./api-error.ts";
import type { Call } from "./endpoint.ts";

/** A number in the path; anything else is a thing that is not there. */
export function numberParam(call: Call, name: string): number {
  const text = call.params[name] ?? "";
  if (!/^\d{1,15}$/.test(text)) throw notFound();
  return Number(text);
}

export function textParam(call: Call, name: string): string {
  const text = call.params[name];
  if (text === undefined) throw new Error(`no {${name}} in the path of this endpoint`);
  return text;
}

/** The body of a request in the shape that an endpoint takes; fields it does not know are left out, as GitHub does. */
export function readBody<T>(call: Call, schema: z.ZodType<T>): T {
  const parsed = schema.safeParse(parseJson(call.body), { reportInput: true });
  if (parsed.success) return parsed.data;
  throw unprocessable(`Invalid request.\n\n${parsed.error.issues.map(describe).join("\n")}`);
}

/** A choice in the query; another value is refused, none gives the first. */
export function choice<const T extends string>(call: Call, name: string, values: readonly [T, ...T[]]): T {
  const text = call.query.get(name);
  if (text === null || text === "") return values[0];
  const found = values.find((value) => value === text);
  if (found === undefined)
    throw new ApiError(422, `Invalid request.\n\n${text} is not a value of ${name}: ${values.join(", ")}`);
  return found;
}

function parseJson(body: Uint8Array): unknown {
  const text = Buffer.from(body).toString("utf8");
  if (text === "") return {};
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new ApiError(400, "Problems parsing JSON");
  }
  if (typeof value !== "object" || value === null) throw new ApiError(400, "Body should be a JSON object");
  return value;
}

function describe(issue: z.core.$ZodIssue): string {
  const field = issue.path.join("/");
  if (issue.input === undefined) return `"${field}" wasn't supplied.`;
  return `For 'properties/${field}', ${issue.message}.`;
}
