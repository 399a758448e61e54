import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import {
  type DecisionsFile,
  DecisionsFile as DecisionsFileSchema,
  decisionsArtifact,
  type KeptDecisions,
} from "../approval/decisions-file.ts";
import type { Api } from "../github/api.ts";
import { type Artifact, downloadArtifact, listArtifactsNamed } from "../github/artifacts.ts";
import { getRun, type Run } from "../github/runs.ts";
import { canonicalJson } from "../kit/digest.ts";
import { makeTemporaryFolder } from "../kit/temporary-folder.ts";
import { UserError } from "../kit/user-error.ts";

// What was decided on a pull request is kept in artifacts, which only the run that leaves one can write; those of runs that the
// default branch's own file started are believed (decision 10).

/** Where the template for it lies. */
export const defaultReportWorkflow = ".github/workflows/ml-report.yml";

/** So many reports back, a word of approval still finds what it was about; each costs two requests. */
const mostKept = 12;
const mostBytes = 32e6;
/** Runs that are asked about; those that are not believed cost one request. */
const mostLookedAt = 40;

export interface KeptRequest {
  pullNumber: number;
  repository: { defaultBranch: string; fullName: string };
  /** File of the workflow whose runs decide. */
  reportWorkflow: string;
  /** What has been read already. */
  known?: readonly KeptDecisions[];
}

/** Decisions of a pull request that runs of the default branch left, in no order. What is `known` is not read again: artifacts never change. */
export async function readKeptDecisions(
  api: Api,
  { pullNumber, repository, reportWorkflow, known = [] }: KeptRequest,
): Promise<KeptDecisions[]> {
  const artifacts = await listArtifactsNamed(api, decisionsArtifact(pullNumber));
  if (artifacts.length === 0) return [];
  const { defaultBranch } = repository;
  // Only a filter: whoever pushes may leave any number of artifacts of this name, which then cost no requests.
  const likely = artifacts.filter(({ isExpired, ownBranch }) => !isExpired && ownBranch === defaultBranch);
  const read = new Map(known.map((one) => [one.artifactId, one]));
  const kept: KeptDecisions[] = [];
  for (const artifact of likely.slice(0, mostLookedAt)) {
    if (kept.length === mostKept) break;
    const there = read.get(artifact.id);
    if (there !== undefined) {
      kept.push(there);
      continue;
    }
    const run = artifact.runId === null ? null : await getRun(api, artifact.runId);
    if (run === null || !isTrusted(run, repository, reportWorkflow)) continue;
    const one = await keptIn(api, artifact, pullNumber);
    if (one !== null) kept.push({ ...one, runId: run.id });
  }
  return kept;
}

/**
 * GitHub starts such a run from the workflow file of the default branch alone, whatever a branch holds. Other workflows of that kind
 * may run what a pull request brought: only the one that reports decides.
 */
function isTrusted(run: Run, { defaultBranch, fullName }: KeptRequest["repository"], reportWorkflow: string): boolean {
  if (run.workflow !== reportWorkflow) return false;
  return run.event === "workflow_run" && run.headBranch === defaultBranch && run.headRepository === fullName;
}

async function keptIn(api: Api, artifact: Artifact, pullNumber: number): Promise<Omit<KeptDecisions, "runId"> | null> {
  if (artifact.createdAt === null) return null;
  const temporary = makeTemporaryFolder("mlops-decisions-");
  try {
    const path = join(temporary.path, "decisions.json");
    await downloadArtifact(api, { artifact, path, mostBytes });
    const file = decisionsIn(await readFile(path, "utf8"));
    // Another version's, or another workflow's of the default branch that uses the same name.
    if (file?.pull_number !== pullNumber) return null;
    return { file, artifactId: artifact.id, keptAt: artifact.createdAt };
  } finally {
    temporary.remove();
  }
}

function decisionsIn(text: string): DecisionsFile | null {
  try {
    return DecisionsFileSchema.safeParse(JSON.parse(text)).data ?? null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

export interface Keeping extends Omit<KeptRequest, "pullNumber"> {
  file: DecisionsFile;
  /** Run of the default branch that this job belongs to. */
  runId: number;
  /** Uploads a file as an artifact of this run; `replace` where there is one of that name already. */
  upload(path: string, options: { replace: boolean }): Promise<void>;
}

/** Keeps what was decided, and gives all that is kept; the same decisions of the same run are kept once. */
export async function keepDecisions(api: Api, { file, runId, upload, ...request }: Keeping): Promise<KeptDecisions[]> {
  const kept = await readKeptDecisions(api, { ...request, pullNumber: file.pull_number });
  const own = kept.find((one) => one.runId === runId);
  if (own !== undefined && canonicalJson(own.file) === canonicalJson(file)) return kept;
  const temporary = makeTemporaryFolder("mlops-decisions-");
  try {
    const path = join(temporary.path, decisionsArtifact(file.pull_number));
    await writeFile(path, `${JSON.stringify(file)}\n`);
    await upload(path, { replace: own !== undefined });
  } finally {
    temporary.remove();
  }
  const { id, createdAt } = await uploaded(api, { pullNumber: file.pull_number, runId });
  const others = kept.filter((one) => one.runId !== runId);
  return [...others, { file, artifactId: id, keptAt: createdAt, runId }];
}

const mostLooks = 6;

/** The artifact as GitHub lists it, which may take a moment; its time is GitHub's. */
async function uploaded(
  api: Api,
  { pullNumber, runId }: { pullNumber: number; runId: number },
): Promise<{ id: number; createdAt: string }> {
  const name = decisionsArtifact(pullNumber);
  for (let look = 1; look <= mostLooks; look += 1) {
    const found = (await listArtifactsNamed(api, name)).find((one) => one.runId === runId);
    if (found !== undefined && found.createdAt !== null) return { id: found.id, createdAt: found.createdAt };
    await api.clock.sleep(2_000 * look);
  }
  throw new UserError({
    code: "artifacts_unavailable",
    message: `GitHub took the artifact ${name} and does not list it`,
    where: name,
    fix: "run the job again",
  });
}
