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

it("of a fork waits for somebody who may let it run, has no secret, and is approved the same way", async () => {
  const story = await aRehearsedProject();
  const fork = story.fork("stranger");
  const head = story.push("stranger", "change", { "model.yml": changed }, fork);
  const number = await story.opens("stranger", "stranger:change");
  expect(await story.comments(number)).toEqual([]);
  await story.lets("rita");
  expect(story.troubles()).toBe("");
  expect(await story.checks(head)).toEqual({
    mlops: "success",
    "mlops / churn": "success",
    "mlops / approval": "action_required",
  });
  expect((await story.comments(number))[0]?.by).toBe("github-actions[bot]");
  expect(await story.says("stranger", number, "/approve")).toContain("does not count");
  expect(await story.says("mona", number, "/approve")).toContain("Nothing more is needed.");
  expect(await story.checks(head)).toMatchObject({ mlops: "success", "mlops / approval": "success" });
  const next = story.push("stranger", "change", { "notes.md": "more" }, fork);
  await story.runner.settled();
  await story.lets("rita");
  // A push voids, whatever it changes: what was approved is a report on one commit.
  expect(await story.checks(next)).toMatchObject({ mlops: "success", "mlops / approval": "action_required" });
});

it("that touches three models of one repository is approved by name", async () => {
  const models = ["churn", "upsell", "winback"];
  const listed = models.map((name) => `${name}: ${name === "churn" ? "" : `${name}/`}model.yml`).join(", ");
  const story = await aRehearsedProject({ models, mlopsYml: `models: { ${listed} }\n` });
  const head = story.push("hubot", "change", {
    "model.yml": changed,
    "upsell/model.yml": changed.replace("name: churn", "name: upsell"),
    "winback/data.csv": customers(1300),
  });
  const number = await story.opens("hubot", "change");
  expect(story.troubles()).toBe("");
  expect(Object.keys(await story.checks(head)).sort()).toEqual([
    "mlops",
    "mlops / approval",
    "mlops / churn",
    "mlops / upsell",
    "mlops / winback",
  ]);
  expect(await story.comments(number)).toHaveLength(3);
  expect(await story.says("rita", number, "/approve")).toContain("this pull request touches 3 models");
  expect(await story.says("rita", number, "/approve churn")).toContain("Nothing more is needed.");
  expect((await story.checks(head))["mlops / approval"]).toBe("action_required");
  await story.says("rita", number, "/approve upsell winback");
  expect((await story.checks(head))["mlops / approval"]).toBe("success");
});

it("that touches no model is green, and one whose model.yml is broken is red with the words of the mistake", async () => {
  const story = await aRehearsedProject();
  const head = story.push("hubot", "docs", { "README.md": "words" });
  const number = await story.opens("hubot", "docs");
  expect(await story.checks(head)).toEqual({ mlops: "success", "mlops / approval": "success" });
  expect(await story.comments(number)).toEqual([]);
  const broken = story.push("hubot", "broken", { "model.yml": changed.replace("task: binary", "task: trinary") });
  await story.opens("hubot", "broken");
  expect(await story.checks(broken)).toMatchObject({ mlops: "failure" });
});
