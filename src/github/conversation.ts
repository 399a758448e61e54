import * as z from "zod";
import type { Api } from "./api.ts";
import { type Comment, listComments } from "./comments.ts";
import { listReviews } from "./pulls.ts";

// What was said on a pull request, with what REST does not tell: who edited a comment, and who deleted one.

const Actor = z.object({ databaseId: z.int().optional() }).nullable();

const EditedNodes = z.object({
  nodes: z.array(z.object({ id: z.string(), lastEditedAt: z.string().nullable(), editor: Actor }).partial().nullable()),
});

const editorsQuery = `query ($ids: [ID!]!) {
  nodes(ids: $ids) { ... on IssueComment { id lastEditedAt editor { ... on User { databaseId } ... on Bot { databaseId } } } }
}`;

type Editor = { kind: "nobody" } | { kind: "account"; id: number } | { kind: "unknown" };

/** GitHub takes a hundred ids at once. */
const mostIds = 100;

/** Who edited each comment last, by the comment's node id (GraphQL's databaseId has no room for today's numbers). A comment that is gone is missing. */
async function editorsOf(api: Api, comments: readonly Comment[]): Promise<ReadonlyMap<string, Editor>> {
  const editors = new Map<string, Editor>();
  for (let start = 0; start < comments.length; start += mostIds) {
    const ids = comments.slice(start, start + mostIds).map(({ nodeId }) => nodeId);
    const { nodes } = EditedNodes.parse(await api.graphql(editorsQuery, { ids }));
    for (const node of nodes) if (node?.id !== undefined) editors.set(node.id, editorOf(node));
  }
  return editors;
}

function editorOf({ lastEditedAt, editor }: NonNullable<z.infer<typeof EditedNodes>["nodes"][number]>): Editor {
  if (lastEditedAt === null) return { kind: "nobody" };
  const id = editor?.databaseId;
  return id === undefined ? { kind: "unknown" } : { kind: "account", id };
}

const Deletions = z.object({
  repository: z.object({
    pullRequest: z.object({
      timelineItems: z.object({
        pageInfo: z.object({ hasNextPage: z.boolean(), endCursor: z.string().nullable() }),
        nodes: z.array(z.object({ createdAt: z.string(), actor: Actor, deletedCommentAuthor: Actor })),
      }),
    }),
  }),
});

const deletionsQuery = `query ($owner: String!, $repo: String!, $number: Int!, $after: String) {
  repository(owner: $owner, name: $repo) { pullRequest(number: $number) {
    timelineItems(itemTypes: [COMMENT_DELETED_EVENT], first: 100, after: $after) {
      pageInfo { hasNextPage endCursor }
      nodes { ... on CommentDeletedEvent {
        createdAt
        actor { ... on User { databaseId } ... on Bot { databaseId } }
        deletedCommentAuthor { ... on User { databaseId } ... on Bot { databaseId } }
      } }
    }
  } }
}`;

interface Deletion {
  at: string;
  /** Whose comment it was, and who deleted it; null: the account is gone. */
  author: number | null;
  by: number | null;
}

async function listDeletions(api: Api, number: number): Promise<Deletion[]> {
  const deletions: Deletion[] = [];
  for (let after: string | null = null; ; ) {
    const variables: Record<string, unknown> = { ...api.repository, number, after };
    const answer = Deletions.parse(await api.graphql(deletionsQuery, variables));
    const { nodes, pageInfo } = answer.repository.pullRequest.timelineItems;
    for (const { createdAt, actor, deletedCommentAuthor } of nodes) {
      const author = deletedCommentAuthor?.databaseId ?? null;
      deletions.push({ at: createdAt, author, by: actor?.databaseId ?? null });
    }
    if (!pageInfo.hasNextPage) return deletions;
    after = pageInfo.endCursor;
  }
}

/**
 * Everything that was said on a pull request and what became of it: comments that may hold commands with their last editors,
 * reviews, and deletions. `isAsked` says whose editors matter; asking costs one request for a hundred comments.
 */
export async function readConversation(api: Api, number: number, isAsked: (comment: Comment) => boolean) {
  const comments = await listComments(api, number);
  const reviews = await listReviews(api, number);
  const asked = comments.filter((comment) => isAsked(comment) || comment.createdAt !== comment.updatedAt);
  const editors = await editorsOf(api, asked);
  const deletions = await listDeletions(api, number);
  // A comment that was deleted between two requests is no comment any more.
  const there = comments.filter((comment) => !asked.includes(comment) || editors.has(comment.nodeId));
  const nobody: Editor = { kind: "nobody" };
  return {
    comments: there.map((comment) => ({ ...comment, editor: editors.get(comment.nodeId) ?? nobody })),
    reviews,
    deletions,
  };
}
