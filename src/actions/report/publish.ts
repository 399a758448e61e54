import type { Decision, DecisionFacts } from "../../approval/decision.ts";
import { plainText } from "../../kit/plain-text.ts";
import { type Annotation, annotationsOf, type ModelFile } from "../../report/annotations.ts";
import type { Chart } from "../../report/chart-plan.ts";
import { renderComment } from "../../report/comment.ts";
import type { PlacedPicture } from "../../report/comment-pictures.ts";
import { nextState, type RunName, readState } from "../../report/comment-state.ts";
import {
  type CheckConclusion,
  type CheckWords,
  modelCheck,
  overallCheck,
  worstFirst,
} from "../../report/model-check.ts";
import { renderModelsComment, renderRetired } from "../../report/models-comment.ts";
import type { ReportModel } from "../../report/report-model.ts";

// What the team sees of a run on GitHub: a comment and a check run for each model, and two check runs that are always there.

/** One model's report, ready to be shown. */
export interface Reported {
  name: string;
  model: ReportModel;
  file: ModelFile;
  /** Null: the run came to no decision. */
  facts: DecisionFacts | null;
  charts: readonly Chart[];
}

/** A model of which there is nothing to show. */
export interface Unreported {
  name: string;
  problem: {
    /** Why, in a few words of plain text. */
    title: string;
    /** Why and what to do, in Markdown. */
    text: string;
  };
}

/** What the reports are about. */
export interface Subject {
  /** Null: a merge group, or a pull request that is not open any more. */
  pullNumber: number | null;
  event: "pull_request" | "merge_group";
  headSha: string;
  /** The workflow run that the evidence is of; its id grows from run to run. */
  run: RunName;
  /** The run of the default branch whose summary has the whole reports. */
  runUrl: string;
  /** What is wrong with the change as a whole, in Markdown: it then fails, and nothing can be approved. */
  problems: readonly string[];
  /** What reviewers should know of the change as a whole, in Markdown. */
  notes: readonly string[];
}

interface CheckToWrite extends CheckWords {
  name: string;
  annotations: readonly Annotation[];
  /** Written only where there is one of that name already. */
  onlyIfThere?: boolean;
}

interface CommentToWrite {
  key: string;
  body(earlier: string | null): string;
}

export interface PublishPorts {
  /** Puts pictures of the charts where readers of the comment see them; none where that is not granted. By model. */
  placePictures(charts: ReadonlyMap<string, readonly Chart[]>): Promise<ReadonlyMap<string, readonly PlacedPicture[]>>;
  /**
   * One comment a key, written in place; the keys whose comment a later run has written. `retire`: what our comments of other
   * keys say from now on; null: what they say now.
   */
  writeComments(comments: readonly CommentToWrite[], retire: Retire): Promise<ReadonlySet<string>>;
  /** A later run's check runs stay as they are. */
  writeChecks(checks: readonly CheckToWrite[]): Promise<void>;
  /** Keeps what was decided where only the default branch's runs can write, before anybody reads of it; gives when each decision was first made. */
  keepDecisions(models: readonly DecidedModel[]): Promise<ReadonlyMap<string, Decision>>;
  /** Brings `mlops / approval` up to date with what people said, and tells those whose approval no longer counts. */
  settleApprovals(): Promise<void>;
}

type Retire = (key: string, text: string) => string | null;

/** A model of the pull request, and what its run decided on; null: it came to no decision. */
export interface DecidedModel {
  model: string;
  facts: DecisionFacts | null;
}

export interface Published {
  /** Models of which a later run has told already. */
  outdated: readonly string[];
}

/** Nobody reads more comments than this: a change of more models has one comment on all of them, without pictures. */
export const mostComments = 10;
/** GitHub takes 1,000 requests an hour of a job's token: of more models the worst ones have check runs. */
export const mostChecks = 50;
/** Of the comment on all models; no model has this name. */
const allKey = "*";

/**
 * Writes comments and check runs. The same run again changes nothing, an older one changes nothing that a later one wrote, and one
 * that broke off is completed by the next. `mlops` is written last but for approvals: nothing passes before all is told.
 */
export async function publish(
  models: readonly (Reported | Unreported)[],
  subject: Subject,
  ports: PublishPorts,
): Promise<Published> {
  const reported = models.filter((model) => "model" in model);
  const checks = fewChecks(models.map((model) => checkOf(model, subject)));
  if (subject.pullNumber === null) {
    await ports.writeChecks([...checks, overall(checks, subject)]);
    if (subject.event === "merge_group") await ports.writeChecks([{ ...mergeGroupApproval, ...approvalCheck }]);
    return { outdated: [] };
  }
  const decided = models.map((model) => ({ model: model.name, facts: "facts" in model ? model.facts : null }));
  // Without a decision of this commit `mlops / approval` waits for one.
  const made = subject.problems.length > 0 ? new Map<string, Decision>() : await ports.keepDecisions(decided);
  const pictures = await pictureAll(reported, ports);
  const isMany = models.length > mostComments;
  const told = isMany ? [commentOnAll(checks, subject, made)] : comments(reported, subject, { pictures, made });
  const failed = new Set(models.filter((model) => "problem" in model).map(({ name }) => name));
  const retire: Retire = (key, text) => retired({ key, text, models: models.length, failed });
  const outdated = await ports.writeComments(told, retire);
  await ports.writeChecks([...checks, overall(checks, subject)]);
  await ports.settleApprovals();
  // Once more: a slower, older run may have written meanwhile what it had read before.
  await ports.writeComments(told, retire);
  return { outdated: [...outdated].map((key) => (key === allKey ? "all models" : key)) };
}

async function pictureAll(
  reported: readonly Reported[],
  ports: PublishPorts,
): ReturnType<PublishPorts["placePictures"]> {
  const charts = new Map(reported.map(({ name, charts: drawn }) => [name, drawn]));
  return reported.length > mostComments || ![...charts.values()].some(({ length }) => length > 0)
    ? new Map()
    : ports.placePictures(charts);
}

interface ToTell {
  pictures: ReadonlyMap<string, readonly PlacedPicture[]>;
  made: ReadonlyMap<string, Decision>;
}

function comments(
  reported: readonly Reported[],
  { run, runUrl }: Subject,
  { pictures, made }: ToTell,
): CommentToWrite[] {
  return reported.map(({ name, model }) => ({
    key: name,
    body(earlier: string | null): string {
      const decision = made.get(name) ?? null;
      const state = nextState(earlier === null ? null : readState(earlier), run, decision);
      return renderComment({ model, decision, state, pictures: pictures.get(name) ?? [], runUrl });
    },
  }));
}

function commentOnAll(
  checks: readonly NamedCheck[],
  { runUrl }: Subject,
  made: ReadonlyMap<string, Decision>,
): CommentToWrite {
  const models = checks.map(({ model, conclusion, title }) => {
    return { name: model, conclusion, title, digest: made.get(model)?.digest ?? null };
  });
  const withCheck = Math.min(mostChecks, checks.length);
  return { key: allKey, body: () => renderModelsComment({ models, withCheck, runUrl }) };
}

interface Retiring {
  key: string;
  text: string;
  models: number;
  /** Names of those of which there is nothing to show. */
  failed: ReadonlySet<string>;
}

/** Of a report that this run has no comment for. */
function retired({ key, text, models, failed }: Retiring): string | null {
  if (key === allKey)
    return `${models === 0 ? "This change touches no model any more" : "Each model has a comment of its own now"}.\n`;
  const isMany = models > mostComments;
  const why = isMany
    ? "One comment tells of all models of this change now."
    : failed.has(key)
      ? `The newest run came to no report of it: the check \`mlops / ${key}\` says why.`
      : "This change does not touch it any more.";
  return renderRetired(key, text, why);
}

/** All check runs of a few models; of many the worst ones, and of the others those that there are already. */
function fewChecks(checks: readonly NamedCheck[]): NamedCheck[] {
  return worstFirst(checks).map((check, index) => (index < mostChecks ? check : { ...check, onlyIfThere: true }));
}

interface NamedCheck extends CheckToWrite {
  model: string;
}

function checkOf(model: Reported | Unreported, { runUrl }: Subject): NamedCheck {
  // A model of that name would else show itself approved.
  const shown = model.name.toLowerCase() === "approval" ? "model approval" : model.name;
  const about = { model: model.name, name: `mlops / ${shown}` };
  if ("problem" in model) {
    const conclusion: CheckConclusion = "failure";
    const { title, text } = model.problem;
    const summary = `${text}\n\n[The run](${runUrl})`;
    return { ...about, conclusion, title: plainText(`No report: ${title}`, 200), summary, annotations: [] };
  }
  const words = modelCheck(model.model, `[The run](${runUrl})`);
  return { ...about, ...words, annotations: annotationsOf(model.model, model.file) };
}

function overall(checks: readonly NamedCheck[], change: Subject): CheckToWrite {
  const models = checks.map(({ model, conclusion, title }) => ({ name: model, conclusion, title }));
  return { ...overallCheck(models, change), name: "mlops", annotations: [] };
}

const approvalCheck = { name: "mlops / approval", annotations: [] } as const;

const mergeGroupApproval = {
  conclusion: "success",
  title: "Decided on the pull request",
  summary:
    "A pull request enters the queue only with its approvals; they are collected again, from people's own comments, before anything is registered.",
} as const satisfies CheckWords;
