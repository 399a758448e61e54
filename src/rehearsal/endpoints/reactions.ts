import * as z from "zod";
import { created, type Endpoint, type KnownCall, ok, type RepositoryCall, reads, writes } from "../server/endpoint.ts";
import { page } from "../server/paginate.ts";
import { readBody } from "../server/read-call.ts";
import type { PermissionName } from "../state/accounts.ts";
import { reactionContents } from "../state/records.ts";
import { reactionView } from "../views/issue-view.ts";
import { findComment } from "./comments.ts";

const either: readonly PermissionName[] = ["issues", "pull_requests"];
const path = "/repos/{owner}/{repo}/issues/comments/{comment_id}/reactions";
const Body = z.object({ content: z.enum(reactionContents) });

export const reactionEndpoints: readonly Endpoint[] = [
  reads(path, either, listReactions),
  writes("POST", path, either, "read", createReaction),
];

function listReactions(call: RepositoryCall) {
  const content = call.query.get("content");
  const reactions = reactionsOf(call).filter((reaction) => content === null || reaction.content === content);
  return page(call, reactions, (reaction) => reactionView(call.github, reaction));
}

/** One a person and content: asked for again, it is the same one, with status 200. */
function createReaction(call: KnownCall) {
  const { github, repository, actor } = call;
  const { content } = readBody(call, Body);
  const found = reactionsOf(call).find(
    (reaction) => reaction.user === actor.user.login && reaction.content === content,
  );
  if (found !== undefined) return ok(reactionView(github, found));
  const reaction = repository.reactions.put({
    id: github.newId(),
    comment_id: findComment(call).id,
    user: actor.user.login,
    content,
    created_at: github.now(),
  });
  return created(reactionView(github, reaction));
}

function reactionsOf(call: RepositoryCall) {
  const { id } = findComment(call);
  return call.repository.reactions.all().filter(({ comment_id }) => comment_id === id);
}
