import type * as z from "zod";
import { kebabCase } from "./names.ts";
import { UserError, UserErrors } from "./user-error.ts";

/** The part of a zod object schema that reading inputs needs; every `io.ts` has one. */
export interface InputSchema<Inputs> {
  shape: Readonly<
    Record<string, { description?: string | undefined; safeParse(value: unknown): { success: boolean } }>
  >;
  safeParse(value: unknown): z.ZodSafeParseResult<Inputs>;
}

/**
 * Parses the raw texts of an action or a command line into its inputs, all mistakes at once.
 * The runner hands over an unset input as an empty text: those are left out first, so that defaults apply.
 */
export function parseInputs<Inputs>(
  schema: InputSchema<Inputs>,
  raw: (name: string) => string | undefined,
  /** How a person wrote the name: `input model-file` or `--model-file`. */
  shown: (name: string) => string,
): Inputs {
  const given: Record<string, string> = {};
  for (const name of Object.keys(schema.shape)) {
    const value = raw(kebabCase(name))?.trim();
    if (value !== undefined && value !== "") given[name] = value;
  }
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  throw new UserErrors(
    parsed.error.issues.map((issue) => {
      const name = String(issue.path[0] ?? "");
      const place = shown(kebabCase(name));
      const seen = given[name] === undefined ? "not given" : JSON.stringify(given[name]);
      const description = schema.shape[name]?.description;
      return new UserError({
        code: "input_invalid",
        message: `${place} is ${seen}: ${issue.message}`,
        where: place,
        fix: description === undefined ? "give a valid value" : `it is: ${description}`,
      });
    }),
  );
}
