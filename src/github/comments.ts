import * as z from "zod";
import { AccountOrGhost } from "./account.ts";
import type { Api } from "./api.ts";
import { orNull } from "./missing.ts";

const CommentAnswer = z
  .object({
    id: z.int(),
    node_id: z.string(),
    user: AccountOrGhost,
    body: z
      .string()
      .nullish()
      .transform((body) => body ?? ""),
    created_at: z.string(),
    updated_at: z.string(),
    html_url: z.string(),
    issue_url: z.string().regex(/\/\d+$/),
    performed_via_github_app: z.object({ name: z.string() }).nullish(),
  })
  .transform((answer) => ({
    id: answer.id,
    nodeId: answer.node_id,
    author: answer.user,
    body: answer.body,
    createdAt: answer.created_at,
    updatedAt: answer.updated_at,
    url: answer.html_url,
    issueNumber: Number(answer.issue_url.slice(answer.issue_url.lastIndexOf("/") + 1)),
    throughApp: answer.performed_via_github_app?.name ?? null,
  }));

/** A comment of an issue or a pull request. `throughApp`: the App that wrote it in a person's name. */
export type Comment = z.infer<typeof CommentAnswer>;

/** Longest body that GitHub takes, in characters. */
export const longestComment = 65_536;

/** All comments, oldest first. */
export async function listComments(api: Api, issueNumber: number): Promise<Comment[]> {
  const answers = await api.list("GET /repos/{owner}/{repo}/issues/{issue_number}/comments", {
    issue_number: issueNumber,
  });
  return answers.map((answer) => CommentAnswer.parse(answer));
}

/** One comment as it is now; null when there is none any more. */
export async function getComment(api: Api, id: number): Promise<Comment | null> {
  const answer = await orNull(api.read("GET /repos/{owner}/{repo}/issues/comments/{comment_id}", { comment_id: id }));
  return answer === null ? null : CommentAnswer.parse(answer);
}

export async function addComment(api: Api, issueNumber: number, body: string): Promise<Comment> {
  const route = "POST /repos/{owner}/{repo}/issues/{issue_number}/comments";
  return CommentAnswer.parse(await api.write(route, { issue_number: issueNumber, body }));
}

export async function updateComment(api: Api, id: number, body: string): Promise<Comment> {
  const route = "PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}";
  return CommentAnswer.parse(await api.write(route, { comment_id: id, body }));
}

/** Deletes a comment; one that is gone already is no mistake. */
export async function deleteComment(api: Api, id: number): Promise<void> {
  await orNull(api.write("DELETE /repos/{owner}/{repo}/issues/comments/{comment_id}", { comment_id: id }));
}

/** Reacts to a comment; the same reaction again changes nothing, and a comment that is gone by now is no mistake. */
export async function addReaction(api: Api, id: number, content: "eyes" | "+1" | "-1" | "confused"): Promise<void> {
  const route = "POST /repos/{owner}/{repo}/issues/comments/{comment_id}/reactions";
  await orNull(api.write(route, { comment_id: id, content }));
}
