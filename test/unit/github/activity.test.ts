import { describe, expect, it } from "vitest";
import { listPushers } from "../../../src/github/activity.ts";
import { getPull } from "../../../src/github/pulls.ts";
import { pushFiles } from "../../../src/rehearsal/administration/commit-files.ts";
import { personActor } from "../../../src/rehearsal/administration/people.ts";
import { findRepository } from "../../../src/rehearsal/state/github.ts";
import { aForkPull, aPull } from "../../support/builders/rehearsal.ts";
import { anEmbeddedGitHub } from "../../support/embedded-github.ts";
import { idOf, jobApi } from "../../support/github-api.ts";

describe("who pushed", () => {
  it("is everybody who moved the branch, whatever names the commits carry", async () => {
    const server = await anEmbeddedGitHub();
    const { number } = await aPull(server);
    const repository = findRepository(server.github, "acme/income");
    if (repository === undefined) throw new Error("no repository");
    const actor = personActor(server.github, "rita");
    const author = { name: "hubot", email: "hubot@users.noreply.github.com" };
    pushFiles(server.github, repository, { branch: "change", files: { b: "2" }, actor, author });
    const api = jobApi(server, { contents: "read", "pull-requests": "read" });
    const pull = await getPull(api, number);
    if (pull === null) throw new Error("no pull request");
    const branch = { repository: "acme/income", branch: "change", sha: pull.headSha, baseSha: pull.baseSha };
    const pushers = await listPushers(api, branch);
    expect(pushers?.map(({ id }) => id).toSorted()).toEqual([idOf(server, "hubot"), idOf(server, "rita")].toSorted());
    expect(await listPushers(api, { ...branch, sha: pull.baseSha })).toBeNull();
    expect(await listPushers(api, { ...branch, branch: "nowhere" })).toBeNull();
    expect(await listPushers(api, { ...branch, repository: "nobody/nothing" })).toBeNull();
  });

  it("is known of a fork, of its default branch too", async () => {
    const server = await anEmbeddedGitHub();
    const { number, fork } = await aForkPull(server);
    const api = jobApi(server, { contents: "read", "pull-requests": "read" });
    const pull = await getPull(api, number);
    if (pull === null) throw new Error("no pull request");
    const branch = { repository: "stranger/income", branch: "change", sha: pull.headSha, baseSha: pull.baseSha };
    expect(await listPushers(api, branch)).toMatchObject([{ id: idOf(server, "stranger"), isPerson: true }]);
    const actor = personActor(server.github, "stranger");
    const sha = pushFiles(server.github, fork, { branch: "main", files: { c: "3" }, actor });
    expect(await listPushers(api, { ...branch, branch: "main", sha })).toMatchObject([
      { id: idOf(server, "stranger"), isPerson: true },
    ]);
  });
});
