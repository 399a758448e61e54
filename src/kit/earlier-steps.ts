import type { Json } from "./digest.ts";
import { canonicalJson, sha256 } from "./digest.ts";
import type { FileDigest, Outcome } from "./outcome.ts";
import { UserError } from "./user-error.ts";

/** A step whose files a later one reads. */
export interface EarlierStep {
  action: string;
  /** What a person types to run it. */
  command: string;
  /** Those of its files that are needed, absolute. */
  files: readonly string[];
  /** What model.yml would have it do now. */
  parameters: Json;
}

export interface DoneStep {
  step: EarlierStep;
  /** Null: its files came without one, so that there is nothing to compare them with. */
  outcome: Outcome | null;
  /** The first of its files that is not there, as shown to a person. */
  missing: string | null;
}

/** The digest by which a later step sees that model.yml asks for something else by now. */
export function parametersDigest(parameters: Json): string {
  return sha256(canonicalJson(parameters));
}

/** Throws previous_step_missing for a step that left no files, previous_step_stale where model.yml changed since. */
export function requireDone({ step, outcome, missing }: DoneStep, modelFile: string): void {
  if (outcome !== null && outcome.verdict === "fail") throw notDone(step, `${step.action} failed: ${outcome.summary}`);
  if (missing !== null) throw notDone(step, `${step.action} has not left ${missing}`);
  const then = outcome?.parameters_sha256;
  if (then === undefined || then === parametersDigest(step.parameters)) return;
  throw stale(step, { message: `it changed in what ${step.action} reads since that step ran`, where: modelFile });
}

/**
 * Throws evidence_changed for an input of the next step that is not as `step` left it, and previous_step_stale for one
 * that `step` read with other content. `inputs` have paths as outcomes have them; `needed` are those of `step.files`.
 */
export function requireAsLeft(
  { step, outcome }: DoneStep,
  { inputs, needed }: { inputs: readonly FileDigest[]; needed: ReadonlySet<string> },
): void {
  if (outcome === null) return;
  const left = new Map(outcome.outputs.map(({ path, sha256: digest }) => [path, digest]));
  const read = new Map(outcome.inputs.map(({ path, sha256: digest }) => [path, digest]));
  for (const { path, sha256: found } of inputs) {
    const recorded = left.get(path);
    if (needed.has(path) && recorded !== found) throw changed(step, { path, found, recorded });
    const then = read.get(path);
    if (then !== undefined && then !== found)
      throw stale(step, { message: `it is not the file that ${step.action} read`, where: path });
  }
}

function notDone({ command }: EarlierStep, message: string): UserError {
  const fix = `run mlops ${command} first, or mlops run for all steps`;
  return new UserError({ code: "previous_step_missing", message, where: null, fix });
}

function stale({ command }: EarlierStep, at: { message: string; where: string }): UserError {
  return new UserError({ ...at, code: "previous_step_stale", fix: `run mlops ${command}, or mlops run for all steps` });
}

interface ChangedFile {
  path: string;
  found: string;
  recorded: string | undefined;
}

function changed({ action, command }: EarlierStep, { path, found, recorded }: ChangedFile): UserError {
  const said = recorded === undefined ? "lists no such file" : `says ${recorded.slice(0, 12)}…`;
  return new UserError({
    code: "evidence_changed",
    message: `this is not the file that ${action} left: its digest is ${found.slice(0, 12)}…, and the outcome ${said}`,
    where: path,
    fix: `run mlops ${command} --force, or mlops run for all steps`,
  });
}
