import { type ApprovalCheck, approvalCheck, waitingCheck } from "../approval/approval-check.ts";
import { type KeptDecisions, type PullDecisions, pullDecisions } from "../approval/decisions-file.ts";
import type { Policy } from "../approval/policy.ts";
import { type ModelApproval, tallyModel } from "../approval/tally.ts";
import type { Api } from "../github/api.ts";
import { writeChecks } from "../github/checks.ts";
import { readPolicy } from "./branch-policy.ts";
import { readKeptDecisions } from "./kept-decisions.ts";
import { existingPull, type PullApprovals, readApprovals } from "./pull-approvals.ts";

/** Where a pull request stands on its way to being approved, all of it from what GitHub says now. */
export interface Standing extends PullApprovals {
  policy: Policy;
  kept: readonly KeptDecisions[];
  decisions: PullDecisions;
  /** Whether there is a report on the pull request's head. */
  isReported: boolean;
  /** Models of the repository that the pull request does not touch, as mlops.yml names them. */
  otherModels: readonly string[];
  models: readonly ModelApproval[];
  check: ApprovalCheck;
}

/** Clients of the job: its own token, and one that may read teams where the policy names some. */
export interface ApprovalClients {
  api: Api;
  mayAsk: Api;
}

/** What is known of a pull request's approvals now. `known`: decisions that have been read already. */
export async function readStanding(
  { api, mayAsk }: ApprovalClients,
  pullNumber: number,
  known: readonly KeptDecisions[] = [],
): Promise<Standing> {
  const { baseBranch } = await existingPull(api, pullNumber);
  const { policy, models: named } = await readPolicy(api, baseBranch);
  const kept = await readKeptDecisions(api, pullNumber, known);
  const decisions = pullDecisions(kept);
  const touched = new Set(decisions.models.map(({ model }) => model));
  const otherModels = named.filter((model) => !touched.has(model));
  const { headSha: reportedSha, runIds } = decisions;
  const question = { pullNumber, policy, decisions: decisions.models, reportedSha, otherModels, runIds };
  const found = await readApprovals(api, question, mayAsk);
  const { approvals, pull } = found;
  const models = decisions.models.map((model) => {
    return tallyModel({ act: "register", policy, decisions: model, approvals, headSha: pull.headSha });
  });
  const isReported = reportedSha === pull.headSha;
  const check = isReported ? approvalCheck(models, approvals.trail) : waitingCheck(models, approvals.trail);
  return { ...found, policy, kept, decisions, isReported, otherModels, models, check };
}

const mostLooks = 4;

/**
 * Writes the check run `mlops / approval` and looks again: what is said, or pushed, between reading and writing is in the next
 * look, whichever of several jobs wrote last. Gives where things stood in the last look.
 */
export async function settleApprovals(
  clients: ApprovalClients,
  pullNumber: number,
  { known = [], detailsUrl }: { known?: readonly KeptDecisions[]; detailsUrl?: string } = {},
): Promise<Standing> {
  let standing = await readStanding(clients, pullNumber, known);
  for (let look = 1; ; look += 1) {
    const { pull, check } = standing;
    const content = { ...check, name: "mlops / approval", key: "approval", annotations: [] };
    await writeChecks(clients.api, pull.headSha, [{ ...content, ...(detailsUrl === undefined ? {} : { detailsUrl }) }]);
    const next = await readStanding(clients, pullNumber, standing.kept);
    if (isSame(standing, next) || look === mostLooks) return next;
    standing = next;
  }
}

function isSame(one: Standing, other: Standing): boolean {
  return one.pull.headSha === other.pull.headSha && JSON.stringify(one.check) === JSON.stringify(other.check);
}
