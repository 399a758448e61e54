import { expect, it } from "vitest";
import { aJob, aPull, aRepository, at } from "../../support/builders/rehearsal.ts";
import { anEmbeddedGitHub } from "../../support/embedded-github.ts";

const deployments = { deployments: "write", actions: "read" } as const;
const plain = { ...at, auto_merge: false, required_contexts: [] };

it("waits by default for all statuses of the commit, and for none when told so", async () => {
  const server = await anEmbeddedGitHub();
  const { head } = await aPull(server);
  const { repos } = aJob(server, { ...deployments, statuses: "write" }).rest;
  await repos.createCommitStatus({ ...at, sha: head, context: "ci", state: "failure" });
  await expect(repos.createDeployment({ ...at, ref: "change", auto_merge: false })).rejects.toMatchObject({
    status: 409,
    message: expect.stringContaining("Commit status checks failed for change"),
  });
  const made = await repos.createDeployment({ ...plain, ref: "change", environment: "staging/income" });
  expect(made.data).toMatchObject({ sha: head, environment: "staging/income", production_environment: false });
  const environment = await repos.getEnvironment({ ...at, environment_name: "staging/income" });
  expect(environment.data.name).toBe("staging/income");
});

it("ends the earlier success at the same place, but not in production", async () => {
  const server = await anEmbeddedGitHub();
  aRepository(server);
  const { repos } = aJob(server, deployments).rest;
  const states: Record<string, string[]> = {};
  for (const environment of ["staging", "production"]) {
    const first = await deploy(environment);
    await deploy(environment);
    const { data } = await repos.listDeploymentStatuses({ ...at, deployment_id: first });
    states[environment] = data.map(({ state }) => state);
  }
  expect(states).toEqual({ staging: ["inactive", "success"], production: ["success"] });

  async function deploy(environment: string): Promise<number> {
    const { data } = await repos.createDeployment({ ...plain, ref: "main", environment });
    if (!("id" in data)) throw new Error("not deployed");
    await repos.createDeploymentStatus({ ...at, deployment_id: data.id, state: "success" });
    return data.id;
  }
});

it("finds deployments by environment and commit, newest first", async () => {
  const server = await anEmbeddedGitHub();
  aRepository(server);
  const { repos } = aJob(server, deployments).rest;
  for (const environment of ["a", "b", "a"]) await repos.createDeployment({ ...plain, ref: "main", environment });
  const { data } = await repos.listDeployments({ ...at, environment: "a" });
  expect(data.map(({ environment }) => environment)).toEqual(["a", "a"]);
  expect(data[0]?.id).toBeGreaterThan(data[1]?.id ?? 0);
});

it("refuses descriptions of more than 140 characters", async () => {
  const server = await anEmbeddedGitHub();
  aRepository(server);
  const { repos } = aJob(server, deployments).rest;
  const { data } = await repos.createDeployment({ ...plain, ref: "main" });
  if (!("id" in data)) throw new Error("not deployed");
  const status = { ...at, deployment_id: data.id, state: "success" as const, description: "x".repeat(141) };
  await expect(repos.createDeploymentStatus(status)).rejects.toMatchObject({ status: 422 });
});
