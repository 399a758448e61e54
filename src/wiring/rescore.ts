import { cp, mkdir, readdir, readFile, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { comparedFiles, requireAsListed } from "../actions/evaluate/compared.ts";
import type { StepInputs } from "../actions/evaluate/io.ts";
import { comparedParameters, judgeInFull, type Ports, parametersOf, writeResult } from "../actions/evaluate/run.ts";
import { dataLockText, readDataLock } from "../data/data-lock.ts";
import { snapshotFiles } from "../data/snapshot-files.ts";
import { claimDifferences } from "../evaluation/claim-differences.ts";
import { EvaluationFile } from "../evaluation/evaluation-file.ts";
import { writeFileAtomically } from "../kit/atomic-write.ts";
import type { FindingCode, ReasonCode } from "../kit/codes.ts";
import { sha256OfFile } from "../kit/file-digest.ts";
import { hasCode } from "../kit/has-code.ts";
import type { FileDigest, Finding } from "../kit/outcome.ts";
import { plainText } from "../kit/plain-text.ts";
import { replaceFolder } from "../kit/replace-folder.ts";
import { type RunFolder, runFolder } from "../kit/run-folder.ts";
import { readOutcome, runStep, type StepContext, type StepOutcome, type StepResult } from "../kit/step.ts";
import { makeTemporaryFolder } from "../kit/temporary-folder.ts";
import { UserError, UserErrors } from "../kit/user-error.ts";
import { onnxFile, readManifest } from "../onnx/read-manifest.ts";
import { readableRows } from "../scoring/test-rows.ts";
import { unpackArtifact } from "../scoring/unpack-artifact.ts";
import { collected } from "../spec/collected.ts";
import { requireBuilt } from "../spec/not-built.ts";
import { claimedResult } from "./claimed-result.ts";
import { findCompared } from "./compared-models.ts";
import { judgeUntrusted, NotScored } from "./rescored-answers.ts";
import type { Submission } from "./submission.ts";

// Trusted scoring (design: who trusts what): the default branch's checkout is the working directory, its data were
// collected by the step before, and the pull request is an artifact and a commit's SHA.

/** Judges an untrusted artifact's model. Whatever is wrong with it is an outcome; what the job itself lacks is an error. */
export async function rescoreStep(
  context: StepContext,
  inputs: StepInputs,
  { ports, submission }: { ports: Ports; submission: Submission },
): Promise<StepOutcome> {
  requireBuilt(context.model, "evaluate");
  const { spec } = context.model;
  const { archive, headSha, isNew } = submission;
  // The commit is named by the event; this checkout is the base that judges it.
  const git = { head_sha: headSha, base_sha: context.git.head_sha, tested_sha: null };
  const bound: StepContext = { ...context, git };
  const snapshot = snapshotFiles(context.folder.snapshot, spec.data);
  const hasRows = isNew === null && (await areThere(snapshot));
  const compared = hasRows ? await findCompared(context.workingDirectory, inputs.compare ?? "") : [];
  const others = comparedFiles(compared);
  const limits = { memoryBytes: inputs.scoringMemory * 1024 ** 2, timeoutMs: inputs.scoringMinutes * 60_000 };
  const plan = {
    action: "evaluate",
    inputs: [
      ...(typeof archive === "string" ? [archive] : []),
      ...others.map(({ path }) => path),
      ...(hasRows ? snapshot : []),
    ],
    parameters: {
      ...parametersOf(context),
      ...comparedParameters(compared),
      trust: "rescore",
      head_sha: git.head_sha,
      accepts_claimed: context.rules.acceptsClaimed,
      is_new: isNew,
      refused: typeof archive === "string" ? null : archive.message,
      limits: { ...limits },
    },
    after: hasRows ? [collected(context, snapshot)] : [],
  };
  return runStep(bound, plan, async (digests) => {
    requireAsListed(others, digests.slice(typeof archive === "string" ? 1 : 0));
    // What an earlier run left would stand beside another verdict.
    for (const path of [context.folder.evaluation, context.folder.predictions]) await rm(path, { force: true });
    if (typeof archive !== "string") return refusal(archive);
    const temporary = makeTemporaryFolder("mlops-score-");
    try {
      const request = { context: bound, inputs, archive, isNew, temporary: temporary.path, limits, compared, ports };
      return await orRefusal(() => (hasRows ? rescore(request) : withoutRows(request)));
    } finally {
      temporary.remove();
    }
  });
}

interface Scoring {
  context: StepContext;
  inputs: StepInputs;
  archive: string;
  /** Why the default branch has no such model; null: it has. */
  isNew: string | null;
  temporary: string;
  limits: { memoryBytes: number; timeoutMs: number };
  compared: Awaited<ReturnType<typeof findCompared>>;
  ports: Ports;
}

async function rescore(scoring: Scoring): Promise<StepResult> {
  const { context, inputs, temporary, limits, compared, ports } = scoring;
  const artifact = await unpack(scoring);
  const claim = await readClaim(artifact.root, context);
  if (!(await areThere([artifact.modelManifest]))) return refusal(noModel);
  const manifest = await readManifest(artifact.modelManifest);
  const files = await requireFiles(artifact.model, manifest);
  await removeUnlisted(artifact, files);
  const findings: Finding[] = [];
  const untrusted = {
    folder: artifact.root,
    scratch: join(temporary, "scratch"),
    manifest,
    sha256: await sha256OfFile(onnxFile(manifest, artifact.model)),
    claimed: (await areThere([artifact.predictions])) ? artifact.predictions : null,
    limits,
    compared,
    threads: inputs.threads,
  };
  await mkdir(untrusted.scratch);
  const judge = judgeUntrusted(untrusted, (told) => findings.push(...told));
  const judged = await judgeInFull(context, { manifest, compared, threads: inputs.threads }, { ...ports, judge });
  // Where the ledger of the test set looks for it.
  const bytes = await keepModel(context, artifact.model, files);
  const result = await writeResult(context, { ...judged, ports });
  const measured = EvaluationFile.parse(JSON.parse(await readFile(context.folder.evaluation, "utf8")));
  const claims = [
    ...claim.findings,
    ...(claim.evaluation === null ? [] : [claimDifferences(claim.evaluation, measured)]),
  ];
  return {
    ...result,
    trust: "rescored",
    findings: [
      ...claims.filter((finding) => finding !== null),
      ...findings,
      ...readableRows(context.model.spec),
      ...result.findings,
    ],
    outputs: [...result.outputs, ...bytes],
  };
}

async function withoutRows(scoring: Scoring): Promise<StepResult> {
  const { context, isNew, ports } = scoring;
  const artifact = await unpack(scoring);
  if (!(await areThere([artifact.modelManifest]))) return refusal(noModel);
  const { evaluation, findings } = await readClaim(artifact.root, context);
  const result = claimedResult(context, evaluation, isNew ?? "the test rows are not here");
  const news = isNew === null ? [] : [modelNew(isNew)];
  if (evaluation === null) return { ...result, trust: "claimed", findings: [...news, ...findings], outputs: [] };
  const manifest = await readManifest(artifact.modelManifest);
  const bytes = await keepModel(context, artifact.model, await requireFiles(artifact.model, manifest));
  const lock = await keepLock(artifact.lock, context.folder.lock);
  await ports.writeEvaluation(context.folder.evaluation, evaluation);
  return {
    ...result,
    trust: "claimed",
    findings: [...news, ...findings],
    outputs: [context.folder.evaluation, ...bytes, ...lock],
  };
}

/** Which rows the numbers are claimed of: a part of what is decided on. */
async function keepLock(from: string, to: string): Promise<string[]> {
  const lock = await readDataLock(from, "data.lock.json of the artifact");
  if (lock === null) return [];
  await writeFileAtomically(to, dataLockText(lock));
  return [to];
}

function modelNew(why: string): Finding {
  return {
    code: "model_new",
    severity: "warning",
    subject: "model.yml",
    message: `gates, label and rows are the pull request's own, since ${why}`,
    measured: null,
    expected: null,
  };
}

async function unpack({ context, inputs, archive, temporary }: Scoring): Promise<RunFolder> {
  const { root } = runFolder(join(temporary, "artifact"), context.model.spec.name);
  await mkdir(root, { recursive: true });
  context.log.progress("unpacking the artifact");
  await unpackArtifact({ archive, shown: inputs.artifact ?? archive, model: basename(root), into: root });
  return runFolder(join(temporary, "artifact"), context.model.spec.name);
}

interface Claim {
  evaluation: EvaluationFile | null;
  findings: readonly Finding[];
}

/** What the pull request's run says of itself; files that no run writes are no claim. */
async function readClaim(root: string, { git }: StepContext): Promise<Claim> {
  const outcome = await readOutcome(join(root, "evaluate.outcome.json"));
  const said = outcome?.git.head_sha ?? null;
  const isOther = git.head_sha !== null && said !== null && said !== git.head_sha;
  const evaluation = await readEvaluation(join(root, "evaluation", "evaluation.json"));
  return { evaluation, findings: isOther ? [otherCommit(plainText(said, 64), git.head_sha)] : [] };
}

async function readEvaluation(path: string): Promise<EvaluationFile | null> {
  try {
    return EvaluationFile.safeParse(JSON.parse(await readFile(path, "utf8"))).data ?? null;
  } catch (error) {
    if (hasCode(error, "ENOENT") || error instanceof SyntaxError) return null;
    throw error;
  }
}

function otherCommit(said: string, asked: string | null): Finding {
  return {
    code: "claim_differs",
    severity: "warning",
    subject: "commit",
    message: `The artifact says that it was made for the commit ${said}, and the pull request's head is ${asked}.`,
    measured: asked,
    expected: said,
  };
}

/**
 * Takes away what model.json does not list: a graph may read its weights from further files, which no digest would cover and no
 * release would carry.
 */
async function removeUnlisted({ model, modelManifest }: RunFolder, listed: readonly FileDigest[]): Promise<void> {
  const kept = new Set([modelManifest, ...listed.map(({ path }) => join(model, path))]);
  for (const entry of await readdir(model, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isFile() && !kept.has(path)) await rm(path);
  }
}

/** The files that model.json lists, from its folder, each with the digest that it says. Throws evidence_changed and file_missing. */
async function requireFiles(
  folder: string,
  { files, features }: Awaited<ReturnType<typeof readManifest>>,
): Promise<readonly FileDigest[]> {
  const named = features === undefined ? files : [...files, features];
  for (const { path, sha256 } of named) {
    if ((await areThere([join(folder, path)])) && (await sha256OfFile(join(folder, path))) === sha256) continue;
    throw new UserError({
      code: "evidence_changed",
      message: `the artifact's file ${JSON.stringify(path)} is missing or is not the one that its model.json lists`,
      where: "model.json",
      fix: "run the pull request's workflow again",
    });
  }
  return named;
}

/** The scored bytes, and none besides, become the run folder's model. Returns their paths. */
async function keepModel({ folder }: StepContext, from: string, files: readonly { path: string }[]): Promise<string[]> {
  const names = ["model.json", ...files.map(({ path }) => path)];
  await replaceFolder(folder.model, async (staging) => {
    for (const name of names) {
      await mkdir(dirname(join(staging, name)), { recursive: true });
      await cp(join(from, name), join(staging, name));
    }
  });
  return names.map((name) => join(folder.model, name));
}

/** What is wrong with the artifact or its model is a verdict on it. */
async function orRefusal(work: () => Promise<StepResult>): Promise<StepResult> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof NotScored || error instanceof UserError || error instanceof UserErrors)) throw error;
    const code = error instanceof UserError && error.code === "artifact_refused" ? error.code : "model_not_scored";
    const message = plainText(
      code === "artifact_refused" ? error.message : `the model was not scored: ${error.message}`,
      1000,
    );
    const measured = error instanceof NotScored && error.answer.kind === "failed" ? error.answer.why.reason : null;
    return refusal({ code, message, measured });
  }
}

interface Refusal {
  code: Extract<FindingCode & ReasonCode, "artifact_missing" | "artifact_refused" | "model_not_scored">;
  message: string;
  measured?: string | null;
}

/** A step before training stopped the run, or training itself: of an unchanged workflow the artifact comes all the same. */
const noModel: Refusal = {
  code: "artifact_missing",
  message: "the pull request's run left no model: its training failed or did not run",
};

function refusal({ code, message, measured = null }: Refusal): StepResult {
  const finding: Finding = { code, severity: "error", subject: "model", message, measured, expected: null };
  return {
    verdict: "fail",
    reasonCode: code,
    summary: message,
    findings: [finding],
    outputs: [],
    trust: "rescored",
  };
}

async function areThere(paths: readonly string[]): Promise<boolean> {
  try {
    await Promise.all(paths.map((path) => stat(path)));
    return true;
  } catch (error) {
    if (hasCode(error, "ENOENT")) return false;
    throw error;
  }
}
