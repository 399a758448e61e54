import {
  type Published,
  type PublishPorts,
  publish,
  type Reported,
  type Subject,
  type Unreported,
} from "../actions/report/publish.ts";
import { approvalCheck } from "../approval/approval-check.ts";
import { type Policy, policyDigest, policyOf } from "../approval/policy.ts";
import { tallyModel } from "../approval/tally.ts";
import type { ModelDecisions } from "../approval/target.ts";
import type { Api } from "../github/api.ts";
import { type CheckContent, writeChecks } from "../github/checks.ts";
import { whoAmI } from "../github/people.ts";
import { readFileAt } from "../github/repository.ts";
import { isLater, type StickyResult, writeStickies } from "../github/sticky-comment.ts";
import type { CheckWords } from "../report/model-check.ts";
import { parseRepositorySpec } from "../spec/load-repository.ts";
import { placePictures } from "./place-pictures.ts";
import { readApprovals } from "./pull-approvals.ts";

export interface Publication {
  subject: Subject;
  /** Rules of the branch that the change is to be merged into. */
  policy: Policy;
  /** False: no pictures, tables instead. */
  pictures: boolean;
  /** Where people look at the repository, as `https://github.com/acme/income`. */
  webUrl: string;
  tell(line: string): void;
}

/** The rules of a branch's mlops.yml, whatever the pull request makes of it. */
export async function readPolicy(api: Api, branch: string): Promise<{ policy: Policy; digest: string }> {
  const text = await readFileAt(api, "mlops.yml", branch);
  const spec = text === null ? null : parseRepositorySpec(text, "mlops.yml").spec;
  const policy = policyOf(spec);
  return { policy, digest: policyDigest(policy, spec?.gates ?? []) };
}

/** Writes a run's reports to the pull request or merge group that they are about. */
export async function publishReports(
  api: Api,
  models: readonly (Reported | Unreported)[],
  publication: Publication,
): Promise<Published> {
  const { subject } = publication;
  const { number, attempt } = subject.run;
  const ports: PublishPorts = {
    placePictures: (charts) =>
      publication.pictures ? placePictures(api, charts, publication) : Promise.resolve(new Map()),
    writeComments: commentWriter(api, subject),
    writeChecks: async (checks) => {
      const contents = checks.map(
        (check): CheckContent => ({ ...check, key: `${number}/${attempt}`, detailsUrl: subject.runUrl }),
      );
      await writeChecks(api, subject.headSha, contents, (key) => isLaterKey(key, subject));
    },
    approvals: (decisions) => readApprovalCheck(api, decisions, publication),
  };
  return publish(models, subject, ports);
}

function commentWriter(api: Api, { pullNumber, run }: Subject): PublishPorts["writeComments"] {
  let written = new Map<string, StickyResult>();
  let author: number | null = null;
  return async (comments) => {
    if (pullNumber === null || comments.length === 0) return new Set();
    const stickies = comments.map(({ key, body }) => {
      const storedId = written.get(key)?.id;
      return { key, body, ...(storedId === undefined ? {} : { storedId }) };
    });
    author ??= (await whoAmI(api)).id;
    written = await writeStickies(api, { issueNumber: pullNumber, author, run }, stickies);
    return new Set([...written].flatMap(([key, { action }]) => (action === "outdated" ? [key] : [])));
  };
}

/** Keys are `run id/attempt`. */
function isLaterKey(key: string, { run }: Subject): boolean {
  const match = /^(\d+)\/(\d+)$/.exec(key);
  return match !== null && isLater({ number: Number(match[1]), attempt: Number(match[2]) }, run);
}

async function readApprovalCheck(
  api: Api,
  decisions: readonly ModelDecisions[],
  { subject: { pullNumber, run }, policy }: Publication,
): Promise<CheckWords> {
  if (pullNumber === null || decisions.length === 0) return approvalCheck([], []);
  const question = { pullNumber, policy, decisions, otherModels: [], runIds: [run.number] };
  const { pull, approvals } = await readApprovals(api, question);
  const models = decisions.map((each) => {
    return tallyModel({ act: "register", policy, decisions: each, approvals, headSha: pull.headSha });
  });
  return approvalCheck(models, approvals.trail);
}
