import * as z from "zod";
import { App } from "./accounts.ts";

// Releases, deployments and runs, as they lie on disk (see records.ts).

const Id = z.number().int();
const Time = z.string();
const Sha = z.string().regex(/^[0-9a-f]{40}$/);

export const Release = z.object({
  id: Id,
  tag_name: z.string(),
  target_commitish: z.string(),
  name: z.string().nullable(),
  body: z.string().nullable(),
  draft: z.boolean(),
  prerelease: z.boolean(),
  author: z.string(),
  created_at: Time,
  published_at: Time.nullable(),
  immutable: z.boolean(),
});
export type Release = z.infer<typeof Release>;

/** Its bytes lie beside the record, under its id. */
export const Asset = z.object({
  id: Id,
  release_id: Id,
  name: z.string(),
  label: z.string().nullable(),
  content_type: z.string(),
  size: z.number().int(),
  digest: z.string(),
  uploader: z.string(),
  created_at: Time,
});
export type Asset = z.infer<typeof Asset>;

export const Deployment = z.object({
  id: Id,
  sha: Sha,
  ref: z.string(),
  task: z.string(),
  environment: z.string(),
  description: z.string().nullable(),
  payload: z.union([z.string(), z.record(z.string(), z.unknown())]),
  transient_environment: z.boolean(),
  production_environment: z.boolean(),
  creator: z.string(),
  app: App.nullable(),
  created_at: Time,
  updated_at: Time,
});
export type Deployment = z.infer<typeof Deployment>;

export const deploymentStates = [
  "error",
  "failure",
  "inactive",
  "in_progress",
  "queued",
  "pending",
  "success",
] as const;
export const DeploymentStatus = z.object({
  id: Id,
  deployment_id: Id,
  state: z.enum(deploymentStates),
  description: z.string(),
  environment: z.string(),
  environment_url: z.string(),
  log_url: z.string(),
  creator: z.string(),
  created_at: Time,
});
export type DeploymentStatus = z.infer<typeof DeploymentStatus>;

export const Environment = z.object({
  id: Id,
  name: z.string(),
  /** Logins whose approval a job waits for. */
  reviewers: z.array(z.string()),
  prevent_self_review: z.boolean(),
  protected_branches_only: z.boolean(),
  created_at: Time,
  updated_at: Time,
});
export type Environment = z.infer<typeof Environment>;

export const Run = z.object({
  id: Id,
  name: z.string(),
  path: z.string(),
  run_number: z.number().int(),
  run_attempt: z.number().int(),
  event: z.string(),
  status: z.enum(["queued", "in_progress", "completed", "waiting", "action_required"]),
  conclusion: z
    .enum(["success", "failure", "cancelled", "skipped", "timed_out", "action_required", "neutral"])
    .nullable(),
  head_branch: z.string(),
  head_sha: Sha,
  head_repository: z.string(),
  /** Who caused the event, and who asked for this attempt. */
  actor: z.string(),
  triggering_actor: z.string(),
  display_title: z.string(),
  created_at: Time,
  updated_at: Time,
  /** Which event it answers, with `GITHUB_REF` and `GITHUB_SHA`, for the runner; null where nothing is to be executed. */
  execution: z.object({ event_id: Id, ref: z.string(), sha: Sha }).nullable(),
});
export type Run = z.infer<typeof Run>;

const runConclusions = ["success", "failure", "cancelled", "skipped"] as const;

/** A job of one attempt of a run. */
export const Job = z.object({
  id: Id,
  run_id: Id,
  run_attempt: z.number().int(),
  /** Its name in the workflow file, and the one that people see. */
  key: z.string(),
  name: z.string(),
  runs_on: z.array(z.string()),
  status: z.enum(["queued", "in_progress", "completed"]),
  conclusion: z.enum(runConclusions).nullable(),
  check_run_id: Id,
  started_at: Time,
  completed_at: Time.nullable(),
  steps: z.array(
    z.object({
      name: z.string(),
      conclusion: z.enum(runConclusions),
      seconds: z.number(),
      /** Path of what it printed. */
      log: z.string().nullable(),
    }),
  ),
});
export type Job = z.infer<typeof Job>;

/** Its bytes lie beside the record, under its id. */
export const Artifact = z.object({
  id: Id,
  run_id: Id,
  /** A name is used once in an attempt. */
  run_attempt: z.number().int(),
  name: z.string(),
  size_in_bytes: z.number().int(),
  digest: z.string(),
  content_type: z.string(),
  created_at: Time,
  expires_at: Time,
});
export type Artifact = z.infer<typeof Artifact>;

/** An artifact whose bytes are still coming. */
export const ArtifactUpload = Artifact.omit({ size_in_bytes: true, digest: true });
export type ArtifactUpload = z.infer<typeof ArtifactUpload>;

export const CacheEntry = z.object({
  id: Id,
  key: z.string(),
  version: z.string(),
  /** Where it was saved; other branches do not see it. */
  ref: z.string(),
  /** Null while its bytes are still coming. */
  size_bytes: z.number().int().nullable(),
  created_at: Time,
});
export type CacheEntry = z.infer<typeof CacheEntry>;

/** Whether a workflow may answer: events made by a job's own token start none, except dispatches. */
const startsRuns = ["yes", "no", "after_approval"] as const;
export const Event = z.object({
  id: Id,
  /** The same in a delivery that is repeated. */
  guid: z.string(),
  name: z.string(),
  action: z.string().nullable(),
  sender: z.string(),
  starts_runs: z.enum(startsRuns),
  created_at: Time,
  payload: z.record(z.string(), z.unknown()),
});
export type Event = z.infer<typeof Event>;
