import * as z from "zod";
import { descriptionOf, optionsOf, shapeOf } from "../../src/spec/schema-walk.ts";

/** One key of a spec: `data.test.by`, `problem.goals[].metric`, `data.expect.columns.<name>.type`. */
export interface SchemaKey {
  path: string;
  description: string | undefined;
}

/** Every key that a schema knows, sections before what they hold; a key of several options of a union comes once. */
export function schemaKeys(schema: z.core.$ZodType): SchemaKey[] {
  const keys = new Map<string, SchemaKey>();
  collect(schema, "", keys);
  return [...keys.values()];
}

function collect(schema: z.core.$ZodType, prefix: string, keys: Map<string, SchemaKey>): void {
  for (const option of optionsOf(schema)) {
    if (option instanceof z.ZodArray) collect(option.def.element, `${prefix}[]`, keys);
    if (option instanceof z.ZodRecord && shapeIsKnown(option.def.valueType)) {
      collect(option.def.valueType, `${prefix}.<name>`, keys);
    }
    for (const [key, child] of Object.entries(shapeOf(option))) {
      const path = prefix === "" ? key : `${prefix}.${key}`;
      if (keys.has(path)) continue;
      keys.set(path, { path, description: descriptionOf(child) });
      collect(child, path, keys);
    }
  }
}

/** Free-form values (params, search) hold themselves: z.json() has no end. */
function shapeIsKnown(schema: z.core.$ZodType): boolean {
  return Object.keys(shapeOf(schema)).length > 0;
}
