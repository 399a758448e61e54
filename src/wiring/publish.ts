import {
  type DecidedModel,
  type Published,
  type PublishPorts,
  publish,
  type Reported,
  type Subject,
  type Unreported,
} from "../actions/report/publish.ts";
import { type Decision, decisionDigest } from "../approval/decision.ts";
import { type DecisionsFile, type KeptDecisions, pullDecisions } from "../approval/decisions-file.ts";
import { voidedText } from "../approval/voided.ts";
import { voidedApprovals } from "../approval/voided-approvals.ts";
import type { Api } from "../github/api.ts";
import { type CheckContent, writeChecks } from "../github/checks.ts";
import { whoAmI } from "../github/people.ts";
import { isLater, type StickyResult, writeStickies } from "../github/sticky-comment.ts";
import { sha256 } from "../kit/digest.ts";
import type { RunName } from "../report/comment-state.ts";
import { type Standing, settleApprovals } from "./approval-standing.ts";
import { type Keeping, keepDecisions, readKeptDecisions } from "./kept-decisions.ts";
import { placePictures } from "./place-pictures.ts";

export interface Publication {
  subject: Subject;
  /** Whether the models are all that the change touches: reports of others are then out of date. */
  isWhole: boolean;
  repository: Keeping["repository"];
  reportWorkflow: string;
  /** Run of the default branch that this job belongs to. */
  jobRun: number;
  upload: Keeping["upload"];
  /** A client that may read teams, where the job's own may not. */
  mayAsk?: Api;
  /** False: no pictures, tables instead. */
  pictures: boolean;
  /** Where people look at the repository, as `https://github.com/acme/income`. */
  webUrl: string;
  tell(line: string): void;
}

/** Writes a run's reports to the pull request or merge group that they are about. */
export async function publishReports(
  api: Api,
  models: readonly (Reported | Unreported)[],
  publication: Publication,
): Promise<Published> {
  const { subject } = publication;
  const { number, attempt } = subject.run;
  const clients = { api, mayAsk: publication.mayAsk ?? api };
  let kept: readonly KeptDecisions[] = [];
  // A run keeps what it decided before it writes; what comments and check runs say of themselves, a branch's workflow can say too.
  const hasWritten = async ({ number: id, attempt: time }: RunName) => {
    if (subject.pullNumber === null) return false;
    kept = await readKeptDecisions(api, { ...publication, pullNumber: subject.pullNumber, known: kept });
    return kept.some(({ file: { run } }) => run.number === id && run.attempt === time);
  };
  const ports: PublishPorts = {
    placePictures: (charts) =>
      publication.pictures ? placePictures(api, charts, publication) : Promise.resolve(new Map()),
    writeComments: commentWriter(api, publication, hasWritten),
    writeChecks: async (checks) => {
      const contents = checks.map(
        (check): CheckContent => ({ ...check, key: `${number}/${attempt}`, detailsUrl: subject.runUrl }),
      );
      await writeChecks(api, subject.headSha, contents, async (key) => {
        const run = runNamed(key);
        return run !== null && isLater(run, subject.run) && (await hasWritten(run));
      });
    },
    keepDecisions: async (decided) => {
      if (subject.pullNumber === null) return new Map();
      kept = await keepDecisions(api, {
        repository: publication.repository,
        reportWorkflow: publication.reportWorkflow,
        file: decisionsFile(decided, { ...subject, pullNumber: subject.pullNumber }),
        runId: publication.jobRun,
        upload: publication.upload,
      });
      return madeDecisions(decided, kept);
    },
    settleApprovals: async () => {
      if (subject.pullNumber === null) return;
      const { reportWorkflow } = publication;
      const request = { pullNumber: subject.pullNumber, reportWorkflow, known: kept };
      const standing = await settleApprovals(clients, request, subject.runUrl);
      await tellVoided(api, standing, subject.run);
    },
  };
  return publish(models, subject, ports);
}

function commentWriter(
  api: Api,
  { subject: { pullNumber, run }, isWhole }: Publication,
  hasWritten: (run: RunName) => Promise<boolean>,
): PublishPorts["writeComments"] {
  let written = new Map<string, StickyResult>();
  let author: number | null = null;
  return async (comments, retire) => {
    if (pullNumber === null) return new Set();
    const stickies = comments.map(({ key, body }) => {
      const storedId = written.get(key)?.id;
      return { key, body, ...(storedId === undefined ? {} : { storedId }) };
    });
    author ??= (await whoAmI(api)).id;
    written = await writeStickies(
      api,
      { issueNumber: pullNumber, author, run, hasWritten },
      stickies,
      isWhole ? retire : undefined,
    );
    return new Set([...written].flatMap(([key, { action }]) => (action === "outdated" ? [key] : [])));
  };
}

/** Keys are `run id/attempt`. */
function runNamed(key: string): RunName | null {
  const match = /^(\d+)\/(\d+)$/.exec(key);
  return match === null ? null : { number: Number(match[1]), attempt: Number(match[2]) };
}

function decisionsFile(
  models: readonly DecidedModel[],
  { pullNumber, headSha, run }: Pick<Subject, "headSha" | "run"> & { pullNumber: number },
): DecisionsFile {
  return { schema_version: 1, pull_number: pullNumber, head_sha: headSha, run, models: [...models] };
}

/** What was decided, each with the time when it was first made. */
function madeDecisions(
  decided: readonly DecidedModel[],
  kept: readonly KeptDecisions[],
): ReadonlyMap<string, Decision> {
  const histories = new Map(pullDecisions(kept).models.map(({ model, history }) => [model, history]));
  return new Map(
    decided.flatMap(({ model, facts }) => {
      const digest = facts === null ? null : decisionDigest(facts);
      const made = histories.get(model)?.findLast((decision) => decision.digest === digest);
      return made === undefined ? [] : [[model, made] as const];
    }),
  );
}

/** One comment for those whose approvals the newest decisions void; told once, however often it is looked at. */
async function tellVoided(api: Api, standing: Standing, run: RunName): Promise<void> {
  const { pull, policy, policySha256, decisions, isReported, otherModels, conversation, people, change } = standing;
  const request = {
    conversation,
    people,
    change,
    policy,
    policySha256,
    decisions: decisions.models,
    isReported,
    otherModels,
  };
  const voided = voidedApprovals(request).filter(({ receipts }) => receipts.length > 0);
  const body = voided
    .map(voidedText)
    .filter((text) => text !== null)
    .join("\n\n");
  if (body === "") return;
  const key = `void:${sha256(voided.map(({ before, after }) => `${before.digest} ${after?.digest}`).join("\n")).slice(0, 16)}`;
  const author = (await whoAmI(api)).id;
  await writeStickies(api, { issueNumber: pull.number, author, run }, [{ key, body }]);
}
