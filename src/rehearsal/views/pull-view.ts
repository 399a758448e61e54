import { changedFiles, commitsBetween } from "../git/compare.ts";
import { mergeBase } from "../git/merge.ts";
import { findRepository, type GitHub } from "../state/github.ts";
import type { Issue, Pull } from "../state/records.ts";
import { fullName, type Repository } from "../state/repository.ts";
import { authorAssociation, labelsView } from "./issue-view.ts";
import { apiUrl, repositoryView, webUrl } from "./repository-view.ts";
import { type Json, loginView, loginViewOrNull } from "./user-view.ts";

/** The issue that carries a pull request's conversation. */
export function issueOf(repository: Repository, pull: Pull): Issue {
  const issue = repository.issues.get(pull.number);
  if (issue === undefined) throw new Error(`pull request ${pull.number} of ${repository.folder} has no issue`);
  return issue;
}

/** A pull request as lists show it. */
export function simplePullView(github: GitHub, repository: Repository, pull: Pull): Json {
  const issue = issueOf(repository, pull);
  const url = `${apiUrl(github, repository)}/pulls/${pull.number}`;
  const html = `${webUrl(github, repository)}/pull/${pull.number}`;
  const issueUrl = `${apiUrl(github, repository)}/issues/${pull.number}`;
  const statuses = `${apiUrl(github, repository)}/statuses/${pull.head.sha}`;
  const links = {
    self: url,
    html,
    issue: issueUrl,
    comments: `${issueUrl}/comments`,
    review_comments: `${url}/comments`,
    review_comment: `${apiUrl(github, repository)}/pulls/comments{/number}`,
    commits: `${url}/commits`,
    statuses,
  };
  return {
    url,
    id: pull.id,
    node_id: `PR_${pull.id}`,
    html_url: html,
    diff_url: `${html}.diff`,
    patch_url: `${html}.patch`,
    issue_url: issueUrl,
    commits_url: links.commits,
    review_comments_url: links.review_comments,
    review_comment_url: links.review_comment,
    comments_url: links.comments,
    statuses_url: statuses,
    number: pull.number,
    state: issue.state,
    locked: false,
    active_lock_reason: null,
    title: issue.title,
    user: loginView(github, issue.user),
    body: issue.body,
    labels: labelsView(github, repository, issue),
    milestone: null,
    created_at: issue.created_at,
    updated_at: issue.updated_at,
    closed_at: issue.closed_at,
    merged_at: pull.merged_at,
    merge_commit_sha: pull.merge_commit_sha,
    assignee: null,
    assignees: [],
    requested_reviewers: [],
    requested_teams: [],
    head: headView(github, pull),
    base: {
      label: `${repository.facts.owner}:${pull.base.ref}`,
      ref: pull.base.ref,
      sha: pull.base.sha,
      user: loginView(github, repository.facts.owner),
      repo: repositoryView(github, repository),
    },
    _links: Object.fromEntries(Object.entries(links).map(([name, href]) => [name, { href }])),
    author_association: authorAssociation(github, repository, issue.user),
    auto_merge: null,
    draft: pull.draft,
  };
}

/** A pull request by itself. */
export function pullView(github: GitHub, repository: Repository, pull: Pull): Json {
  const base = mergeBase(repository.git, pull.base.sha, pull.head.sha) ?? pull.base.sha;
  const files = changedFiles(repository.git, base, pull.head.sha);
  const merged = pull.merged_at !== null;
  const mergeable = pull.merge_commit_sha !== null;
  return {
    ...simplePullView(github, repository, pull),
    merged,
    mergeable: merged ? null : mergeable,
    rebaseable: merged ? null : mergeable,
    mergeable_state: merged ? "unknown" : mergeable ? "clean" : "dirty",
    merged_by: loginViewOrNull(github, pull.merged_by),
    comments: repository.comments.all().filter(({ issue_number }) => issue_number === pull.number).length,
    review_comments: 0,
    maintainer_can_modify: pull.maintainer_can_modify,
    commits: commitsBetween(repository.git, pull.base.sha, pull.head.sha).length,
    additions: files.reduce((sum, { additions }) => sum + additions, 0),
    deletions: files.reduce((sum, { deletions }) => sum + deletions, 0),
    changed_files: files.length,
  };
}

/** What check runs and workflow runs say of the pull requests of a commit; GitHub leaves out those from forks. */
export function minimalPullsView(github: GitHub, repository: Repository, sha: string): Json[] {
  const repo = { id: repository.facts.id, url: apiUrl(github, repository), name: repository.facts.name };
  return repository.pulls
    .all()
    .filter((pull) => pull.head.sha === sha && pull.head.repository === fullName(repository.facts))
    .filter((pull) => issueOf(repository, pull).state === "open")
    .map((pull) => ({
      id: pull.id,
      number: pull.number,
      url: `${apiUrl(github, repository)}/pulls/${pull.number}`,
      head: { ref: pull.head.ref, sha: pull.head.sha, repo },
      base: { ref: pull.base.ref, sha: pull.base.sha, repo },
    }));
}

function headView(github: GitHub, { head }: Pull): Json {
  const repository = head.repository === null ? undefined : findRepository(github, head.repository);
  return {
    label: `${head.owner}:${head.ref}`,
    ref: head.ref,
    sha: head.sha,
    user: loginView(github, head.owner),
    repo: repository === undefined ? null : repositoryView(github, repository),
  };
}
