import { type Approvals, collectReceipts, type ReceiptRequest } from "../../../src/approval/collect-receipts.ts";
import type { CommentRow, DeletionRow, ReviewRow } from "../../../src/approval/conversation.ts";
import { type Decision, type DecisionFacts, decisionDigest } from "../../../src/approval/decision.ts";
import type { AccessLevel, Account, Person } from "../../../src/approval/person.ts";
import { type PolicyEntries, policyOf } from "../../../src/approval/policy.ts";
import { actionOf, becauseOf } from "../../../src/approval/refusal.ts";

export const heads = { first: "a".repeat(40), second: "b".repeat(40) };

/** People of the stories. alice opened the pull request, paul pushed to it, sue started the run; the others had no hand in it. */
export const people = {
  alice: account(1, "alice"),
  paul: account(2, "paul"),
  sue: account(3, "sue"),
  wanda: account(10, "wanda"),
  willy: account(11, "willy"),
  betty: account(20, "betty"),
  oscar: account(30, "oscar"),
} as const;

export function account(id: number, login: string, type = "User"): Account {
  return { id, login, type };
}

/** A minute after nine: at(5) is 09:05. */
export function at(minute: number, second = 0): string {
  return new Date(Date.UTC(2026, 10, 28, 9, minute, second)).toISOString().replace(".000Z", "Z");
}

export function aDecision(changed: Partial<DecisionFacts> & { madeAt?: string } = {}): Decision {
  const { madeAt = at(0), ...facts } = changed;
  const all: DecisionFacts = {
    schema_version: 1,
    model: "income",
    trust: "rescored",
    head_sha: heads.first,
    model_sha256: "1".repeat(64),
    inputs_sha256: "2".repeat(64),
    snapshot_sha256: "3".repeat(64),
    policy_sha256: "4".repeat(64),
    metrics: { roc_auc: { value: 0.91, lower: 0.9, upper: 0.92 } },
    gates: [{ gate: "roc_auc >= 0.89", verdict: "pass" }],
    ...facts,
  };
  return { digest: decisionDigest(all), facts: all, madeAt };
}

let ids = 100;

export function aComment(author: Account, body: string, changed: Partial<CommentRow> = {}): CommentRow {
  const createdAt = changed.createdAt ?? at(10);
  ids += 1;
  const row = {
    id: ids,
    author,
    body,
    createdAt,
    updatedAt: createdAt,
    editor: { kind: "nobody" },
    throughApp: null,
  } as const;
  return { ...row, ...changed };
}

export function aReview(author: Account, changed: Partial<ReviewRow> = {}): ReviewRow {
  ids += 1;
  const row = { id: ids, author, body: "", state: "APPROVED", submittedAt: at(10), commitId: heads.first };
  return { ...row, ...changed };
}

export function aPerson(who: Account, access: AccessLevel | null = "write", teams: string[] | null = []): Person {
  return { id: who.id, login: who.login, access, teams: teams === null ? null : new Set(teams) };
}

/** wanda and willy may write, as those who had a hand in the change; betty is in the product team; oscar is nobody. */
export const everybody: readonly Person[] = [
  ...[people.alice, people.paul, people.sue, people.wanda, people.willy].map((who) => aPerson(who)),
  aPerson(people.betty, "read", ["acme/product"]),
  aPerson(people.oscar, "read"),
];

export interface Story extends Partial<Omit<ReceiptRequest, "conversation" | "people" | "policy">> {
  comments?: readonly CommentRow[];
  reviews?: readonly ReviewRow[];
  deletions?: readonly DeletionRow[];
  people?: readonly Person[];
  /** Of mlops.yml; null: there is none. */
  mlops?: Partial<PolicyEntries> | null;
}

/** All that decides about a pull request of alice's with one model, one decision at 09:00 and no mlops.yml, where the story says nothing else. */
export function aRequest(story: Story = {}): ReceiptRequest {
  const { comments = [], reviews = [], deletions = [], mlops = null } = story;
  return {
    conversation: { comments, reviews, deletions },
    people: new Map((story.people ?? everybody).map((person) => [person.id, person])),
    change: story.change ?? {
      headSha: heads.first,
      author: people.alice.id,
      bots: [],
      otherBase: null,
      pushers: [people.paul.id],
      starters: [people.sue.id],
    },
    policy: policyOf(mlops === null ? null : { roles: {}, approvals: [], accept_claimed: false, bots: [], ...mlops }),
    decisions: story.decisions ?? [{ model: "income", history: [aDecision()] }],
    otherModels: story.otherModels ?? [],
    policySha256: story.policySha256 ?? "4".repeat(64),
    isReported: story.isReported ?? true,
  };
}

export function approvalsOf(story: Story): Approvals {
  return collectReceipts(aRequest(story));
}

/** Who said what of which model and why it does not count, as in `wanda approve income` or `alice approve income: author`. */
export function trailOf(story: Story): string[] {
  return approvalsOf(story).trail.map(({ author, said, model, refusal }) => {
    if (refusal === null) return `${author.login} ${said} ${model ?? "?"}`;
    const told = `${becauseOf(refusal)}. ${actionOf(refusal)}`;
    if (/\{\w+\}/.test(told)) throw new Error(`a value is missing: ${told}`);
    return `${author.login} ${said} ${model ?? "?"}: ${refusal.code}`;
  });
}

export const twoRoles: Partial<PolicyEntries> = {
  roles: {
    "data-science": { people: ["Wanda", "willy"], teams: [] },
    business: { people: [], teams: ["Acme/Product"] },
  },
  approvals: [
    { role: "data-science", count: 2, for: "register" },
    { role: "business", count: 1, for: "register" },
  ],
};
