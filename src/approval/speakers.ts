import { mayHoldCommands } from "./command-lines.ts";
import type { Conversation } from "./conversation.ts";
import type { Account } from "./person.ts";

/** Everybody whose roles somebody must ask GitHub about, each once: people who wrote what may be a command, or a verdict of a review. */
export function speakersOf({ comments, reviews }: Conversation): Account[] {
  const commanding = comments.filter(({ body }) => mayHoldCommands(body));
  const judging = reviews.filter(({ state }) => state === "APPROVED" || state === "CHANGES_REQUESTED");
  const authors = [...commanding, ...judging].map(({ author }) => author).filter(({ type }) => type === "User");
  return [...new Map(authors.map((author) => [author.id, author])).values()];
}
