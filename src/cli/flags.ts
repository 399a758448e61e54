import type { Command } from "commander";
import type { InputSchema } from "../kit/inputs.ts";
import { parseInputs } from "../kit/inputs.ts";
import { camelCase, kebabCase } from "../kit/names.ts";

/** Adds one `--flag` for each input of an action; a boolean one may stand without a value. */
export function addFlags(command: Command, schema: InputSchema<unknown>, skip: readonly string[] = []): Command {
  for (const [name, field] of Object.entries(schema.shape)) {
    if (skip.includes(name)) continue;
    const value = isBoolean(field) ? "[true|false]" : "<value>";
    command.option(`--${kebabCase(name)} ${value}`, field.description ?? "");
  }
  return command;
}

/** Parses commander's options by the action's own schema, so that both ways in say the same. */
export function readFlags<Inputs>(schema: InputSchema<Inputs>, options: Record<string, unknown>): Inputs {
  return parseInputs(
    schema,
    (name) => {
      const value = options[camelCase(name)];
      return value === undefined ? undefined : String(value);
    },
    (name) => `--${name}`,
  );
}

/** An input is boolean when it takes the texts `true` and `false` and not any other. */
function isBoolean(field: InputSchema<unknown>["shape"][string]): boolean {
  return field.safeParse("true").success && field.safeParse("false").success && !field.safeParse("neither").success;
}
