import { arch } from "node:os";
import { delimiter, dirname, join } from "node:path";
import type { GitHub } from "../state/github.ts";
import type { Run } from "../state/release-records.ts";
import type { Repository } from "../state/repository.ts";
import type { Scope, Value, Values } from "./expression.ts";
import { hashFiles } from "./hash-files.ts";
import type { Masks } from "./step-log.ts";

export type Status = "success" | "failure" | "cancelled";

export interface StepResult {
  outputs: Record<string, string>;
  /** Before `continue-on-error` counts, and after. */
  outcome: Status | "skipped";
  conclusion: Status | "skipped";
}

/** What the jobs of every run share. */
export interface RunnerFacts {
  github: GitHub;
  /** This package as `uses: mlops-actions/mlops-actions/…` finds it: action.yml, actions/, dist/. */
  actions: string;
  toolCache: string;
  secrets: Readonly<Record<string, string>>;
  variables: Readonly<Record<string, string>>;
  /** Of the person's environment, what a machine needs: HOME, PATH, where packages come from. */
  environment: Readonly<Record<string, string>>;
}

/** One job while it runs. */
export interface JobState {
  readonly facts: RunnerFacts;
  readonly repository: Repository;
  readonly run: Run;
  readonly key: string;
  /** Contexts that stay as they are. */
  readonly contexts: Readonly<
    Record<"github" | "needs" | "matrix" | "strategy" | "secrets" | "vars" | "inputs", Values>
  >;
  readonly folders: { root: string; workspace: string; temp: string; logs: string };
  readonly token: string;
  readonly runtimeToken: string;
  readonly masks: Masks;
  readonly signal: AbortSignal;
  /** `env` of workflow and job, with what steps wrote to GITHUB_ENV. */
  env: Record<string, string>;
  /** Folders that steps put before PATH. */
  path: string[];
  steps: Record<string, StepResult>;
  status: Status;
}

/** Where steps stand: in the job, or in a composite action of it, which has steps and inputs of its own. */
export interface Frame {
  job: JobState;
  steps: Record<string, StepResult>;
  inputs: Values;
  /** Of the composite action; null in the job. */
  actionPath: string | null;
  /** `env` of the steps that call composite actions, outermost first. */
  env: Readonly<Record<string, string>>;
  /** What the frame's own steps came to so far. */
  status: () => Status;
}

/** What a step's expressions may name. */
export function stepScope(frame: Frame, env: Readonly<Record<string, string>>): Scope {
  const { job } = frame;
  const status = frame.status();
  return {
    contexts: {
      ...job.contexts,
      github: { ...job.contexts.github, action_path: frame.actionPath },
      inputs: frame.inputs,
      env: { ...job.env, ...frame.env, ...env },
      job: { status: job.status },
      runner: runnerContext(job),
      steps: Object.fromEntries(Object.entries(frame.steps).map(([id, step]): [string, Value] => [id, { ...step }])),
    },
    functions: {
      always: () => true,
      success: () => status === "success",
      failure: () => status === "failure",
      cancelled: () => status === "cancelled",
      hashFiles: (...patterns: Value[]) => hashFiles(job.folders.workspace, patterns.map(String)),
    },
  };
}

function runnerContext({ folders, facts }: JobState): Values {
  return {
    os: "Linux",
    arch: arch() === "arm64" ? "ARM64" : "X64",
    name: "rehearsal",
    environment: "self-hosted",
    temp: folders.temp,
    tool_cache: facts.toolCache,
    workspace: dirname(folders.workspace),
  };
}

/** The variables of a step's process, the step's own `env` among them; the runner's win. */
export function stepEnvironment(frame: Frame, env: Readonly<Record<string, string>>): Record<string, string> {
  const { job } = frame;
  const { facts, folders, path } = job;
  const all: Record<string, string> = { ...facts.environment, CI: "true", ...job.env, ...frame.env, ...env };
  return {
    ...all,
    PATH: [...path, all.PATH ?? ""].join(delimiter),
    ...upperCased("RUNNER_", runnerContext(job)),
    RUNNER_WORKSPACE: dirname(folders.workspace),
    ...upperCased("GITHUB_", job.contexts.github),
    GITHUB_ACTIONS: "true",
    GITHUB_EVENT_PATH: join(folders.root, "event.json"),
    ...(frame.actionPath === null ? {} : { GITHUB_ACTION_PATH: frame.actionPath }),
  };
}

/** What the runner tells actions, and no `run`. */
export function actionEnvironment({ runtimeToken, facts: { github } }: JobState): Record<string, string> {
  return {
    ACTIONS_RUNTIME_TOKEN: runtimeToken,
    ACTIONS_RESULTS_URL: `${github.links.origin}/`,
    ACTIONS_CACHE_SERVICE_V2: "true",
  };
}

/** The texts of a context as variables; the token and the event are none. */
function upperCased(prefix: string, context: Values): Record<string, string> {
  return Object.fromEntries(
    Object.entries(context).flatMap(([name, value]) =>
      name === "token" || value === null || typeof value === "object"
        ? []
        : [[`${prefix}${name.toUpperCase()}`, String(value)]],
    ),
  );
}
