import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { jsonSchemas } from "../../../src/spec/json-schema.ts";
import { parseModel } from "../../../src/spec/load.ts";
import { parseRepositorySpec } from "../../../src/spec/load-repository.ts";
import { ModelSpec } from "../../../src/spec/model-spec.ts";
import { RepositorySpec } from "../../../src/spec/repository-spec.ts";
import { schemaKeys } from "../../support/schema-keys.ts";

const project = new URL("../../../", import.meta.url);
const reference = readFileSync(new URL("docs/model-yml.md", project), "utf8");

const Editor = z.object({ properties: z.record(z.string(), z.unknown()), required: z.array(z.string()).optional() });

describe("the JSON Schemas for editors", () => {
  it("are the committed ones", () => {
    for (const [path, text] of Object.entries(jsonSchemas())) {
      expect(readFileSync(new URL(path, project), "utf8"), `${path} is old: npm run generate`).toBe(text);
    }
  });

  it("ask only for what has no default", () => {
    const schema = Editor.parse(JSON.parse(jsonSchemas()["schemas/model.schema.json"] ?? ""));
    expect(schema.required).toEqual(["name", "task", "problem", "data", "train"]);
    expect(Object.keys(schema.properties)).toEqual(Object.keys(ModelSpec.shape));
  });
});

describe("every key", () => {
  const keys = [...schemaKeys(ModelSpec), ...schemaKeys(RepositorySpec)];

  it("has a help text", () => {
    expect(keys.length).toBeGreaterThan(120);
    expect(keys.filter(({ description }) => description === undefined).map(({ path }) => path)).toEqual([]);
  });

  it("is in the reference", () => {
    // A source is written the same way in a list and as a sealed test set.
    const own = keys.filter(({ path }) => !/^data\.(source\[\]|test\.source)\./.test(path));
    expect(own.filter(({ path }) => !reference.includes(`| \`${path}\` |`)).map(({ path }) => path)).toEqual([]);
  });

  it("of the reference exists", () => {
    const known = new Set(keys.map(({ path }) => path));
    const documented = [...reference.matchAll(/^\| `([^`]+)` \|/gm)].map(([, path]) => path ?? "");
    expect(documented.filter((path) => !known.has(path))).toEqual([]);
  });
});

describe("the reference's examples", () => {
  const examples = [...reference.matchAll(/```yaml\n([^`]*)```/g)].map(([, text]) => text ?? "");

  it("are taken", () => {
    expect(examples).toHaveLength(3);
    expect(parseModel(examples[1] ?? "", "model.yml").spec.name).toBe("income");
    expect(parseRepositorySpec(examples[2] ?? "", "mlops.yml").spec.approvals[0]?.count).toBe(1);
  });

  it("and the flights are too", () => {
    const text = readFileSync(new URL("examples/flights/model.yml", project), "utf8");
    expect(parseModel(text, "model.yml").spec.name).toBe("flights");
  });
});
