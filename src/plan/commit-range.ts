import * as z from "zod";

/** Which commits a run is about, as its event says it; not yet looked up in a clone. */
export type RangeRequest =
  | {
      kind: "between";
      base: string;
      head: string;
      /** What is compared with head: where it left base, or base itself. */
      from: "merge-base" | "base";
      /** Whose mlops.yml holds: that of `base`, or of the default branch where the base is an earlier push. */
      rules: "base" | "default-branch";
    }
  | { kind: "everything"; why: string };

/** The event of a run: its name and its payload. */
export interface RunEvent {
  name: string;
  payload: unknown;
}

const sha = z.string().regex(/^[0-9a-f]{40}([0-9a-f]{24})?$/);
const repository = z.object({ id: z.number() });
const PullRequest = z.object({
  pull_request: z.object({
    // The repository of a fork may have been deleted meanwhile.
    head: z.object({ sha, repo: repository.nullish() }),
    base: z.object({ sha, repo: repository.nullish() }),
  }),
});
const MergeGroup = z.object({ merge_group: z.object({ base_sha: sha, head_sha: sha }) });
const Push = z.object({ before: sha, after: sha });
const DefaultBranch = z.object({ repository: z.object({ default_branch: z.string().min(1) }) });

/** Events that come without a change: they ask for every model. */
const withoutChange: readonly string[] = ["schedule", "workflow_dispatch", "repository_dispatch"];

/** What changed by an event; null when the event does not say it. */
export function rangeOf({ name, payload }: RunEvent): RangeRequest | null {
  if (withoutChange.includes(name)) return { kind: "everything", why: `${name} asks for every model` };
  const pull = PullRequest.safeParse(payload);
  if (pull.success) {
    const { base, head } = pull.data.pull_request;
    return { kind: "between", base: base.sha, head: head.sha, from: "merge-base", rules: "base" };
  }
  const group = MergeGroup.safeParse(payload);
  if (group.success) {
    const { base_sha: base, head_sha: head } = group.data.merge_group;
    return { kind: "between", base, head, from: "base", rules: "base" };
  }
  const push = Push.safeParse(payload);
  if (name !== "push" || !push.success) return null;
  const { before, after } = push.data;
  // GitHub writes zeros for the commit before a branch's first push.
  if (/^0+$/.test(before)) return { kind: "everything", why: "the branch is new" };
  return { kind: "between", base: before, head: after, from: "base", rules: "default-branch" };
}

/**
 * Whether a pull request comes from another repository. What cannot be told is one: a fork gets less.
 */
export function isFork({ payload }: RunEvent): boolean {
  const pull = PullRequest.safeParse(payload);
  if (!pull.success) return typeof payload === "object" && payload !== null && "pull_request" in payload;
  const { base, head } = pull.data.pull_request;
  return typeof head.repo?.id !== "number" || head.repo.id !== base.repo?.id;
}

/** The default branch's name, where the payload tells it. */
export function defaultBranch({ payload }: RunEvent): string | null {
  return DefaultBranch.safeParse(payload).data?.repository.default_branch ?? null;
}
