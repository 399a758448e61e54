import * as z from "zod";
import { signedAddress } from "../server/signed-address.ts";
import { measurePayload, removePayload } from "../state/payload.ts";
import type { Artifact } from "../state/release-records.ts";
import { type Job, readRequest, type ServiceMethods } from "./job.ts";
import { ServiceError } from "./twirp.ts";

const Ids = z.object({ workflow_run_backend_id: z.string(), workflow_job_run_backend_id: z.string() });
const Create = Ids.extend({
  name: z.string().regex(/^[^":<>|*?\r\n\\/]+$/),
  mime_type: z.string().default("application/zip"),
  expires_at: z.string().optional(),
});
const Finalize = Ids.extend({ name: z.string(), size: z.string(), hash: z.string().optional() });
const List = Ids.extend({ name_filter: z.string().optional(), id_filter: z.string().optional() });
const Named = Ids.extend({ name: z.string() });

const mostOfAJob = 500;
const usualDays = 90;

export const artifactMethods: ServiceMethods = new Map<string, (job: Job, request: unknown) => object>([
  ["CreateArtifact", create],
  ["FinalizeArtifact", finalize],
  ["ListArtifacts", list],
  ["GetSignedArtifactURL", address],
  ["DeleteArtifact", remove],
]);

/** A name is used once in an attempt of a run, and what it names never changes. */
function create(job: Job, request: unknown) {
  const { github, repository, token } = job;
  const { name, mime_type, expires_at } = own(job, readRequest(request, Create));
  const known = repository.artifacts.all().filter((one) => isOfAttempt(job, one));
  if (known.some((artifact) => artifact.name === name))
    throw new ServiceError("already_exists", `an artifact with this name already exists on the workflow run`);
  if (known.length >= mostOfAJob) throw new ServiceError("invalid_argument", "too many artifacts for this job");
  for (const left of repository.artifactUploads.all())
    if (isOfAttempt(job, left) && left.name === name) repository.artifactUploads.delete(left.id);
  const upload = repository.artifactUploads.put({
    id: github.newId(),
    run_id: token.run_id,
    run_attempt: token.run_attempt,
    name,
    content_type: mime_type,
    created_at: github.now(),
    expires_at: expires_at?.replace(/\.\d+Z$/, "Z") ?? daysFrom(github.now(), usualDays),
  });
  return {
    ok: true,
    signed_upload_url: signedAddress(github, { repository, kind: "artifacts", id: upload.id }, "write"),
  };
}

/** The client says what it sent; another size or digest is refused. */
function finalize(job: Job, request: unknown) {
  const { repository } = job;
  const { name, size, hash } = own(job, readRequest(request, Finalize));
  const upload = repository.artifactUploads.all().find((one) => isOfAttempt(job, one) && one.name === name);
  if (upload === undefined) throw new ServiceError("not_found", `no upload of ${name} was begun`);
  const sent = measurePayload({ repository, kind: "artifacts", id: upload.id });
  if (sent === null || String(sent.bytes) !== size || (hash !== undefined && hash !== sent.digest))
    throw new ServiceError("invalid_argument", `what arrived of ${name} is not what was sent`);
  const artifact = repository.artifacts.put({ ...upload, size_in_bytes: sent.bytes, digest: sent.digest });
  repository.artifactUploads.delete(upload.id);
  return { ok: true, artifact_id: String(artifact.id) };
}

function list(job: Job, request: unknown) {
  const { name_filter, id_filter } = own(job, readRequest(request, List));
  const artifacts = ownArtifacts(job)
    .filter(({ name }) => name_filter === undefined || name === name_filter)
    .filter(({ id }) => id_filter === undefined || String(id) === id_filter);
  return {
    artifacts: artifacts.map(({ id, name, size_in_bytes, created_at, digest }) => ({
      workflow_run_backend_id: String(job.token.run_id),
      workflow_job_run_backend_id: job.token.job,
      database_id: String(id),
      name,
      size: String(size_in_bytes),
      created_at,
      digest,
    })),
  };
}

function address(job: Job, request: unknown) {
  const { github, repository } = job;
  const { id } = named(job, request);
  return { signed_url: signedAddress(github, { repository, kind: "artifacts", id }, "read") };
}

function remove(job: Job, request: unknown) {
  const { repository } = job;
  const { id } = named(job, request);
  repository.artifacts.delete(id);
  removePayload({ repository, kind: "artifacts", id });
  return { ok: true, artifact_id: String(id) };
}

function named(job: Job, request: unknown): Artifact {
  const { name } = own(job, readRequest(request, Named));
  // Of several attempts, the newest one's.
  const artifact = ownArtifacts(job).findLast((one) => one.name === name);
  if (artifact === undefined) throw new ServiceError("not_found", `artifact ${name} not found`);
  return artifact;
}

function isOfAttempt({ token }: Job, one: { run_id: number; run_attempt: number }): boolean {
  return one.run_id === token.run_id && one.run_attempt === token.run_attempt;
}

function ownArtifacts({ repository, token }: Job): Artifact[] {
  return repository.artifacts.all().filter(({ run_id }) => run_id === token.run_id);
}

/** A runtime token speaks for its own run. */
function own<T extends z.infer<typeof Ids>>({ token }: Job, request: T): T {
  if (request.workflow_run_backend_id !== String(token.run_id))
    throw new ServiceError("permission_denied", "the token is for another run");
  return request;
}

function daysFrom(time: string, days: number): string {
  return `${new Date(Date.parse(time) + days * 86_400_000).toISOString().slice(0, 19)}Z`;
}
