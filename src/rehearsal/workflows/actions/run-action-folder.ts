import { existsSync } from "node:fs";
import { join } from "node:path";
import { interpolateText, type Values } from "../expression.ts";
import { actionEnvironment, type Frame, type Status, stepEnvironment, stepScope } from "../job-state.ts";
import { WorkflowMistake } from "../mistake.ts";
import { runProcess } from "../run-process.ts";
import type { StepCall } from "../run-step.ts";
import type { Action } from "./read-action.ts";

/** Runs an action that lies in a folder; gives the outputs that it does not write to a file. */
export async function runActionFolder(
  call: StepCall,
  action: Action,
  files: Readonly<Record<string, string>>,
): Promise<Record<string, string>> {
  const inputs = actionInputs(call, action);
  const { runs } = action;
  if ("steps" in runs) return runComposite(call, action, runs.steps, inputs);
  const main = join(action.folder, runs.main);
  if (!existsSync(main)) throw new WorkflowMistake(`${call.step.uses}: ${main} is not there; is this package built?`);
  await runJavaScript(call, main, inputs, files);
  return {};
}

async function runJavaScript(
  { frame, env, log, signal, jobEnd }: StepCall,
  main: string,
  inputs: Readonly<Record<string, string>>,
  files: Readonly<Record<string, string>>,
): Promise<void> {
  // The runner upper-cases a name and writes spaces as _; dashes stay.
  const given = Object.entries(inputs).map(([name, value]) => [
    `INPUT_${name.replaceAll(" ", "_").toUpperCase()}`,
    value,
  ]);
  const code = await runProcess({
    // Whatever `using` says: the runner brings its own Node, and here this one stands for it.
    command: process.execPath,
    args: [main],
    cwd: frame.job.folders.workspace,
    env: { ...stepEnvironment(frame, env), ...actionEnvironment(frame.job), ...Object.fromEntries(given), ...files },
    onLine: (line) => log.line(line),
    signal,
    jobEnd,
  });
  if (code !== 0) throw new WorkflowMistake(`the action ended with exit code ${code}`);
}

async function runComposite(
  call: StepCall,
  action: Action,
  steps: readonly StepCall["step"][],
  inputs: Values,
): Promise<Record<string, string>> {
  let status: Status = "success";
  const frame: Frame = {
    job: call.frame.job,
    steps: {},
    inputs,
    actionPath: action.folder,
    env: { ...call.frame.env, ...call.env },
    status: () => (call.signal.aborted ? "cancelled" : status),
  };
  for (const step of steps) {
    if (step.run !== undefined && step.shell === undefined)
      throw new WorkflowMistake(`${call.step.uses}: a step with run has no shell, which composite actions must name`);
    const { conclusion } = await call.runStep({ ...call, frame, step });
    if (conclusion === "failure") status = "failure";
  }
  if (status === "failure") throw new WorkflowMistake(`a step of ${call.step.uses} failed`);
  const scope = stepScope(frame, {});
  return Object.fromEntries(
    Object.entries(action.outputs).flatMap(([name, { value }]) =>
      value === undefined ? [] : [[name, interpolateText(value, scope)]],
    ),
  );
}

/** What `with` gives, then the defaults; inputs that the action does not have are told, as they are mostly misspelled. */
function actionInputs({ step, scope, log }: StepCall, { inputs, name }: Action): Record<string, string> {
  const given = Object.entries(step.with).map(([key, text]) => [key.toLowerCase(), interpolateText(text, scope)]);
  const known = Object.keys(inputs).map((key) => key.toLowerCase());
  const unknown = given.flatMap(([key = ""]) => (known.includes(key) ? [] : [`'${key}'`]));
  if (unknown.length > 0)
    log.warning(`Unexpected input(s) ${unknown.join(", ")}, valid inputs of ${name} are ${known.join(", ")}`);
  const defaults = Object.entries(inputs).map(([key, input]) => [
    key.toLowerCase(),
    input?.default === undefined ? "" : interpolateText(input.default, scope),
  ]);
  return { ...Object.fromEntries(defaults), ...Object.fromEntries(given) };
}
