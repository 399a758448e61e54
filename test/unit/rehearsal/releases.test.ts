import { createHash } from "node:crypto";
import { expect, it } from "vitest";
import { aJob, aRepository, at } from "../../support/builders/rehearsal.ts";
import { anEmbeddedGitHub, clientOfPerson } from "../../support/embedded-github.ts";

const contents = { contents: "write" } as const;

it("keeps a draft from readers and by its tag from everybody, until it is published and its tag is made", async () => {
  const server = await anEmbeddedGitHub();
  const repository = aRepository(server);
  const { repos, git } = aJob(server, contents).rest;
  const { data: draft } = await repos.createRelease({ ...at, tag_name: "income@v1.0.0", draft: true });
  await expect(git.getRef({ ...at, ref: "tags/income@v1.0.0" })).rejects.toMatchObject({ status: 404 });
  await expect(repos.getReleaseByTag({ ...at, tag: "income@v1.0.0" })).rejects.toMatchObject({ status: 404 });
  const stranger = clientOfPerson(server, "stranger").rest;
  expect((await stranger.repos.listReleases(at)).data).toEqual([]);
  await expect(stranger.repos.getRelease({ ...at, release_id: draft.id })).rejects.toMatchObject({ status: 404 });

  await repos.updateRelease({ ...at, release_id: draft.id, draft: false });
  const main = await git.getRef({ ...at, ref: "heads/main" });
  expect((await git.getRef({ ...at, ref: "tags/income@v1.0.0" })).data.object.sha).toBe(main.data.object.sha);
  expect((await stranger.repos.getReleaseByTag({ ...at, tag: "income@v1.0.0" })).data.id).toBe(draft.id);
  const actions = repository.events.all().filter(({ name }) => name === "release");
  expect(actions.map(({ action, starts_runs }) => [action, starts_runs])).toEqual([
    ["published", "no"],
    ["released", "no"],
  ]);
});

it("gives assets back byte for byte with the digest that it computed", async () => {
  const server = await anEmbeddedGitHub();
  aRepository(server);
  const { repos } = aJob(server, contents).rest;
  const { data: release } = await repos.createRelease({ ...at, tag_name: "income@v1.0.0", draft: true });
  const bytes = Buffer.from(Array.from({ length: 70_000 }, (_, n) => (n * 7) % 256));
  const asset = await repos.uploadReleaseAsset({
    ...at,
    release_id: release.id,
    name: "model.onnx",
    // Octokit's type knows text only; any body goes over the wire as it is.
    data: bytes as unknown as string,
    headers: { "content-type": "application/octet-stream" },
    baseUrl: new URL(release.upload_url.replace(/\/repos\/.*$/, "")).href,
  });
  const digest = `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
  expect(asset.data).toMatchObject({ name: "model.onnx", size: 70_000, digest, state: "uploaded" });
  const download = await repos.getReleaseAsset({
    ...at,
    asset_id: asset.data.id,
    headers: { accept: "application/octet-stream" },
  });
  expect(Buffer.from(download.data as unknown as ArrayBuffer).equals(bytes)).toBe(true);
  const same = { ...at, release_id: release.id, name: "model.onnx", data: "x" };
  const uploads = new URL(release.upload_url.replace(/\/repos\/.*$/, "")).href;
  await expect(repos.uploadReleaseAsset({ ...same, baseUrl: uploads })).rejects.toMatchObject({
    status: 422,
    response: { data: { errors: [{ code: "already_exists" }] } },
  });
  await repos.deleteReleaseAsset({ ...at, asset_id: asset.data.id });
  await repos.uploadReleaseAsset({ ...same, baseUrl: uploads });
});

it("hands out bytes by a signed address alone", async () => {
  const server = await anEmbeddedGitHub();
  const repository = aRepository(server, { private: true });
  const { repos } = aJob(server, contents).rest;
  const { data: release } = await repos.createRelease({ ...at, tag_name: "v1", draft: true });
  const uploads = new URL(release.upload_url.replace(/\/repos\/.*$/, "")).href;
  const { data: asset } = await repos.uploadReleaseAsset({
    ...at,
    release_id: release.id,
    name: "a",
    data: "a",
    baseUrl: uploads,
  });
  const guess = `${server.github.links.origin}/storage/assets/${repository.facts.id}/${asset.id}`;
  expect((await fetch(`${guess}?sig=${"0".repeat(64)}`)).status).toBe(403);
});

it("publishes a tag once, and closes an immutable release for good", async () => {
  const server = await anEmbeddedGitHub();
  aRepository(server, { immutable_releases: true });
  const { repos } = aJob(server, contents).rest;
  const { data: release } = await repos.createRelease({ ...at, tag_name: "v1" });
  expect(release).toMatchObject({ immutable: true, draft: false });
  await expect(repos.createRelease({ ...at, tag_name: "v1" })).rejects.toMatchObject({
    status: 422,
    response: { data: { errors: [{ resource: "Release", field: "tag_name", code: "already_exists" }] } },
  });
  const late = { ...at, release_id: release.id, name: "late", data: "x" };
  const uploads = new URL(release.upload_url.replace(/\/repos\/.*$/, "")).href;
  await expect(repos.uploadReleaseAsset({ ...late, baseUrl: uploads })).rejects.toMatchObject({ status: 422 });
});
