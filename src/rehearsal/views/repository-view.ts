import { findRepository, type GitHub } from "../state/github.ts";
import { fullName, type Repository } from "../state/repository.ts";
import { type Json, loginView } from "./user-view.ts";

/** Path of a link under the repository's own address, by the name of its field. */
const linkPaths = {
  archive_url: "/{archive_format}{/ref}",
  assignees_url: "/assignees{/user}",
  blobs_url: "/git/blobs{/sha}",
  branches_url: "/branches{/branch}",
  collaborators_url: "/collaborators{/collaborator}",
  comments_url: "/comments{/number}",
  commits_url: "/commits{/sha}",
  compare_url: "/compare/{base}...{head}",
  contents_url: "/contents/{+path}",
  contributors_url: "/contributors",
  deployments_url: "/deployments",
  downloads_url: "/downloads",
  events_url: "/events",
  forks_url: "/forks",
  git_commits_url: "/git/commits{/sha}",
  git_refs_url: "/git/refs{/sha}",
  git_tags_url: "/git/tags{/sha}",
  hooks_url: "/hooks",
  issue_comment_url: "/issues/comments{/number}",
  issue_events_url: "/issues/events{/number}",
  issues_url: "/issues{/number}",
  keys_url: "/keys{/key_id}",
  labels_url: "/labels{/name}",
  languages_url: "/languages",
  merges_url: "/merges",
  milestones_url: "/milestones{/number}",
  notifications_url: "/notifications{?since,all,participating}",
  pulls_url: "/pulls{/number}",
  releases_url: "/releases{/id}",
  stargazers_url: "/stargazers",
  statuses_url: "/statuses/{sha}",
  subscribers_url: "/subscribers",
  subscription_url: "/subscription",
  tags_url: "/tags",
  teams_url: "/teams",
  trees_url: "/git/trees{/sha}",
} as const;

export function apiUrl({ links }: GitHub, repository: Repository): string {
  return `${links.api}/repos/${fullName(repository.facts)}`;
}

export function webUrl({ links }: GitHub, repository: Repository): string {
  return `${links.web}/${fullName(repository.facts)}`;
}

/** A repository as it stands in other answers; without what takes counting. */
export function minimalRepositoryView(github: GitHub, repository: Repository): Json {
  const { id, name, owner, private: isPrivate, fork_of } = repository.facts;
  const url = apiUrl(github, repository);
  return {
    id,
    node_id: `R_${id}`,
    name,
    full_name: fullName(repository.facts),
    owner: loginView(github, owner),
    private: isPrivate,
    html_url: webUrl(github, repository),
    description: null,
    fork: fork_of !== null,
    url,
    ...Object.fromEntries(Object.entries(linkPaths).map(([field, path]) => [field, `${url}${path}`])),
  };
}

export function repositoryView(github: GitHub, repository: Repository): Json {
  const { facts } = repository;
  const openIssues = repository.issues.all().filter(({ state }) => state === "open").length;
  const forks = [...github.repositories.values()].filter((other) => other.facts.fork_of === fullName(facts)).length;
  return {
    ...minimalRepositoryView(github, repository),
    git_url: `git://${new URL(github.links.origin).host}/${fullName(facts)}.git`,
    ssh_url: `git@${new URL(github.links.origin).host}:${fullName(facts)}.git`,
    clone_url: `${github.links.origin}/${fullName(facts)}.git`,
    svn_url: webUrl(github, repository),
    mirror_url: null,
    homepage: null,
    language: null,
    license: null,
    forks_count: forks,
    forks,
    stargazers_count: 0,
    watchers_count: 0,
    watchers: 0,
    size: 0,
    default_branch: facts.default_branch,
    open_issues_count: openIssues,
    open_issues: openIssues,
    has_issues: true,
    has_projects: false,
    has_wiki: false,
    has_pages: false,
    has_downloads: true,
    has_discussions: false,
    is_template: false,
    web_commit_signoff_required: false,
    topics: [],
    custom_properties: {},
    archived: false,
    disabled: false,
    visibility: facts.private ? "private" : "public",
    pushed_at: facts.pushed_at,
    created_at: facts.created_at,
    updated_at: facts.pushed_at,
  };
}

/** What `GET /repos/{owner}/{repo}` says. */
export function fullRepositoryView(github: GitHub, repository: Repository): Json {
  const view = repositoryView(github, repository);
  const parent = repository.facts.fork_of === null ? undefined : findRepository(github, repository.facts.fork_of);
  return {
    ...view,
    subscribers_count: 0,
    network_count: view.forks_count,
    ...(parent === undefined ? {} : { parent: repositoryView(github, parent), source: repositoryView(github, parent) }),
  };
}
