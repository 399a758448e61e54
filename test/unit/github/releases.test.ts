import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { getRef } from "../../../src/github/refs.ts";
import { findRelease, listAssets, publishRelease } from "../../../src/github/releases.ts";
import { aRepository } from "../../support/builders/rehearsal.ts";
import { anEmbeddedGitHub } from "../../support/embedded-github.ts";
import { scriptedGitHub } from "../../support/fakes/scripted-github.ts";
import { jobApi } from "../../support/github-api.ts";
import { scratchFolder } from "../../support/scratch.ts";

describe("releases", () => {
  async function files(name: string, text: string) {
    const folder = await scratchFolder();
    await mkdir(folder, { recursive: true });
    const path = join(folder, name);
    await writeFile(path, text);
    return [{ name, path }];
  }

  it("are published with exactly the bytes that were meant, also after a broken try", async () => {
    const server = await anEmbeddedGitHub();
    aRepository(server, { immutable_releases: true });
    const api = jobApi(server, { contents: "write" });
    const commitSha = (await getRef(api, "refs/heads/main"))?.sha ?? "";
    const content = { tag: "income@v1", commitSha, name: "income 1", body: "card", isPrerelease: false };
    const model = await files("model.onnx", "weights");
    server.faults.inject({ method: "POST", path: /releases$/, mishap: { kind: "disconnect", applied: true } });
    server.faults.inject({ method: "POST", path: /assets/, mishap: { kind: "disconnect", applied: true } });
    const release = await publishRelease(api, { ...content, files: model });
    expect(release).toMatchObject({ isDraft: false, tag: "income@v1" });
    expect((await listAssets(api, release.id)).map(({ name, bytes: size }) => [name, size])).toEqual([
      ["model.onnx", 7],
    ]);
    expect((await publishRelease(api, { ...content, files: model })).id).toBe(release.id);
    const other = await files("model.onnx", "other weights");
    await expect(publishRelease(api, { ...content, files: other })).rejects.toMatchObject({ code: "release_differs" });
    expect(await findRelease(api, "income@v2")).toBeNull();
  });

  it("are not published when GitHub received other bytes", async () => {
    const draft = {
      id: 1,
      tag_name: "income@v1",
      name: "income 1",
      draft: true,
      prerelease: false,
      html_url: "https://example.com/1",
      upload_url: "https://uploads.example.com/1/assets{?name,label}",
    };
    const asset = {
      id: 2,
      name: "model.onnx",
      size: 7,
      state: "uploaded",
      browser_download_url: "https://example.com/2",
    };
    const { api, requests } = scriptedGitHub([
      { status: 404 },
      { body: [] },
      { status: 201, body: draft },
      { body: [] },
      { status: 201, body: { ...asset, digest: `sha256:${"0".repeat(64)}` } },
    ]);
    const content = {
      tag: "income@v1",
      commitSha: "a".repeat(40),
      name: "income 1",
      body: "card",
      isPrerelease: false,
    };
    const published = publishRelease(api, { ...content, files: await files("model.onnx", "weights") });
    await expect(published).rejects.toMatchObject({ code: "release_differs" });
    expect(requests().at(-1)).toBe("POST /1/assets?name=model.onnx");
  });
});
