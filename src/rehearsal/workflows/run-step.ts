import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { runAction } from "./actions/run-action.ts";
import { commandFiles } from "./command-files.ts";
import { holds, interpolateText, type Scope } from "./expression.ts";
import { type Frame, type StepResult, stepEnvironment, stepScope } from "./job-state.ts";
import { WorkflowMistake } from "./mistake.ts";
import { runProcess } from "./run-process.ts";
import type { StepLog } from "./step-log.ts";
import type { Env, Step } from "./workflow-file.ts";

/** One step on its way: what it is run with. */
export interface StepCall {
  frame: Frame;
  step: Step;
  log: StepLog;
  /** Its own `env`. */
  env: Readonly<Record<string, string>>;
  scope: Scope;
  /** Ends it: cancelled or out of time. */
  signal: AbortSignal;
  jobEnd: AbortSignal;
  /** For the steps of a composite action. */
  runStep: typeof runStep;
}

/**
 * Runs one step and enters its result into the frame. What goes wrong, a mistake in the workflow too, is the step's failure and
 * stands in its log.
 */
export async function runStep(call: Omit<StepCall, "env" | "scope" | "runStep">): Promise<StepResult> {
  const { frame, step, log } = call;
  const result: StepResult = { outputs: {}, outcome: "success", conclusion: "success" };
  const timer = new AbortController();
  try {
    const bare = stepScope(frame, {});
    const env = readEnv(step.env, bare);
    const scope = stepScope(frame, env);
    if (!holds(step.if, withoutSecrets(scope)))
      return enter(frame, step, { ...result, outcome: "skipped", conclusion: "skipped" });
    const time = setTimeout(() => timer.abort(), minutesOf(step["timeout-minutes"], scope) * 60_000);
    try {
      const signal = AbortSignal.any([call.signal, timer.signal]);
      await perform({ ...call, env, scope, signal, runStep }, result.outputs);
    } finally {
      clearTimeout(time);
    }
  } catch (error) {
    // A request that was broken off says so in words of its own.
    const isEnded = call.signal.aborted || timer.signal.aborted;
    if (!(error instanceof WorkflowMistake) && !isEnded) throw error;
    if (timer.signal.aborted) log.error("it took longer than its timeout-minutes");
    else if (error instanceof WorkflowMistake && !isEnded) log.error(error.message);
    result.outcome = "failure";
  }
  if (call.signal.aborted) result.outcome = "cancelled";
  result.conclusion = result.outcome === "failure" && isForgiven(call) ? "success" : result.outcome;
  return enter(frame, step, result);
}

/** Does what the step says and fills in its outputs; throws WorkflowMistake when it fails. */
async function perform(call: StepCall, outputs: Record<string, string>): Promise<void> {
  const { frame, step, log } = call;
  const { job } = frame;
  const files = commandFiles(join(job.folders.temp, "_runner_file_commands"));
  try {
    if (step.run === undefined) Object.assign(outputs, await runAction(call, files.environment));
    else await runScript(call, step.run, files.environment);
  } finally {
    // Also of a failed step: what it had said by then holds.
    const said = files.read();
    Object.assign(outputs, log.outputs, said.outputs);
    Object.assign(job.env, said.env);
    job.path.unshift(...said.path.reverse());
    if (said.summary !== "") log.summary(said.summary);
  }
}

async function runScript(call: StepCall, script: string, files: Readonly<Record<string, string>>): Promise<void> {
  const { frame, step, log, scope, env, signal, jobEnd } = call;
  const { job } = frame;
  const text = interpolateText(script, scope);
  const shell = step.shell === undefined ? undefined : interpolateText(step.shell, scope);
  const path = join(job.folders.temp, "_runner_script");
  writeFileSync(path, text);
  const [command = "", ...args] = shellCommand(shell).map((word) => (word === "{0}" ? path : word));
  const folder = interpolateText(step["working-directory"] ?? "", scope);
  for (const line of text.trimEnd().split("\n")) log.say(`$ ${line}`);
  const code = await runProcess({
    command,
    args,
    cwd: join(job.folders.workspace, folder),
    env: { ...stepEnvironment(frame, env), ...files },
    onLine: (line) => log.line(line),
    signal,
    jobEnd,
  });
  if (code !== 0) throw new WorkflowMistake(`Process completed with exit code ${code}.`);
}

/** As the runner calls each shell; `bash` asked for by name also fails within pipes. */
function shellCommand(shell: string | undefined): string[] {
  const known: Readonly<Record<string, string>> = {
    bash: "bash --noprofile --norc -eo pipefail {0}",
    sh: "sh -e {0}",
    python: "python {0}",
  };
  if (shell === undefined) return ["bash", "-e", "{0}"];
  const line = known[shell] ?? shell;
  if (!line.includes("{0}")) throw new WorkflowMistake(`the shell ${shell} is not rehearsed; bash, sh and python are`);
  return line.split(" ").filter((word) => word !== "");
}

export function readEnv(env: Env, scope: Scope): Record<string, string> {
  if (typeof env !== "string")
    return Object.fromEntries(Object.entries(env).map(([name, text]) => [name, interpolateText(text, scope)]));
  throw new WorkflowMistake("env is an expression, which is not rehearsed: write its names one by one");
}

const usualMinutes = 360;

export function minutesOf(minutes: string | number | undefined, scope: Scope): number {
  if (minutes === undefined) return usualMinutes;
  const value = Number(interpolateText(String(minutes), scope));
  if (!(value > 0)) throw new WorkflowMistake(`timeout-minutes is ${minutes}, which is no number above 0`);
  return Math.min(value, usualMinutes);
}

function isForgiven({ frame, step }: Pick<StepCall, "frame" | "step">): boolean {
  const forgive = step["continue-on-error"];
  return typeof forgive === "boolean" ? forgive : interpolateText(forgive, stepScope(frame, {})) === "true";
}

function withoutSecrets({ contexts, ...rest }: Scope): Scope {
  const { secrets: _, ...open } = contexts;
  return { ...rest, contexts: open };
}

function enter(frame: Frame, step: Step, result: StepResult): StepResult {
  if (step.id !== undefined) frame.steps[step.id] = result;
  return result;
}
