import { expect, it } from "vitest";
import { appToken } from "../../../src/rehearsal/administration/tokens.ts";
import { aForkPull, aJob, aPull, at } from "../../support/builders/rehearsal.ts";
import { anEmbeddedGitHub, clientOf, clientOfPerson } from "../../support/embedded-github.ts";

const checks = { checks: "write" } as const;

it("makes check runs for Apps alone: no person's token can forge one", async () => {
  const server = await anEmbeddedGitHub();
  const { head } = await aPull(server);
  const { checks } = clientOfPerson(server, "mona").rest;
  await expect(checks.create({ ...at, name: "mlops", head_sha: head })).rejects.toMatchObject({
    status: 403,
    message: expect.stringContaining("You must authenticate via a GitHub App"),
  });
});

it("lets only the App that made a check run change it", async () => {
  const server = await anEmbeddedGitHub();
  const { head } = await aPull(server);
  const { data: run } = await aJob(server, checks).rest.checks.create({ ...at, name: "mlops", head_sha: head });
  const app = { id: 77, slug: "acme-mlops", name: "acme mlops" };
  const own = clientOf(server, appToken(server.github, app, { repository: "acme/income", permissions: checks }));
  const passing = { ...at, check_run_id: run.id, conclusion: "success" as const };
  await expect(own.rest.checks.update(passing)).rejects.toMatchObject({ status: 403 });
  expect((await aJob(server, checks).rest.checks.update(passing)).data).toMatchObject({
    status: "completed",
    app: { id: 15368, slug: "github-actions" },
  });
});

it("lists the newest run of each name, or all of them", async () => {
  const server = await anEmbeddedGitHub();
  const { head } = await aPull(server);
  const { rest } = aJob(server, checks);
  const made = [];
  for (const conclusion of ["failure", "success"] as const)
    made.push((await rest.checks.create({ ...at, name: "mlops", head_sha: head, conclusion })).data.id);
  await rest.checks.create({ ...at, name: "mlops / approval", head_sha: head });
  const latest = await rest.checks.listForRef({ ...at, ref: head, check_name: "mlops" });
  expect(latest.data.check_runs.map(({ id, conclusion }) => [id, conclusion])).toEqual([[made[1], "success"]]);
  expect((await rest.checks.listForRef({ ...at, ref: head, filter: "all" })).data.total_count).toBe(3);
});

it("adds annotations to those that are there, at most fifty a request", async () => {
  const server = await anEmbeddedGitHub();
  const { head } = await aPull(server);
  const { rest } = aJob(server, checks);
  const annotations = (count: number) =>
    Array.from({ length: count }, (_, n) => ({
      path: "model.yml",
      start_line: n + 1,
      end_line: n + 1,
      annotation_level: "warning" as const,
      message: `line ${n + 1}`,
    }));
  const output = { title: "mlops", summary: "60 findings", annotations: annotations(50) };
  const { data: run } = await rest.checks.create({ ...at, name: "mlops", head_sha: head, output });
  const more = { title: "mlops", summary: "60 findings", annotations: annotations(10) };
  const updated = await rest.checks.update({ ...at, check_run_id: run.id, output: more });
  expect(updated.data.output.annotations_count).toBe(60);
  const listed = await aJob(server, checks).paginate(rest.checks.listAnnotations, { ...at, check_run_id: run.id });
  expect(listed).toHaveLength(60);
  const tooMany = { title: "mlops", summary: "", annotations: annotations(51) };
  await expect(rest.checks.update({ ...at, check_run_id: run.id, output: tooMany })).rejects.toMatchObject({
    status: 422,
  });
});

it("refuses a completed run without conclusion, a commit that is not there, and a summary that is too long", async () => {
  const server = await anEmbeddedGitHub();
  const { head } = await aPull(server);
  const { rest, request } = aJob(server, checks);
  const create: string = "POST /repos/{owner}/{repo}/check-runs";
  const run = { ...at, name: "mlops", head_sha: head };
  const refused = { status: 422 };
  await expect(request(create, { ...run, status: "completed" })).rejects.toMatchObject(refused);
  await expect(rest.checks.create({ ...run, head_sha: "0".repeat(40) })).rejects.toMatchObject(refused);
  const output = { title: "mlops", summary: "x".repeat(65_536) };
  await expect(rest.checks.create({ ...run, output })).rejects.toMatchObject(refused);
});

it("starts no runs by check runs of jobs, and names no pull request from a fork", async () => {
  const server = await anEmbeddedGitHub();
  const { head } = await aForkPull(server);
  const { data } = await aJob(server, checks).rest.checks.create({ ...at, name: "mlops", head_sha: head });
  expect(data.pull_requests).toEqual([]);
  const [repository] = server.github.repositories.values();
  expect(repository?.events.all().at(-1)).toMatchObject({ name: "check_run", starts_runs: "no" });
});

it("combines the newest status of each context: one failure fails, none is pending", async () => {
  const server = await anEmbeddedGitHub();
  const { head } = await aPull(server);
  const { repos } = aJob(server, { statuses: "write" }).rest;
  const combined = async () => (await repos.getCombinedStatusForRef({ ...at, ref: head })).data.state;
  const set = (context: string, state: "success" | "failure") =>
    repos.createCommitStatus({ ...at, sha: head, context, state });
  expect(await combined()).toBe("pending");
  await set("a", "failure");
  await set("b", "success");
  expect(await combined()).toBe("failure");
  await set("a", "success");
  expect(await combined()).toBe("success");
  await expect(
    repos.createCommitStatus({ ...at, sha: head, state: "success", description: "x".repeat(141) }),
  ).rejects.toMatchObject({ status: 422 });
});
