import * as z from "zod";
import { App, Role } from "./accounts.ts";

// What a repository keeps, as it lies on disk. Times are ISO 8601 in seconds, users are logins, commits full SHAs.

const Id = z.number().int();
const Time = z.string();
const Sha = z.string().regex(/^[0-9a-f]{40}$/);

export const RepositoryFacts = z.object({
  id: Id,
  owner: z.string(),
  name: z.string(),
  private: z.boolean(),
  default_branch: z.string(),
  /** Full name of the repository that it was forked from. */
  fork_of: z.string().nullable(),
  created_at: Time,
  pushed_at: Time,
  /** Issues and pull requests share numbers. */
  last_number: z.number().int(),
  collaborators: z.record(z.string(), Role),
  /** Team slugs of the owning organization. */
  teams: z.record(z.string(), Role),
  /** Whether `GITHUB_TOKEN` may open pull requests; a repository's setting, off at first. */
  actions_may_open_pulls: z.boolean(),
  immutable_releases: z.boolean(),
  /** Rules in force on a branch, by its name, as the API gives them. */
  branch_rules: z.record(z.string(), z.array(z.record(z.string(), z.unknown()))),
});
export type RepositoryFacts = z.infer<typeof RepositoryFacts>;

export const Label = z.object({ id: Id, name: z.string(), color: z.string(), description: z.string().nullable() });
export type Label = z.infer<typeof Label>;

/** An issue, or the conversation of a pull request. */
export const Issue = z.object({
  id: Id,
  number: z.number().int(),
  title: z.string(),
  body: z.string().nullable(),
  user: z.string(),
  state: z.enum(["open", "closed"]),
  state_reason: z.enum(["completed", "not_planned", "duplicate", "reopened"]).nullable(),
  labels: z.array(z.string()),
  assignees: z.array(z.string()),
  created_at: Time,
  updated_at: Time,
  closed_at: Time.nullable(),
  closed_by: z.string().nullable(),
  is_pull: z.boolean(),
});
export type Issue = z.infer<typeof Issue>;

export const Pull = z.object({
  id: Id,
  number: z.number().int(),
  draft: z.boolean(),
  maintainer_can_modify: z.boolean(),
  /** `repository` is null once the fork was deleted. */
  head: z.object({ repository: z.string().nullable(), owner: z.string(), ref: z.string(), sha: Sha }),
  base: z.object({ ref: z.string(), sha: Sha }),
  merged_at: Time.nullable(),
  merged_by: z.string().nullable(),
  /** The test merge while open, the merge once merged; null when it conflicts. */
  merge_commit_sha: Sha.nullable(),
});
export type Pull = z.infer<typeof Pull>;

/** By whom and when a text was changed; the first entry of a text is its creation. */
const Edit = z.object({ at: Time, by: z.string(), body: z.string() });

export const Comment = z.object({
  id: Id,
  issue_number: z.number().int(),
  user: z.string(),
  app: App.nullable(),
  body: z.string(),
  created_at: Time,
  updated_at: Time,
  edits: z.array(Edit),
});
export type Comment = z.infer<typeof Comment>;

/** What the timeline of a pull request keeps of a comment that is gone. */
export const CommentDeletion = z.object({
  id: Id,
  issue_number: z.number().int(),
  author: z.string(),
  actor: z.string(),
  at: Time,
});
export type CommentDeletion = z.infer<typeof CommentDeletion>;

export const reactionContents = ["+1", "-1", "laugh", "confused", "heart", "hooray", "rocket", "eyes"] as const;
export const Reaction = z.object({
  id: Id,
  comment_id: Id,
  user: z.string(),
  content: z.enum(reactionContents),
  created_at: Time,
});
export type Reaction = z.infer<typeof Reaction>;

export const Review = z.object({
  id: Id,
  pull_number: z.number().int(),
  user: z.string(),
  body: z.string(),
  state: z.enum(["APPROVED", "CHANGES_REQUESTED", "COMMENTED", "DISMISSED", "PENDING"]),
  commit_id: Sha,
  submitted_at: Time,
  edits: z.array(Edit),
});
export type Review = z.infer<typeof Review>;

export const Annotation = z.object({
  path: z.string(),
  start_line: z.number().int(),
  end_line: z.number().int(),
  start_column: z.number().int().nullable(),
  end_column: z.number().int().nullable(),
  annotation_level: z.enum(["notice", "warning", "failure"]),
  title: z.string().nullable(),
  message: z.string(),
  raw_details: z.string().nullable(),
});
export type Annotation = z.infer<typeof Annotation>;

export const checkStatuses = ["queued", "in_progress", "completed", "waiting", "requested", "pending"] as const;
export const checkConclusions = [
  "success",
  "failure",
  "neutral",
  "cancelled",
  "skipped",
  "timed_out",
  "action_required",
] as const;
export const CheckRun = z.object({
  id: Id,
  name: z.string(),
  head_sha: Sha,
  external_id: z.string().nullable(),
  details_url: z.string().nullable(),
  status: z.enum(checkStatuses),
  conclusion: z.enum(checkConclusions).nullable(),
  started_at: Time.nullable(),
  completed_at: Time.nullable(),
  title: z.string().nullable(),
  summary: z.string().nullable(),
  text: z.string().nullable(),
  annotations: z.array(Annotation),
  actions: z.array(z.object({ label: z.string(), description: z.string(), identifier: z.string() })),
  app: App,
  check_suite_id: Id,
});
export type CheckRun = z.infer<typeof CheckRun>;

export const CommitStatus = z.object({
  id: Id,
  sha: Sha,
  state: z.enum(["error", "failure", "pending", "success"]),
  context: z.string(),
  description: z.string().nullable(),
  target_url: z.string().nullable(),
  creator: z.string(),
  created_at: Time,
});
export type CommitStatus = z.infer<typeof CommitStatus>;

export const activityTypes = [
  "push",
  "force_push",
  "branch_creation",
  "branch_deletion",
  "pr_merge",
  "merge_queue_merge",
] as const;
export const Activity = z.object({
  id: Id,
  before: Sha,
  after: Sha,
  ref: z.string(),
  timestamp: Time,
  activity_type: z.enum(activityTypes),
  actor: z.string(),
});
export type Activity = z.infer<typeof Activity>;

/** A commit that GitHub signed itself, since a bot made it through the API without an author of its own. */
export const SignedCommit = z.object({ sha: Sha, verified_at: Time });
export type SignedCommit = z.infer<typeof SignedCommit>;
