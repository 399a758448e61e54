import type { Approvals } from "./collect-receipts.ts";
import type { Decision } from "./decision.ts";
import { type Act, type Policy, requirementsFor } from "./policy.ts";
import type { ModelDecisions } from "./target.ts";
import type { TrailEntry } from "./trail.ts";

/** One requirement of the policy, and who met it. */
export interface Tally {
  role: string;
  /** How many different people must approve. */
  count: number;
  /** Logins of those who did, each person once, in the order of their approvals. */
  approvedBy: readonly string[];
}

/** Where one model stands on its way to being approved for an act. */
export type ModelApproval =
  | {
      model: string;
      state: "no_report" | "rules_changed";
      decision: null;
      tallies: readonly Tally[];
      rejections: readonly TrailEntry[];
    }
  | {
      model: string;
      state: "approved" | "waiting" | "rejected";
      decision: Decision;
      tallies: readonly Tally[];
      /** Any one of them holds the model back. */
      rejections: readonly TrailEntry[];
    };

export interface TallyRequest {
  act: Act;
  policy: Policy;
  /** policyDigest of the rules that hold now. */
  policySha256: string;
  decisions: ModelDecisions;
  approvals: Approvals;
  /** Head of the pull request now: a decision on another commit is none. */
  headSha: string;
}

/**
 * Counts different people for each requirement. Somebody who has two of the roles counts for both, unless the comment says
 * `as` one of them.
 */
export function tallyModel({ act, policy, policySha256, decisions, approvals, headSha }: TallyRequest): ModelApproval {
  const { model, history } = decisions;
  const decision = history.at(-1);
  const receipts = approvals.receipts.filter(
    (receipt) => receipt.model === model && receipt.decision === decision?.digest,
  );
  const rejections = approvals.rejections.filter((entry) => entry.model === model);
  const tallies = requirementsFor(policy, act).map(({ role, count }) => {
    const people = new Map(
      receipts.filter(({ roles }) => roles.includes(role)).map(({ author }) => [author.id, author.login]),
    );
    return { role, count, approvedBy: [...people.values()] };
  });
  if (decision === undefined || decision.facts.head_sha !== headSha)
    return { model, state: "no_report", decision: null, tallies, rejections };
  if (decision.facts.policy_sha256 !== policySha256)
    return { model, state: "rules_changed", decision: null, tallies, rejections };
  const isMet = tallies.every(({ count, approvedBy }) => approvedBy.length >= count);
  const state = rejections.length > 0 ? "rejected" : isMet ? "approved" : "waiting";
  return { model, state, decision, tallies, rejections };
}
