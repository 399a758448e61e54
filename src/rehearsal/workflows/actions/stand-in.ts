import { isAbsolute, join } from "node:path";
import { interpolateText } from "../expression.ts";
import type { StepCall } from "../run-step.ts";

/** An action of somebody else's that is done by the rehearsal itself; throws WorkflowMistake when it fails. Gives its outputs. */
export type StandIn = (
  call: StepCall,
  inputs: StandInInputs,
) => Promise<Record<string, string>> | Record<string, string>;

/** What `with` says, under names in small letters; empty where it says nothing. */
export type StandInInputs = (name: string) => string;

export function standInInputs({ step, scope }: StepCall): StandInInputs {
  const given = new Map(
    Object.entries(step.with).map(([name, text]) => [name.toLowerCase(), interpolateText(text, scope)]),
  );
  return (name) => given.get(name)?.trim() ?? "";
}

/** A path of an input, from the workspace. */
export function inWorkspace({ frame }: StepCall, path: string): string {
  return isAbsolute(path) ? path : join(frame.job.folders.workspace, path);
}

/** The input's lines, without empty ones. */
export function inputLines(text: string): string[] {
  return text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
}
