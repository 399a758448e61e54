import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { schema as githubGraphql } from "@octokit/graphql-schema";
import { buildSchema, isEnumType, isInterfaceType, isObjectType, isUnionType } from "graphql";
import { describe, expect, it } from "vitest";
import { endpoints as called } from "../../src/github/endpoints.ts";
import { endpoints } from "../../src/rehearsal/endpoints/all.ts";
import { schemaText } from "../../src/rehearsal/graphql/schema.ts";
import { githubOpenApi } from "../support/github-openapi.ts";

const page = join(import.meta.dirname, "..", "..", "docs", "decisions", "0008-github.md");

describe("the check against GitHub's description", () => {
  const comments = { method: "GET", path: "/repos/{owner}/{repo}/issues/comments/{comment_id}", status: 200 };
  const json = { answerType: "application/json", request: new Uint8Array() };

  it("sees a field that is missing in an answer", async () => {
    const openApi = await githubOpenApi();
    const found = openApi.complaints({ ...comments, ...json, answer: Buffer.from('{"id": 1}') });
    expect(found.join("\n")).toMatch(/answer must have required property 'node_id'/);
    const inside = openApi.complaints({ ...comments, ...json, answer: Buffer.from('{"user": {"id": "1"}}') });
    expect(inside.join("\n")).toMatch(/answer\/user must have required property 'login'/);
    expect(inside.join("\n")).toMatch(/answer\/user\/id must be integer/);
  });

  it("sees a value of the wrong kind in a request, a status that is none, and an address that is none", async () => {
    const openApi = await githubOpenApi();
    const create = { method: "POST", path: "/repos/{owner}/{repo}/issues/{issue_number}/comments", status: 201 };
    const request = Buffer.from('{"body": 7}');
    expect(openApi.complaints({ ...create, ...json, request, answer: null }).join()).toMatch(
      /request\/body must be string/,
    );
    expect(openApi.complaints({ ...comments, ...json, status: 202, answer: null }).join()).toMatch(/is no status/);
    const nowhere = { ...json, method: "GET", path: "/nowhere", status: 200, answer: null };
    expect(openApi.complaints(nowhere).join()).toMatch(/is not an endpoint of GitHub/);
  });
});

describe("the list of endpoints", () => {
  it("names endpoints that GitHub has", async () => {
    const openApi = await githubOpenApi();
    expect(endpoints.filter(({ method, path }) => !openApi.knows(method, path))).toEqual([]);
  });

  it("has every endpoint that the client may call, with the same permission", () => {
    const answered = new Map(endpoints.map((one) => [`${one.method} ${one.path}`, one]));
    for (const [name, { scopes }] of Object.entries(called)) {
      if (name === "POST /graphql") continue;
      const one = answered.get(name);
      expect(one, name).toBeDefined();
      // Of teams the token alone decides, without a repository.
      if (one === undefined || one.kind === "anywhere") continue;
      expect([name, ...one.need.permissions.map((permission) => permission.replaceAll("_", "-"))].sort()).toEqual(
        [name, ...scopes].sort(),
      );
    }
  });

  it("is the one in docs/decisions/0008-github.md, with the permission that each needs", async () => {
    const text = await readFile(page, "utf8");
    const rows = [...text.matchAll(/^\|[^|]*\| `(GET|POST|PATCH|PUT|DELETE) (\/[^`]+)`[^|]*\| ([^|]+) \|$/gm)];
    const written = rows.map(([, method, path, permission = ""]) => [`${method} ${path}`, permission]);
    // What people do in a rehearsal stands below the table.
    const peoples = endpoints.filter((one) => !written.some(([name]) => name === `${one.method} ${one.path}`));
    for (const { method, path } of peoples) expect(text).toContain(`\`${method} ${path}\``);
    const jobs = endpoints.filter((one) => !peoples.includes(one));
    expect(written).toEqual(
      expect.arrayContaining(jobs.map((one) => [`${one.method} ${one.path}`, permissionOf(one)])),
    );
    expect(written).toHaveLength(jobs.length);
  });
});

it("answers a part of GitHub's own GraphQL schema, field by field", () => {
  const theirs = buildSchema(githubGraphql.idl, { assumeValid: true });
  const named = Object.values(buildSchema(schemaText).getTypeMap()).filter(({ name }) => !name.startsWith("__"));
  for (const type of named) {
    const real = theirs.getType(type.name);
    if ((isObjectType(type) || isInterfaceType(type)) && (isObjectType(real) || isInterfaceType(real)))
      for (const field of Object.values(type.getFields())) {
        const realField = real.getFields()[field.name];
        expect(`${type.name}.${field.name}: ${realField?.type}`).toBe(`${type.name}.${field.name}: ${field.type}`);
        for (const { name, type: argument } of field.args)
          expect(String(realField?.args.find((one) => one.name === name)?.type)).toBe(String(argument));
      }
    else if (isEnumType(type) && isEnumType(real))
      expect(real.getValues().map(({ name }) => name)).toEqual(
        expect.arrayContaining(type.getValues().map(({ name }) => name)),
      );
    else if (isUnionType(type) && isUnionType(real))
      expect(real.getTypes().map(String)).toEqual(expect.arrayContaining(type.getTypes().map(String)));
    else expect(real?.constructor.name, type.name).toBe(type.constructor.name);
  }
});

function permissionOf(endpoint: (typeof endpoints)[number]): string | RegExp {
  if (endpoint.kind === "anywhere") return expect.any(String);
  const { permissions, access } = endpoint.need;
  return `${permissions.map((name) => name.replaceAll("_", "-")).join(" or ")}: ${access}`;
}
