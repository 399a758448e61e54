import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { jobToken, revokeToken, runtimeToken } from "../administration/tokens.ts";
import type { CheckRun } from "../state/records.ts";
import type { Job } from "../state/release-records.ts";
import { fullName } from "../state/repository.ts";
import { interpolateText, type Scope, type Values } from "./expression.ts";
import { completeJobCheck, createJobCheck, failureAnnotation } from "./job-check.ts";
import { type Frame, type JobState, type RunnerFacts, type StepResult, stepScope } from "./job-state.ts";
import { WorkflowMistake } from "./mistake.ts";
import type { News } from "./news.ts";
import { grantedPermissions } from "./permissions.ts";
import { inputsOf, type RunSource } from "./run-contexts.ts";
import { minutesOf, readEnv, runStep } from "./run-step.ts";
import { StepLog } from "./step-log.ts";
import type { Job as JobFile, Step } from "./workflow-file.ts";

/** One job, or one combination of its matrix, about to run. */
export interface JobPlan {
  source: RunSource;
  key: string;
  job: JobFile;
  name: string;
  runsOn: readonly string[];
  github: Values;
  needs: Values;
  matrix: Values;
  strategy: Values;
}

export interface JobEnd {
  conclusion: "success" | "failure" | "cancelled";
  outputs: Record<string, string>;
}

/** Runs the steps of a job in a fresh workspace, and keeps its record, its check run and its logs. */
export async function executeJob(
  facts: RunnerFacts,
  plan: JobPlan,
  { signal, tell }: { signal: AbortSignal; tell: (news: News) => void },
): Promise<JobEnd> {
  const { source, name, runsOn } = plan;
  const { repository, run } = source;
  const { github } = facts;
  const check = createJobCheck(github, repository, run, name);
  const record: Job = {
    id: github.newId(),
    run_id: run.id,
    run_attempt: run.run_attempt,
    key: plan.key,
    name,
    runs_on: [...runsOn],
    status: "in_progress",
    conclusion: null,
    check_run_id: check.id,
    started_at: github.now(),
    completed_at: null,
    steps: [],
  };
  repository.jobs.put(record);
  tell({ kind: "job-started", run, name, runsOn });
  const annotations: CheckRun["annotations"] = [];
  const work = async (state: JobState, jobEnd: AbortSignal): Promise<JobEnd> => {
    const outputs = await runSteps(plan, state, {
      jobEnd,
      done: (step, log) => {
        record.steps.push(step);
        repository.jobs.put(record);
        annotations.push(...log.annotations);
        tell({ kind: "step-done", run, job: name, step });
      },
    });
    return { conclusion: state.status, outputs };
  };
  const end = await inWorkspace(facts, plan, signal, work).catch((error: unknown): JobEnd => {
    if (!(error instanceof WorkflowMistake)) throw error;
    annotations.push(failureAnnotation(`${source.workflow.path}: job ${plan.key}: ${error.message}`));
    return { conclusion: "failure", outputs: {} };
  });
  const done = repository.jobs.put({
    ...record,
    status: "completed",
    conclusion: end.conclusion,
    completed_at: github.now(),
  });
  completeJobCheck(github, repository, run, done, annotations);
  const problems = annotations.filter((one) => one.annotation_level === "failure").map(({ message }) => message);
  tell({ kind: "job-done", run, job: done, problems });
  return end;
}

/** Makes and takes away what a job has for itself: its folder, its tokens, the time that it may take. */
async function inWorkspace(
  facts: RunnerFacts,
  plan: JobPlan,
  runSignal: AbortSignal,
  work: (state: JobState, jobEnd: AbortSignal) => Promise<JobEnd>,
): Promise<JobEnd> {
  const { source, key } = plan;
  const { repository, run, event, subject, workflow } = source;
  const { needs, matrix, strategy } = plan;
  const vars = facts.variables;
  const inputs = inputsOf(event);
  const bare = { github: plan.github, needs, matrix, strategy, vars, inputs };
  const minutes = minutesOf(plan.job["timeout-minutes"], { contexts: bare });
  const { token, runtime } = tokensOf(facts, plan);
  const root = mkdtempSync(join(tmpdir(), "mlops-rehearsal-"));
  const { name } = repository.facts;
  const folders = {
    root,
    workspace: join(root, "work", name, name),
    temp: join(root, "temp"),
    logs: join(logFolder(source), fileName(plan.name)),
  };
  mkdirSync(folders.workspace, { recursive: true });
  mkdirSync(folders.temp, { recursive: true });
  writeFileSync(join(root, "event.json"), JSON.stringify(event.payload));
  const [ended, late] = [new AbortController(), new AbortController()];
  const secrets = { ...(subject.isFork ? {} : facts.secrets), GITHUB_TOKEN: token };
  const state: JobState = {
    facts,
    repository,
    run,
    key,
    contexts: { ...bare, github: { ...plan.github, job: key, token, workspace: folders.workspace }, secrets },
    folders,
    token,
    runtimeToken: runtime,
    masks: new Set([...Object.values(secrets), runtime].filter((secret) => secret !== "")),
    signal: AbortSignal.any([runSignal, late.signal]),
    env: {},
    path: [],
    steps: {},
    status: "success",
  };
  const time = setTimeout(() => late.abort(), minutes * 60_000);
  try {
    const { github } = state.contexts;
    const ofWorkflow = readEnv(workflow.env, { contexts: { github, secrets, inputs, vars } });
    state.env = { ...ofWorkflow, ...readEnv(plan.job.env, { contexts: { ...bare, github, secrets } }) };
    return await work(state, ended.signal);
  } finally {
    clearTimeout(time);
    ended.abort();
    for (const secret of [token, runtime]) revokeToken(facts.github, secret);
    rmSync(root, { recursive: true, force: true, maxRetries: 3 });
  }
}

function tokensOf({ github }: RunnerFacts, plan: JobPlan): { token: string; runtime: string } {
  const { repository, run, subject, workflow } = plan.source;
  const name = fullName(repository.facts);
  const permissions = grantedPermissions(plan.job.permissions, workflow.permissions);
  const main = `refs/heads/${repository.facts.default_branch}`;
  const read = [subject.ref, ...(subject.base_ref === "" ? [] : [`refs/heads/${subject.base_ref}`]), main];
  return {
    token: jobToken(github, { repository: name, permissions, run_id: run.id, fromFork: subject.isFork }),
    runtime: runtimeToken(github, {
      repository: name,
      run_id: run.id,
      run_attempt: run.run_attempt,
      job: plan.key,
      cache: { read: [...new Set(read)], write: subject.isFork ? null : subject.ref },
    }),
  };
}

/** Where people find what a run printed: one folder a job, one file a step. */
function logFolder({ repository, run, workflow }: Pick<RunSource, "repository" | "run" | "workflow">): string {
  const name = `${run.id}-${fileName(workflow.path.replace(/^.*\/|\.ya?ml$/g, ""))}`;
  return join(repository.folder, "logs", name, `attempt-${run.run_attempt}`);
}

function fileName(text: string): string {
  return text.replace(/[^\w.-]+/g, "-").slice(0, 80);
}

interface StepWatch {
  jobEnd: AbortSignal;
  done: (step: Job["steps"][number], log: StepLog) => void;
}

/** All steps in their order, also after a failure, since each says by its `if` when it runs; gives the job's outputs. */
async function runSteps(plan: JobPlan, state: JobState, watch: StepWatch): Promise<Record<string, string>> {
  const frame: Frame = {
    job: state,
    steps: state.steps,
    inputs: state.contexts.inputs,
    actionPath: null,
    env: {},
    status: () => state.status,
  };
  const steps = withDefaults(plan);
  for (const [at, step] of steps.entries()) {
    if (state.signal.aborted) state.status = "cancelled";
    const result = await oneStep(frame, step, at, watch);
    if (result.conclusion === "failure" && state.status === "success") state.status = "failure";
    if (state.signal.aborted) state.status = "cancelled";
  }
  const scope = stepScope(frame, {});
  return Object.fromEntries(
    Object.entries(plan.job.outputs).map(([name, text]) => [name, interpolateText(text, { contexts: scope.contexts })]),
  );
}

async function oneStep(frame: Frame, step: Step, at: number, { jobEnd, done }: StepWatch): Promise<StepResult> {
  const { job } = frame;
  const name = stepName(step, stepScope(frame, {}));
  const path = join(job.folders.logs, `${String(at + 1).padStart(2, "0")}-${fileName(name)}.log`);
  const log = new StepLog(path, job.masks);
  const began = performance.now();
  // A cancelled job still runs what asks for it by `always()`.
  const signal = job.status === "cancelled" ? new AbortController().signal : job.signal;
  const result = await runStep({ frame, step, log, signal, jobEnd });
  const seconds = Math.round((performance.now() - began) / 10) / 100;
  done({ name, conclusion: result.conclusion, seconds, log: path }, log);
  return result;
}

function stepName({ name, uses, run }: Step, scope: Scope): string {
  const said = name ?? `Run ${uses ?? run?.trim().split("\n")[0] ?? ""}`;
  try {
    return interpolateText(said, scope);
  } catch (error) {
    if (error instanceof WorkflowMistake) return said;
    throw error;
  }
}

/** `defaults.run` of the job, then of the workflow, where a step names neither shell nor folder. */
function withDefaults({ job, source: { workflow } }: JobPlan): Step[] {
  const defaults = { ...workflow.defaults?.run, ...job.defaults?.run };
  return job.steps.map((step) => (step.run === undefined ? step : { ...defaults, ...step }));
}
