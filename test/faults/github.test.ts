import { describe, expect, it } from "vitest";
import { permissionsFor } from "../../src/github/permissions.ts";
import { findRepository } from "../../src/rehearsal/state/github.ts";
import { apiWith, aWorld, uses, type World } from "../support/github-uses.ts";

// Whatever request of a function fails once, done or not done, the function comes to its end, and what is there then is what
// is there without the failure.

const mishaps = [
  { kind: "disconnect", applied: true },
  { kind: "status", status: 502, applied: false },
] as const;

/** What was made, without ids and times. */
function madeIn({ server }: World): object {
  const repository = findRepository(server.github, "acme/income");
  if (repository === undefined) throw new Error("no repository");
  const { comments, issues, pulls, checkRuns, releases, assets, deploymentStatuses, deployments, runs } = repository;
  return {
    comments: comments.all().map(({ body }) => body),
    issues: issues.all().map(({ title, state }) => [title, state]),
    pulls: pulls.all().map(({ head }) => head.ref),
    checks: checkRuns.all().map(({ name, conclusion }) => [name, conclusion]),
    releases: releases.all().map(({ tag_name, draft }) => [tag_name, draft]),
    deployments: deployments.all().map(({ environment }) => environment),
    assets: assets.all().map(({ name }) => name),
    statuses: deploymentStatuses.all().map(({ state }) => state),
    attempts: runs.all().map(({ run_attempt }) => run_attempt),
  };
}

// Requests that stand alone are repeated by the client, whose own tests say when.
describe.each(uses.filter(({ uses: used }) => used.length > 1))("src/github $what", ({ uses: declared, ask }) => {
  it("whatever fails once", async () => {
    const undisturbed = await aWorld();
    const before = undisturbed.server.requests.length;
    await ask(apiWith(undisturbed, permissionsFor(declared)), undisturbed);
    const requests = undisturbed.server.requests.length - before;
    for (let skip = 0; skip < requests; skip += 1) {
      for (const mishap of mishaps) {
        const world = await aWorld();
        world.server.faults.inject({ skip, mishap });
        await ask(apiWith(world, permissionsFor(declared)), world);
        expect({ skip, mishap, ...madeIn(world) }).toEqual({ skip, mishap, ...madeIn(undisturbed) });
      }
    }
  });
});
