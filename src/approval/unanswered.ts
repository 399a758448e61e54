import type { Commands } from "./command.ts";
import type { CommentRow, Conversation } from "./conversation.ts";
import { readCommands, type Vocabulary } from "./read-commands.ts";
import { longestUnheard } from "./statements.ts";
import type { TrailEntry } from "./trail.ts";

/** Something that a person said and that has no answer yet. */
export interface Unanswered {
  source: TrailEntry["source"];
  author: CommentRow["author"];
  /** Of a review there are none: its state speaks. */
  commands: Commands | null;
}

export interface UnansweredRequest {
  conversation: Conversation;
  vocabulary: Vocabulary;
  /** Whether somebody's word can count at all. */
  hasRole(person: number): boolean;
  isAnswered(source: TrailEntry["source"]): boolean;
}

/** Anybody may write any number of commands: a job answers so many, the newest, and the next job the rest. */
const mostAnswers = 30;

/** Comments of people with commands in them, and reviews that approve or reject, which nobody answered yet: oldest first. */
export function unanswered(request: UnansweredRequest): Unanswered[] {
  return [...unansweredComments(request), ...unansweredReviews(request)].slice(-mostAnswers);
}

function unansweredComments({ conversation, vocabulary, hasRole, isAnswered }: UnansweredRequest): Unanswered[] {
  return conversation.comments.flatMap(({ id, author, body }): Unanswered[] => {
    const source = { kind: "comment", id } as const;
    if (author.type !== "User" || isAnswered(source)) return [];
    if (body.length > longestUnheard && !hasRole(author.id)) return [];
    const commands = readCommands(body, vocabulary);
    return commands.commands.length + commands.mistakes.length === 0 ? [] : [{ source, author, commands }];
  });
}

/** Where the pull request touches no model, reviews are none of our business. */
function unansweredReviews({ conversation, vocabulary, isAnswered }: UnansweredRequest): Unanswered[] {
  if (vocabulary.models.length === 0) return [];
  return conversation.reviews.flatMap(({ id, author, state }): Unanswered[] => {
    const source = { kind: "review", id } as const;
    const isVerdict = state === "APPROVED" || state === "CHANGES_REQUESTED";
    return author.type === "User" && isVerdict && !isAnswered(source) ? [{ source, author, commands: null }] : [];
  });
}
