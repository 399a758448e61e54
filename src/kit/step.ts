import { access, readFile } from "node:fs/promises";
import { isAbsolute, join, relative, sep } from "node:path";
import type { LoadedModel } from "../spec/load.ts";
import type { RepositoryRules } from "../spec/repository-rules.ts";
import { writeFileAtomically } from "./atomic-write.ts";
import type { ReasonCode } from "./codes.ts";
import { canonicalJson, type Json, sha256 } from "./digest.ts";
import { type DoneStep, type EarlierStep, parametersDigest, requireAsLeft, requireDone } from "./earlier-steps.ts";
import { sha256OfFile } from "./file-digest.ts";
import { hasCode } from "./has-code.ts";
import { ignoreRunFolders } from "./ignore-run-folders.ts";
import type { Log } from "./log.ts";
import { type FileDigest, type Finding, Outcome, type Verdict } from "./outcome.ts";
import type { RunFolder } from "./run-folder.ts";
import { withRunLock } from "./run-lock.ts";
import { UserError } from "./user-error.ts";
import { tool } from "./version.ts";

/** What every step is handed by its edge (a command, an action, the pipeline). */
export interface StepContext {
  model: LoadedModel;
  /** What mlops.yml asks of every model. */
  rules: RepositoryRules;
  folder: RunFolder;
  /** Working directory; paths in outcomes are relative to it. */
  workingDirectory: string;
  force: boolean;
  log: Log;
  now: () => Date;
  git: Outcome["git"];
  run: Outcome["run"];
}

export interface StepPlan {
  action: string;
  /** Files that decide the result, absolute. Each must exist. */
  inputs: readonly string[];
  /** The part of the spec and every option that decides the result. */
  parameters: Json;
  /** What else decides it and is known only by the inputs' digests. */
  facts?: (inputs: readonly FileDigest[]) => Json;
  /** Whether an earlier outcome says what its files say: one that does not is not believed, and the work is done again. */
  agrees?: (earlier: Outcome) => Promise<boolean>;
  /** Steps that must have been done before: their files are among the inputs. */
  after?: readonly EarlierStep[];
}

export interface StepResult {
  verdict: Verdict;
  reasonCode: ReasonCode;
  /** One sentence for a person. */
  summary: string;
  findings: readonly Finding[];
  /** Files that the step wrote, absolute, each under its final name. */
  outputs: readonly string[];
  trust?: Outcome["trust"];
}

export interface StepOutcome {
  outcome: Outcome;
  /** True when nothing had changed since the last run and the work was not done again. */
  reused: boolean;
}

/**
 * Does `work` unless an outcome with the same step key is there and all its outputs still have their digests.
 * The key is the digest of the inputs' contents, the parameters and the tool's version (design: run folder).
 * `work` is handed the digests of `plan.inputs`, in their order. The outcome is written last, so that an interrupted step is done again.
 * Throws previous_step_missing, previous_step_stale and evidence_changed where the steps in `plan.after` did not leave what there is.
 */
export async function runStep(
  context: StepContext,
  plan: StepPlan,
  work: (inputs: readonly FileDigest[]) => Promise<StepResult>,
): Promise<StepOutcome> {
  const startedAt = context.now();
  const begin = performance.now();
  const inputs = await readInputs(context, plan);
  const facts = plan.facts?.(inputs);
  const stepKey = sha256(canonicalJson({ action: plan.action, inputs, parameters: plan.parameters, facts, tool }));
  const outcomePath = context.folder.outcome(plan.action);
  if (!context.force) {
    const earlier = await readOutcome(outcomePath);
    const isSame = earlier?.step_key === stepKey && (await outputsAreIntact(context.workingDirectory, earlier));
    if (earlier !== null && isSame && (await (plan.agrees?.(earlier) ?? true)))
      return { outcome: earlier, reused: true };
  }
  await ignoreRunFolders(context.workingDirectory);
  const result = await withRunLock(context.folder.root, () => work(inputs));
  const outcome: Outcome = {
    schema_version: 1,
    action: plan.action,
    model: context.model.spec.name,
    verdict: result.verdict,
    reason_code: result.reasonCode,
    summary: result.summary,
    trust: result.trust ?? "claimed",
    findings: [...result.findings],
    inputs,
    outputs: await digests(context.workingDirectory, result.outputs),
    step_key: stepKey,
    parameters_sha256: parametersDigest(plan.parameters),
    git: context.git,
    run: context.run,
    tool,
    started_at: startedAt.toISOString(),
    duration_ms: Math.round(performance.now() - begin),
  };
  await writeFileAtomically(outcomePath, `${JSON.stringify(outcome, null, 2)}\n`);
  return { outcome, reused: false };
}

/** The outcome that an earlier step left, or null when there is none that this version understands. */
export async function readOutcome(path: string): Promise<Outcome | null> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
  try {
    return Outcome.safeParse(JSON.parse(text)).data ?? null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

/** The inputs' digests, once it is sure that the steps before left these files for the model.yml that there is now. */
async function readInputs(context: StepContext, { inputs: paths, after = [] }: StepPlan): Promise<FileDigest[]> {
  const done = await Promise.all(after.map((step) => findDone(context, step)));
  for (const each of done) requireDone(each, context.model.shownPath);
  const inputs = await digests(context.workingDirectory, paths).catch(inputIsMissing);
  for (const each of done) {
    const needed = new Set(each.step.files.map((path) => shownPath(context.workingDirectory, path)));
    requireAsLeft(each, { inputs, needed });
  }
  return inputs;
}

async function findDone({ folder, workingDirectory }: StepContext, step: EarlierStep): Promise<DoneStep> {
  const outcome = await readOutcome(folder.outcome(step.action));
  for (const path of step.files) {
    if (!(await isThere(path))) return { step, outcome, missing: shownPath(workingDirectory, path) };
  }
  return { step, outcome, missing: null };
}

async function isThere(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}

async function digests(workingDirectory: string, paths: readonly string[]): Promise<FileDigest[]> {
  return Promise.all(
    paths.map(async (path) => ({ path: shownPath(workingDirectory, path), sha256: await sha256OfFile(path) })),
  );
}

/** Removed since the step looked for it, or a link that leads nowhere. */
function inputIsMissing(error: unknown): never {
  if (!isMissing(error)) throw error;
  const path = error instanceof Error && "path" in error ? String(error.path) : null;
  throw new UserError({
    code: "file_missing",
    message: "an input of the step is not there, or is a link that leads nowhere",
    where: path,
    fix: "restore the file, or take it out of the patterns that name it, then run again",
    cause: error,
  });
}

async function outputsAreIntact(workingDirectory: string, outcome: Outcome): Promise<boolean> {
  for (const { path, sha256: expected } of outcome.outputs) {
    try {
      if ((await sha256OfFile(isAbsolute(path) ? path : join(workingDirectory, path))) !== expected) return false;
    } catch (error) {
      if (isMissing(error)) return false;
      throw error;
    }
  }
  return true;
}

/** Relative to the working directory with forward slashes, so that outcomes are equal on every machine. */
function shownPath(workingDirectory: string, path: string): string {
  return relative(workingDirectory, path).split(sep).join("/");
}

function isMissing(error: unknown): boolean {
  return hasCode(error, "ENOENT");
}
