import * as z from "zod";
import { gitForEver } from "../git/git.ts";
import { mergeBase } from "../git/merge.ts";
import { noCommit } from "../git/refs.ts";
import { resolveCommit } from "../git/resolve.ts";
import type { Event } from "../state/release-records.ts";
import { fullName, type Repository } from "../state/repository.ts";

/** What an event is about: where its workflows are read, and what a run of one of them says of itself. */
export interface EventSubject {
  /** `GITHUB_REF`, and the commit that its workflow files are read from: `GITHUB_SHA`. */
  ref: string;
  sha: string;
  head_sha: string;
  head_branch: string;
  head_repository: string;
  /** From a fork: a read-only token and no secrets. */
  isFork: boolean;
  /** What `branches` and `tags` are compared with; null where they do not count. */
  filtered: { kind: "branch" | "tag"; name: string } | null;
  /** `github.base_ref` and `github.head_ref`. */
  base_ref: string;
  head_ref: string;
  title: string;
  /** For `paths`; null where they do not count. */
  changedPaths: (() => string[]) | null;
}

const Sha = z.string();
const PullEvent = z.object({
  pull_request: z.object({
    number: z.number(),
    title: z.string(),
    merge_commit_sha: Sha.nullable(),
    head: z.object({ sha: Sha, ref: z.string(), repo: z.object({ full_name: z.string() }).nullable() }),
    base: z.object({ sha: Sha, ref: z.string() }),
  }),
});
const PushEvent = z.object({ ref: z.string(), before: Sha, after: Sha });
const MergeGroupEvent = z.object({
  merge_group: z.object({ head_sha: Sha, head_ref: z.string(), base_ref: z.string() }),
});
const RunEvent = z.object({
  workflow_run: z.object({ head_branch: z.string().nullable(), display_title: z.string() }),
});
const DispatchEvent = z.object({ ref: z.string() });
const TagEvent = z.object({ release: z.object({ tag_name: z.string() }) });
const DeploymentEvent = z.object({ deployment: z.object({ sha: Sha, ref: z.string() }) });

/** Null where GitHub starts no workflow: a pull request with conflicts, a deleted branch. */
export function subjectOf(repository: Repository, { name, payload }: Event): EventSubject | null {
  switch (name) {
    case "pull_request":
    case "pull_request_review":
      return pullSubject(repository, PullEvent.parse(payload));
    case "push":
      return pushSubject(repository, PushEvent.parse(payload));
    case "merge_group":
      return mergeGroupSubject(repository, MergeGroupEvent.parse(payload));
    case "workflow_run":
      return workflowRunSubject(repository, RunEvent.parse(payload));
    case "workflow_dispatch":
      return refSubject(repository, DispatchEvent.parse(payload).ref);
    case "release":
      return refSubject(repository, `refs/tags/${TagEvent.parse(payload).release.tag_name}`);
    case "deployment":
    case "deployment_status":
      return deploymentSubject(repository, DeploymentEvent.parse(payload));
    default:
      return defaultBranchSubject(repository);
  }
}

function pullSubject(repository: Repository, { pull_request: pull }: z.infer<typeof PullEvent>): EventSubject | null {
  if (pull.merge_commit_sha === null) return null;
  const { head, base } = pull;
  return {
    ref: `refs/pull/${pull.number}/merge`,
    sha: pull.merge_commit_sha,
    head_sha: head.sha,
    head_branch: head.ref,
    head_repository: head.repo?.full_name ?? "",
    isFork: head.repo?.full_name !== fullName(repository.facts),
    filtered: { kind: "branch", name: base.ref },
    base_ref: base.ref,
    head_ref: head.ref,
    title: pull.title,
    changedPaths: () => pathsBetween(repository, mergeBase(repository.git, base.sha, head.sha) ?? base.sha, head.sha),
  };
}

function pushSubject(repository: Repository, { ref, before, after }: z.infer<typeof PushEvent>): EventSubject | null {
  const [, kind, name] = /^refs\/(heads|tags)\/(.+)$/.exec(ref) ?? [];
  const subject = after === noCommit ? null : refSubject(repository, ref, after);
  if (subject === null || kind === undefined || name === undefined) return null;
  return {
    ...subject,
    filtered: { kind: kind === "heads" ? "branch" : "tag", name },
    // A new branch has no commit to be compared with: GitHub then looks at its last commit alone.
    changedPaths:
      kind === "tags" ? null : () => pathsBetween(repository, before === noCommit ? null : before, subject.sha),
  };
}

function mergeGroupSubject(repository: Repository, { merge_group: group }: z.infer<typeof MergeGroupEvent>) {
  const subject = refSubject(repository, group.head_ref, group.head_sha);
  if (subject === null) return null;
  return { ...subject, filtered: { kind: "branch" as const, name: shortName(group.base_ref) } };
}

function workflowRunSubject(repository: Repository, { workflow_run: run }: z.infer<typeof RunEvent>) {
  const subject = defaultBranchSubject(repository);
  if (subject === null) return null;
  return { ...subject, filtered: { kind: "branch" as const, name: run.head_branch ?? "" }, title: run.display_title };
}

function deploymentSubject(repository: Repository, { deployment }: z.infer<typeof DeploymentEvent>) {
  return refSubject(repository, deployment.ref, deployment.sha);
}

function defaultBranchSubject(repository: Repository): EventSubject | null {
  return refSubject(repository, `refs/heads/${repository.facts.default_branch}`);
}

function refSubject(repository: Repository, ref: string, at?: string): EventSubject | null {
  const sha = resolveCommit(repository.git, at ?? ref);
  if (sha === null) return null;
  return {
    ref,
    sha,
    head_sha: sha,
    head_branch: shortName(ref),
    head_repository: fullName(repository.facts),
    isFork: false,
    filtered: null,
    base_ref: "",
    head_ref: "",
    title: subjectLine(repository, sha),
    changedPaths: null,
  };
}

export function shortName(ref: string): string {
  return ref.replace(/^refs\/(heads|tags|pull)\//, "");
}

function subjectLine(repository: Repository, sha: string): string {
  return gitForEver(repository.git, ["log", "-1", "--format=%s", sha]).trim();
}

function pathsBetween(repository: Repository, before: string | null, after: string): string[] {
  const range = before === null ? ["--root", after] : [before, after];
  return gitForEver(repository.git, ["diff-tree", "-r", "-z", "--no-commit-id", "--name-only", ...range])
    .split("\0")
    .filter((path) => path !== "");
}

/** `[skip ci]` and its like in the message of the newest commit keep pushes and pull requests from starting runs. */
export function skipsRuns(repository: Repository, name: string, { head_sha }: EventSubject): boolean {
  if (name !== "push" && name !== "pull_request") return false;
  const message = gitForEver(repository.git, ["log", "-1", "--format=%B", head_sha]);
  return /\[(skip ci|ci skip|no ci|skip actions|actions skip)\]/.test(message);
}
