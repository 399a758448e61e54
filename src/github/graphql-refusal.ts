import * as z from "zod";
import type { Answer } from "./api.ts";
import type { Refused } from "./failure.ts";
import { isObject } from "./is-object.ts";

const Errors = z.object({
  data: z.unknown(),
  errors: z.array(z.object({ type: z.string().optional(), message: z.string() })).min(1),
});

/**
 * GraphQL answers 200 to what it refuses: the refusal as REST would say it; null: it is none. Things that are not found are null
 * in the data, beside those that are.
 */
export function graphqlRefusal({ data, headers }: Answer): Refused | null {
  const parsed = Errors.safeParse(data);
  if (!parsed.success) return null;
  const { data: found, errors } = parsed.data;
  if (isObject(found) && errors.every(({ type }) => type === "NOT_FOUND")) return null;
  const message = errors.map((error) => error.message).join("; ");
  return { endpoint: "POST /graphql", status: statusOf(errors.map(({ type }) => type)), headers, message };
}

function statusOf(types: readonly (string | undefined)[]): number {
  if (types.includes("RATE_LIMITED")) return 429;
  if (types.some((type) => type === "FORBIDDEN" || type === "INSUFFICIENT_SCOPES")) return 403;
  if (types.includes("NOT_FOUND")) return 404;
  // Without a type, as in "Something went wrong while executing your query", the server failed.
  return types.every((type) => type === undefined) ? 502 : 422;
}
