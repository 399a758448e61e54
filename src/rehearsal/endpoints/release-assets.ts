import { ApiError, invalid, notFound, unprocessable } from "../server/api-error.ts";
import {
  type Answer,
  created,
  type Endpoint,
  type KnownCall,
  noContent,
  ok,
  type RepositoryCall,
  reads,
  writes,
} from "../server/endpoint.ts";
import { page } from "../server/paginate.ts";
import { numberParam } from "../server/read-call.ts";
import { signedAddress } from "../server/signed-address.ts";
import { digestOf, removePayload, writePayload } from "../state/payload.ts";
import type { Asset, Release } from "../state/release-records.ts";
import { assetsOf, assetView } from "../views/release-view.ts";
import { findRelease } from "./releases.ts";

const ofRelease = "/repos/{owner}/{repo}/releases/{release_id}/assets";
const one = "/repos/{owner}/{repo}/releases/assets/{asset_id}";

export const assetEndpoints: readonly Endpoint[] = [
  reads(ofRelease, ["contents"], listAssets),
  writes("POST", ofRelease, ["contents"], "write", uploadAsset),
  reads(one, ["contents"], readAsset),
  writes("DELETE", one, ["contents"], "write", deleteAsset),
];

const mostAssets = 1000;

function listAssets(call: RepositoryCall) {
  const assets = assetsOf(call.repository, findRelease(call));
  return page(call, assets, (asset) => assetView(call.github, call.repository, asset));
}

/** The body is the file; GitHub computes the digest. */
function uploadAsset(call: KnownCall) {
  const { github, repository, actor, body, query, contentType } = call;
  const release = findRelease(call);
  refuseImmutable(release);
  const name = query.get("name") ?? "";
  if (name === "") throw invalid({ resource: "ReleaseAsset", field: "name", code: "missing_field" });
  if (body.length === 0) throw new ApiError(400, "Bad Content-Length: must be greater than 0");
  const taken = assetsOf(repository, release);
  if (taken.some((asset) => asset.name === name))
    throw invalid({ resource: "ReleaseAsset", field: "name", code: "already_exists" });
  if (taken.length >= mostAssets) throw unprocessable("file_count limit reached");
  const asset: Asset = {
    id: github.newId(),
    release_id: release.id,
    name,
    label: query.get("label"),
    content_type: contentType === "" ? "application/octet-stream" : contentType,
    size: body.length,
    digest: digestOf(body),
    uploader: actor.user.login,
    created_at: github.now(),
  };
  writePayload({ repository, kind: "assets", id: asset.id }, body);
  return created(assetView(github, repository, repository.assets.put(asset)));
}

/** Its facts, or with `application/octet-stream` an address of its bytes. */
function readAsset(call: RepositoryCall): Answer {
  const { github, repository } = call;
  const asset = findAsset(call);
  if (!call.accept.includes("application/octet-stream")) return ok(assetView(github, repository, asset));
  return {
    status: 302,
    headers: { location: signedAddress(github, { kind: "assets", repository, id: asset.id }, "read") },
  };
}

function deleteAsset(call: KnownCall) {
  const { repository } = call;
  const asset = findAsset(call);
  const release = repository.releases.get(asset.release_id);
  if (release !== undefined) refuseImmutable(release);
  repository.assets.delete(asset.id);
  removePayload({ repository, kind: "assets", id: asset.id });
  return noContent;
}

function refuseImmutable(release: Release): void {
  if (release.immutable) throw unprocessable("Cannot upload assets to an immutable release.");
}

function findAsset(call: RepositoryCall): Asset {
  const asset = call.repository.assets.get(numberParam(call, "asset_id"));
  if (asset === undefined) throw notFound();
  return asset;
}
