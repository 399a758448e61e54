import { describe, expect, it } from "vitest";
import { endpoints } from "../../src/github/endpoints.ts";
import { permissionsFor } from "../../src/github/permissions.ts";
import { UserError } from "../../src/kit/user-error.ts";
import { apiWith, aWorld, uses } from "../support/github-uses.ts";

// A token with exactly the permissions that the table gives the endpoints is enough, and one that may only read what is public
// is told what to add.

describe.each(uses)("src/github $what", ({ uses: declared, ask }) => {
  it("by the endpoints that are declared, with exactly their permissions", async () => {
    const world = await aWorld();
    const permissions = permissionsFor(declared);
    const before = world.server.requests.length;
    await ask(apiWith(world, permissions), world);
    const asked = world.server.requests.slice(before);
    // Where artifacts lie is no part of the API.
    const names = new Set(
      asked.flatMap(({ endpoint }) => (endpoint === null || endpoint.includes("storage") ? [] : endpoint)),
    );
    expect([...names].toSorted()).toEqual([...declared].toSorted());
    expect(asked.filter(({ status }) => status === 403)).toEqual([]);
  });
});

const guarded = uses.filter(({ uses: declared }) => {
  return Object.keys(permissionsFor(declared)).length > 0 && !declared.includes("POST /graphql");
});

it.each(guarded)(
  "src/github $what: without permissions it says what to add, or finds nothing",
  async ({ uses: declared, ask }) => {
    const world = await aWorld();
    const done = await ask(apiWith(world, {}), world).then(
      () => "nothing",
      (error: unknown) => error,
    );
    if (done === "nothing") return;
    if (!(done instanceof UserError)) throw done;
    expect(done.code).toBe("github_permission_missing");
    const [scope] = done.fix.match(/^add "([a-z-]+): (?:read|write)"/)?.slice(1) ?? [];
    expect(Object.keys(permissionsFor(declared))).toContain(scope);
  },
);

it("every endpoint of the table is asked by one of them", () => {
  const declared = new Set<string>(uses.flatMap((use) => use.uses));
  expect(Object.keys(endpoints).filter((endpoint) => !declared.has(endpoint))).toEqual([]);
});
