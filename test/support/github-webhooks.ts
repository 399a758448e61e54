import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import * as z from "zod";
import type { Event } from "../../src/rehearsal/state/release-records.ts";
import { LazySchemas } from "./lazy-schemas.ts";

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
  const { definitions } = z
    .looseObject({ definitions: z.record(z.string(), z.unknown()) })
    .parse(JSON.parse(await readFile(path, "utf8")));
  const lazy = new LazySchemas({
    schemas: definitions,
    prefix: "#/definitions/",
    adapt: open,
    // An address that nobody gave is an empty text.
    formats: { uri: (text: string) => text === "" || URL.canParse(text) },
  });
  return ({ name, action, payload }) => {
    const kind = name === "repository_dispatch" || action === null ? `${name}$event` : `${name}$${action}`;
    if (definitions[kind] === undefined) return [`${kind} is not an event of GitHub`];
    return lazy.complaints(kind, () => definitions[kind], { value: payload, what: `${kind}: payload` });
  };
}

/** GitHub adds fields faster than the schemas are told of them. */
function open(schema: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(schema)
      .filter(([key, inner]) => key !== "additionalProperties" || inner !== false)
      // An empty text is an address now, beside being an empty text.
      .map(([key, inner]) => [key === "oneOf" ? "anyOf" : key, inner]),
  );
}
