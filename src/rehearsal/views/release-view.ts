import type { GitHub } from "../state/github.ts";
import type { Asset, Deployment, DeploymentStatus, Environment, Release } from "../state/release-records.ts";
import { fullName, type Repository } from "../state/repository.ts";
import { apiUrl, webUrl } from "./repository-view.ts";
import { appView, type Json, loginView } from "./user-view.ts";

export function releaseView(github: GitHub, repository: Repository, release: Release): Json {
  const url = `${apiUrl(github, repository)}/releases/${release.id}`;
  const uploads = `${github.links.origin}/api/uploads/repos/${fullName(repository.facts)}/releases/${release.id}/assets`;
  // A draft has no tag yet, whatever its name says.
  const page = release.draft ? `untagged-${release.id}` : encodeURIComponent(release.tag_name);
  const archive = (kind: string) =>
    release.draft ? null : `${apiUrl(github, repository)}/${kind}/${encodeURIComponent(release.tag_name)}`;
  return {
    id: release.id,
    node_id: `RE_${release.id}`,
    url,
    html_url: `${webUrl(github, repository)}/releases/tag/${page}`,
    assets_url: `${url}/assets`,
    upload_url: `${uploads}{?name,label}`,
    tarball_url: archive("tarball"),
    zipball_url: archive("zipball"),
    tag_name: release.tag_name,
    target_commitish: release.target_commitish,
    name: release.name,
    body: release.body,
    draft: release.draft,
    prerelease: release.prerelease,
    immutable: release.immutable,
    author: loginView(github, release.author),
    created_at: release.created_at,
    published_at: release.published_at,
    assets: assetsOf(repository, release).map((asset) => assetView(github, repository, asset)),
  };
}

export function assetsOf(repository: Repository, release: Release): Asset[] {
  return repository.assets.all().filter(({ release_id }) => release_id === release.id);
}

export function assetView(github: GitHub, repository: Repository, asset: Asset): Json {
  const tag = repository.releases.get(asset.release_id)?.tag_name ?? "";
  const page = `${webUrl(github, repository)}/releases/download`;
  return {
    id: asset.id,
    node_id: `RA_${asset.id}`,
    url: `${apiUrl(github, repository)}/releases/assets/${asset.id}`,
    browser_download_url: `${page}/${encodeURIComponent(tag)}/${encodeURIComponent(asset.name)}`,
    name: asset.name,
    label: asset.label,
    state: "uploaded",
    content_type: asset.content_type,
    size: asset.size,
    digest: asset.digest,
    download_count: 0,
    created_at: asset.created_at,
    updated_at: asset.created_at,
    uploader: loginView(github, asset.uploader),
  };
}

export function deploymentView(github: GitHub, repository: Repository, deployment: Deployment): Json {
  const { app, creator, ...facts } = deployment;
  const url = `${apiUrl(github, repository)}/deployments/${deployment.id}`;
  return {
    ...facts,
    node_id: `DE_${deployment.id}`,
    url,
    original_environment: deployment.environment,
    creator: loginView(github, creator),
    statuses_url: `${url}/statuses`,
    repository_url: apiUrl(github, repository),
    performed_via_github_app: app === null ? null : appView(github, app),
  };
}

export function deploymentStatusView(github: GitHub, repository: Repository, status: DeploymentStatus): Json {
  const { deployment_id, creator, ...facts } = status;
  const deployment = `${apiUrl(github, repository)}/deployments/${deployment_id}`;
  return {
    ...facts,
    node_id: `DES_${status.id}`,
    url: `${deployment}/statuses/${status.id}`,
    creator: loginView(github, creator),
    updated_at: status.created_at,
    // Kept by GitHub beside `log_url` for old clients.
    target_url: status.log_url,
    deployment_url: deployment,
    repository_url: apiUrl(github, repository),
  };
}

export function environmentView(github: GitHub, repository: Repository, environment: Environment): Json {
  const { id, name, created_at, updated_at } = environment;
  const encoded = encodeURIComponent(name);
  const reviewers = environment.reviewers.map((login) => ({ type: "User", reviewer: loginView(github, login) }));
  return {
    id,
    node_id: `EN_${id}`,
    name,
    url: `${apiUrl(github, repository)}/environments/${encoded}`,
    html_url: `${webUrl(github, repository)}/deployments/activity_log?environments_filter=${encoded}`,
    created_at,
    updated_at,
    protection_rules: [
      ...(reviewers.length === 0
        ? []
        : [
            {
              id: id * 10 + 1,
              node_id: `GA_${id}1`,
              type: "required_reviewers",
              prevent_self_review: environment.prevent_self_review,
              reviewers,
            },
          ]),
      ...(environment.protected_branches_only
        ? [{ id: id * 10 + 2, node_id: `GA_${id}2`, type: "branch_policy" }]
        : []),
    ],
    deployment_branch_policy: environment.protected_branches_only
      ? { protected_branches: true, custom_branch_policies: false }
      : null,
  };
}
