import { execFile, execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import { jobToken, personToken } from "../../../src/rehearsal/administration/tokens.ts";
import type { EmbeddedGitHub } from "../../../src/rehearsal/serve-github.ts";
import { aPull, aRepository, at } from "../../support/builders/rehearsal.ts";
import { anEmbeddedGitHub, clientOfPerson } from "../../support/embedded-github.ts";
import { scratchFolder } from "../../support/scratch.ts";

it("shows a push over HTTP as its pusher's, whoever the commit names as author", async () => {
  const server = await anEmbeddedGitHub();
  const { number } = await aPull(server);
  const folder = await clone(server, personToken(server.github, "rita"));
  await git(folder, "checkout", "--quiet", "change");
  const sha = commit(folder, { name: "mona", email: "mona@users.noreply.github.com" });
  await git(folder, "push", "--quiet", "origin", "change");

  const { pulls, repos } = clientOfPerson(server, "mona").rest;
  expect((await pulls.get({ ...at, pull_number: number })).data.head.sha).toBe(sha);
  const { data: activity } = await repos.listActivities({ ...at, ref: "refs/heads/change" });
  expect(activity.map((one) => [one.activity_type, one.actor?.login])).toEqual([
    ["push", "rita"],
    ["branch_creation", "hubot"],
  ]);
  expect(events(server)).toContainEqual(["pull_request", "synchronize", "rita", "yes"]);
});

it("starts no runs by a push with a job's token", async () => {
  const server = await anEmbeddedGitHub();
  aRepository(server);
  const token = jobToken(server.github, { repository: "acme/income", permissions: { contents: "write" } });
  const folder = await clone(server, token);
  commit(folder, { name: "bot", email: "bot@example.org" });
  await git(folder, "push", "--quiet", "origin", "main");
  expect(events(server).at(-1)).toEqual(["push", null, "github-actions[bot]", "no"]);
});

it("makes no events for more than three tags pushed at once", async () => {
  const server = await anEmbeddedGitHub();
  aRepository(server);
  const folder = await clone(server, personToken(server.github, "rita"));
  const before = events(server).length;
  for (const tag of ["a", "b", "c", "d"]) await git(folder, "tag", tag);
  await git(folder, "push", "--quiet", "origin", "a", "b", "c", "d");
  expect(events(server)).toHaveLength(before);
});

it("lets nobody push without the right to, or to GitHub's own refs", async () => {
  const server = await anEmbeddedGitHub();
  aRepository(server);
  const stranger = await clone(server, personToken(server.github, "stranger"));
  await expect(git(stranger, "push", "origin", "HEAD:refs/heads/mine")).rejects.toThrow(/403/);
  const reading = jobToken(server.github, { repository: "acme/income", permissions: { contents: "read" } });
  await expect(git(await clone(server, reading), "push", "origin", "HEAD:refs/heads/mine")).rejects.toThrow(/403/);
  const rita = await clone(server, personToken(server.github, "rita"));
  await expect(git(rita, "push", "origin", "HEAD:refs/pull/9/head")).rejects.toThrow(/hidden ref/);
});

it("does not let a stranger clone a private repository", async () => {
  const server = await anEmbeddedGitHub();
  aRepository(server, { private: true });
  await expect(clone(server, personToken(server.github, "stranger"))).rejects.toThrow(/not found/);
  await clone(server, personToken(server.github, "rita"));
});

async function clone(server: EmbeddedGitHub, token: string): Promise<string> {
  const folder = await scratchFolder();
  const url = new URL(server.github.links.origin);
  url.username = "x-access-token";
  url.password = token;
  await git(folder, "clone", "--quiet", `${url.href}acme/income.git`, ".");
  return folder;
}

/** Not synchronous: the server that answers is this process. */
async function git(folder: string, ...args: string[]): Promise<void> {
  const env = { ...process.env, GIT_TERMINAL_PROMPT: "0", GIT_CONFIG_GLOBAL: "/dev/null", LC_ALL: "C" };
  await promisify(execFile)("git", args, { cwd: folder, env });
}

function commit(folder: string, author: { name: string; email: string }): string {
  writeFileSync(join(folder, "new.txt"), "new\n");
  execFileSync("git", ["add", "."], { cwd: folder });
  const identity = ["-c", `user.name=${author.name}`, "-c", `user.email=${author.email}`];
  execFileSync("git", [...identity, "commit", "--quiet", "-m", "new"], { cwd: folder });
  return execFileSync("git", ["rev-parse", "HEAD"], { cwd: folder, encoding: "utf8" }).trim();
}

function events({ github }: EmbeddedGitHub) {
  const [repository] = github.repositories.values();
  return (repository?.events.all() ?? []).map(({ name, action, sender, starts_runs }) => [
    name,
    action,
    sender,
    starts_runs,
  ]);
}
