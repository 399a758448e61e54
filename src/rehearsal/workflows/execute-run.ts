import type { Job, Run } from "../state/release-records.ts";
import { executeJob, type JobEnd, type JobPlan } from "./execute-job.ts";
import {
  holds,
  interpolateAll,
  interpolateText,
  isList,
  isObject,
  type Scope,
  textOf,
  type Value,
  type Values,
} from "./expression.ts";
import { completeJobCheck, createJobCheck, failureAnnotation } from "./job-check.ts";
import type { RunnerFacts } from "./job-state.ts";
import { combinations, matrixSuffix } from "./matrix.ts";
import { WorkflowMistake } from "./mistake.ts";
import type { News } from "./news.ts";
import { githubContext, inputsOf, type RunSource } from "./run-contexts.ts";
import type { Job as JobFile } from "./workflow-file.ts";

type Result = "success" | "failure" | "cancelled" | "skipped";

interface Finished {
  result: Result;
  outputs: Record<string, string>;
}

interface Watch {
  signal: AbortSignal;
  tell: (news: News) => void;
}

/** Runs the jobs of a workflow one after another, each once those that it needs have ended. Gives the run's conclusion. */
export async function executeRun(
  facts: RunnerFacts,
  source: RunSource,
  watch: Watch,
): Promise<NonNullable<Run["conclusion"]>> {
  const { jobs } = source.workflow;
  const finished = new Map<string, Finished>();
  const order = Object.keys(jobs);
  while (finished.size < order.length) {
    const next = order.find(
      (key) => !finished.has(key) && (jobs[key]?.needs ?? []).every((need) => finished.has(need)),
    );
    const job = next === undefined ? undefined : jobs[next];
    if (next === undefined || job === undefined) throw new Error(`no job of ${source.workflow.path} can go on`);
    finished.set(next, await oneJob(facts, { source, key: next, job, finished }, watch));
  }
  return conclusionOf([...finished.values()].map(({ result }) => result));
}

function conclusionOf(results: readonly Result[]): Result {
  const worst = (["failure", "cancelled", "success"] as const).find((result) => results.includes(result));
  return worst ?? "skipped";
}

interface Turn {
  source: RunSource;
  key: string;
  job: JobFile;
  finished: ReadonlyMap<string, Finished>;
}

async function oneJob(facts: RunnerFacts, turn: Turn, watch: Watch): Promise<Finished> {
  const { source, key, job } = turn;
  const scope = jobScope(facts, turn, watch.signal);
  try {
    const ready = holds(job.if, scope);
    if (!ready) {
      const result = watch.signal.aborted ? "cancelled" : "skipped";
      leaveOut(facts, turn, job.name ?? key, { conclusion: result, problem: null }, watch);
      return { result, outputs: {} };
    }
    return await allCombinations(facts, turn, scope.contexts, watch);
  } catch (error) {
    if (!(error instanceof WorkflowMistake)) throw error;
    const problem = `${source.workflow.path}: job ${key}: ${error.message}`;
    leaveOut(facts, turn, job.name ?? key, { conclusion: "failure", problem }, watch);
    return { result: "failure", outputs: {} };
  }
}

/** What the keys of a job may name before it runs. */
type JobContexts = Readonly<Record<"github" | "needs" | "vars" | "inputs", Values>>;

/** For a job's `if`: the results of its ancestors are what `success()` asks. */
function jobScope(
  facts: RunnerFacts,
  { source, job, finished }: Turn,
  signal: AbortSignal,
): Scope & { contexts: JobContexts } {
  const needs = Object.fromEntries(
    job.needs.map((need): [string, Value] => [need, { result: "skipped", outputs: {}, ...finished.get(need) }]),
  );
  const results = ancestors(job, source.workflow.jobs).map((key) => finished.get(key)?.result ?? "skipped");
  return {
    contexts: {
      github: githubContext(facts, source),
      needs,
      vars: facts.variables,
      inputs: inputsOf(source.event),
    },
    functions: {
      always: () => true,
      success: () => !signal.aborted && results.every((result) => result === "success"),
      failure: () => !signal.aborted && results.includes("failure"),
      cancelled: () => signal.aborted,
    },
  };
}

function ancestors(job: JobFile, jobs: RunSource["workflow"]["jobs"]): string[] {
  const found = new Set<string>();
  const ahead = [...job.needs];
  for (let next = ahead.pop(); next !== undefined; next = ahead.pop()) {
    if (!found.has(next)) ahead.push(...(jobs[next]?.needs ?? []));
    found.add(next);
  }
  return [...found];
}

/** The job once, or once for each combination of its matrix; with `fail-fast` the first failure cancels those to come. */
async function allCombinations(facts: RunnerFacts, turn: Turn, before: JobContexts, watch: Watch): Promise<Finished> {
  const { source, key, job } = turn;
  const matrix = job.strategy?.matrix;
  const rows = matrix === undefined ? [{}] : combinations(interpolateAll(matrix, { contexts: before }));
  const failFast = isTrue(job.strategy?.["fail-fast"] ?? true, { contexts: before });
  const ends: JobEnd[] = [];
  const outputs: Record<string, string> = {};
  for (const [at, row] of rows.entries()) {
    const strategy = { "fail-fast": failFast, "job-index": at, "job-total": rows.length, "max-parallel": 1 };
    const contexts = { ...before, matrix: row, strategy };
    const name = jobName(turn, row, { contexts });
    if (watch.signal.aborted || (failFast && ends.some(({ conclusion }) => conclusion === "failure"))) {
      leaveOut(facts, turn, name, { conclusion: "cancelled", problem: null }, watch);
      ends.push({ conclusion: "cancelled", outputs: {} });
      continue;
    }
    const plan: JobPlan = {
      source,
      key,
      job,
      name,
      runsOn: labelsOf(job, { contexts }),
      github: before.github,
      needs: before.needs,
      matrix: row,
      strategy,
    };
    const end = await executeJob(facts, plan, watch);
    const isForgiven = isTrue(job["continue-on-error"], { contexts });
    ends.push(isForgiven && end.conclusion === "failure" ? { ...end, conclusion: "success" } : end);
    for (const [output, value] of Object.entries(end.outputs))
      if (value !== "" || rows.length === 1) outputs[output] = value;
  }
  return { result: conclusionOf(ends.map(({ conclusion }) => conclusion)), outputs };
}

function isTrue(flag: string | boolean, scope: Scope): boolean {
  return interpolateText(String(flag), scope) === "true";
}

/** A name without expressions is told apart by the values of the matrix. */
function jobName({ key, job }: Turn, row: Values, scope: Scope): string {
  const name = job.name ?? key;
  return name.includes("${{") ? interpolateText(name, scope) : `${name}${matrixSuffix(row)}`;
}

function labelsOf(job: JobFile, scope: Scope): string[] {
  const labels = interpolateAll(job["runs-on"] ?? null, scope);
  if (isList(labels)) return labels.map(textOf);
  if (isObject(labels))
    return Object.values(labels).flatMap((value) => (isList(value) ? value.map(textOf) : [textOf(value)]));
  const label = textOf(labels);
  if (label === "") throw new WorkflowMistake("runs-on is empty");
  return [label];
}

/** A job that does not run still has its record and its check run. */
function leaveOut(
  { github }: RunnerFacts,
  { source: { repository, run }, key }: Turn,
  name: string,
  { conclusion, problem }: { conclusion: Result; problem: string | null },
  { tell }: Watch,
): void {
  const check = createJobCheck(github, repository, run, name);
  const now = github.now();
  const job: Job = repository.jobs.put({
    id: github.newId(),
    run_id: run.id,
    run_attempt: run.run_attempt,
    key,
    name,
    runs_on: [],
    status: "completed",
    conclusion,
    check_run_id: check.id,
    started_at: now,
    completed_at: now,
    steps: [],
  });
  completeJobCheck(github, repository, run, job, problem === null ? [] : [failureAnnotation(problem)]);
  tell({ kind: "job-done", run, job, problems: problem === null ? [] : [problem] });
}
