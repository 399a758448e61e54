import { describe, expect, it } from "vitest";
import { findPullByHead, getPull, listChangedFiles, listPullsOfCommit, upsertPull } from "../../../src/github/pulls.ts";
import { pushFiles } from "../../../src/rehearsal/administration/commit-files.ts";
import { personActor } from "../../../src/rehearsal/administration/people.ts";
import { aForkPull, aPull, aRepository } from "../../support/builders/rehearsal.ts";
import { anEmbeddedGitHub } from "../../support/embedded-github.ts";
import { scriptedGitHub } from "../../support/fakes/scripted-github.ts";
import { idOf, jobApi } from "../../support/github-api.ts";

describe("pull requests", () => {
  it("are found by head and repository, also from a fork, and only as long as the head is that", async () => {
    const server = await anEmbeddedGitHub();
    const own = await aPull(server);
    const foreign = await aForkPull(server);
    const api = jobApi(server, { "pull-requests": "read" });
    const head = { sha: foreign.head, repository: "stranger/income", branch: "change", base: "main" };
    expect((await findPullByHead(api, head))?.number).toBe(foreign.number);
    expect((await findPullByHead(api, { ...head, repository: "acme/income" }))?.number).toBeUndefined();
    expect(await findPullByHead(api, { ...head, sha: own.head })).toBeNull();
    expect(await findPullByHead(api, { ...head, repository: "stranger/other" })).toBeNull();
    const found = { sha: own.head, repository: "acme/income", branch: "change", base: "main" };
    expect(await findPullByHead(api, found)).toMatchObject({ number: own.number, isFromFork: false });
    expect(await getPull(api, foreign.number)).toMatchObject({
      headRepository: "stranger/income",
      isFromFork: true,
      author: { id: idOf(server, "stranger"), login: "stranger" },
    });
    expect(await getPull(api, 999)).toBeNull();
    expect((await listPullsOfCommit(api, own.head)).map(({ number }) => number)).toEqual([own.number]);
    expect(await listChangedFiles(api, own.number)).toEqual({
      files: [{ path: "model.yml", status: "added", previousPath: null }],
      isWhole: true,
    });
  });

  it("are opened once a branch and brought up to date", async () => {
    const server = await anEmbeddedGitHub();
    const repository = aRepository(server, { actions_may_open_pulls: true });
    pushFiles(server.github, repository, {
      branch: "mlops/x",
      files: { a: "1" },
      actor: personActor(server.github, "rita"),
    });
    const api = jobApi(server, { "pull-requests": "write" });
    const proposal = { branch: "mlops/x", base: "main", title: "Retrain", body: "why" };
    server.faults.inject({ method: "POST", path: /pulls$/, mishap: { kind: "disconnect", applied: true } });
    const { number } = await upsertPull(api, proposal);
    expect(await upsertPull(api, { ...proposal, body: "more" })).toMatchObject({ number, body: "more" });
  });

  it("are told apart by their branch where several have one commit and the server filters nothing", async () => {
    const side = (ref: string) => ({ sha: "a".repeat(40), ref, repo: { id: 1, full_name: "acme/shop" } });
    const pull = (number: number, branch: string) => ({
      ...{ number, state: "open", title: "t", body: "b", merged_at: null, merge_commit_sha: null },
      ...{ user: { id: 1, login: "rita", type: "User" }, head: side(branch), base: side("main"), html_url: "u" },
    });
    const both = { body: [pull(1, "other"), pull(2, "change")] };
    const { api, requests } = scriptedGitHub([both, both]);
    const head = { sha: "a".repeat(40), repository: "acme/shop", branch: "change", base: "main" };
    expect((await findPullByHead(api, head))?.number).toBe(2);
    expect((await upsertPull(api, { branch: "change", base: "main", title: "t", body: "b" })).number).toBe(2);
    expect(requests().every((request) => request.includes("head=acme%3Achange"))).toBe(true);
  });
});
