import { describe, expect, it } from "vitest";
import type { Decision } from "../../../src/approval/decision.ts";
import { type PolicyEntries, policyOf } from "../../../src/approval/policy.ts";
import { addComment, deleteComment, updateComment } from "../../../src/github/comments.ts";
import { pushFiles } from "../../../src/rehearsal/administration/commit-files.ts";
import { addTeam, personActor } from "../../../src/rehearsal/administration/people.ts";
import { finishRun, startRun } from "../../../src/rehearsal/administration/runs.ts";
import { findRepository } from "../../../src/rehearsal/state/github.ts";
import { type PullApprovals, readApprovals } from "../../../src/wiring/pull-approvals.ts";
import { aDecision } from "../../support/builders/approval.ts";
import { aClock, aForkPull, aPull, at } from "../../support/builders/rehearsal.ts";
import { anEmbeddedGitHub, clientOfPerson } from "../../support/embedded-github.ts";
import { jobApi, memberApi, personApi } from "../../support/github-api.ts";

/** Smallest permissions of a job that reads approvals. */
const permissions = { actions: "read", contents: "read", "pull-requests": "read" } as const;

async function story({ fromFork = false }: { fromFork?: boolean } = {}) {
  const clock = aClock("2026-11-28T09:00:00Z");
  const server = await anEmbeddedGitHub({ clock: clock.now });
  const { number, head } = await (fromFork ? aForkPull(server) : aPull(server));
  const repository = findRepository(server.github, "acme/income");
  if (repository === undefined) throw new Error("no repository");
  const actor = fromFork ? "stranger" : "hubot";
  const wanted = { path: ".github/workflows/mlops.yml", event: "pull_request", head_sha: head, actor };
  const run = finishRun(server.github, repository, startRun(server.github, repository, wanted), "success");
  const decision = aDecision({ head_sha: head, madeAt: "2026-11-28T09:00:00Z" });
  clock.advance(600);
  const read = (mlops: Partial<PolicyEntries> | null = null, decisions: readonly Decision[] = [decision]) => {
    const policy = policyOf(
      mlops === null ? null : { roles: {}, approvals: [], accept_claimed: false, bots: [], ...mlops },
    );
    const question = {
      pullNumber: number,
      policy,
      policySha256: "4".repeat(64),
      defaultBranch: "main",
      otherModels: [],
      reportedSha: head,
      runIds: [run.id],
    };
    const api = jobApi(server, permissions);
    return readApprovals(api, { ...question, decisions: [{ model: "income", history: decisions }] }, memberApi(server));
  };
  const says = (login: string, body: string) => addComment(personApi(server, login), number, body);
  return { server, repository, number, decision, clock, read, says };
}

function trailOf({ approvals }: PullApprovals): string[] {
  return approvals.trail.map(({ author, said, refusal }) => `${author.login} ${said}: ${refusal?.code ?? "counts"}`);
}

describe("approvals of a pull request", () => {
  it("count for whoever may write and had no hand in it, by comment or by review", async () => {
    const { server, number, read, says } = await story();
    await says("hubot", "/approve");
    await says("stranger", "/approve");
    await says("rita", "/approve");
    await clientOfPerson(server, "mona").rest.pulls.createReview({ ...at, pull_number: number, event: "APPROVE" });
    const found = await read();
    expect(trailOf(found)).toEqual([
      "hubot approve: author",
      "stranger approve: no_role",
      "rita approve: counts",
      "mona approve: counts",
    ]);
    expect(found.approvals.receipts.map(({ author, source }) => [author.login, source.kind])).toEqual([
      ["rita", "comment"],
      ["mona", "review"],
    ]);
  });

  it("are void after a push, also before there is a new report", async () => {
    const { server, repository, read, says } = await story();
    await says("rita", "/approve");
    expect((await read()).approvals.receipts).toHaveLength(1);
    const actor = personActor(server.github, "hubot");
    pushFiles(server.github, repository, { branch: "change", files: { "model.yml": "name: other\n" }, actor });
    expect(trailOf(await read())).toEqual(["rita approve: no_decision_yet"]);
  });

  it("do not count for who pushed in somebody else's name", async () => {
    const { server, repository, clock, read, says } = await story();
    const author = { name: "hubot", email: "hubot@users.noreply.github.com" };
    const actor = personActor(server.github, "rita");
    const head = pushFiles(server.github, repository, { branch: "change", files: { x: "1" }, actor, author });
    const decision = aDecision({ head_sha: head, madeAt: "2026-11-28T09:10:00Z" });
    clock.advance(600);
    await says("rita", "/approve");
    await says("mona", "/approve");
    expect(trailOf(await read(null, [decision]))).toEqual(["rita approve: pusher", "mona approve: counts"]);
  });

  it("notice what writers do to comments of others", async () => {
    const { server, read, says } = await story();
    const nice = await says("mona", "nice");
    await updateComment(personApi(server, "hubot"), nice.id, "/approve");
    await says("rita", "/approve");
    const taken = await says("rita", "/withdraw");
    await deleteComment(personApi(server, "hubot"), taken.id);
    expect(trailOf(await read())).toEqual(["mona approve: edited", "rita approve: tampered"]);
  });

  it("of a fork count the same, and its author is nobody special", async () => {
    const { read, says } = await story({ fromFork: true });
    await says("stranger", "/approve");
    await says("rita", "/approve");
    expect(trailOf(await read())).toEqual(["stranger approve: no_role", "rita approve: counts"]);
  });

  it("take members of teams as GitHub names them now", async () => {
    const { server, read, says } = await story();
    addTeam(server.github, "acme", "product", { rita: "member" });
    await says("rita", "/approve");
    await says("mona", "/approve");
    const mlops = {
      roles: { business: { people: [], teams: ["Acme/Product"] } },
      approvals: [{ role: "business", count: 1, for: "register" }],
    };
    expect(trailOf(await read(mlops))).toEqual(["rita approve: counts", "mona approve: no_role"]);
  });

  it("are not counted when it is not known who started the run", async () => {
    const { server, number, decision, says } = await story();
    await says("rita", "/approve");
    const question = {
      pullNumber: number,
      policy: policyOf(null),
      policySha256: "4".repeat(64),
      defaultBranch: "main",
      otherModels: [],
      reportedSha: null,
      runIds: [],
    };
    const decisions = [{ model: "income", history: [decision] }];
    const found = await readApprovals(jobApi(server, permissions), { ...question, decisions });
    expect(trailOf(found)).toEqual(["rita approve: starters_unknown"]);
  });

  it("are not drowned by any number of strangers, nor do those cost more than a limit", async () => {
    const { server, repository, number, read, says } = await story();
    await says("rita", "/approve");
    const { github } = server;
    for (let index = 0; index < 200; index += 1) {
      const login = `stranger-${index}`;
      personActor(github, login);
      const facts = {
        issue_number: number,
        user: login,
        app: null,
        created_at: github.now(),
        updated_at: github.now(),
      };
      repository.comments.put({ id: github.newId(), ...facts, body: "/approve", edits: [] });
    }
    const before = server.requests.length;
    const roles = { science: { people: ["Rita"], teams: [] } };
    const found = await read({ roles, approvals: [{ role: "science", count: 1, for: "register" }] });
    expect(server.requests.length - before).toBeLessThan(90);
    expect(found.approvals.receipts.map(({ author }) => author.login)).toEqual(["rita"]);
    // Nor do they drown the rejection of somebody whom mlops.yml does not name: it was written before theirs.
    await says("mona", "/reject too few rows");
    for (const one of repository.comments.all().filter(({ user }) => user.startsWith("stranger-")))
      repository.comments.put({ ...one, id: github.newId(), created_at: github.now(), updated_at: github.now() });
    const writers = { science: { people: ["Rita"], teams: [], repository: "write" as const } };
    const after = await read({ roles: writers, approvals: [{ role: "science", count: 1, for: "register" }] });
    expect(after.approvals.receipts).toEqual([]);
  });

  it("of no pull request are a mistake that says what to grant", async () => {
    const { server } = await story();
    const question = {
      pullNumber: 99,
      policy: policyOf(null),
      policySha256: "",
      defaultBranch: "main",
      otherModels: [],
      reportedSha: null,
      runIds: [],
      decisions: [],
    };
    await expect(readApprovals(jobApi(server, permissions), question)).rejects.toMatchObject({
      code: "pull_request_missing",
    });
  });
});
