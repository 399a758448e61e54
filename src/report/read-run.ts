import { readFile } from "node:fs/promises";
import { isAbsolute, join } from "node:path";
import * as z from "zod";
import { ProfileFile } from "../data/profile-file.ts";
import { EvaluationFile } from "../evaluation/evaluation-file.ts";
import type { ReasonCode } from "../kit/codes.ts";
import { sha256 } from "../kit/digest.ts";
import { hasCode } from "../kit/has-code.ts";
import type { Outcome } from "../kit/outcome.ts";
import { readOutcome, type StepContext } from "../kit/step.ts";
import { UserError } from "../kit/user-error.ts";
import { tool } from "../kit/version.ts";
import { ModelManifest } from "../onnx/manifest.ts";
import { TrainingFile } from "../training/training-file.ts";
import { type ReportedAction, type ReportInputs, reportedActions } from "./report-inputs.ts";
import { commandOf } from "./wording.ts";

/** A file that a report or card took numbers from, with the digest of the bytes that were read. */
export interface EvidenceFile {
  path: string;
  sha256: string;
}

export interface RunEvidence {
  inputs: ReportInputs;
  /** The evidence files read, relative to the working directory, in the steps' order. */
  evidence: readonly EvidenceFile[];
  /** Every file that decides what is said, absolute: outcomes and evidence that are there. */
  files: readonly string[];
}

/** Only the member that is shown; the lock's own schema belongs to its writer. */
const LockDigest = z.looseObject({ snapshot: z.looseObject({ digest: z.string() }) });

/**
 * Reads what a run left, without its own earlier output. A file is believed only when an outcome lists it with the
 * digest of its bytes, and an outcome only when its step read what the steps before it left, so that no number comes
 * from a file that was changed by hand or left by another run.
 * Throws UserError evidence_changed.
 */
export async function readRun(
  context: StepContext,
  actions: readonly ReportedAction[] = reportedActions,
): Promise<RunEvidence> {
  const outcomes = await readOutcomes(context, actions);
  const reader = new EvidenceReader(context, outcomes);
  const { folder } = context;
  const lock = await reader.read(folder.lock, LockDigest);
  const profile = await reader.read(folder.profile, ProfileFile);
  const training = await reader.read(folder.training, TrainingFile);
  const manifest = await reader.read(folder.modelManifest, ModelManifest);
  const evaluation = await reader.read(folder.evaluation, EvaluationFile);
  if (evaluation !== null && outcomes.evaluate !== null && !agrees(outcomes.evaluate, evaluation))
    throw changed({ shown: "evaluate.outcome.json", action: "evaluate" }, "says another verdict than evaluation.json");
  const inputs: ReportInputs = {
    spec: context.model.spec,
    outcomes,
    evaluation,
    profile,
    training,
    manifest,
    snapshotDigest: lock?.snapshot.digest ?? null,
    headSha: context.git.head_sha,
    tool,
  };
  const outcomeFiles = actions.filter((action) => outcomes[action] !== null).map((action) => folder.outcome(action));
  return { inputs, evidence: reader.evidence, files: [...outcomeFiles, ...reader.files] };
}

/** A claim that nobody measured again has the verdict that mlops.yml gives to claims. */
function agrees(outcome: Outcome, { verdict, reason_code }: EvaluationFile): boolean {
  if (outcome.trust === "claimed" && outcome.reason_code === ("claimed_not_rescored" satisfies ReasonCode)) return true;
  return outcome.verdict === verdict && outcome.reason_code === reason_code;
}

async function readOutcomes(
  context: StepContext,
  actions: readonly ReportedAction[],
): Promise<Record<ReportedAction, Outcome | null>> {
  const read = async (action: ReportedAction) =>
    actions.includes(action) ? readOutcome(context.folder.outcome(action)) : null;
  const [collect, validate, train, evaluate, card] = await Promise.all([
    read("collect-data"),
    read("validate-data"),
    read("train"),
    read("evaluate"),
    read("model-card"),
  ]);
  return belongTogether({ "collect-data": collect, "validate-data": validate, train, evaluate, "model-card": card });
}

/**
 * Without the outcomes of steps that read other files than the steps before them left: an evaluation of the model
 * before this one says nothing about this one. What such a step wrote counts as not written.
 */
function belongTogether(outcomes: Record<ReportedAction, Outcome | null>): Record<ReportedAction, Outcome | null> {
  // null: a file that no believed step wrote.
  const written = new Map<string, string | null>();
  const believed = { ...outcomes };
  for (const action of reportedActions) {
    const outcome = outcomes[action];
    if (outcome === null) continue;
    const isStale = outcome.inputs.some(({ path, sha256: read }) => written.has(path) && written.get(path) !== read);
    if (isStale) believed[action] = null;
    for (const { path, sha256: left } of outcome.outputs) written.set(path, isStale ? null : left);
  }
  return believed;
}

class EvidenceReader {
  readonly evidence: EvidenceFile[] = [];
  readonly files: string[] = [];
  readonly #digests = new Map<string, { shown: string; sha256: string; action: ReportedAction }>();

  constructor(context: StepContext, outcomes: ReportInputs["outcomes"]) {
    for (const action of reportedActions) {
      for (const { path, sha256: digest } of outcomes[action]?.outputs ?? []) {
        const absolute = isAbsolute(path) ? path : join(context.workingDirectory, path);
        this.#digests.set(absolute, { shown: path, sha256: digest, action });
      }
    }
  }

  /** The file's content, or null when no outcome lists it. */
  async read<T>(path: string, schema: z.ZodType<T>): Promise<T | null> {
    const listed = this.#digests.get(path);
    if (listed === undefined) return null;
    const bytes = await readListed(path, listed);
    const parsed = schema.safeParse(JSON.parse(bytes.toString("utf8")));
    if (!parsed.success) throw changed(listed, `has another form: ${z.prettifyError(parsed.error).slice(0, 300)}`);
    this.evidence.push({ path: listed.shown, sha256: listed.sha256 });
    this.files.push(path);
    return parsed.data;
  }
}

async function readListed(
  path: string,
  listed: { shown: string; sha256: string; action: ReportedAction },
): Promise<Buffer> {
  let bytes: Buffer;
  try {
    bytes = await readFile(path);
  } catch (error) {
    if (hasCode(error, "ENOENT")) throw changed(listed, "is not there");
    throw error;
  }
  if (sha256(bytes) !== listed.sha256) throw changed(listed, "has other bytes than the outcome says");
  return bytes;
}

function changed(listed: { shown: string; action: ReportedAction }, what: string): UserError {
  return new UserError({
    code: "evidence_changed",
    message: `the evidence file ${what}`,
    where: listed.shown,
    fix: `run ${commandOf(listed.action)} --force`,
  });
}
