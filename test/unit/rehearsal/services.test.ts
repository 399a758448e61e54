import { fork } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import * as z from "zod";
import { jobToken, type RuntimeFacts } from "../../../src/rehearsal/administration/tokens.ts";
import type { EmbeddedGitHub } from "../../../src/rehearsal/serve-github.ts";
import { aJob, aRuntime, at } from "../../support/builders/rehearsal.ts";
import { anEmbeddedGitHub } from "../../support/embedded-github.ts";
import { scratchFolder } from "../../support/scratch.ts";
import type { Answer, Errand, Errands } from "../../support/toolkit-client.ts";

// The real clients of the toolkit, each in a process with the environment that a runner gives it.

const main = "refs/heads/main";
const pull = "refs/pull/1/merge";
const Uploaded = z.object({ id: z.number(), size: z.number(), digest: z.string() });
const Listed = z.object({ artifacts: z.array(z.object({ name: z.string(), id: z.number(), digest: z.string() })) });
const Downloaded = z.object({ downloadPath: z.string(), digestMismatch: z.boolean().optional() });

describe("artifacts", () => {
  it("go up and down within a run byte for byte, as the digest says, and once under a name", async () => {
    const server = await anEmbeddedGitHub();
    const { run_id, job } = await aRun(server);
    const folder = await scratchFolder();
    // More than one block of 8 MiB, and nothing that compresses.
    const bytes = randomBytes(9 * 1024 * 1024);
    await writeFile(join(folder, "model.onnx"), bytes);
    const upload = { name: "mlops-income", files: [join(folder, "model.onnx")], root: folder };
    const up = Uploaded.parse(await job("upload", upload));
    await expect(job("upload", upload)).rejects.toThrow(/an artifact with this name already exists/);

    const { artifacts } = Listed.parse(await job("list", {}));
    expect(artifacts).toEqual([{ name: "mlops-income", id: up.id, digest: `sha256:${up.digest}` }]);
    const expectedHash = `sha256:${up.digest}`;
    const down = Downloaded.parse(await job("download", { id: up.id, path: await scratchFolder(), expectedHash }));
    expect(down.digestMismatch).toBe(false);
    expect((await readFile(join(down.downloadPath, "model.onnx"))).equals(bytes)).toBe(true);

    const { actions } = aJob(server, { actions: "read" }).rest;
    const listed = await actions.listWorkflowRunArtifacts({ ...at, run_id });
    expect(listed.data.artifacts).toMatchObject([{ id: up.id, size_in_bytes: up.size, digest: expectedHash }]);
  });

  it("of another run are read with a token that may read actions", async () => {
    const server = await anEmbeddedGitHub();
    const first = await aRun(server);
    const folder = await scratchFolder();
    await writeFile(join(folder, "a.json"), "{}");
    const upload = { name: "mlops-income", files: [join(folder, "a.json")], root: folder };
    const up = Uploaded.parse(await first.job("upload", upload));

    const second = await aRun(server);
    expect(await second.job("list", {})).toEqual({ artifacts: [] });
    const findBy = {
      token: jobToken(server.github, { repository: "acme/income", permissions: { actions: "read" } }),
      workflowRunId: first.run_id,
      repositoryOwner: "acme",
      repositoryName: "income",
    };
    expect(Listed.parse(await second.job("list", { findBy })).artifacts.map(({ id }) => id)).toEqual([up.id]);
    const down = Downloaded.parse(await second.job("download", { id: up.id, findBy, path: await scratchFolder() }));
    expect(await readFile(join(down.downloadPath, "a.json"), "utf8")).toBe("{}");
  });

  it("are refused to whoever speaks for another run", async () => {
    const server = await anEmbeddedGitHub();
    const { token } = await aRun(server);
    const request = { workflow_run_backend_id: "7", workflow_job_run_backend_id: "train", name: "x", version: 7 };
    const answer = await call(server, "ArtifactService/CreateArtifact", token, request);
    expect([answer.status, await answer.json()]).toEqual([403, { code: "permission_denied", msg: expect.any(String) }]);
    expect((await call(server, "ArtifactService/CreateArtifact", "forged", request)).status).toBe(401);
  });
});

describe("caches", () => {
  it("are found by their key and by its beginning, on their own branch and those below it", async () => {
    const server = await anEmbeddedGitHub();
    const onMain = await aRun(server);
    const native = join(onMain.workspace, "native");
    const file = await aFile(onMain.workspace, "native/module.node");
    const paths = [native];
    expect(await onMain.job("save", { paths, key: "native-linux-1" })).toBeGreaterThan(0);
    expect(await onMain.job("save", { paths, key: "native-linux-1" })).toBe(-1);

    await rm(native, { recursive: true });
    const restore = { paths, key: "native-linux-2", restoreKeys: ["native-linux-"] };
    expect(await onMain.job("restore", restore)).toBe("native-linux-1");
    expect(existsSync(file)).toBe(true);
    expect(await onMain.job("restore", { paths, key: "other" })).toBeNull();

    const onPull = await aRun(server, { read: [pull, main], write: pull }, onMain.workspace);
    expect(await onPull.job("restore", { paths, key: "native-linux-1" })).toBe("native-linux-1");
    expect(await onPull.job("save", { paths, key: "from-the-pull-request" })).toBeGreaterThan(0);
    expect(await onMain.job("restore", { paths, key: "from-the-pull-request" })).toBeNull();
  });

  it("are not saved by a run that may only read them", async () => {
    const server = await anEmbeddedGitHub();
    const { workspace, job } = await aRun(server, { read: [pull, main], write: null });
    await aFile(workspace, "native/module.node");
    expect(await job("save", { paths: [join(workspace, "native")], key: "poison" })).toBe(-1);
    const [repository] = server.github.repositories.values();
    expect(repository?.caches.all()).toEqual([]);
  });
});

/** A run of `acme/income`, and what its job does with the toolkit. */
async function aRun(server: EmbeddedGitHub, cache?: RuntimeFacts["cache"], workspace?: string) {
  const runtime = aRuntime(server, cache);
  const folder = workspace ?? (await scratchFolder());
  const script = join(import.meta.dirname, "..", "..", "support", "toolkit-client.ts");
  const environment = { GITHUB_WORKSPACE: folder, RUNNER_TEMP: folder, ...runtime.environment };
  const client = fork(script, { env: { PATH: process.env.PATH, ...environment }, silent: true });
  onTestFinished(() => void client.kill());
  const job = async <Name extends keyof Errands>(name: Name, given: Errands[Name]): Promise<unknown> => {
    const errand: Errand = { name, given: JSON.stringify(given) };
    const answered = Promise.race([once(client, "message"), once(client, "exit").then(() => [{ failed: "it ended" }])]);
    client.send(errand);
    const [answer]: Answer[] = await answered;
    if (answer === undefined || "failed" in answer) throw new Error(answer?.failed);
    return answer.done;
  };
  return { ...runtime, workspace: folder, job };
}

async function aFile(folder: string, path: string): Promise<string> {
  const file = join(folder, path);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, "binary");
  return file;
}

function call({ github }: EmbeddedGitHub, method: string, token: string, body: object): Promise<Response> {
  return fetch(`${github.links.origin}/twirp/github.actions.results.api.v1.${method}`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: JSON.stringify(body),
  });
}
