import { openAsBlob } from "node:fs";
import * as z from "zod";
import { sha256OfFile } from "../kit/file-digest.ts";
import { UserError } from "../kit/user-error.ts";
import type { Api } from "./api.ts";
import { createOnce } from "./create-once.ts";
import { orNull } from "./missing.ts";

const ReleaseAnswer = z
  .object({
    id: z.int(),
    tag_name: z.string(),
    name: z.string().nullable(),
    body: z.string().nullish(),
    draft: z.boolean(),
    prerelease: z.boolean(),
    html_url: z.string(),
    upload_url: z.string(),
  })
  .transform((answer) => ({
    id: answer.id,
    tag: answer.tag_name,
    name: answer.name ?? "",
    body: answer.body ?? "",
    isDraft: answer.draft,
    isPrerelease: answer.prerelease,
    url: answer.html_url,
    /** Without the template of its query. */
    uploadUrl: answer.upload_url.replace(/\{[^}]*\}$/, ""),
  }));

export type Release = z.infer<typeof ReleaseAnswer>;

const AssetAnswer = z
  .object({
    id: z.int(),
    name: z.string(),
    size: z.int(),
    /** `uploaded` when all of it arrived. */
    state: z.string(),
    digest: z.string().nullish(),
    browser_download_url: z.string(),
  })
  .transform((answer) => ({
    id: answer.id,
    name: answer.name,
    bytes: answer.size,
    isWhole: answer.state === "uploaded",
    /** Lower-case hexadecimal SHA-256 as GitHub computed it; null where the server computes none. */
    sha256: answer.digest?.replace(/^sha256:/, "") ?? null,
    url: answer.browser_download_url,
  }));

export type Asset = z.infer<typeof AssetAnswer>;

/** The release of a tag, draft or not; null when there is none. */
export async function findRelease(api: Api, tag: string): Promise<Release | null> {
  const published = await orNull(api.read("GET /repos/{owner}/{repo}/releases/tags/{tag}", { tag }));
  if (published !== null) return ReleaseAnswer.parse(published);
  // A draft is found in the list alone, and only by tokens that may write.
  const answers = await api.list("GET /repos/{owner}/{repo}/releases");
  return answers.map((answer) => ReleaseAnswer.parse(answer)).find((release) => release.tag === tag) ?? null;
}

export interface ReleaseContent {
  tag: string;
  /** The commit that the tag is set on when it is not there yet. */
  commitSha: string;
  name: string;
  body: string;
  isPrerelease: boolean;
  files: readonly ReleaseFile[];
}

interface ReleaseFile {
  /** Name in the release: letters, digits, `.`, `-` and `_`, since GitHub changes other characters. */
  name: string;
  path: string;
}

/**
 * Makes a release whose files are exactly these: a draft, its files, each compared with the digest that GitHub computed, and only
 * then published, since a published one can neither be changed nor its tag used again. A broken try is taken up where it ended.
 */
export async function publishRelease(api: Api, content: ReleaseContent): Promise<Release> {
  const { tag, commitSha, name, body, isPrerelease } = content;
  const facts = { tag_name: tag, target_commitish: commitSha, name, body, prerelease: isPrerelease };
  const release = await createOnce(api, {
    find: () => findRelease(api, tag),
    create: async () => {
      return ReleaseAnswer.parse(await api.write("POST /repos/{owner}/{repo}/releases", { ...facts, draft: true }));
    },
  });
  for (const file of content.files) await ensureAsset(api, release, file);
  if (!release.isDraft) return release;
  const route = "PATCH /repos/{owner}/{repo}/releases/{release_id}";
  return ReleaseAnswer.parse(await api.write(route, { release_id: release.id, ...facts, draft: false }));
}

export async function listAssets(api: Api, releaseId: number): Promise<Asset[]> {
  const answers = await api.list("GET /repos/{owner}/{repo}/releases/{release_id}/assets", { release_id: releaseId });
  return answers.map((answer) => AssetAnswer.parse(answer));
}

async function ensureAsset(api: Api, release: Release, file: ReleaseFile): Promise<void> {
  const sha256 = await sha256OfFile(file.path);
  const asset = await createOnce(api, {
    find: () => wholeAsset(api, release, file, sha256),
    create: async () => {
      const route = "POST /repos/{owner}/{repo}/releases/{release_id}/assets";
      const address = new URL(release.uploadUrl);
      address.searchParams.set("name", file.name);
      return AssetAnswer.parse(await api.upload(route, address, await openAsBlob(file.path)));
    },
  });
  if (asset.sha256 !== null && asset.sha256 !== sha256) throw otherBytes(release, file);
}

/** The asset if it is there with these bytes; of a draft others are taken away, such as the rest of an upload that broke off. */
async function wholeAsset(api: Api, release: Release, file: ReleaseFile, sha256: string): Promise<Asset | null> {
  const asset = (await listAssets(api, release.id)).find(({ name }) => name === file.name);
  if (asset === undefined) return null;
  if (asset.isWhole && (asset.sha256 === sha256 || (asset.sha256 === null && !release.isDraft))) return asset;
  if (!release.isDraft) throw otherBytes(release, file);
  await orNull(api.write("DELETE /repos/{owner}/{repo}/releases/assets/{asset_id}", { asset_id: asset.id }));
  return null;
}

function otherBytes({ tag, isDraft }: Release, { name }: ReleaseFile): UserError {
  return new UserError({
    code: "release_differs",
    message: `the ${isDraft ? "draft of the " : ""}release ${tag} has other bytes as ${name} than those that were approved`,
    where: name,
    fix: isDraft ? "run the job again" : "register the model under a new version",
  });
}
