import { expect, it } from "vitest";
import { pushFiles } from "../../../src/rehearsal/administration/commit-files.ts";
import { personActor } from "../../../src/rehearsal/administration/people.ts";
import { createRepository } from "../../../src/rehearsal/administration/repositories.ts";
import { resolveCommit } from "../../../src/rehearsal/git/resolve.ts";
import { findRepository } from "../../../src/rehearsal/state/github.ts";
import { aForkPull, aJob, aPull, aRepository, at } from "../../support/builders/rehearsal.ts";
import { anEmbeddedGitHub, clientOfPerson } from "../../support/embedded-github.ts";

it("shows a pull request from a fork with the fork as head repository, and its commits in the base repository", async () => {
  const server = await anEmbeddedGitHub();
  const { number, head } = await aForkPull(server);
  const { pulls, git } = clientOfPerson(server, "rita").rest;
  const { data: pull } = await pulls.get({ ...at, pull_number: number });
  expect(pull).toMatchObject({
    user: { login: "stranger" },
    author_association: "NONE",
    head: { label: "stranger:change", sha: head, repo: { full_name: "stranger/income", fork: true } },
    base: { label: "acme:main", repo: { full_name: "acme/income" } },
  });
  expect((await git.getRef({ ...at, ref: `pull/${number}/head` })).data.object.sha).toBe(head);
  const merge = await git.getCommit({ ...at, commit_sha: pull.merge_commit_sha ?? "" });
  expect(merge.data.parents.map(({ sha }) => sha)).toEqual([pull.base.sha, head]);
  const found = await pulls.list({ ...at, state: "open", head: "stranger:change" });
  expect(found.data.map((one) => one.number)).toEqual([number]);
});

it("does not find a fork's pull request by its commit, as GitHub does not", async () => {
  const server = await anEmbeddedGitHub();
  const own = await aPull(server);
  const foreign = await aForkPull(server);
  const { repos } = clientOfPerson(server, "rita").rest;
  const byCommit = async (commit_sha: string) =>
    (await repos.listPullRequestsAssociatedWithCommit({ ...at, commit_sha })).data.map(({ number }) => number);
  expect(await byCommit(own.head)).toEqual([own.number]);
  expect(await byCommit(foreign.head)).toEqual([]);
});

it("follows the head branch in the fork, and keeps its test merge on the newest base", async () => {
  const server = await anEmbeddedGitHub();
  const { number, fork } = await aForkPull(server);
  const { github } = server;
  const stranger = personActor(github, "stranger");
  const repository = findRepository(github, "acme/income");
  if (repository === undefined) throw new Error("acme/income is gone");
  const next = pushFiles(github, fork, { branch: "change", files: { "more.txt": "more\n" }, actor: stranger });
  const mona = personActor(github, "mona");
  const base = pushFiles(github, repository, { branch: "main", files: { "other.txt": "other\n" }, actor: mona });

  const { pulls } = clientOfPerson(server, "rita").rest;
  const { data: pull } = await pulls.get({ ...at, pull_number: number });
  expect(pull).toMatchObject({ commits: 2, changed_files: 2, head: { sha: next }, mergeable: true });
  const merge = resolveCommit(repository.git, `refs/pull/${number}/merge`);
  const { data: parents } = await clientOfPerson(server, "rita").rest.git.getCommit({ ...at, commit_sha: merge ?? "" });
  expect(parents.parents.map(({ sha }) => sha)).toEqual([base, next]);
  const { data: files } = await pulls.listFiles({ ...at, pull_number: number });
  expect(files.map(({ filename, status }) => [filename, status])).toEqual([
    ["model.yml", "added"],
    ["more.txt", "added"],
  ]);
});

it("says that a conflicting pull request cannot be merged, and has no test merge for it", async () => {
  const server = await anEmbeddedGitHub();
  const { number } = await aPull(server);
  const repository = findRepository(server.github, "acme/income");
  if (repository === undefined) throw new Error("acme/income is gone");
  const mona = personActor(server.github, "mona");
  pushFiles(server.github, repository, { branch: "main", files: { "model.yml": "name: other\n" }, actor: mona });
  const { pulls } = clientOfPerson(server, "mona").rest;
  expect((await pulls.get({ ...at, pull_number: number })).data).toMatchObject({
    mergeable: false,
    mergeable_state: "dirty",
    merge_commit_sha: null,
  });
  await expect(pulls.merge({ ...at, pull_number: number })).rejects.toMatchObject({ status: 405 });
});

it("merges the head that was looked at and no other", async () => {
  const server = await anEmbeddedGitHub();
  const { number, head } = await aPull(server);
  const repository = findRepository(server.github, "acme/income");
  if (repository === undefined) throw new Error("acme/income is gone");
  const { pulls, git } = clientOfPerson(server, "rita").rest;
  const actor = personActor(server.github, "hubot");
  const next = pushFiles(server.github, repository, { branch: "change", files: { a: "a" }, actor });
  await expect(pulls.merge({ ...at, pull_number: number, sha: head })).rejects.toMatchObject({ status: 409 });
  const { data: merged } = await pulls.merge({ ...at, pull_number: number, sha: next });
  expect((await git.getRef({ ...at, ref: "heads/main" })).data.object.sha).toBe(merged.sha);
  expect((await pulls.get({ ...at, pull_number: number })).data).toMatchObject({
    state: "closed",
    merged: true,
    merged_by: { login: "rita" },
    merge_commit_sha: merged.sha,
  });
  const closed = repository.events.all().filter(({ name, action }) => name === "pull_request" && action === "closed");
  expect(closed).toHaveLength(1);
});

it("closes a pull request whose branch is deleted", async () => {
  const server = await anEmbeddedGitHub();
  const { number } = await aPull(server);
  const { git, pulls } = clientOfPerson(server, "hubot").rest;
  await git.deleteRef({ ...at, ref: "heads/change" });
  expect((await pulls.get({ ...at, pull_number: number })).data).toMatchObject({ state: "closed", merged: false });
});

it("lets a job open a pull request only where the repository allows that, and its runs wait for approval", async () => {
  const server = await anEmbeddedGitHub();
  const repository = aRepository(server);
  const actor = personActor(server.github, "hubot");
  pushFiles(server.github, repository, { branch: "retrain", files: { a: "a" }, actor });
  const wanted = { ...at, title: "Retrain", head: "retrain", base: "main" };
  await expect(aJob(server, { pull_requests: "write" }).rest.pulls.create(wanted)).rejects.toMatchObject({
    status: 403,
    message: expect.stringContaining("not permitted to create or approve pull requests"),
  });

  createRepository(server.github, { owner: "acme", name: "open", actions_may_open_pulls: true });
  repository.facts = { ...repository.facts, actions_may_open_pulls: true };
  await aJob(server, { pull_requests: "write" }).rest.pulls.create(wanted);
  expect(repository.events.all().at(-1)).toMatchObject({
    name: "pull_request",
    action: "opened",
    starts_runs: "after_approval",
  });
});

it("opens one pull request a branch, and none without commits, title or branch", async () => {
  const server = await anEmbeddedGitHub();
  await aPull(server);
  const { pulls, git } = clientOfPerson(server, "hubot").rest;
  const message = (text: string) => ({ response: { data: { errors: [{ message: text }] } } });
  const wanted = { ...at, title: "Again", head: "change", base: "main" };
  await expect(pulls.create(wanted)).rejects.toMatchObject(message("A pull request already exists for acme:change."));
  const main = (await git.getRef({ ...at, ref: "heads/main" })).data.object.sha;
  await git.createRef({ ...at, ref: "refs/heads/same", sha: main });
  await expect(pulls.create({ ...wanted, head: "same" })).rejects.toMatchObject(
    message("No commits between main and same"),
  );
  await expect(pulls.create({ ...wanted, head: "nothing" })).rejects.toMatchObject({
    status: 422,
    response: { data: { errors: [{ resource: "PullRequest", field: "head", code: "invalid" }] } },
  });
  expect((await pulls.list({ ...at, state: "all" })).data).toHaveLength(1);
  // What was refused has used up no number.
  const { data: issue } = await clientOfPerson(server, "hubot").rest.issues.create({ ...at, title: "next" });
  expect(issue.number).toBe(2);
});

it("takes along what was pushed while a pull request was closed, when it is opened again", async () => {
  const server = await anEmbeddedGitHub();
  const { number, head } = await aPull(server);
  const { pulls } = clientOfPerson(server, "hubot").rest;
  await pulls.update({ ...at, pull_number: number, state: "closed" });
  const repository = findRepository(server.github, "acme/income");
  if (repository === undefined) throw new Error("acme/income is gone");
  const actor = personActor(server.github, "hubot");
  const next = pushFiles(server.github, repository, { branch: "change", files: { a: "a" }, actor });
  expect((await pulls.get({ ...at, pull_number: number })).data.head.sha).toBe(head);
  const { data: open } = await pulls.update({ ...at, pull_number: number, state: "open" });
  expect(open).toMatchObject({ state: "open", head: { sha: next } });
});
