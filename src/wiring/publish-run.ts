import { readFile } from "node:fs/promises";
import { join, relative, resolve, sep } from "node:path";
import type { Inputs } from "../actions/report/io.ts";
import { mostComments, type Reported, type Subject, type Unreported } from "../actions/report/publish.ts";
import type { Api } from "../github/api.ts";
import { listChecks } from "../github/checks.ts";
import { createContext, refuseCommitted } from "../kit/context.ts";
import { hasCode } from "../kit/has-code.ts";
import type { Log } from "../kit/log.ts";
import type { Finding } from "../kit/outcome.ts";
import type { ActionResult } from "../kit/run-action.ts";
import { runFolders } from "../kit/run-folder.ts";
import { readOutcome, type StepContext } from "../kit/step.ts";
import { actionResult } from "../kit/step-result.ts";
import { uploadArtifact } from "../kit/upload-artifact.ts";
import { UserError, UserErrors } from "../kit/user-error.ts";
import { PlanFile } from "../plan/plan-file.ts";
import type { Chart } from "../report/chart-plan.ts";
import { chartsForComment } from "../report/comment-pictures.ts";
import { decisionFacts } from "../report/decision-facts.ts";
import { escapeMarkdown, markdownCode } from "../report/escape-markdown.ts";
import { type ReportModel, reportModel } from "../report/report-model.ts";
import { policyHere } from "./branch-policy.ts";
import { type FinishedRun, finishedRun, purposeOf } from "./finished-run.ts";
import { apiFor, webUrl } from "./github-api.ts";
import type { Keeping } from "./kept-decisions.ts";
import { defaultReportWorkflow } from "./kept-decisions.ts";
import { publishReports } from "./publish.ts";
import { jobSummary, readChangedRun, reportStep } from "./report.ts";
import { trustedModel } from "./trusted-model.ts";

type Environment = Readonly<Record<string, string | undefined>>;

export interface PublishRun {
  inputs: Inputs;
  environment: Environment;
  log: Log;
  /** Instead of one for the token and repository of the job. */
  api?: Api;
  /** Instead of the artifact service of the job. */
  upload?: Keeping["upload"];
}

/** Where a run's reports come from. */
interface Publishing {
  inputs: Inputs;
  environment: Environment;
  log: Log;
  api: Api;
  run: FinishedRun;
  /** Root of the default branch's checkout, with what the jobs before left in its run folders. */
  root: string;
}

/**
 * Renders the reports of the models that the default branch's plan names and publishes them, in a `workflow_run` job. What went
 * wrong before, with the plan or with one of its models, is told as failed: a required check is never left without an answer.
 */
export async function publishRun(request: PublishRun): Promise<ActionResult> {
  const { inputs, environment, log, upload = uploadArtifact } = request;
  const run = await finishedRun(environment);
  if (run === null) throw notFinished();
  const api = request.api ?? apiFor(inputs.token, environment, log);
  const purpose = await purposeOf(api, run);
  if (purpose.kind === "nothing") return nothing(purpose.why);
  const publishing = { inputs, environment, log, api, run, root: resolve(inputs.workingDirectory) };
  const { plan, problems } = await readPlan(publishing);
  const policy = await readDigest(publishing);
  const taken = await takenNames(publishing);
  const results: ActionResult[] = [];
  const models: (Reported | Unreported)[] = [];
  const touched = plan?.models.filter(({ runs }) => runs) ?? [];
  const withCharts = inputs.charts && touched.length <= mostComments;
  for (const planned of touched) {
    const told = await reportModelOf(publishing, { planned, plan, policySha256: policy.digest, withCharts });
    models.push(told.model);
    if ("result" in told) results.push(told.result);
  }
  const subject: Subject = {
    pullNumber: purpose.kind === "pull-request" ? purpose.pull.number : null,
    event: purpose.kind === "pull-request" ? "pull_request" : "merge_group",
    headSha: run.headSha,
    run: { number: run.id, attempt: run.attempt },
    runUrl: jobUrl(environment),
    problems: [...problems, ...policy.problems, ...taken],
    notes: (plan?.findings ?? []).filter(({ severity }) => severity === "warning").map(told),
  };
  const { outdated } = await publishReports(api, models, {
    subject,
    isWhole: subject.problems.length === 0,
    repository: { defaultBranch: run.defaultBranch, fullName: environment.GITHUB_REPOSITORY ?? "" },
    reportWorkflow: ownWorkflow(environment),
    jobRun: Number(environment.GITHUB_RUN_ID),
    upload,
    pictures: inputs.charts,
    webUrl: webUrl(environment),
    tell: (line) => log.info(line),
  });
  if (outdated.length > 0) log.info(`a later run has told of ${outdated.join(", ")} already; its words stay`);
  return resultOf(models, results, subject);
}

/** File of the workflow that this job is of. */
function ownWorkflow({ GITHUB_WORKFLOW_REF: ref = "" }: Environment): string {
  return /(\.github\/workflows\/[^@]+)@/.exec(ref)?.[1] ?? defaultReportWorkflow;
}

type Planned = PlanFile["models"][number];

/** The plan of the job before; without one, or with one that is refused or came with the commit, the reasons in Markdown. */
async function readPlan({
  root,
  run,
  environment,
}: Publishing): Promise<{ plan: PlanFile | null; problems: string[] }> {
  try {
    await refuseCommitted(root, environment);
  } catch (error) {
    return { plan: null, problems: mistakesIn(error).map(toldMistake) };
  }
  const plan = await planIn(join(root, runFolders, "plan.json"));
  if (plan === null || plan.head_sha !== run.headSha)
    return { plan: null, problems: [`The job that plans left no plan of this commit: see ${jobLink(environment)}.`] };
  const errors = plan.findings.filter(({ severity }) => severity === "error");
  return { plan, problems: plan.verdict === "fail" ? errors.map(told) : [] };
}

async function planIn(path: string): Promise<PlanFile | null> {
  try {
    return PlanFile.parse(JSON.parse(await readFile(path, "utf8")));
  } catch (error) {
    if (hasCode(error, "ENOENT")) return null;
    throw error;
  }
}

/** Digest of the default branch's rules, which decisions name; a mistake in them is told. */
async function readDigest({ root }: Publishing): Promise<{ digest: string; problems: string[] }> {
  try {
    // Of this checkout, by whose gates the models were judged: the branch may have moved on since.
    return { digest: (await policyHere(root)).digest, problems: [] };
  } catch (error) {
    return { digest: "", problems: mistakesIn(error).map(toldMistake) };
  }
}

/**
 * A job's check run has the job's name, needs no token and is of the same App as ours: one that is called as ours would stand for it.
 * Ours name their run as `id/attempt`, or `approval`, which a job's do not.
 */
async function takenNames({ api, run }: Publishing): Promise<string[]> {
  const checks = await listChecks(api, run.headSha);
  const foreign = checks.filter(({ externalId }) => !/^(\d+\/\d+|approval)$/.test(externalId));
  const taken = foreign.filter(({ name }) => ["mlops", "mlops / approval"].includes(name.toLowerCase()));
  return [...new Set(taken.map(({ name }) => name))].map(
    (name) =>
      `A job of a workflow is called ${markdownCode(name)}, so that its check run stands for ours: give it another name.`,
  );
}

interface ModelRequest {
  planned: Planned;
  plan: PlanFile | null;
  policySha256: string;
  withCharts: boolean;
}

async function reportModelOf(
  publishing: Publishing,
  request: ModelRequest,
): Promise<{ model: Unreported } | { model: Reported; result: ActionResult }> {
  const { planned, plan } = request;
  const changes = (plan?.findings ?? []).filter((finding) => isAbout(finding, planned, plan?.models ?? []));
  try {
    const context = await contextOf(publishing, planned);
    const step = await reportStep(context, publishing.inputs, changes);
    const result = actionResult(context, step, await jobSummary(context, changes));
    return { result, model: await reportedOf(context, changes, { ...request, ...publishing }) };
  } catch (error) {
    return { model: { name: planned.model, problem: problemOf(error) } };
  }
}

/** The run folder that the scoring job left. Throws where that is of no use. */
async function contextOf(
  { api, run, root, ...rest }: Publishing,
  { model, model_file }: Planned,
): Promise<StepContext> {
  const { inputs, environment, log } = rest;
  const place = { modelFile: model_file, workingDirectory: root, headSha: run.headSha };
  const governed = await trustedModel(api, { ...place, name: model });
  const created = await createContext({ ...inputs, ...place, log, environment }, () => Promise.resolve(governed));
  const outcome = await readOutcome(created.folder.outcome("evaluate"));
  if (outcome?.git.head_sha === run.headSha) return { ...created, git: outcome.git };
  throw new UserError({
    code: "previous_step_missing",
    message: "the job that scores this model left no result of this commit",
    where: model_file,
    fix: "look at its job in the run, repair what broke it, and run it again",
  });
}

async function reportedOf(
  context: StepContext,
  changes: readonly Finding[],
  {
    planned,
    policySha256,
    withCharts,
    root,
  }: Pick<ModelRequest, "planned" | "policySha256" | "withCharts"> & Pick<Publishing, "root">,
): Promise<Reported> {
  const { inputs } = await readChangedRun(context, changes);
  const model = reportModel(inputs);
  return {
    name: model.name,
    model,
    file: {
      path: relative(root, context.model.path).split(sep).join("/"),
      gates: context.model.spec.evaluate.gates.length,
      locate: (path) => context.model.locate(path),
    },
    facts: decisionFacts(inputs, { policySha256, inputsSha256: planned.inputs_sha256 }),
    charts: withCharts ? await commentCharts(model) : [],
  };
}

async function commentCharts(model: ReportModel): Promise<Chart[]> {
  const { drawCharts } = await import("../report/draw-charts.ts");
  return chartsForComment(await drawCharts(model));
}

/** What the plan found of this model, or of all of them; what it found of another stands in that one's report. */
function isAbout({ subject }: Finding, planned: Planned, models: readonly Planned[]): boolean {
  const others = models.filter(({ model_file }) => model_file !== planned.model_file);
  return !others.some(
    ({ model, model_file }) => subject === model || subject === model_file || subject.startsWith(`${model_file}: `),
  );
}

function told({ subject, message }: Finding): string {
  return `${escapeMarkdown(subject, 300)}: ${escapeMarkdown(message, 1000)}`;
}

function jobUrl(environment: Environment): string {
  return `${webUrl(environment)}/actions/runs/${environment.GITHUB_RUN_ID ?? ""}`;
}

function jobLink(environment: Environment): string {
  return `[the run](${jobUrl(environment)})`;
}

/** The mistake in words; a bug goes on, and so does what the same job can mend when it runs again. */
function problemOf(error: unknown): Unreported["problem"] {
  const mistakes = mistakesIn(error);
  return { title: mistakes[0]?.message ?? "", text: mistakes.map((one) => `- ${toldMistake(one)}`).join("\n") };
}

/** Throws what is no mistake of the change's. */
function mistakesIn(error: unknown): readonly UserError[] {
  const mistakes = error instanceof UserErrors ? error.errors : error instanceof UserError ? [error] : [];
  if (mistakes.length === 0 || mistakes.some(({ code }) => code.startsWith("github_"))) throw error;
  return mistakes.slice(0, 20);
}

function toldMistake({ where, message, fix }: UserError): string {
  const place = where === null ? "" : `${where}: `;
  return escapeMarkdown(`${place}${message}; ${fix}`, 1000);
}

function notFinished(): UserError {
  return new UserError({
    code: "input_invalid",
    message: "publish: true works in a workflow_run job alone: any other event's job runs what a branch says",
    where: "input publish",
    fix: "use the template ml-report.yml, which starts when the pull request's workflow has ended",
  });
}

function nothing(why: string): ActionResult {
  return {
    verdict: "skipped",
    summary: `report: nothing is published: ${why}`,
    findings: [],
    outputs: { verdict: "skipped", reasonCode: "nothing_to_plan", outcome: "" },
    jobSummary: "",
  };
}

/** One model's own result, or what can be said of several. */
function resultOf(
  models: readonly (Reported | Unreported)[],
  results: readonly ActionResult[],
  { problems }: Subject,
): ActionResult {
  const [only] = results;
  const unreported = models.filter((model) => "problem" in model).length;
  if (only !== undefined && models.length === 1 && problems.length === 0) return only;
  const verdict = unreported > 0 || problems.length > 0 ? "fail" : "pass";
  return {
    verdict,
    summary: `report: ${models.length - unreported} of ${models.length} models reported`,
    findings: [],
    outputs: { verdict, reasonCode: "report_written", outcome: "" },
    jobSummary: [...problems.map((problem) => `${problem}\n`), ...results.map((result) => result.jobSummary)].join(
      "\n",
    ),
  };
}
