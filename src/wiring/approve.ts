import { join, resolve } from "node:path";
import * as z from "zod";
import type { Inputs } from "../actions/approve/io.ts";
import { type Answer, approve, type Settled } from "../actions/approve/run.ts";
import { mayHoldCommands } from "../approval/command-lines.ts";
import type { Api } from "../github/api.ts";
import { addReaction } from "../github/comments.ts";
import { whoAmI } from "../github/people.ts";
import { findPullByHead } from "../github/pulls.ts";
import { listRuns, rerun } from "../github/runs.ts";
import { stickyKeys, writeStickies } from "../github/sticky-comment.ts";
import { writeFileAtomically } from "../kit/atomic-write.ts";
import { sha256 } from "../kit/digest.ts";
import { readRun } from "../kit/git.ts";
import { ignoreRunFolders } from "../kit/ignore-run-folders.ts";
import type { Log } from "../kit/log.ts";
import { onceUnlessFailed } from "../kit/once.ts";
import type { Outcome } from "../kit/outcome.ts";
import type { ActionResult } from "../kit/run-action.ts";
import { runFolders } from "../kit/run-folder.ts";
import { tool } from "../kit/version.ts";
import { escapeMarkdown } from "../report/escape-markdown.ts";
import { type ApprovalClients, type Standing, settleApprovals } from "./approval-standing.ts";
import { verdictOf } from "./approval-verdict.ts";
import { approvalsFile } from "./approvals-file.ts";
import { apiFor } from "./github-api.ts";

type Environment = Readonly<Record<string, string | undefined>>;

export interface ApproveRequest {
  inputs: Inputs;
  event: unknown;
  environment: Environment;
  log: Log;
  /** Instead of those of the job's tokens. */
  clients?: ApprovalClients;
}

const CommentEvent = z.object({
  action: z.string(),
  issue: z.object({ number: z.int(), pull_request: z.unknown().optional() }),
  comment: z.object({ id: z.int(), body: z.string().nullable() }),
  changes: z.object({ body: z.object({ from: z.string().nullable() }).optional() }).optional(),
});

const ReviewRun = z.object({
  workflow_run: z.object({
    event: z.string(),
    head_sha: z.string(),
    head_branch: z.string().nullable(),
    head_repository: z.object({ full_name: z.string() }).nullable(),
  }),
  repository: z.object({ default_branch: z.string() }),
});

/** What a job is started for. */
type Occasion = { pullNumber: number; comment: number | null } | { reason: string };

/** Answers what was said on a pull request and brings its check run up to date. */
export async function approveStep(request: ApproveRequest): Promise<ActionResult> {
  const { inputs, environment } = request;
  const clients = request.clients ?? clientsOf(inputs, request);
  const started = new Date();
  const occasion = await occasionOf(clients.api, request);
  if ("reason" in occasion) return nothingAsked(occasion.reason);
  if (occasion.comment !== null) await addReaction(clients.api, occasion.comment, "eyes");
  const place = { issueNumber: occasion.pullNumber, author: (await whoAmI(clients.api)).id };
  const standing = await settleApprovals(clients, {
    pullNumber: occasion.pullNumber,
    reportWorkflow: `.github/workflows/${inputs.reportWorkflow}`,
  });
  const answers = await approve(settledFrom(standing, place), {
    rerun: onceUnlessFailed(() => rerunHead(clients.api, standing, inputs.workflow)),
    react: (comment, content) => addReaction(clients.api, comment, content),
    answer: async (given) => {
      const { id, attempt } = readRun(environment);
      const run = { number: Number(id ?? 0), attempt: attempt ?? 1 };
      const stickies = given.map((answer) => ({ key: answerKey(answer.source), body: answerBody(answer, standing) }));
      await writeStickies(clients.api, { ...place, run }, stickies);
    },
  });
  return conclude(standing, { answers, request, started });
}

function clientsOf(
  { token, teamToken }: Inputs,
  { environment, log }: Pick<ApproveRequest, "environment" | "log">,
): ApprovalClients {
  const api = apiFor(token, environment, log);
  return { api, mayAsk: teamToken === "" ? api : apiFor(teamToken, environment, log) };
}

async function occasionOf(api: Api, { inputs, event }: ApproveRequest): Promise<Occasion> {
  if (inputs.pullRequest !== undefined) return { pullNumber: inputs.pullRequest, comment: null };
  const comment = CommentEvent.safeParse(event);
  if (comment.success) return occasionOfComment(comment.data);
  const run = ReviewRun.safeParse(event);
  if (!run.success || !run.data.workflow_run.event.startsWith("pull_request"))
    return { reason: "the event is about no comment and no review of a pull request" };
  const { head_sha: sha, head_branch: branch, head_repository: from } = run.data.workflow_run;
  const base = run.data.repository.default_branch;
  const head = from === null || branch === null ? null : { sha, branch, base, repository: from.full_name };
  const pull = head === null ? null : await findPullByHead(api, head);
  if (pull === null) return { reason: `no open pull request into ${base} is at ${sha.slice(0, 7)}` };
  return { pullNumber: pull.number, comment: null };
}

/** What was edited or deleted may have been an approval: it is looked at, and answered only where it had no answer. */
function occasionOfComment({ action, issue, comment, changes }: z.infer<typeof CommentEvent>): Occasion {
  if (issue.pull_request === undefined) return { reason: "the comment is on an issue" };
  const texts = [comment.body, changes?.body?.from];
  if (!texts.some((text) => mayHoldCommands(text ?? ""))) return { reason: "the comment holds no command" };
  return { pullNumber: issue.number, comment: action === "created" ? comment.id : null };
}

function settledFrom(standing: Standing, place: { issueNumber: number; author: number }): Settled {
  const { policy, conversation, people, approvals, models, isReported, otherModels } = standing;
  const keys = stickyKeys(conversation.comments, place);
  return {
    policy,
    conversation,
    people,
    trail: approvals.trail,
    models,
    isReported,
    otherModels,
    isAnswered: (source) => keys.has(answerKey(source)),
  };
}

function answerKey({ kind, id }: Answer["source"]): string {
  return `answer:${kind}-${id}`;
}

function answerBody({ source, author, body }: Answer, { pull }: Standing): string {
  const anchor = source.kind === "comment" ? `#issuecomment-${source.id}` : `#pullrequestreview-${source.id}`;
  const link = `[${escapeMarkdown(author.login)}](${pull.url}${anchor})`;
  return `To ${link}: ${body}`;
}

/** Starts the newest run of the workflow for the pull request's head again. */
async function rerunHead(api: Api, { pull }: Standing, workflow: string): Promise<string> {
  const runs = await listRuns(api, { headSha: pull.headSha, event: "pull_request" });
  // Anybody may open another pull request at the same commit, whose runs are not this one's.
  const own = runs.filter((run) => run.headBranch === pull.headBranch && run.headRepository === pull.headRepository);
  const newest = own.find((run) => run.workflow.endsWith(`/${workflow}`));
  if (newest === undefined) return `There is no run of ${workflow} for the newest commit to start again.`;
  if (newest.status !== "completed") return "Its run is still going; wait for the report.";
  return (await rerun(api, newest))
    ? "The run was started again; the report follows."
    : "GitHub did not start the run again: the job needs actions: write, and a run must be younger than a month.";
}

function nothingAsked(reason: string): ActionResult {
  return {
    verdict: "skipped",
    summary: `approve: ${reason}`,
    findings: [],
    outputs: { verdict: "skipped", reasonCode: "nothing_asked", outcome: "", approvals: "" },
    jobSummary: "",
  };
}

interface Concluding {
  answers: readonly Answer[];
  request: ApproveRequest;
  started: Date;
}

/** What the job leaves: approvals.json, the outcome that names it, and a summary. */
async function conclude(standing: Standing, { answers, request, started }: Concluding): Promise<ActionResult> {
  const { environment, inputs } = request;
  const root = resolve(environment.GITHUB_WORKSPACE ?? ".", inputs.workingDirectory);
  const [approvals, outcomePath] = [
    join(root, runFolders, "approvals.json"),
    join(root, runFolders, "approve.outcome.json"),
  ];
  const text = `${JSON.stringify(approvalsFile(standing), null, 2)}\n`;
  const { check, pull } = standing;
  const { verdict, reasonCode } = verdictOf(check.conclusion);
  const outcome: Outcome = {
    schema_version: 1,
    action: "approve",
    model: "*",
    verdict,
    reason_code: reasonCode,
    summary: check.title,
    trust: "claimed",
    findings: [],
    inputs: [],
    outputs: [{ path: `${runFolders}/approvals.json`, sha256: sha256(text) }],
    step_key: sha256(text),
    git: { head_sha: pull.headSha, base_sha: pull.baseSha, tested_sha: null },
    run: readRun(environment),
    tool,
    started_at: started.toISOString(),
    duration_ms: Math.max(0, Date.now() - started.getTime()),
  };
  await ignoreRunFolders(root);
  await writeFileAtomically(approvals, text);
  await writeFileAtomically(outcomePath, `${JSON.stringify(outcome, null, 2)}\n`);
  return {
    verdict,
    summary: `approve: ${check.title}; ${answers.length} answered`,
    findings: [],
    outputs: { verdict, reasonCode, outcome: outcomePath, approvals },
    jobSummary: `## ${escapeMarkdown(check.title)}\n\n${check.summary}\n`,
  };
}
