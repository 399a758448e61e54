import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { Ajv, type ValidateFunction } from "ajv";
import formats from "ajv-formats";
import * as z from "zod";
import type { Event } from "../../src/rehearsal/state/release-records.ts";

// Octokit's schemas of what GitHub sends with an event, and what an event breaks of them.

const require = createRequire(import.meta.url);

type CheckEvent = (event: Event) => string[];

let loaded: Promise<CheckEvent> | undefined;

export function githubWebhooks(): Promise<CheckEvent> {
  loaded ??= load();
  return loaded;
}

async function load(): Promise<CheckEvent> {
  const path = require.resolve("@octokit/webhooks-schemas/schema.json");
  const schema = z
    .looseObject({ definitions: z.record(z.string(), z.unknown()) })
    .parse(open(JSON.parse(await readFile(path, "utf8"))));
  // Without the optimiser: it takes ten times as long as all the checking.
  const ajv = new Ajv({
    strict: false,
    validateSchema: false,
    allErrors: true,
    inlineRefs: false,
    code: { optimize: false },
  });
  formats.default(ajv);
  // An address that nobody gave is an empty text.
  ajv.addFormat("uri", (text: string) => text === "" || URL.canParse(text));
  ajv.addSchema(schema, "webhooks");
  const validators = new Map<string, ValidateFunction>();
  return ({ name, action, payload }) => {
    const kind = name === "repository_dispatch" || action === null ? `${name}$event` : `${name}$${action}`;
    if (schema.definitions[kind] === undefined) return [`${kind} is not an event of GitHub`];
    const validate = validators.get(kind) ?? ajv.compile({ $ref: `webhooks#/definitions/${kind}` });
    validators.set(kind, validate);
    return validate(payload)
      ? []
      : (validate.errors ?? []).map(
          ({ instancePath, message, params }) => `${kind}: payload${instancePath} ${message} ${JSON.stringify(params)}`,
        );
  };
}

/** GitHub adds fields faster than the schemas are told of them. */
function open(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(open);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key, inner]) => key !== "additionalProperties" || inner !== false)
      // An empty text is an address now, beside being an empty text.
      .map(([key, inner]) => [key === "oneOf" ? "anyOf" : key, open(inner)]),
  );
}
