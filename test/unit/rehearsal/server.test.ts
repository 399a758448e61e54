import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { getOctokit } from "@actions/github";
import { expect, it } from "vitest";
import * as z from "zod";
import { pushFiles } from "../../../src/rehearsal/administration/commit-files.ts";
import { personActor } from "../../../src/rehearsal/administration/people.ts";
import { serveGitHub } from "../../../src/rehearsal/serve-github.ts";
import { findRepository } from "../../../src/rehearsal/state/github.ts";
import { aClock, aJob, aPull, aRepository, at } from "../../support/builders/rehearsal.ts";
import { anEmbeddedGitHub, clientOfPerson } from "../../support/embedded-github.ts";
import { scratchFolder } from "../../support/scratch.ts";

const Started = z.object({ api: z.string(), token: z.string() });
const issues = { issues: "write" } as const;

it("counts the requests of a job's repository down and refuses those over the limit, until the hour is over", async () => {
  const clock = aClock();
  const server = await anEmbeddedGitHub({ clock: clock.now, limits: { installation: 2 } });
  aRepository(server);
  const job = aJob(server, issues).rest;
  const remaining = async () => (await job.repos.get(at)).headers["x-ratelimit-remaining"];
  expect([await remaining(), await remaining()]).toEqual(["1", "0"]);
  await expect(remaining()).rejects.toMatchObject({
    status: 403,
    response: {
      headers: { "x-ratelimit-remaining": "0", "x-ratelimit-reset": String(Date.parse("2026-11-28T13:00:00Z") / 1000) },
    },
  });
  expect((await job.rateLimit.get()).data.rate).toMatchObject({ limit: 2, remaining: 0 });
  clock.advance(3600);
  expect(await remaining()).toBe("1");
});

it("limits new content to 80 a minute and says when to try again", async () => {
  const clock = aClock();
  const server = await anEmbeddedGitHub({ clock: clock.now, limits: { contentPerMinute: 2 } });
  aRepository(server);
  const job = aJob(server, issues).rest;
  const file = () => job.issues.create({ ...at, title: "drift" });
  await file();
  await file();
  await expect(file()).rejects.toMatchObject({
    status: 403,
    message: expect.stringContaining("secondary rate limit"),
    response: { headers: { "retry-after": "60" } },
  });
  clock.advance(60);
  await file();
});

it("answers 304 to whoever has the newest version, at no cost", async () => {
  const server = await anEmbeddedGitHub();
  const { number } = await aPull(server);
  const job = aJob(server, issues).rest;
  const list = { ...at, issue_number: number };
  const first = await job.issues.listComments(list);
  const conditional = { ...list, headers: { "if-none-match": first.headers.etag ?? "" } };
  await expect(job.issues.listComments(conditional)).rejects.toMatchObject({
    status: 304,
    response: { headers: { "x-ratelimit-used": "1" } },
  });
  await job.issues.createComment({ ...list, body: "new" });
  expect((await job.issues.listComments(conditional)).data).toHaveLength(1);
});

it("loses a request before it did its work, or its answer after", async () => {
  const server = await anEmbeddedGitHub();
  const { number } = await aPull(server);
  const job = aJob(server, issues).rest;
  const comment = (body: string) => job.issues.createComment({ ...at, issue_number: number, body });
  const path = /\/comments$/;
  server.faults.inject({ method: "POST", path, mishap: { kind: "status", status: 502, applied: false } });
  await expect(comment("never there")).rejects.toMatchObject({ status: 502 });
  server.faults.inject({ method: "POST", path, mishap: { kind: "status", status: 503, applied: true } });
  await expect(comment("there, unheard")).rejects.toMatchObject({ status: 503 });
  server.faults.inject({ method: "POST", path, mishap: { kind: "disconnect", applied: true } });
  await expect(comment("there, cut off")).rejects.toMatchObject({ status: 500 });
  server.faults.inject({ method: "POST", path, mishap: { kind: "secondary_limit", retryAfter: 7 } });
  await expect(comment("too fast")).rejects.toMatchObject({
    status: 403,
    response: { headers: { "retry-after": "7" } },
  });
  const { data } = await job.issues.listComments({ ...at, issue_number: number });
  expect(data.map(({ body }) => body)).toEqual(["there, unheard", "there, cut off"]);
});

it("lets a head move between two calls", async () => {
  const server = await anEmbeddedGitHub();
  const { number, head } = await aPull(server);
  const repository = findRepository(server.github, "acme/income");
  if (repository === undefined) throw new Error("acme/income is gone");
  const actor = personActor(server.github, "hubot");
  const run = () => {
    pushFiles(server.github, repository, { branch: "change", files: { late: "late" }, actor });
  };
  server.faults.inject({ method: "GET", path: /\/pulls\/1$/, skip: 1, mishap: { kind: "meanwhile", run } });
  const { pulls } = clientOfPerson(server, "rita").rest;
  const read = async () => (await pulls.get({ ...at, pull_number: number })).data.head.sha;
  expect(await read()).toBe(head);
  expect(await read()).not.toBe(head);
});

it("keeps all that it answered for when it is stopped and started again", async () => {
  const first = await anEmbeddedGitHub();
  const { number, head } = await aPull(first);
  const rita = clientOfPerson(first, "rita").rest;
  const comment = await rita.issues.createComment({ ...at, issue_number: number, body: "/approve" });
  await aJob(first, { checks: "write" }).rest.checks.create({ ...at, name: "mlops", head_sha: head });
  const repositories = await snapshot(first);
  await expect(serveGitHub({ folder: first.github.folder })).rejects.toMatchObject({ code: "run_in_progress" });
  await first.stop();

  const second = await anEmbeddedGitHub({ folder: first.github.folder });
  expect(await snapshot(second)).toEqual(repositories);
  const next = await clientOfPerson(second, "rita").rest.issues.createComment({
    ...at,
    issue_number: number,
    body: "/withdraw",
  });
  expect(next.data.id).toBeGreaterThan(comment.data.id);
});

it("has every comment that it answered for after a kill in the middle of its work", async () => {
  const folder = await scratchFolder();
  const script = join(import.meta.dirname, "..", "..", "support", "serve-embedded-github.ts");
  const child = spawn(process.execPath, [script, folder], { stdio: ["ignore", "pipe", "inherit"] });
  const [line] = await once(child.stdout, "data");
  const { api, token } = Started.parse(JSON.parse(String(line)));
  const answered: number[] = [];
  const talk = async () => {
    const { issues } = getOctokit(token, { baseUrl: api }).rest;
    for (;;)
      answered.push((await issues.createComment({ ...at, issue_number: 1, body: `${answered.length}` })).data.id);
  };
  const talkers = [talk(), talk(), talk()];
  while (answered.length < 40) await setTimeout(5);
  child.kill("SIGKILL");
  expect((await Promise.allSettled(talkers)).map(({ status }) => status)).toEqual(["rejected", "rejected", "rejected"]);

  const again = await anEmbeddedGitHub({ folder });
  const rita = clientOfPerson(again, "rita");
  const comments = await rita.paginate(rita.rest.issues.listComments, { ...at, issue_number: 1, per_page: 100 });
  expect(comments.map(({ id }) => id)).toEqual(expect.arrayContaining(answered));
  await rita.rest.issues.createComment({ ...at, issue_number: 1, body: "still here" });
});

it("lets go of its folder when it cannot start, or finds a record that it did not write", async () => {
  const server = await anEmbeddedGitHub();
  const folder = await scratchFolder();
  const port = Number(new URL(server.github.links.origin).port);
  await expect(serveGitHub({ folder, port })).rejects.toMatchObject({ code: "EADDRINUSE" });
  await mkdir(join(folder, "users"), { recursive: true });
  await writeFile(join(folder, "users", "rita.json"), '{"login": "rita"}');
  await expect(serveGitHub({ folder })).rejects.toThrow(/rita\.json is not what the embedded GitHub wrote/);
  await rm(join(folder, "users"), { recursive: true });
  await anEmbeddedGitHub({ folder });
});

it("is slow when told to be", async () => {
  const server = await anEmbeddedGitHub();
  aRepository(server);
  server.faults.inject({ path: /income$/, mishap: { kind: "slow", ms: 300 } });
  const started = performance.now();
  await clientOfPerson(server, "rita").rest.repos.get(at);
  expect(performance.now() - started).toBeGreaterThan(295);
});

it("says what it does not answer, so that a client's new call is noticed", async () => {
  const server = await anEmbeddedGitHub();
  aRepository(server);
  const request = clientOfPerson(server, "mona").request;
  await expect(request("GET /repos/{owner}/{repo}/stargazers", at)).rejects.toMatchObject({
    status: 404,
    message: expect.stringContaining("does not answer GET /api/v3/repos/acme/income/stargazers"),
  });
  expect(server.requests.pop()).toMatchObject({ endpoint: null, status: 404 });
});

it("refuses what is no JSON, and a body without what it must have, as GitHub words it", async () => {
  const server = await anEmbeddedGitHub();
  aRepository(server);
  const { request } = aJob(server, issues);
  const create: string = "POST /repos/{owner}/{repo}/issues";
  await expect(request(create, at)).rejects.toMatchObject({
    status: 422,
    response: { data: { message: `Invalid request.\n\n"title" wasn't supplied.`, status: "422" } },
  });
  await expect(request(create, { ...at, data: "{" })).rejects.toMatchObject({
    status: 400,
    response: { data: { message: "Problems parsing JSON" } },
  });
});

/** Everything that is remembered of the repository, but for the addresses. */
async function snapshot({ github }: Awaited<ReturnType<typeof anEmbeddedGitHub>>) {
  const repository = findRepository(github, "acme/income");
  if (repository === undefined) throw new Error("acme/income is gone");
  const { facts, issues, pulls, comments, checkRuns, activities } = repository;
  return [facts, ...[issues, pulls, comments, checkRuns, activities].map((records) => records.all())];
}
