import { expect, it } from "vitest";
import { churnSpec } from "../support/builders/project.ts";
import { aRehearsedProject } from "../support/builders/rehearsed-project.ts";

// What ml-report.yml answers where jobs before it broke off, in our own workflow files, from the bundles, against the embedded GitHub.

it("fails the required check with the words of a mistake in the pull request's model.yml, although planning it fails", async () => {
  const story = await aRehearsedProject();
  const broken = churnSpec("roc_auc >= 0.6").replace("label:", "lable:");
  const head = story.push("hubot", "change", { "model.yml": broken });
  const number = await story.opens("hubot", "change");
  expect(await story.checks(head)).toEqual({ mlops: "failure", "mlops / approval": "action_required" });
  expect(await story.comments(number)).toEqual([]);
});

it("fails a model whose pull request leaves no artifact, here because it rewrites the workflow that would", async () => {
  const story = await aRehearsedProject();
  const idle = `name: ML pull request
on: pull_request
jobs:
  nothing:
    runs-on: ubuntu-latest
    steps: [{ run: "true" }]
`;
  const files = { "model.yml": churnSpec("roc_auc >= 0.1"), ".github/workflows/ml-pull-request.yml": idle };
  const head = story.push("hubot", "change", files);
  const number = await story.opens("hubot", "change");
  expect(await story.checks(head)).toEqual({
    mlops: "failure",
    "mlops / churn": "failure",
    "mlops / approval": "action_required",
  });
  const [report] = await story.comments(number);
  expect(report?.body.slice(0, 900)).toMatch(
    /left no artifact mlops-churn[\s\S]*changes model\.yml: evaluate\.gates and \.github\/workflows\/ml-pull-request\.yml/,
  );
});
