import { ApiError } from "../server/api-error.ts";
import { authorise } from "../server/authorise.ts";
import type { Call } from "../server/endpoint.ts";
import type { PermissionName, User } from "../state/accounts.ts";
import { type GitHub, userOf } from "../state/github.ts";
import type { Comment, CommentDeletion, Pull, Review } from "../state/records.ts";
import type { Repository } from "../state/repository.ts";

// Records as GraphQL's executor reads them: plain values, functions for fields with arguments.

export function userObject({ id, login, type }: User) {
  return { __typename: type, id: `U_${id}`, login, databaseId: id };
}

export function commentObject(github: GitHub, comment: Comment) {
  return {
    __typename: "IssueComment",
    id: `IC_${comment.id}`,
    createdAt: comment.created_at,
    updatedAt: comment.updated_at,
    ...editedObject(github, comment),
  };
}

export function reviewObject(github: GitHub, review: Review) {
  return {
    __typename: "PullRequestReview",
    id: `PRR_${review.id}`,
    createdAt: review.submitted_at,
    updatedAt: review.edits.at(-1)?.at ?? review.submitted_at,
    submittedAt: review.submitted_at,
    state: review.state,
    ...editedObject(github, review),
  };
}

/** Who changed a text last, also in the second in which it was made. */
function editedObject(github: GitHub, { id, user, body, edits }: Pick<Comment, "id" | "user" | "body" | "edits">) {
  const last = edits.length > 1 ? edits.at(-1) : undefined;
  return {
    // GitHub's own field has no room for the ids of today.
    databaseId: id < 2 ** 31 ? id : null,
    fullDatabaseId: String(id),
    author: userObject(userOf(github, user)),
    body,
    lastEditedAt: last?.at ?? null,
    editor: last === undefined ? null : userObject(userOf(github, last.by)),
    includesCreatedEdit: last !== undefined,
  };
}

export function repositoryObject(call: Call, repository: Repository) {
  return {
    __typename: "Repository",
    id: `R_${repository.facts.id}`,
    pullRequest: ({ number }: { number: number }) => {
      mayRead(call, repository, ["pull_requests"]);
      const pull = repository.pulls.get(number);
      if (pull === undefined)
        throw new ApiError(404, `Could not resolve to a PullRequest with the number of ${number}.`);
      return pullObject(call.github, repository, pull);
    },
  };
}

export function mayRead({ github, actor }: Call, repository: Repository, permissions: readonly PermissionName[]): void {
  authorise(github, actor, repository, { permissions, access: "read", role: "read" });
}

interface Window {
  itemTypes?: readonly string[];
  first?: number;
  after?: string;
}

export function pullObject(github: GitHub, repository: Repository, pull: Pull) {
  return {
    __typename: "PullRequest",
    id: `PR_${pull.id}`,
    number: pull.number,
    headRefOid: pull.head.sha,
    timelineItems: ({ first, after }: Window) => {
      if (first === undefined)
        throw new ApiError(
          422,
          "You must provide a `first` or `last` value to properly paginate the `timelineItems` connection.",
        );
      if (first > 100)
        throw new ApiError(422, "Requesting more than 100 records on the `timelineItems` connection is too many.");
      const all = repository.commentDeletions.all().filter(({ issue_number }) => issue_number === pull.number);
      const start = after === undefined ? 0 : all.findIndex(({ id }) => cursorOf(id) === after) + 1;
      const nodes = all.slice(start, start + first);
      const last = nodes.at(-1);
      return {
        totalCount: all.length,
        nodes: nodes.map((deletion) => deletionObject(github, deletion)),
        pageInfo: {
          endCursor: last === undefined ? null : cursorOf(last.id),
          hasNextPage: start + first < all.length,
        },
      };
    },
  };
}

function deletionObject(github: GitHub, deletion: CommentDeletion) {
  return {
    __typename: "CommentDeletedEvent",
    id: `CDE_${deletion.id}`,
    createdAt: deletion.at,
    databaseId: null,
    actor: userObject(userOf(github, deletion.actor)),
    deletedCommentAuthor: userObject(userOf(github, deletion.author)),
  };
}

function cursorOf(id: number): string {
  return Buffer.from(`cursor:${id}`).toString("base64");
}
