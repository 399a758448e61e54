import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { accessOf, type Endpoint, endpoints, factsOf } from "../../../src/github/endpoints.ts";
import { permissionsFor, permissionsYaml } from "../../../src/github/permissions.ts";

const decision = join(import.meta.dirname, "..", "..", "..", "docs", "decisions", "0008-github.md");
const all = Object.keys(endpoints).filter((key): key is Endpoint => key in endpoints);

it("is the least that a job needs, with one scope where one of several is enough", () => {
  const comment = "POST /repos/{owner}/{repo}/issues/{issue_number}/comments";
  const pull = "GET /repos/{owner}/{repo}/pulls/{pull_number}";
  expect(permissionsFor([comment])).toEqual({ "pull-requests": "write" });
  expect(permissionsFor([pull, comment, "POST /repos/{owner}/{repo}/check-runs"])).toEqual({
    checks: "write",
    "pull-requests": "write",
  });
  expect(permissionsFor(["POST /repos/{owner}/{repo}/issues", comment])).toEqual({ issues: "write" });
  expect(permissionsFor(["GET /repos/{owner}/{repo}", "GET /repos/{owner}/{repo}/contents/{path}"])).toEqual({
    contents: "read",
  });
});

it("is written as YAML in one line", () => {
  expect(permissionsYaml({ checks: "write", contents: "read" })).toBe("permissions: { checks: write, contents: read }");
});

it("agrees with decision 8 on every endpoint, which lists none that is not called there", async () => {
  const text = await readFile(decision, "utf8");
  const rows = [...text.matchAll(/^\|[^|]*\| `((?:GET|POST|PATCH|DELETE) [^`]+)`[^|]*\|\s*([^|\n]*?)\s*\|$/gm)];
  const decided = new Map(rows.map(([, route, permission]) => [route, permission ?? ""]));
  expect(decided.size).toBeGreaterThan(50);
  for (const endpoint of all.filter((one) => one !== "POST /graphql")) {
    const { scopes } = factsOf(endpoint);
    const words = [...(decided.get(endpoint)?.matchAll(/[a-z]+(?:-[a-z]+)*/g) ?? [])].map(([word]) => word);
    expect({ endpoint, words }).toEqual({ endpoint, words: expect.arrayContaining([...scopes, accessOf(endpoint)]) });
  }
});
