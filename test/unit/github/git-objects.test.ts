import { describe, expect, it } from "vitest";
import { commitFiles, createTag, getCommit, getTag, listTree } from "../../../src/github/git-objects.ts";
import { createRef, deleteRef, getRef, listRefs } from "../../../src/github/refs.ts";
import { pushFiles } from "../../../src/rehearsal/administration/commit-files.ts";
import { personActor } from "../../../src/rehearsal/administration/people.ts";
import { aRepository } from "../../support/builders/rehearsal.ts";
import { anEmbeddedGitHub } from "../../support/embedded-github.ts";
import { jobApi } from "../../support/github-api.ts";

const bytes = (text: string) => new TextEncoder().encode(text);

describe("refs and git objects", () => {
  it("lock by creation: one of two callers gets the name", async () => {
    const server = await anEmbeddedGitHub();
    aRepository(server);
    const api = jobApi(server, { contents: "write" });
    const sha = (await getRef(api, "refs/heads/main"))?.sha ?? "";
    const other = await commitFiles(api, {
      ref: "refs/heads/x",
      message: "x",
      files: new Map([["x", bytes("x")]]),
      from: sha,
    });
    expect([await createRef(api, "refs/mlops/lock", sha), await createRef(api, "refs/mlops/lock", other)]).toEqual([
      true,
      false,
    ]);
    server.faults.inject({ method: "POST", path: /refs$/, mishap: { kind: "disconnect", applied: true } });
    expect(await createRef(api, "refs/mlops/lock2", other)).toBe(true);
    expect((await listRefs(api, "refs/mlops/")).map(({ name }) => name)).toEqual([
      "refs/mlops/lock",
      "refs/mlops/lock2",
    ]);
    await deleteRef(api, "refs/mlops/lock");
    await deleteRef(api, "refs/mlops/lock");
    expect(await getRef(api, "refs/mlops/lock")).toBeNull();
  });

  it("are committed on top of what others pushed meanwhile, and not when nothing changed", async () => {
    const server = await anEmbeddedGitHub();
    const repository = aRepository(server);
    const api = jobApi(server, { contents: "write" });
    const change = { ref: "refs/heads/reports", message: "charts", files: new Map([["a/b.png", bytes("png")]]) };
    const first = await commitFiles(api, change);
    expect(await commitFiles(api, change)).toBe(first);
    expect((await getCommit(api, first)).parents).toEqual([]);
    const actor = personActor(server.github, "rita");
    const push = () => void pushFiles(server.github, repository, { branch: "reports", files: { other: "1" }, actor });
    server.faults.inject({ method: "PATCH", path: /refs/, mishap: { kind: "meanwhile", run: push } });
    const files = new Map([
      ["a/b.png", null],
      ["c", bytes("c")],
    ]);
    const second = await commitFiles(api, { ...change, files });
    expect((await listTree(api, second)).filter(({ type }) => type === "blob").map(({ path }) => path)).toEqual([
      "c",
      "other",
    ]);
  });

  it("are tagged once", async () => {
    const server = await anEmbeddedGitHub();
    aRepository(server);
    const api = jobApi(server, { contents: "write" });
    const commitSha = (await getRef(api, "refs/heads/main"))?.sha ?? "";
    const tag = { name: "income@v1.0.0", message: "first", commitSha };
    expect([await createTag(api, tag), await createTag(api, { ...tag, message: "second" })]).toEqual([true, false]);
    const sha = (await getRef(api, "refs/tags/income@v1.0.0"))?.sha ?? "";
    expect(await getTag(api, sha)).toMatchObject({
      message: expect.stringMatching(/^first\n?$/),
      object: { sha: commitSha, type: "commit" },
    });
  });
});
