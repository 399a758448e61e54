import { readFileSync } from "node:fs";
import { join } from "node:path";
import { globSync } from "tinyglobby";
import { expect, it } from "vitest";
import { matchesAny } from "../../../../src/rehearsal/workflows/filter-patterns.ts";
import { grantedPermissions } from "../../../../src/rehearsal/workflows/permissions.ts";
import { readWorkflow } from "../../../../src/rehearsal/workflows/workflow-file.ts";

const project = join(import.meta.dirname, "..", "..", "..", "..");
const job = "jobs: { one: { runs-on: x, steps: [{ run: echo }] } }";

it.each(globSync(["workflows-templates/*.yml"], { cwd: project }))("reads %s", (path) => {
  const workflow = readWorkflow(path, readFileSync(join(project, path), "utf8"));
  expect(Object.keys(workflow.jobs)).not.toEqual([]);
});

it.each([
  [
    "a misspelled key",
    `on: push\njobs:\n  one:\n    runs-on: x\n    step: []\n`,
    /^w\.yml:5: jobs\.one\.step: Unrecognized key/,
  ],
  ["no trigger", job, /^w\.yml:1: on: /],
  ["broken YAML", "on: [push\n", /^w\.yml:\d: /],
  [
    "a job that needs one that is not there",
    `on: push\njobs:\n  one: { needs: two, runs-on: x, steps: [{ run: a }] }\n`,
    /^w\.yml:3: job one: needs two/,
  ],
  [
    "jobs that need each other",
    "on: push\njobs:\n  a: { needs: b, runs-on: x, steps: [{ run: a }] }\n  b: { needs: a, runs-on: x, steps: [{ run: a }] }\n",
    /job a: needs itself/,
  ],
  [
    "a step with run and uses",
    "on: push\njobs: { one: { runs-on: x, steps: [{ run: a, uses: b@v1 }] } }\n",
    /step 1 must have either run or uses/,
  ],
  [
    "permissions whose lines are gone, saying what belongs there",
    "on: push\njobs:\n  one:\n    permissions:\n    runs-on: x\n    steps: [{ run: a }]\n",
    /^w\.yml:4: jobs\.one\.permissions: .*expected record, received null/,
  ],
  [
    "a reusable workflow",
    "on: push\njobs: { one: { uses: ./.github/workflows/b.yml } }\n",
    /reusable workflows are not rehearsed/,
  ],
  [
    "services",
    "on: push\njobs: { one: { runs-on: x, services: { db: { image: x } }, steps: [{ run: a }] } }\n",
    /containers are not rehearsed/,
  ],
  [
    "two steps of one id",
    "on: push\njobs: { one: { runs-on: x, steps: [{ id: a, run: a }, { id: A, run: a }] } }\n",
    /two steps have the id A/,
  ],
])("refuses %s with its place", (_, text, message) => {
  expect(() => readWorkflow("w.yml", text)).toThrow(message);
});

it.each([
  [["main"], "main", true],
  [["main"], "main2", false],
  [["releases/*"], "releases/10", true],
  [["releases/*"], "releases/10/beta", false],
  [["releases/**"], "releases/10/beta", true],
  [["v[12].[0-9]+.[0-9]+"], "v1.10.1", true],
  [["**", "!docs/**"], "docs/a.md", false],
  [["**", "!docs/**", "docs/b.md"], "docs/b.md", true],
  [["**/model.yml"], "model.yml", true],
  [["*.js"], "src/a.js", false],
])("with %j the name %s is matched: %j", (patterns, name, matched) => {
  expect(matchesAny(patterns, name)).toBe(matched);
});

it("grants a token what is declared nearest to the job, and never what is not declared there", () => {
  expect(grantedPermissions(undefined, undefined)).toEqual({ contents: "read" });
  expect(grantedPermissions(undefined, {})).toEqual({});
  expect(grantedPermissions({ "pull-requests": "write", checks: "none" }, "write-all")).toEqual({
    pull_requests: "write",
  });
  expect(grantedPermissions("read-all", undefined)).toMatchObject({ checks: "read", pull_requests: "read" });
  expect(() => grantedPermissions({ comments: "write" }, undefined)).toThrow("comments, which is no permission");
});
