import { mayHoldCommands } from "./command-lines.ts";
import type { Conversation } from "./conversation.ts";
import type { Account, Person } from "./person.ts";
import type { Policy } from "./policy.ts";

/** Each costs a request and one for each team, of the 1,000 an hour that a repository's jobs have. */
const mostSpeakers = 60;

/**
 * Those of the speakers whose roles are asked about where a pull request has more of them than anybody reads: whom the policy names, then
 * who spoke last. The others have no role, and what they may have rejected is not approved (unheardRejections).
 */
export function heardSpeakers(speakers: readonly Account[], { roles }: Policy): readonly Account[] {
  const named = new Set(roles.flatMap(({ people }) => people));
  const isNamed = ({ login }: Account) => named.has(login.toLowerCase());
  const others = speakers.filter((speaker) => !isNamed(speaker));
  return [...speakers.filter(isNamed), ...others.reverse()].slice(0, mostSpeakers);
}

/**
 * Everybody whose roles somebody must ask GitHub about, each once, in the order of their last words: people who wrote what may be a
 * command, or a verdict of a review.
 */
export function speakersOf({ comments, reviews }: Conversation): Account[] {
  const commanding = comments.filter(({ body }) => mayHoldCommands(body));
  const judging = reviews.filter(({ state }) => state === "APPROVED" || state === "CHANGES_REQUESTED");
  const said = [
    ...commanding.map(({ author, createdAt }) => ({ author, at: createdAt })),
    ...judging.map(({ author, submittedAt }) => ({ author, at: submittedAt })),
  ].filter(({ author }) => author.type === "User");
  const accounts = new Map<number, Account>();
  for (const { author } of said.sort((one, other) => Date.parse(one.at) - Date.parse(other.at))) {
    accounts.delete(author.id);
    accounts.set(author.id, author);
  }
  return [...accounts.values()];
}

/** People who may have rejected and were not asked about: whether that holds the change back is not known. */
export function unheardRejections(
  { comments, reviews }: Conversation,
  people: ReadonlyMap<number, Person>,
): readonly Account[] {
  const rejecting = [
    ...comments.filter(({ body }) => /^ {0,3}\/reject\b/im.test(body)),
    ...reviews.filter(({ state }) => state === "CHANGES_REQUESTED"),
  ];
  const unheard = rejecting.map(({ author }) => author).filter(({ id, type }) => type === "User" && !people.has(id));
  return [...new Map(unheard.map((author) => [author.id, author])).values()];
}
