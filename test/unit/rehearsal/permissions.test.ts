import { expect, it } from "vitest";
import { addTeam, personActor } from "../../../src/rehearsal/administration/people.ts";
import { setCollaborator, setTeamRole } from "../../../src/rehearsal/administration/repositories.ts";
import { appToken, jobToken, revokeToken } from "../../../src/rehearsal/administration/tokens.ts";
import { aJob, aPull, aRepository, at } from "../../support/builders/rehearsal.ts";
import { anEmbeddedGitHub, clientOf, clientOfPerson } from "../../support/embedded-github.ts";

it.each([
  ["admin", "admin"],
  ["maintain", "write"],
  ["write", "write"],
  ["triage", "read"],
  ["read", "read"],
] as const)("shows the role %s as it is and, on the older scale, as %s", async (role, permission) => {
  const server = await anEmbeddedGitHub();
  const repository = aRepository(server);
  personActor(server.github, "sam");
  setCollaborator(repository, "sam", role);
  const { repos } = aJob(server, {}).rest;
  const { data } = await repos.getCollaboratorPermissionLevel({ ...at, username: "SAM" });
  expect(data).toMatchObject({ permission, role_name: role, user: { login: "sam" } });
});

it("gives members of a team the team's role, and strangers none in a private repository", async () => {
  const server = await anEmbeddedGitHub();
  const repository = aRepository(server, { private: true });
  personActor(server.github, "tess");
  personActor(server.github, "stranger");
  addTeam(server.github, "acme", "science", { tess: "member" });
  setTeamRole(repository, "science", "maintain");
  const { repos } = aJob(server, {}).rest;
  const roleOf = async (username: string) =>
    (await repos.getCollaboratorPermissionLevel({ ...at, username })).data.role_name;
  expect([await roleOf("tess"), await roleOf("stranger")]).toEqual(["maintain", "none"]);
  await expect(roleOf("nobody")).rejects.toMatchObject({ status: 404 });
});

it("tells nobody of permissions who cannot push", async () => {
  const server = await anEmbeddedGitHub();
  aRepository(server);
  const { repos } = clientOfPerson(server, "stranger").rest;
  await expect(repos.getCollaboratorPermissionLevel({ ...at, username: "rita" })).rejects.toMatchObject({
    status: 403,
    message: expect.stringContaining("Must have push access"),
  });
});

it("tells of teams only an App that may read members, never GITHUB_TOKEN", async () => {
  const server = await anEmbeddedGitHub();
  aRepository(server);
  addTeam(server.github, "acme", "science", { rita: "maintainer" });
  const member = { org: "acme", team_slug: "science", username: "rita" };
  await expect(aJob(server, { contents: "write" }).rest.teams.getMembershipForUserInOrg(member)).rejects.toMatchObject({
    status: 403,
  });
  const app = { id: 77, slug: "acme-mlops", name: "acme mlops" };
  const token = appToken(server.github, app, { repository: "acme/income", permissions: { members: "read" } });
  const { teams } = clientOf(server, token).rest;
  expect((await teams.getMembershipForUserInOrg(member)).data).toMatchObject({ role: "maintainer", state: "active" });
  await expect(teams.getMembershipForUserInOrg({ ...member, username: "hubot" })).rejects.toMatchObject({
    status: 404,
  });
});

it("refuses a token that was revoked, and whoever has none for what is not public", async () => {
  const server = await anEmbeddedGitHub();
  aRepository(server);
  const token = jobToken(server.github, { repository: "acme/income", permissions: { contents: "read" } });
  const job = clientOf(server, token).rest;
  await job.repos.get(at);
  revokeToken(server.github, token);
  await expect(job.repos.get(at)).rejects.toMatchObject({
    status: 401,
    message: expect.stringContaining("Bad credentials"),
  });
  const anonymous = { headers: { "user-agent": "test" } };
  expect((await fetch(`${server.github.links.api}/repos/acme/income`, anonymous)).status).toBe(200);
  const dispatch = { ...anonymous, method: "POST", body: JSON.stringify({ event_type: "x" }) };
  expect((await fetch(`${server.github.links.api}/repos/acme/income/dispatches`, dispatch)).status).toBe(401);
});

it("lets a job's token into no other private repository, and write to no other public one", async () => {
  const server = await anEmbeddedGitHub();
  const { number } = await aPull(server);
  const other = jobToken(server.github, {
    repository: "acme/other",
    permissions: { issues: "write", contents: "write" },
  });
  const { issues } = clientOf(server, other).rest;
  await issues.get({ ...at, issue_number: number });
  await expect(issues.createComment({ ...at, issue_number: number, body: "hi" })).rejects.toMatchObject({
    status: 403,
  });
});

it("says in GraphQL who a token is, and what it may not see", async () => {
  const server = await anEmbeddedGitHub();
  aRepository(server, { private: true });
  const viewer = "{ viewer { login databaseId } }";
  expect(await aJob(server, {}).graphql(viewer)).toEqual({
    viewer: { login: "github-actions[bot]", databaseId: 41898282 },
  });
  const pull = `{ repository(owner: "acme", name: "income") { pullRequest(number: 1) { number } } }`;
  await expect(aJob(server, { contents: "read" }).graphql(pull)).rejects.toMatchObject({
    errors: [{ type: "FORBIDDEN", path: ["repository", "pullRequest"] }],
  });
  await expect(clientOfPerson(server, "stranger").graphql(pull)).rejects.toMatchObject({
    errors: [{ type: "NOT_FOUND", path: ["repository"] }],
  });
});
