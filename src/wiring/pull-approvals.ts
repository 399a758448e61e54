import { type Approvals, collectReceipts } from "../approval/collect-receipts.ts";
import { mayHoldCommands } from "../approval/command-lines.ts";
import type { ChangeFacts } from "../approval/conversation.ts";
import type { Account, Person } from "../approval/person.ts";
import { type Policy, teamsOf } from "../approval/policy.ts";
import { heardSpeakers, speakersOf } from "../approval/speakers.ts";
import type { ModelDecisions } from "../approval/target.ts";
import { listPushers, type Pusher } from "../github/activity.ts";
import type { Api } from "../github/api.ts";
import { readConversation } from "../github/conversation.ts";
import { getAccess, listTeamsOf } from "../github/people.ts";
import { getPull, type Pull } from "../github/pulls.ts";
import { getRun } from "../github/runs.ts";
import { UserError } from "../kit/user-error.ts";

export interface ApprovalQuestion {
  pullNumber: number;
  policy: Policy;
  decisions: readonly ModelDecisions[];
  /** Commit that the newest report is on; null: there is none. */
  reportedSha: string | null;
  otherModels: readonly string[];
  /** policyDigest of the rules that hold. */
  policySha256: string;
  defaultBranch: string;
  /** Workflow runs that the decisions came of: whoever started one of them approves nothing. */
  runIds: readonly number[];
}

export interface PullApprovals {
  pull: Pull;
  conversation: Awaited<ReturnType<typeof readConversation>>;
  /** Everybody who spoke, by id, with what they may do now. */
  people: ReadonlyMap<number, Person>;
  change: ChangeFacts;
  approvals: Approvals;
}

/**
 * All approvals of a pull request, from what GitHub says now: comments, reviews, roles, who pushed, who started the runs. `mayAsk` is a
 * client that may read teams, where the policy names some and the job's own token may not.
 */
export async function readApprovals(api: Api, question: ApprovalQuestion, mayAsk: Api = api): Promise<PullApprovals> {
  const { pullNumber, policy, decisions, otherModels } = question;
  await existingPull(api, pullNumber);
  const conversation = await readConversation(api, pullNumber, ({ body }) => mayHoldCommands(body));
  const people = await readPeople({ api, mayAsk }, heardSpeakers(speakersOf(conversation), policy), policy);
  const starters = await readStarters(api, question.runIds);
  // The head is read last: what is pushed after it voids by the next look.
  const pull = await existingPull(api, pullNumber);
  const pushers = await readPushers(api, pull);
  const change: ChangeFacts = {
    headSha: pull.headSha,
    author: pull.author.id,
    bots: botsAmong(pull, pushers ?? []),
    otherBase: pull.baseBranch === question.defaultBranch ? null : pull.baseBranch,
    pushers: pushers?.map(({ id }) => id) ?? null,
    starters,
  };
  const approvals = collectReceipts({
    ...{ conversation, people, change, policy, decisions, otherModels },
    policySha256: question.policySha256,
    isReported: question.reportedSha === pull.headSha,
  });
  return { pull, conversation, people, change, approvals };
}

async function readPeople(
  { api, mayAsk }: { api: Api; mayAsk: Api },
  speakers: readonly Account[],
  policy: Policy,
): Promise<ReadonlyMap<number, Person>> {
  const teams = teamsOf(policy);
  const people = new Map<number, Person>();
  for (const { id, login } of speakers) {
    const access = await getAccess(api, { id, login });
    people.set(id, { id, login, access, teams: await listTeamsOf(mayAsk, login, teams) });
  }
  return people;
}

/** Null as soon as one run names nobody, or there is none to ask. */
async function readStarters(api: Api, runIds: readonly number[]): Promise<number[] | null> {
  if (runIds.length === 0) return null;
  const starters = new Set<number>();
  for (const runId of runIds) {
    const ids = (await getRun(api, runId))?.starters ?? null;
    if (ids === null) return null;
    for (const id of ids) starters.add(id);
  }
  return [...starters];
}

/** Whoever starts a run for them is somebody else: only what they wrote themselves is looked at. */
function botsAmong({ author }: Pull, pushers: readonly Pusher[]): string[] {
  const hands = [{ login: author.login, isPerson: author.type === "User" }, ...pushers];
  return [...new Set(hands.filter(({ isPerson }) => !isPerson).map(({ login }) => login))];
}

async function readPushers(api: Api, pull: Pull): Promise<Pusher[] | null> {
  const { headRepository: repository, headBranch: branch, headSha: sha, baseSha } = pull;
  return repository === null ? null : listPushers(api, { repository, branch, sha, baseSha });
}

/** A pull request as it is now. Throws pull_request_missing. */
async function existingPull(api: Api, number: number): Promise<Pull> {
  const pull = await getPull(api, number);
  if (pull !== null) return pull;
  throw new UserError({
    code: "pull_request_missing",
    message: `there is no pull request ${number}, or the token may not see it`,
    where: "token",
    fix: "grant the job pull-requests: read, and give the number of a pull request of this repository",
  });
}
