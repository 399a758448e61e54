import type { Account } from "./person.ts";

// What was said on a pull request, as the API returns it.

/** Who changed a comment after it was written. GitHub keeps the last editor only; `unknown`: the account is gone. */
type Editor = { kind: "nobody" } | { kind: "account"; id: number } | { kind: "unknown" };

export interface CommentRow {
  id: number;
  author: Account;
  body: string;
  /** ISO instants, to the second. */
  createdAt: string;
  updatedAt: string;
  editor: Editor;
  /** Name of the App that wrote it in the author's name; null: the author did. */
  throughApp: string | null;
}

export interface ReviewRow {
  id: number;
  author: Account;
  body: string;
  state: string;
  /** ISO instant. */
  submittedAt: string;
  /** The commit that was reviewed. */
  commitId: string;
}

/** That a comment was deleted: whose it was, and who did it; null: the account is gone. */
export interface DeletionRow {
  at: string;
  author: number | null;
  by: number | null;
}

export interface Conversation {
  comments: readonly CommentRow[];
  reviews: readonly ReviewRow[];
  deletions: readonly DeletionRow[];
}

/** Whose change it is: none of these people approves it. */
export interface ChangeFacts {
  /** Head of the pull request now. */
  headSha: string;
  author: number;
  /** Bots and Apps among those who opened, pushed and started, whose hand is somebody's who is not known. */
  bots: readonly string[];
  /** Name of the branch that it is to be merged into, if that is not the default branch, whose rules alone hold. */
  otherBase: string | null;
  /** Everybody who pushed to the branch, by the repository's activity; null: not known, so that nobody can be ruled out. */
  pushers: readonly number[] | null;
  /** Everybody who started a run of this decision; null: not known. */
  starters: readonly number[] | null;
}

/** Whether the text may not be what its author wrote at `createdAt`. */
export function isEdited({ createdAt, updatedAt, editor }: CommentRow): boolean {
  return createdAt !== updatedAt || editor.kind !== "nobody";
}

/** Whether somebody else had a hand in the text: whoever may write to a repository may edit the comments in it. */
export function isEditedByOthers({ author, editor }: CommentRow): boolean {
  return editor.kind === "unknown" || (editor.kind === "account" && editor.id !== author.id);
}
