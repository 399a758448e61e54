import { expect, it } from "vitest";
import { personActor } from "../../../../src/rehearsal/administration/people.ts";
import { emit } from "../../../../src/rehearsal/events/emit.ts";
import { aForkPull, aPull, at } from "../../../support/builders/rehearsal.ts";
import { clientOfPerson } from "../../../support/embedded-github.ts";
import { aRunner } from "../../../support/workflow-runner.ts";

const jobs = "jobs: { one: { runs-on: x, steps: [{ run: 'true' }] } }";
const file = (on: string, more = "") => ({ ".github/workflows/w.yml": `${more}on: ${on}\n${jobs}\n` });

it("reads a pull request's workflow from its test merge, so that it can bring its own", async () => {
  const { server, runs, push } = await aRunner();
  push("change", file("pull_request"));
  const { number, head } = await aPull(server);
  const [run] = await runs("w.yml");
  expect(run).toMatchObject({ event: "pull_request", head_sha: head, head_branch: "change", conclusion: "success" });
  expect(run?.execution?.ref).toBe(`refs/pull/${number}/merge`);
  expect(run?.execution?.sha).not.toBe(head);
});

it("reads workflows on comments and on ended runs from the default branch alone", async () => {
  const { server, runs, push } = await aRunner();
  push("main", { ".github/workflows/first.yml": `name: First\non: pull_request\n${jobs}\n` });
  push("change", {
    ".github/workflows/w.yml": `on: [issue_comment]\n${jobs}\n`,
    ".github/workflows/r.yml": `on: { workflow_run: { workflows: [First] } }\n${jobs}\n`,
  });
  const { number } = await aPull(server);
  await clientOfPerson(server, "rita").rest.issues.createComment({ ...at, issue_number: number, body: "hello" });
  expect(await runs("first.yml")).toHaveLength(1);
  expect([...(await runs("w.yml")), ...(await runs("r.yml"))]).toEqual([]);
});

it("answers the end of a workflow by its name, of the types that are asked for", async () => {
  const { server, runs, push } = await aRunner();
  push("main", {
    ".github/workflows/first.yml": `name: First\non: pull_request\n${jobs}\n`,
    ".github/workflows/ended.yml": `on: { workflow_run: { workflows: [First], types: [completed] } }\n${jobs}\n`,
    ".github/workflows/other.yml": `on: { workflow_run: { workflows: [first.yml, Second] } }\n${jobs}\n`,
  });
  await aPull(server);
  expect(await runs("ended.yml")).toMatchObject([
    { event: "workflow_run", head_branch: "main", conclusion: "success" },
  ]);
  expect(await runs("other.yml")).toEqual([]);
});

it("starts on a pull request that is opened, moved or opened again, and on other types where they are named", async () => {
  const { server, runs, push } = await aRunner();
  push("main", {
    ".github/workflows/w.yml": `on: pull_request\n${jobs}\n`,
    ".github/workflows/closed.yml": `on: { pull_request: { types: [closed] } }\n${jobs}\n`,
  });
  const { number } = await aPull(server);
  push("change", { "more.txt": "1" });
  const { pulls } = clientOfPerson(server, "rita").rest;
  await pulls.update({ ...at, pull_number: number, title: "Best" });
  await pulls.update({ ...at, pull_number: number, state: "closed" });
  expect(await runs("w.yml")).toHaveLength(2);
  expect(await runs("closed.yml")).toHaveLength(1);
});

it.each([
  ["{ push: { branches: [main] } }", 1],
  ["{ push: { branches-ignore: [main] } }", 0],
  ["{ push: { tags: ['v*'] } }", 0],
  ["{ push: { paths: ['models/**'] } }", 1],
  ["{ push: { paths-ignore: ['**/*.csv', '.github/**'] } }", 0],
  ["{ push: { paths: ['models/**', '!models/**'] } }", 0],
  ["{ schedule: [{ cron: '0 3 * * *' }] }", 0],
])("on a push to main that changes data, on: %s makes %j run", async (on, count) => {
  const { runs, push } = await aRunner();
  push("main", { ...file(on), "models/income/data.csv": "1" });
  expect(await runs("w.yml")).toHaveLength(count);
});

it("runs nothing where the commit's message says so", async () => {
  const { runs, push } = await aRunner();
  push("main", file("push"), "lock data [skip ci]");
  expect(await runs("w.yml")).toEqual([]);
});

it("runs nothing for a pull request with conflicts", async () => {
  const { server, runs, push } = await aRunner();
  push("main", file("pull_request"));
  push("change", { "x.txt": "1" });
  push("main", { "model.yml": "name: other\n" });
  await aPull(server);
  expect(await runs("w.yml")).toEqual([]);
});

it("runs nothing in forks", async () => {
  const { server, runs, push } = await aRunner();
  push("main", file("push"));
  const { fork } = await aForkPull(server);
  expect(await runs("w.yml")).toHaveLength(1);
  expect(fork.runs.all()).toEqual([]);
});

it("ends a chain of workflows that start each other after three, as GitHub does", async () => {
  const { runs, push } = await aRunner();
  const on = "on: { workflow_run: { workflows: [First, Echo], types: [completed] } }";
  push("main", {
    ".github/workflows/first.yml": `name: First\non: push\n${jobs}\n`,
    ".github/workflows/echo.yml": `name: Echo\n${on}\n${jobs}\n`,
  });
  expect(await runs("echo.yml")).toHaveLength(3);
});

it("answers a merge queue at the group's own commit", async () => {
  const { server, runs, push, repository } = await aRunner();
  const sha = push("main", file("merge_group"));
  push("main", { "later.txt": "1" });
  const mona = personActor(server.github, "mona");
  const person = { name: "mona", email: "mona@example.org" };
  const head_commit = {
    id: sha,
    tree_id: sha,
    message: "one",
    timestamp: "2026-01-01T00:00:00Z",
    author: person,
    committer: person,
  };
  const head_ref = "refs/heads/gh-readonly-queue/main/pr-1";
  const merge_group = { head_sha: sha, head_ref, base_sha: sha, base_ref: "refs/heads/main", head_commit };
  emit(server.github, repository, {
    name: "merge_group",
    action: "checks_requested",
    actor: mona,
    payload: { merge_group },
  });
  const [run] = await runs("w.yml");
  expect(run).toMatchObject({ event: "merge_group", head_sha: sha, execution: { ref: head_ref, sha } });
});

it("tells of a workflow file that GitHub would not take", async () => {
  const { news, push, runner } = await aRunner();
  push("main", { ".github/workflows/w.yml": "on: push\njobs:\n  one: { runs-on: x }\n" });
  await runner.settled();
  expect(news).toMatchObject([{ kind: "file-refused", message: ".github/workflows/w.yml:3: job one: has no steps" }]);
});
