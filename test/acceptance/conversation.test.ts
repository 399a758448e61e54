import { expect, it } from "vitest";
import { churnSpec, customers } from "../support/builders/project.ts";
import { aRehearsedProject } from "../support/builders/rehearsed-project.ts";

// Whole stories of a pull request, in our own workflow files, from the bundles, against the embedded GitHub.

const changed = churnSpec("roc_auc >= 0.6").replace("builtin: linear", "builtin: linear\n  params: { C: 2 }");

it("is reported, scored again, refused to the wrong approver, approved by the right one, and void after a push", async () => {
  const story = await aRehearsedProject();
  const head = story.push("hubot", "change", { "model.yml": changed });
  const number = await story.opens("hubot", "change");

  const [report, ...others] = await story.comments(number);
  expect(story.troubles()).toBe("");
  expect(others).toEqual([]);
  expect(report?.by).toBe("github-actions[bot]");
  expect(report?.body).toMatch(/`churn`/);
  expect(report?.body).not.toContain("claimed, not rescored");
  expect(await story.checks(head)).toEqual({
    mlops: "success",
    "mlops / churn": "success",
    "mlops / approval": "action_required",
  });

  expect(await story.says("hubot", number, "/approve")).toContain("does not count: hubot opened the pull request");
  expect(await story.says("stranger", number, "/approve")).toContain("stranger has none of the roles");
  expect((await story.checks(head))["mlops / approval"]).toBe("action_required");
  expect(await story.says("rita", number, "/approve")).toContain("counts, as writer. Nothing more is needed.");
  expect((await story.checks(head))["mlops / approval"]).toBe("success");

  const next = story.push("hubot", "change", { "data.csv": customers(1300) });
  await story.runner.settled();
  expect(await story.checks(next)).toMatchObject({ mlops: "success", "mlops / approval": "action_required" });
  const told = (await story.comments(number)).map(({ body }) => body).find((body) => body.includes('"key":"void:'));
  expect(told).toMatch(
    /The approval of rita for \*\*churn\*\* `[0-9a-f]{12}` no longer counts\. What changed:\n\n- commit/,
  );
  expect(await story.says("rita", number, "/approve")).toContain("Nothing more is needed.");
  expect(await story.checks(next)).toMatchObject({ mlops: "success", "mlops / approval": "success" });
});
