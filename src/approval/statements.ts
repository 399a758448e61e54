import type { Verdict } from "./command.ts";
import { type CommentRow, type Conversation, isEdited, isEditedByOthers, type ReviewRow } from "./conversation.ts";
import type { Account } from "./person.ts";
import { readCommands, type Vocabulary } from "./read-commands.ts";

/** One person's word on the pull request. */
export interface Statement {
  source: { kind: "comment" | "review"; id: number };
  author: Account;
  /** ISO instant. */
  at: string;
  said: Verdict;
  body: string;
  /** Null of a review, whose verdict cannot be edited. */
  updatedAt: string | null;
  /** Of a review: the commit that it is bound to. */
  commitId: string | null;
  isDismissed: boolean;
  edited: "no" | "by_author" | "by_others";
  throughApp: string | null;
}

/** Anybody may comment on a public pull request a thousand times; of people without a role only short comments are read. */
export const longestUnheard = 500;

/**
 * All words of a conversation that approve, reject or withdraw, oldest first; each comment and review once, however often
 * the API returned it. `hasRole` says whether somebody's word can count at all.
 */
export function statementsOf(
  { comments, reviews }: Conversation,
  vocabulary: Vocabulary,
  hasRole: (person: number) => boolean,
): Statement[] {
  const rows = [...new Map(comments.map((row) => [row.id, row])).values()];
  const read = rows.filter(({ author, body }) => body.length <= longestUnheard || hasRole(author.id));
  const said = read.flatMap((row) => commentStatements(row, vocabulary));
  const reviewed = [...new Map(reviews.map((row) => [row.id, row])).values()].flatMap(reviewStatements);
  return [...said, ...reviewed].sort(inOrder);
}

function inOrder(one: Statement, other: Statement): number {
  const byTime = Date.parse(one.at) - Date.parse(other.at);
  if (byTime !== 0) return byTime;
  if (one.source.kind !== other.source.kind) return one.source.kind === "comment" ? -1 : 1;
  return one.source.id - other.source.id || one.said.line - other.said.line;
}

function commentStatements(row: CommentRow, vocabulary: Vocabulary): Statement[] {
  return readCommands(row.body, vocabulary).commands.flatMap((said): Statement[] => {
    if (said.kind !== "approve" && said.kind !== "reject" && said.kind !== "withdraw") return [];
    return [
      {
        source: { kind: "comment", id: row.id },
        author: row.author,
        at: row.createdAt,
        said,
        body: row.body,
        updatedAt: row.updatedAt,
        commitId: null,
        isDismissed: false,
        edited: isEditedByOthers(row) ? "by_others" : isEdited(row) ? "by_author" : "no",
        throughApp: row.throughApp,
      },
    ];
  });
}

/** A review says the same of every model that the pull request touches. Its text may be edited unseen, so that only its state counts. */
function reviewStatements(row: ReviewRow): Statement[] {
  const said = reviewVerdict(row);
  if (said === null) return [];
  return [
    {
      source: { kind: "review", id: row.id },
      author: row.author,
      at: row.submittedAt,
      said,
      body: row.body,
      updatedAt: null,
      commitId: row.commitId,
      isDismissed: row.state === "DISMISSED",
      edited: "no",
      throughApp: null,
    },
  ];
}

function reviewVerdict({ state }: ReviewRow): Verdict | null {
  const about = { line: 1, models: [] };
  // What a dismissed review had said, GitHub does not tell any more; either way it counts for nothing.
  if (state === "APPROVED" || state === "DISMISSED")
    return { kind: "approve", ...about, decision: null, role: null, note: null };
  return state === "CHANGES_REQUESTED"
    ? { kind: "reject", ...about, decision: null, reason: "changes were requested" }
    : null;
}
