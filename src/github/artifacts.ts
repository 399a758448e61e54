import { createHash } from "node:crypto";
import { createWriteStream } from "node:fs";
import { Readable, Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import * as z from "zod";
import { UserError } from "../kit/user-error.ts";
import type { Api } from "./api.ts";

const ArtifactAnswer = z
  .object({
    id: z.int(),
    name: z.string(),
    size_in_bytes: z.int(),
    digest: z.string().nullish(),
    expired: z.boolean(),
    created_at: z.string().nullable(),
    workflow_run: z
      .object({
        id: z.int(),
        repository_id: z.int().optional(),
        head_repository_id: z.int().optional(),
        head_branch: z.string().nullish(),
      })
      .nullish(),
  })
  .transform((answer) => ({
    id: answer.id,
    name: answer.name,
    bytes: answer.size_in_bytes,
    /** Lower-case hexadecimal SHA-256 of the archive; null where GitHub computed none. */
    sha256: answer.digest?.replace(/^sha256:/, "") ?? null,
    isExpired: answer.expired,
    createdAt: answer.created_at,
    runId: answer.workflow_run?.id ?? null,
    /** Branch of the run, if it was one of this repository and not of a fork. */
    ownBranch: ownBranch(answer.workflow_run),
  }));

interface RunOfArtifact {
  repository_id?: number | undefined;
  head_repository_id?: number | undefined;
  head_branch?: string | null | undefined;
}

function ownBranch(run: RunOfArtifact | null | undefined): string | null {
  const isOwn = run?.repository_id !== undefined && run.repository_id === run.head_repository_id;
  return isOwn ? (run.head_branch ?? null) : null;
}

export type Artifact = z.infer<typeof ArtifactAnswer>;

/** Artifacts of one run, those of a name alone when it is given; a rerun may have left several of one name: the newest first. */
export async function listArtifacts(api: Api, runId: number, name?: string): Promise<Artifact[]> {
  const route = "GET /repos/{owner}/{repo}/actions/runs/{run_id}/artifacts";
  const filter = { run_id: runId, ...(name === undefined ? {} : { name }) };
  const answers = await api.list(route, filter, "artifacts");
  return answers.map((answer) => ArtifactAnswer.parse(answer)).sort((one, other) => other.id - one.id);
}

/** Artifacts of a name in the whole repository, the newest first: anybody who may run a job on a branch can leave one. */
export async function listArtifactsNamed(api: Api, name: string): Promise<Artifact[]> {
  const answers = await api.list("GET /repos/{owner}/{repo}/actions/artifacts", { name }, "artifacts");
  return answers.map((answer) => ArtifactAnswer.parse(answer)).sort((one, other) => other.id - one.id);
}

export interface DownloadRequest {
  artifact: Artifact;
  /** Where the archive goes; the file is made anew. */
  path: string;
  /** An archive with more bytes is refused, whatever its list entry says. */
  mostBytes: number;
  /** Instead of the network, for tests. */
  fetch?: typeof fetch;
}

const mostTries = 4;

/** Downloads an artifact's archive as it is, without opening it. Its bytes are hostile: whoever may run a job made them. */
export async function downloadArtifact(api: Api, request: DownloadRequest): Promise<void> {
  const { artifact, mostBytes } = request;
  if (artifact.isExpired) throw refused(artifact, "has expired", "run the workflow of the pull request again");
  if (artifact.bytes > mostBytes) throw tooLarge(artifact, mostBytes);
  for (let attempt = 1; ; attempt += 1) {
    const problem = await tryDownload(api, request);
    if (problem === null) return;
    if (attempt === mostTries) throw problem;
    await api.clock.sleep(1_000 * 2 ** (attempt - 1));
  }
}

/** Why it did not arrive whole, which another try may mend; null: it did. Throws when it is larger than allowed. */
async function tryDownload(
  api: Api,
  { artifact, path, mostBytes, fetch: ask = fetch }: DownloadRequest,
): Promise<UserError | null> {
  const route = "GET /repos/{owner}/{repo}/actions/artifacts/{artifact_id}/{archive_format}";
  const address = await api.redirect(route, { artifact_id: artifact.id, archive_format: "zip" });
  try {
    // The address carries its own right to be read, for a minute: the token stays with GitHub.
    const response = await ask(address);
    if (!response.ok || response.body === null) return unavailable(artifact, `its place answered ${response.status}`);
    const sha256 = await writeLimited(response.body, path, () => tooLarge(artifact, mostBytes), mostBytes);
    const isWhole = artifact.sha256 === null || artifact.sha256 === sha256;
    return isWhole ? null : refused(artifact, "arrived with other bytes than were uploaded", "run the job again");
  } catch (error) {
    // What fetch and its body throw when a connection breaks; anything else is a bug.
    if (error instanceof TypeError) return unavailable(artifact, error.message);
    throw error;
  }
}

async function writeLimited(
  body: ReadableStream<Uint8Array>,
  path: string,
  tooMany: () => Error,
  mostBytes: number,
): Promise<string> {
  const hash = createHash("sha256");
  let bytes = 0;
  const limit = new Transform({
    transform(chunk: Buffer, _, done) {
      bytes += chunk.length;
      hash.update(chunk);
      if (bytes > mostBytes) done(tooMany());
      else done(null, chunk);
    },
  });
  await pipeline(Readable.from(body), limit, createWriteStream(path));
  return hash.digest("hex");
}

function tooLarge(artifact: Artifact, mostBytes: number): UserError {
  const limit = Math.floor(mostBytes / 1e6);
  return refused(artifact, `is larger than ${limit} MB`, "leave out of it what evaluation does not need");
}

function unavailable(artifact: Artifact, why: string): UserError {
  return new UserError({
    code: "github_unavailable",
    message: `the artifact ${artifact.name} could not be downloaded: ${why}`,
    where: artifact.name,
    fix: "run the job again",
  });
}

function refused(artifact: Artifact, what: string, fix: string): UserError {
  return new UserError({
    code: "artifact_refused",
    message: `the artifact ${artifact.name} ${what}`,
    where: artifact.name,
    fix,
  });
}
