import { type ApprovalCheck, approvalCheck, leftCheck, waitingCheck } from "../approval/approval-check.ts";
import { type KeptDecisions, type PullDecisions, pullDecisions } from "../approval/decisions-file.ts";
import type { Policy } from "../approval/policy.ts";
import { type ModelApproval, tallyModel } from "../approval/tally.ts";
import type { Api } from "../github/api.ts";
import { writeChecks } from "../github/checks.ts";
import { listOpenPullsAt } from "../github/pulls.ts";
import { getRepository } from "../github/repository.ts";
import { readPolicy } from "./branch-policy.ts";
import { readKeptDecisions } from "./kept-decisions.ts";
import { type PullApprovals, readApprovals } from "./pull-approvals.ts";

/** Where a pull request stands on its way to being approved, all of it from what GitHub says now. */
export interface Standing extends PullApprovals {
  policy: Policy;
  policySha256: string;
  defaultBranch: string;
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

export interface StandingRequest {
  pullNumber: number;
  /** File of the workflow whose runs decide: .github/workflows/ml-report.yml. */
  reportWorkflow: string;
  /** Decisions that have been read already. */
  known?: readonly KeptDecisions[];
}

/** What is known of a pull request's approvals now. Roles and rules are the default branch's, whatever the pull request is for. */
export async function readStanding(
  { api, mayAsk }: ApprovalClients,
  { pullNumber, reportWorkflow, known = [] }: StandingRequest,
): Promise<Standing> {
  const repository = await getRepository(api);
  const { defaultBranch } = repository;
  const { policy, digest: policySha256, models: named } = await readPolicy(api, defaultBranch);
  const kept = await readKeptDecisions(api, { pullNumber, repository, reportWorkflow, known });
  const decisions = pullDecisions(kept);
  const touched = new Set(decisions.models.map(({ model }) => model));
  const otherModels = named.filter((model) => !touched.has(model));
  const { headSha: reportedSha, models: decided, runIds } = decisions;
  const question = { pullNumber, policy, policySha256, defaultBranch, reportedSha, otherModels, runIds };
  const found = await readApprovals(api, { ...question, decisions: decided }, mayAsk);
  const { approvals, pull, change } = found;
  const models = decided.map((model) => {
    return tallyModel({ act: "register", policy, policySha256, decisions: model, approvals, headSha: pull.headSha });
  });
  const isReported = reportedSha === pull.headSha;
  const isWhole = isReported && change.otherBase === null;
  const check = isWhole
    ? approvalCheck(models, approvals.trail)
    : waitingCheck(models, approvals.trail, change.otherBase);
  return { ...found, policy, policySha256, kept, decisions, isReported, otherModels, models, check, defaultBranch };
}

const mostLooks = 4;

/**
 * Writes the check run `mlops / approval` and looks again: what is said, or pushed, between reading and writing is in the next
 * look, whichever of several jobs wrote last. Where things do not come to rest it says that it waits. Gives where things stood
 * in the last look.
 */
export async function settleApprovals(
  clients: ApprovalClients,
  request: StandingRequest,
  detailsUrl?: string,
): Promise<Standing> {
  let standing = await readStanding(clients, request);
  await writeLeftCheck(clients.api, standing);
  for (let look = 1; ; look += 1) {
    await writeApprovalCheck(clients.api, standing, detailsUrl);
    const next = await readStanding(clients, { ...request, known: standing.kept });
    if (isSame(standing, next)) return next;
    if (look === mostLooks) {
      const { models, approvals, change } = next;
      const check = waitingCheck(models, approvals.trail, change.otherBase);
      await writeApprovalCheck(clients.api, { ...next, check }, detailsUrl);
      return next;
    }
    standing = next;
  }
}

/**
 * A check run is of a commit, which several pull requests may have as their head, also ones that a stranger opens: the oldest open one
 * into the default branch is the one that it is about. One that is closed, and may be opened again, has a say where no other is.
 */
async function writeApprovalCheck(
  api: Api,
  { pull, check, defaultBranch }: Standing,
  detailsUrl: string | undefined,
): Promise<void> {
  if (pull.mergedAt !== null) return;
  const [first = pull.number] = await listOpenPullsAt(api, { sha: pull.headSha, base: defaultBranch });
  if (first !== pull.number) return;
  const content = { ...check, ...approvalName };
  await writeChecks(api, pull.headSha, [{ ...content, ...(detailsUrl === undefined ? {} : { detailsUrl }) }]);
}

/** The commit that the pull request was at before may still show an approval, which somebody may have taken back since. */
async function writeLeftCheck(api: Api, { pull, kept, defaultBranch }: Standing): Promise<void> {
  const others = kept.filter(({ file }) => file.head_sha !== pull.headSha);
  const sha = others.toSorted((one, other) => other.artifactId - one.artifactId)[0]?.file.head_sha;
  if (sha === undefined || pull.mergedAt !== null) return;
  if ((await listOpenPullsAt(api, { sha, base: defaultBranch })).length > 0) return;
  await writeChecks(api, sha, [{ ...leftCheck, ...approvalName, onlyIfThere: true }]);
}

const approvalName = { name: "mlops / approval", key: "approval", annotations: [] } as const;

function isSame(one: Standing, other: Standing): boolean {
  return one.pull.headSha === other.pull.headSha && JSON.stringify(one.check) === JSON.stringify(other.check);
}
