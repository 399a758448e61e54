import type { Conversation } from "../../approval/conversation.ts";
import type { Account, Person } from "../../approval/person.ts";
import type { Policy } from "../../approval/policy.ts";
import { replyTo, replyToReview } from "../../approval/reply.ts";
import { approvingRoles, approvingRolesOf, mayRerun } from "../../approval/standing.ts";
import type { ModelApproval } from "../../approval/tally.ts";
import type { TrailEntry } from "../../approval/trail.ts";
import { type Unanswered, unanswered } from "../../approval/unanswered.ts";

// What is done with a pull request's conversation once the check run is up to date: every command without an answer gets one.

type Source = TrailEntry["source"];

/** Where things stand once the check run says so. */
export interface Settled {
  policy: Policy;
  conversation: Conversation;
  people: ReadonlyMap<number, Person>;
  trail: readonly TrailEntry[];
  models: readonly ModelApproval[];
  /** Whether there is a report on the pull request's head. */
  isReported: boolean;
  otherModels: readonly string[];
  /** Comments and reviews that have an answer of ours. */
  isAnswered(source: Source): boolean;
}

export interface Answer {
  source: Source;
  author: Account;
  /** Markdown. */
  body: string;
}

export interface ApprovePorts {
  /** Starts the run of the newest commit again; what became of it, in one sentence. */
  rerun(): Promise<string>;
  /** Below a comment: it counts, or it does not. */
  react(comment: number, content: "+1" | "confused"): Promise<void>;
  /** Writes answers; one that is there already stays the only one. */
  answer(answers: readonly Answer[]): Promise<void>;
}

/**
 * Answers whatever was said and has no answer yet, not only what this job was started for: of several jobs that wait in a concurrency
 * group GitHub drops all but the last. The answer is written last, so that a job which breaks off is completed by the next.
 */
export async function approve(settled: Settled, ports: ApprovePorts): Promise<readonly Answer[]> {
  const { policy, models, otherModels, people, conversation, isAnswered } = settled;
  const vocabulary = { models: models.map(({ model }) => model), otherModels, roles: approvingRoles(policy) };
  const hasRole = (id: number) => approvingRolesOf(personOf(people, { id, login: "" }), policy).length > 0;
  const answers: Answer[] = [];
  for (const said of unanswered({ conversation, vocabulary, hasRole, isAnswered })) {
    const entries = settled.trail.filter(({ source }) => isSame(source, said.source));
    const body = await replyFor(said, { settled, entries, ports });
    if (body === null) continue;
    const reaction = reactionTo(said, entries);
    if (said.source.kind === "comment" && reaction !== null) await ports.react(said.source.id, reaction);
    answers.push({ source: said.source, author: said.author, body });
  }
  if (answers.length > 0) await ports.answer(answers);
  return answers;
}

interface Replying {
  settled: Settled;
  entries: readonly TrailEntry[];
  ports: ApprovePorts;
}

async function replyFor(
  { author, commands }: Unanswered,
  { settled, entries, ports }: Replying,
): Promise<string | null> {
  const { trail, models, isReported, people, policy } = settled;
  if (commands === null) return replyToReview(entries, models);
  const asksRerun = commands.commands.some(({ kind }) => kind === "rerun");
  const may = mayRerun(personOf(people, author), policy);
  const rerun = !asksRerun
    ? null
    : may
      ? await ports.rerun()
      : `${author.login} may not start runs here: that needs write access, or a role that approves.`;
  return replyTo({ commands, entries, trail, models, isReported, rerun });
}

/** Thumbs up for what was taken, and for a question none: its answer says it. */
function reactionTo({ commands }: Unanswered, entries: readonly TrailEntry[]): "+1" | "confused" | null {
  const mistakes = commands?.mistakes.length ?? 0;
  if (mistakes > 0 || entries.some(({ refusal }) => refusal !== null)) return "confused";
  return entries.length > 0 ? "+1" : null;
}

function personOf(people: ReadonlyMap<number, Person>, { id, login }: Pick<Account, "id" | "login">): Person {
  return people.get(id) ?? { id, login, access: null, teams: null };
}

function isSame(one: Source, other: Source): boolean {
  return one.kind === other.kind && one.id === other.id;
}
