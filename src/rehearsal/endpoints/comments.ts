import * as z from "zod";
import { emit } from "../events/emit.ts";
import { forbidden, invalid, notFound } from "../server/api-error.ts";
import {
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
import { numberParam, readBody } from "../server/read-call.ts";
import type { PermissionName } from "../state/accounts.ts";
import type { Comment, Issue } from "../state/records.ts";
import { atLeast, roleOf } from "../state/roles.ts";
import { commentView, issueView } from "../views/issue-view.ts";
import { findIssue } from "./find.ts";

const either: readonly PermissionName[] = ["issues", "pull_requests"];
const longest = 65_536;
const ofIssue = "/repos/{owner}/{repo}/issues/{issue_number}/comments";
const one = "/repos/{owner}/{repo}/issues/comments/{comment_id}";

export const commentEndpoints: readonly Endpoint[] = [
  reads(ofIssue, either, listComments),
  writes("POST", ofIssue, either, "read", createComment),
  reads(one, either, (call) => ok(view(call, findComment(call)))),
  writes("PATCH", one, either, "read", updateComment),
  writes("DELETE", one, either, "read", deleteComment),
];

const Body = z.object({ body: z.string() });

export function findComment(call: RepositoryCall): Comment {
  const comment = call.repository.comments.get(numberParam(call, "comment_id"));
  if (comment === undefined) throw notFound();
  return comment;
}

function listComments(call: RepositoryCall) {
  const { number } = findIssue(call);
  const since = call.query.get("since");
  const comments = call.repository.comments
    .all()
    .filter((comment) => comment.issue_number === number && (since === null || comment.updated_at >= since));
  return page(call, comments, (comment) => view(call, comment));
}

function createComment(call: KnownCall) {
  const issue = findIssue(call);
  const body = readText(call);
  const { github, repository, actor } = call;
  const now = github.now();
  const comment = repository.comments.put({
    id: github.newId(),
    issue_number: issue.number,
    user: actor.user.login,
    app: actor.kind === "installation" ? actor.app : null,
    body,
    created_at: now,
    updated_at: now,
    edits: [{ at: now, by: actor.user.login, body }],
  });
  repository.issues.put({ ...issue, updated_at: now });
  emitComment(call, "created", comment);
  return created(view(call, comment));
}

function updateComment(call: KnownCall) {
  const comment = findComment(call);
  mayChange(call, comment);
  const body = readText(call);
  // The same text again is no edit.
  if (body === comment.body) return ok(view(call, comment));
  const now = call.github.now();
  const edits = [...comment.edits, { at: now, by: call.actor.user.login, body }];
  const changed = call.repository.comments.put({ ...comment, body, updated_at: now, edits });
  emitComment(call, "edited", changed, { changes: { body: { from: comment.body } } });
  return ok(view(call, changed));
}

function deleteComment(call: KnownCall) {
  const comment = findComment(call);
  mayChange(call, comment);
  const { github, repository, actor } = call;
  repository.commentDeletions.put({
    id: github.newId(),
    issue_number: comment.issue_number,
    author: comment.user,
    actor: actor.user.login,
    at: github.now(),
  });
  repository.comments.delete(comment.id);
  emitComment(call, "deleted", comment);
  return noContent;
}

/** Authors may; so may everybody who can write: that is why an edited comment approves nothing. */
function mayChange({ github, repository, actor }: KnownCall, comment: Comment): void {
  if (actor.kind === "installation" || actor.user.login === comment.user) return;
  if (!atLeast(roleOf(github, repository, actor.user), "write"))
    throw forbidden("Must have admin rights to Repository.");
}

function readText(call: KnownCall): string {
  const { body } = readBody(call, Body);
  if (body.trim() === "") throw invalid({ resource: "IssueComment", code: "missing_field", field: "body" });
  if (body.length > longest)
    throw invalid({
      resource: "IssueComment",
      code: "unprocessable",
      field: "data",
      message: `Body is too long (maximum is ${longest} characters)`,
    });
  return body;
}

function emitComment(call: KnownCall, action: string, comment: Comment, more: Record<string, unknown> = {}): void {
  const { github, repository, actor } = call;
  const issue: Issue | undefined = repository.issues.get(comment.issue_number);
  if (issue === undefined) return;
  const payload = { issue: issueView(github, repository, issue), comment: view(call, comment), ...more };
  emit(github, repository, { name: "issue_comment", action, actor, payload });
}

function view({ github, repository }: RepositoryCall, comment: Comment) {
  return commentView(github, repository, comment);
}
