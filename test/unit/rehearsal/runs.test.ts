import { expect, it } from "vitest";
import { pushFiles } from "../../../src/rehearsal/administration/commit-files.ts";
import { personActor } from "../../../src/rehearsal/administration/people.ts";
import { finishRun, saveArtifact, startRun } from "../../../src/rehearsal/administration/runs.ts";
import { findRepository } from "../../../src/rehearsal/state/github.ts";
import { aClock, aForkPull, aJob, aRepository, at } from "../../support/builders/rehearsal.ts";
import { anEmbeddedGitHub, clientOfPerson } from "../../support/embedded-github.ts";

const path = ".github/workflows/ml.yml";

it("tells of a fork's run its commit and repository, and of no pull request", async () => {
  const server = await anEmbeddedGitHub();
  const { head } = await aForkPull(server);
  const repository = findRepository(server.github, "acme/income");
  if (repository === undefined) throw new Error("acme/income is gone");
  const run = startRun(server.github, repository, {
    path,
    event: "pull_request",
    head_sha: head,
    head_branch: "change",
    head_repository: "stranger/income",
    actor: "stranger",
  });
  finishRun(server.github, repository, run, "success");
  const { actions } = aJob(server, { actions: "read" }).rest;
  expect((await actions.getWorkflowRun({ ...at, run_id: run.id })).data).toMatchObject({
    head_sha: head,
    head_repository: { full_name: "stranger/income" },
    pull_requests: [],
    actor: { login: "stranger" },
    status: "completed",
    conclusion: "success",
  });
  const found = await actions.listWorkflowRunsForRepo({ ...at, head_sha: head });
  expect(found.data.workflow_runs.map(({ id }) => id)).toEqual([run.id]);
  expect(repository.events.all().at(-1)).toMatchObject({ name: "workflow_run", action: "completed" });
});

it("hands out an artifact by a redirect until it expires", async () => {
  const clock = aClock();
  const server = await anEmbeddedGitHub({ clock: clock.now });
  const repository = aRepository(server);
  const main = (await clientOfPerson(server, "mona").rest.git.getRef({ ...at, ref: "heads/main" })).data.object.sha;
  const run = startRun(server.github, repository, { path, event: "push", head_sha: main, actor: "mona" });
  const bytes = Buffer.from("PK a zip");
  saveArtifact(server.github, repository, { run, name: "mlops-income", bytes });
  const { actions } = aJob(server, { actions: "read" }).rest;
  const { data } = await actions.listWorkflowRunArtifacts({ ...at, run_id: run.id, name: "mlops-income" });
  expect(data).toMatchObject({ total_count: 1, artifacts: [{ size_in_bytes: 8, expired: false }] });
  const artifact_id = data.artifacts[0]?.id ?? 0;
  const zip = { ...at, artifact_id, archive_format: "zip" };
  const downloaded = await actions.downloadArtifact(zip);
  expect(Buffer.from(downloaded.data as ArrayBuffer).toString()).toBe("PK a zip");
  clock.advance(91 * 86_400);
  await expect(actions.downloadArtifact(zip)).rejects.toMatchObject({ status: 410 });
});

it("runs a finished run again under the name of whoever asked, and a running one not", async () => {
  const server = await anEmbeddedGitHub();
  const repository = aRepository(server);
  const main = (await clientOfPerson(server, "mona").rest.git.getRef({ ...at, ref: "heads/main" })).data.object.sha;
  const run = startRun(server.github, repository, { path, event: "push", head_sha: main, actor: "mona" });
  const { actions } = aJob(server, { actions: "write" }).rest;
  await expect(actions.reRunWorkflow({ ...at, run_id: run.id })).rejects.toMatchObject({ status: 403 });
  finishRun(server.github, repository, run, "failure");
  await actions.reRunWorkflow({ ...at, run_id: run.id });
  expect((await actions.getWorkflowRun({ ...at, run_id: run.id })).data).toMatchObject({
    run_attempt: 2,
    status: "queued",
    actor: { login: "mona" },
    triggering_actor: { login: "github-actions[bot]" },
  });
});

it("starts runs by dispatches, also of jobs, and refuses what a workflow does not take", async () => {
  const server = await anEmbeddedGitHub();
  const repository = aRepository(server);
  const workflow = "on:\n  workflow_dispatch:\n    inputs:\n      model: { type: string }\n";
  const mona = personActor(server.github, "mona");
  pushFiles(server.github, repository, {
    branch: "main",
    files: { [path]: workflow, ".github/workflows/push.yml": "on: push\n" },
    actor: mona,
  });
  const job = aJob(server, { actions: "write", contents: "write" }).rest;
  const dispatch = { ...at, workflow_id: "ml.yml", ref: "main", inputs: { model: "income" } };
  await job.actions.createWorkflowDispatch(dispatch);
  await job.repos.createDispatchEvent({ ...at, event_type: "retrain", client_payload: { model: "income" } });
  expect(repository.events.all().slice(-2)).toMatchObject([
    { name: "workflow_dispatch", starts_runs: "yes", payload: { inputs: { model: "income" }, ref: "refs/heads/main" } },
    { name: "repository_dispatch", action: "retrain", starts_runs: "yes" },
  ]);
  const refused = async (changes: object, message: RegExp) =>
    expect(job.actions.createWorkflowDispatch({ ...dispatch, ...changes })).rejects.toMatchObject({
      status: 422,
      message: expect.stringMatching(message),
    });
  await refused({ inputs: { other: "x" } }, /Unexpected inputs provided: \["other"\]/);
  await refused({ workflow_id: "push.yml" }, /does not have 'workflow_dispatch' trigger/);
  await refused({ ref: "nowhere" }, /No ref found for: nowhere/);
  const many = Object.fromEntries(Array.from({ length: 11 }, (_, n) => [`k${n}`, n]));
  await expect(
    job.repos.createDispatchEvent({ ...at, event_type: "retrain", client_payload: many }),
  ).rejects.toMatchObject({ status: 422 });
});
