import { expect, it } from "vitest";
import { aJob, aPull, aRepository, at } from "../../support/builders/rehearsal.ts";
import { anEmbeddedGitHub, clientOfPerson } from "../../support/embedded-github.ts";

const issues = { issues: "write" } as const;

it("finds open issues by label and creator, pull requests among them", async () => {
  const server = await anEmbeddedGitHub();
  await aPull(server);
  const job = aJob(server, issues).rest;
  const drift = await job.issues.create({ ...at, title: "age drifts", labels: ["drift", "income"] });
  await job.issues.create({ ...at, title: "rows are missing", labels: ["data"] });
  const byLabel = await job.issues.listForRepo({ ...at, labels: "drift", creator: "github-actions[bot]" });
  expect(byLabel.data.map(({ number }) => number)).toEqual([drift.data.number]);
  await job.issues.update({ ...at, issue_number: drift.data.number, state: "closed", state_reason: "completed" });
  const open = await job.issues.listForRepo(at);
  expect(open.data.map(({ title, pull_request }) => [title, pull_request !== undefined])).toEqual([
    ["rows are missing", false],
    ["Better", true],
  ]);
});

it("drops the labels of whoever cannot push, without a word", async () => {
  const server = await anEmbeddedGitHub();
  aRepository(server);
  const { data } = await clientOfPerson(server, "stranger").rest.issues.create({
    ...at,
    title: "hello",
    labels: ["bug"],
  });
  expect(data.labels).toEqual([]);
});

it("adds labels once and keeps the others", async () => {
  const server = await anEmbeddedGitHub();
  const { number } = await aPull(server);
  const job = aJob(server, { pull_requests: "write" }).rest;
  await job.issues.addLabels({ ...at, issue_number: number, labels: ["mlops"] });
  const { data: labels } = await job.issues.addLabels({ ...at, issue_number: number, labels: ["mlops", "retrain"] });
  expect(labels.map(({ name }) => name)).toEqual(["mlops", "retrain"]);
});

it("closes and reopens with who did it and why", async () => {
  const server = await anEmbeddedGitHub();
  aRepository(server);
  const job = aJob(server, issues).rest;
  const { data: issue } = await job.issues.create({ ...at, title: "drift" });
  const closed = await job.issues.update({ ...at, issue_number: issue.number, state: "closed" });
  expect(closed.data).toMatchObject({ state_reason: "completed", closed_by: { login: "github-actions[bot]" } });
  const open = await job.issues.update({ ...at, issue_number: issue.number, state: "open" });
  expect(open.data).toMatchObject({ state: "open", closed_at: null, state_reason: "reopened" });
});
