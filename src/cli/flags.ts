import type { Command } from "commander";
import type { InputSchema } from "../kit/inputs.ts";
import { parseInputs } from "../kit/inputs.ts";
import { camelCase, kebabCase } from "../kit/names.ts";

/** What a flag does here, where an action's input of the same name does something else. */
const words: Readonly<Record<string, string>> = {
  failOn:
    "`never`: exit code 0 whatever the verdict. `fail` (default) and `inconclusive` are one here, as the exit code says the verdict: 0 pass, 1 fail, 2 a mistake to repair, 3 inconclusive, 4 pending.",
};

/** Lists by commas: a flag that stands twice means both. */
const lists: ReadonlySet<string> = new Set(["compare"]);

/** Adds one `--flag` for each input of an action; a boolean one may stand without a value. */
export function addFlags(command: Command, schema: InputSchema<unknown>): Command {
  for (const [name, field] of Object.entries(schema.shape)) {
    const value = isBoolean(field) ? "[true|false]" : "<value>";
    const [flag, text] = [`--${kebabCase(name)} ${value}`, words[name] ?? field.description ?? ""];
    if (lists.has(name))
      command.option(flag, text, (next: string, before?: string) => [before ?? [], next].flat().join(","));
    else command.option(flag, text);
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
