// Everything that this project may ask of GitHub, with the permission that a job's token needs for it. The client takes no
// other route, docs/permissions.md is made from this table, and a test holds it against decision 8.

/** A key of `permissions:` in a workflow; `members` is an App's, which no GITHUB_TOKEN has. */
export type Scope =
  | "actions"
  | "checks"
  | "contents"
  | "deployments"
  | "issues"
  | "members"
  | "metadata"
  | "pull-requests";

export type Noun =
  | "activity"
  | "artifacts"
  | "checks"
  | "comments"
  | "deployments"
  | "dispatches"
  | "git objects"
  | "issues"
  | "people"
  | "pulls"
  | "refs"
  | "releases"
  | "repository"
  | "runs";

export interface EndpointFacts {
  noun: Noun;
  /** One of them is enough; none: any token does. */
  scopes: readonly Scope[];
  /**
   * For a request that writes: doing it twice does what doing it once does, so that it may be sent again when nobody knows
   * whether GitHub did it. Others are looked for before they are sent again.
   */
  repeatable?: true;
}

const issueOrPull = ["pull-requests", "issues"] as const;

export const endpoints = {
  "GET /repos/{owner}/{repo}/issues/{issue_number}/comments": { noun: "comments", scopes: issueOrPull },
  "POST /repos/{owner}/{repo}/issues/{issue_number}/comments": { noun: "comments", scopes: issueOrPull },
  "GET /repos/{owner}/{repo}/issues/comments/{comment_id}": { noun: "comments", scopes: issueOrPull },
  "PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}": {
    noun: "comments",
    scopes: issueOrPull,
    repeatable: true,
  },
  "DELETE /repos/{owner}/{repo}/issues/comments/{comment_id}": {
    noun: "comments",
    scopes: issueOrPull,
    repeatable: true,
  },
  // The same reaction of the same account is one reaction.
  "POST /repos/{owner}/{repo}/issues/comments/{comment_id}/reactions": {
    noun: "comments",
    scopes: issueOrPull,
    repeatable: true,
  },

  "GET /repos/{owner}/{repo}/issues": { noun: "issues", scopes: ["issues"] },
  "POST /repos/{owner}/{repo}/issues": { noun: "issues", scopes: ["issues"] },
  "PATCH /repos/{owner}/{repo}/issues/{issue_number}": { noun: "issues", scopes: issueOrPull, repeatable: true },

  "GET /repos/{owner}/{repo}/pulls": { noun: "pulls", scopes: ["pull-requests"] },
  "POST /repos/{owner}/{repo}/pulls": { noun: "pulls", scopes: ["pull-requests"] },
  "GET /repos/{owner}/{repo}/pulls/{pull_number}": { noun: "pulls", scopes: ["pull-requests"] },
  "PATCH /repos/{owner}/{repo}/pulls/{pull_number}": { noun: "pulls", scopes: ["pull-requests"], repeatable: true },
  "GET /repos/{owner}/{repo}/pulls/{pull_number}/files": { noun: "pulls", scopes: ["pull-requests"] },
  "GET /repos/{owner}/{repo}/pulls/{pull_number}/reviews": { noun: "pulls", scopes: ["pull-requests"] },
  "GET /repos/{owner}/{repo}/commits/{commit_sha}/pulls": { noun: "pulls", scopes: ["pull-requests"] },

  "POST /repos/{owner}/{repo}/check-runs": { noun: "checks", scopes: ["checks"] },
  "PATCH /repos/{owner}/{repo}/check-runs/{check_run_id}": { noun: "checks", scopes: ["checks"], repeatable: true },
  "GET /repos/{owner}/{repo}/commits/{ref}/check-runs": { noun: "checks", scopes: ["checks"] },

  "GET /repos/{owner}/{repo}/git/ref/{ref}": { noun: "refs", scopes: ["contents"] },
  "GET /repos/{owner}/{repo}/git/matching-refs/{ref}": { noun: "refs", scopes: ["contents"] },
  "POST /repos/{owner}/{repo}/git/refs": { noun: "refs", scopes: ["contents"] },
  "PATCH /repos/{owner}/{repo}/git/refs/{ref}": { noun: "refs", scopes: ["contents"], repeatable: true },
  "DELETE /repos/{owner}/{repo}/git/refs/{ref}": { noun: "refs", scopes: ["contents"], repeatable: true },

  "GET /repos/{owner}/{repo}/git/trees/{tree_sha}": { noun: "git objects", scopes: ["contents"] },
  "GET /repos/{owner}/{repo}/git/commits/{commit_sha}": { noun: "git objects", scopes: ["contents"] },
  "GET /repos/{owner}/{repo}/git/tags/{tag_sha}": { noun: "git objects", scopes: ["contents"] },
  // Objects are named by their content; a second commit or tag object that nothing points at is rubbish, not a mistake.
  "POST /repos/{owner}/{repo}/git/blobs": { noun: "git objects", scopes: ["contents"], repeatable: true },
  "POST /repos/{owner}/{repo}/git/trees": { noun: "git objects", scopes: ["contents"], repeatable: true },
  "POST /repos/{owner}/{repo}/git/commits": { noun: "git objects", scopes: ["contents"], repeatable: true },
  "POST /repos/{owner}/{repo}/git/tags": { noun: "git objects", scopes: ["contents"], repeatable: true },

  "GET /repos/{owner}/{repo}": { noun: "repository", scopes: ["metadata"] },
  "GET /repos/{owner}/{repo}/contents/{path}": { noun: "repository", scopes: ["contents"] },
  "GET /repos/{owner}/{repo}/compare/{basehead}": { noun: "repository", scopes: ["contents"] },
  "GET /repos/{owner}/{repo}/activity": { noun: "activity", scopes: ["contents"] },

  "GET /repos/{owner}/{repo}/collaborators/{username}/permission": { noun: "people", scopes: ["metadata"] },
  "GET /orgs/{org}/teams/{team_slug}/memberships/{username}": { noun: "people", scopes: ["members"] },

  "GET /repos/{owner}/{repo}/releases": { noun: "releases", scopes: ["contents"] },
  "GET /repos/{owner}/{repo}/releases/tags/{tag}": { noun: "releases", scopes: ["contents"] },
  "POST /repos/{owner}/{repo}/releases": { noun: "releases", scopes: ["contents"] },
  "PATCH /repos/{owner}/{repo}/releases/{release_id}": { noun: "releases", scopes: ["contents"], repeatable: true },
  "GET /repos/{owner}/{repo}/releases/{release_id}/assets": { noun: "releases", scopes: ["contents"] },
  "POST /repos/{owner}/{repo}/releases/{release_id}/assets": { noun: "releases", scopes: ["contents"] },
  "DELETE /repos/{owner}/{repo}/releases/assets/{asset_id}": {
    noun: "releases",
    scopes: ["contents"],
    repeatable: true,
  },

  "GET /repos/{owner}/{repo}/deployments": { noun: "deployments", scopes: ["deployments"] },
  "POST /repos/{owner}/{repo}/deployments": { noun: "deployments", scopes: ["deployments"] },
  "GET /repos/{owner}/{repo}/deployments/{deployment_id}/statuses": { noun: "deployments", scopes: ["deployments"] },
  "POST /repos/{owner}/{repo}/deployments/{deployment_id}/statuses": { noun: "deployments", scopes: ["deployments"] },

  "GET /repos/{owner}/{repo}/actions/runs": { noun: "runs", scopes: ["actions"] },
  "GET /repos/{owner}/{repo}/actions/runs/{run_id}": { noun: "runs", scopes: ["actions"] },
  "POST /repos/{owner}/{repo}/actions/runs/{run_id}/rerun": { noun: "runs", scopes: ["actions"] },
  "GET /repos/{owner}/{repo}/actions/artifacts": { noun: "artifacts", scopes: ["actions"] },
  "GET /repos/{owner}/{repo}/actions/runs/{run_id}/artifacts": { noun: "artifacts", scopes: ["actions"] },
  "GET /repos/{owner}/{repo}/actions/artifacts/{artifact_id}/{archive_format}": {
    noun: "artifacts",
    scopes: ["actions"],
  },

  // A second run of the same work finds everything done.
  "POST /repos/{owner}/{repo}/dispatches": { noun: "dispatches", scopes: ["contents"], repeatable: true },
  "POST /repos/{owner}/{repo}/actions/workflows/{workflow_id}/dispatches": {
    noun: "dispatches",
    scopes: ["actions"],
    repeatable: true,
  },

  // Who the token is; who edited and deleted comments, which REST does not tell.
  "POST /graphql": { noun: "comments", scopes: issueOrPull, repeatable: true },
} as const satisfies Readonly<Record<string, EndpointFacts>>;

export type Endpoint = keyof typeof endpoints;
export type ReadEndpoint = Extract<Endpoint, `GET ${string}`>;
export type WriteEndpoint = Exclude<Endpoint, ReadEndpoint | "POST /graphql">;

export function factsOf(endpoint: Endpoint): EndpointFacts {
  return endpoints[endpoint];
}

/** What the token must be granted. */
export function accessOf(endpoint: Endpoint): "read" | "write" {
  return endpoint.startsWith("GET ") || endpoint === "POST /graphql" ? "read" : "write";
}
