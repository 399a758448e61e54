import { mayHoldCommands } from "./command-lines.ts";
import type { Conversation } from "./conversation.ts";
import type { Account } from "./person.ts";
import type { Policy } from "./policy.ts";

/** Each costs a request and one for each team, of the 1,000 an hour that a repository's jobs have. */
const mostSpeakers = 60;

/**
 * Those of the speakers whose roles are asked about where a pull request has more of them than anybody reads: whom the policy names, then
 * who spoke last. The others have no role.
 */
export function heardSpeakers(speakers: readonly Account[], { roles }: Policy): readonly Account[] {
  const named = new Set(roles.flatMap(({ people }) => people));
  const isNamed = ({ login }: Account) => named.has(login.toLowerCase());
  const others = speakers.filter((speaker) => !isNamed(speaker));
  return [...speakers.filter(isNamed), ...others.reverse()].slice(0, mostSpeakers);
}

/** Everybody whose roles somebody must ask GitHub about, each once: people who wrote what may be a command, or a verdict of a review. */
export function speakersOf({ comments, reviews }: Conversation): Account[] {
  const commanding = comments.filter(({ body }) => mayHoldCommands(body));
  const judging = reviews.filter(({ state }) => state === "APPROVED" || state === "CHANGES_REQUESTED");
  const authors = [...commanding, ...judging].map(({ author }) => author).filter(({ type }) => type === "User");
  return [...new Map(authors.map((author) => [author.id, author])).values()];
}
