import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { downloadArtifact, listArtifacts } from "../../../src/github/artifacts.ts";
import { getRun, rerun } from "../../../src/github/runs.ts";
import { finishRun, saveArtifact, startRun } from "../../../src/rehearsal/administration/runs.ts";
import { findRepository } from "../../../src/rehearsal/state/github.ts";
import { aPull } from "../../support/builders/rehearsal.ts";
import { anEmbeddedGitHub } from "../../support/embedded-github.ts";
import { idOf, jobApi, personApi } from "../../support/github-api.ts";
import { scratchFolder } from "../../support/scratch.ts";

const bytes = (text: string) => new TextEncoder().encode(text);

describe("runs and artifacts", () => {
  async function aRun() {
    const server = await anEmbeddedGitHub();
    const { head } = await aPull(server);
    const repository = findRepository(server.github, "acme/income");
    if (repository === undefined) throw new Error("no repository");
    const wanted = { path: ".github/workflows/mlops.yml", event: "pull_request", head_sha: head, actor: "hubot" };
    const run = finishRun(server.github, repository, startRun(server.github, repository, wanted), "success");
    return { server, repository, run, head };
  }

  it("name who started them, and start again once", async () => {
    const { server, repository, run, head } = await aRun();
    const api = jobApi(server, { actions: "write" });
    const found = await getRun(api, run.id);
    expect(found).toMatchObject({ headSha: head, workflow: wantedPath, starters: [idOf(server, "hubot")], attempt: 1 });
    if (found === null) throw new Error("no run");
    server.faults.inject({ method: "POST", path: /rerun$/, mishap: { kind: "disconnect", applied: true } });
    expect(await rerun(api, found)).toBe(true);
    expect((await getRun(api, run.id))?.attempt).toBe(2);
    expect(await getRun(api, 424242)).toBeNull();
    const rita = personApi(server, "rita");
    expect(await rerun(rita, { ...found, attempt: 2 })).toBe(false);
    const running = repository.runs.get(run.id);
    if (running === undefined) throw new Error("no run");
    finishRun(server.github, repository, running, "success");
    expect(await rerun(rita, { ...found, attempt: 2 })).toBe(true);
    expect((await getRun(api, run.id))?.starters).toEqual([idOf(server, "hubot"), idOf(server, "rita")]);
  });

  const wantedPath = ".github/workflows/mlops.yml";

  it("are downloaded with the digest compared, up to a size", async () => {
    const { server, repository, run } = await aRun();
    saveArtifact(server.github, repository, { run, name: "evidence", bytes: bytes("zip zip zip") });
    saveArtifact(server.github, repository, {
      run,
      name: "other",
      bytes: bytes("x"),
      expires_at: "2020-01-01T00:00:00Z",
    });
    const api = jobApi(server, { actions: "read" });
    const [artifact] = await listArtifacts(api, run.id, "evidence");
    if (artifact === undefined) throw new Error("no artifact");
    const whole = artifact;
    const path = join(await scratchFolder(), "evidence.zip");
    await downloadArtifact(api, { artifact, path, mostBytes: 11 });
    expect(await readFile(path, "utf8")).toBe("zip zip zip");
    await expect(downloadArtifact(api, { artifact, path, mostBytes: 10 })).rejects.toMatchObject({
      code: "artifact_refused",
    });
    const lying = { ...artifact, bytes: 1 };
    await expect(downloadArtifact(api, { artifact: lying, path, mostBytes: 10 })).rejects.toThrow("is larger than");
    const changed = { ...artifact, sha256: "0".repeat(64) };
    await expect(downloadArtifact(api, { artifact: changed, path, mostBytes: 11 })).rejects.toThrow("other bytes");
    expect(await downloadedAfter(["breaks", 503, "zip", "zip zip zip"])).toBe("zip zip zip");
    await expect(downloadedAfter(["breaks", 503, 500, "breaks"])).rejects.toMatchObject({ code: "github_unavailable" });

    async function downloadedAfter(answers: (string | number)[]): Promise<string> {
      const left = [...answers];
      const fetch = async () => {
        const answer = left.shift();
        if (answer === undefined || answer === "breaks") throw new TypeError("fetch failed");
        return typeof answer === "string" ? new Response(answer) : new Response(null, { status: answer });
      };
      await downloadArtifact(api, { artifact: whole, path, mostBytes: 11, fetch });
      return readFile(path, "utf8");
    }

    const [old] = await listArtifacts(api, run.id, "other");
    if (old === undefined) throw new Error("no artifact");
    await expect(downloadArtifact(api, { artifact: old, path, mostBytes: 11 })).rejects.toThrow("has expired");
  });
});
