import type { GitHub } from "../state/github.ts";
import { userOf } from "../state/github.ts";
import type { Comment, Issue, Label, Reaction, Review } from "../state/records.ts";
import type { Repository } from "../state/repository.ts";
import { roleOf } from "../state/roles.ts";
import { apiUrl, webUrl } from "./repository-view.ts";
import { appView, type Json, loginView, loginViewOrNull } from "./user-view.ts";

function labelView(github: GitHub, repository: Repository, label: Label): Json {
  return {
    id: label.id,
    node_id: `LA_${label.id}`,
    url: `${apiUrl(github, repository)}/labels/${encodeURIComponent(label.name)}`,
    name: label.name,
    color: label.color,
    description: label.description,
    default: false,
  };
}

export function labelsView(github: GitHub, repository: Repository, issue: Issue): Json[] {
  return issue.labels.flatMap((name) => {
    const label = repository.labels.get(name);
    return label === undefined ? [] : [labelView(github, repository, label)];
  });
}

export function issueView(github: GitHub, repository: Repository, issue: Issue): Json {
  const url = `${apiUrl(github, repository)}/issues/${issue.number}`;
  const page = issue.is_pull ? "pull" : "issues";
  return {
    id: issue.id,
    node_id: `I_${issue.id}`,
    url,
    repository_url: apiUrl(github, repository),
    labels_url: `${url}/labels{/name}`,
    comments_url: `${url}/comments`,
    events_url: `${url}/events`,
    html_url: `${webUrl(github, repository)}/${page}/${issue.number}`,
    number: issue.number,
    title: issue.title,
    body: issue.body,
    user: loginView(github, issue.user),
    labels: labelsView(github, repository, issue),
    state: issue.state,
    state_reason: issue.state_reason,
    locked: false,
    active_lock_reason: null,
    reactions: reactionCounts(`${url}/reactions`, []),
    assignee: loginViewOrNull(github, issue.assignees[0] ?? null),
    assignees: issue.assignees.map((login) => loginView(github, login)),
    milestone: null,
    comments: repository.comments.all().filter(({ issue_number }) => issue_number === issue.number).length,
    created_at: issue.created_at,
    updated_at: issue.updated_at,
    closed_at: issue.closed_at,
    closed_by: loginViewOrNull(github, issue.closed_by),
    author_association: authorAssociation(github, repository, issue.user),
    ...(issue.is_pull ? { pull_request: pullLinks(github, repository, issue.number) } : {}),
  };
}

export function commentView(github: GitHub, repository: Repository, comment: Comment): Json {
  const issue = repository.issues.get(comment.issue_number);
  const page = issue?.is_pull === true ? "pull" : "issues";
  return {
    id: comment.id,
    node_id: `IC_${comment.id}`,
    url: `${apiUrl(github, repository)}/issues/comments/${comment.id}`,
    html_url: `${webUrl(github, repository)}/${page}/${comment.issue_number}#issuecomment-${comment.id}`,
    issue_url: `${apiUrl(github, repository)}/issues/${comment.issue_number}`,
    body: comment.body,
    user: loginView(github, comment.user),
    created_at: comment.created_at,
    updated_at: comment.updated_at,
    author_association: authorAssociation(github, repository, comment.user),
    performed_via_github_app: comment.app === null ? null : appView(github, comment.app),
    reactions: reactionCounts(
      `${apiUrl(github, repository)}/issues/comments/${comment.id}/reactions`,
      repository.reactions.all().filter(({ comment_id }) => comment_id === comment.id),
    ),
  };
}

export function reactionView(github: GitHub, reaction: Reaction): Json {
  return {
    id: reaction.id,
    node_id: `REA_${reaction.id}`,
    user: loginView(github, reaction.user),
    content: reaction.content,
    created_at: reaction.created_at,
  };
}

export function reviewView(github: GitHub, repository: Repository, review: Review): Json {
  const html = `${webUrl(github, repository)}/pull/${review.pull_number}#pullrequestreview-${review.id}`;
  const pull = `${apiUrl(github, repository)}/pulls/${review.pull_number}`;
  return {
    id: review.id,
    node_id: `PRR_${review.id}`,
    user: loginView(github, review.user),
    body: review.body,
    state: review.state,
    html_url: html,
    pull_request_url: pull,
    _links: { html: { href: html }, pull_request: { href: pull } },
    submitted_at: review.submitted_at,
    commit_id: review.commit_id,
    author_association: authorAssociation(github, repository, review.user),
  };
}

/** What GitHub says of a commenter; too coarse to authorise anybody by. */
export function authorAssociation(github: GitHub, repository: Repository, login: string): string {
  if (login.toLowerCase() === repository.facts.owner.toLowerCase()) return "OWNER";
  const inTeam = github.teams
    .all()
    .some(({ organization, members }) => organization === repository.facts.owner && login in members);
  if (inTeam) return "MEMBER";
  const role = roleOf(github, repository, userOf(github, login));
  return role === "none" || (role === "read" && !repository.facts.private) ? "NONE" : "COLLABORATOR";
}

function pullLinks(github: GitHub, repository: Repository, number: number): Json {
  const html = `${webUrl(github, repository)}/pull/${number}`;
  return {
    url: `${apiUrl(github, repository)}/pulls/${number}`,
    html_url: html,
    diff_url: `${html}.diff`,
    patch_url: `${html}.patch`,
    merged_at: repository.pulls.get(number)?.merged_at ?? null,
  };
}

function reactionCounts(url: string, reactions: readonly Reaction[]): Json {
  const count = (content: string) => reactions.filter((reaction) => reaction.content === content).length;
  return {
    url,
    total_count: reactions.length,
    "+1": count("+1"),
    "-1": count("-1"),
    laugh: count("laugh"),
    hooray: count("hooray"),
    confused: count("confused"),
    heart: count("heart"),
    rocket: count("rocket"),
    eyes: count("eyes"),
  };
}
