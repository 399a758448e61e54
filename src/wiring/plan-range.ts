import { readFile } from "node:fs/promises";
import { findCommit, isShallow, mergeBase, requireCommit } from "../git/commits.ts";
import { hasCode } from "../kit/has-code.ts";
import { UserError } from "../kit/user-error.ts";
import { defaultBranch, isFork, type RangeRequest, type RunEvent, rangeOf } from "../plan/commit-range.ts";

/** The commits that a plan is about, each with its full name. */
export interface CommitRange {
  /** Whose mlops.yml holds. */
  base: string;
  /** What is compared with head; null when every model counts. */
  from: string | null;
  head: string;
  /** Why every model counts; null when only what changed does. */
  everything: string | null;
  isFork: boolean;
}

export interface RangeInputs {
  base?: string | undefined;
  head?: string | undefined;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Which commits are compared: those that the inputs name, else those of the run's event, else HEAD with the default branch. */
export async function findRange(root: string, inputs: RangeInputs, environment: Environment): Promise<CommitRange> {
  const event = await readEvent(environment);
  const fork = event !== null && isFork(event);
  if (inputs.base !== undefined || event === null) {
    const base = await requireCommit(root, inputs.base ?? (await localBase(root)));
    const head = await requireCommit(root, inputs.head ?? "HEAD");
    return { base, from: await mergeBase(root, base, head), head, everything: null, isFork: fork };
  }
  const request = rangeOf(event);
  if (request === null) throw unknownEvent(event.name);
  return { ...(await rangeOfEvent(root, request, { event, head: inputs.head, environment })), isFork: fork };
}

interface EventFacts {
  event: RunEvent;
  head: string | undefined;
  environment: Environment;
}

async function rangeOfEvent(
  root: string,
  request: RangeRequest,
  facts: EventFacts,
): Promise<Omit<CommitRange, "isFork">> {
  if (request.kind === "everything") return everyModel(root, request.why, facts);
  const head = await requireCommit(root, facts.head ?? request.head);
  if (request.from === "merge-base") {
    const base = await requireCommit(root, request.base);
    return { base, from: await mergeBase(root, base, head), head, everything: null };
  }
  const from = await findCommit(root, request.base);
  // A forced push leaves the commit before it to nobody; a shallow clone only has not fetched it.
  if (from === null && !(await isShallow(root)))
    return everyModel(root, "the commit before is no longer in the repository", facts);
  const compared = from ?? (await requireCommit(root, request.base));
  const base = request.rules === "base" ? compared : await rulesCommit(root, head, facts);
  return { base, from: compared, head, everything: null };
}

async function everyModel(root: string, why: string, facts: EventFacts): Promise<Omit<CommitRange, "isFork">> {
  const head = await requireCommit(root, facts.head ?? "HEAD");
  return { base: await rulesCommit(root, head, facts), from: null, head, everything: why };
}

/** The commit whose mlops.yml holds where no pull request says it: the default branch's. */
async function rulesCommit(root: string, head: string, { event, environment }: EventFacts): Promise<string> {
  const branch = defaultBranch(event);
  if (branch === null || environment.GITHUB_REF === `refs/heads/${branch}`) return head;
  return requireCommit(root, `refs/remotes/origin/${branch}`);
}

/** On a person's machine: the branch that origin shows first, as git clone noted it. */
async function localBase(root: string): Promise<string> {
  const names = ["refs/remotes/origin/HEAD", "refs/remotes/origin/main", "refs/remotes/origin/master"];
  for (const name of [...names, "refs/heads/main", "refs/heads/master"])
    if ((await findCommit(root, name)) !== null) return name;
  throw new UserError({
    code: "input_invalid",
    message: "base is not given, and there is no origin/HEAD and no branch main or master to compare with",
    where: "base",
    fix: "name what the change is to be merged into: --base BRANCH (in a workflow: the input base)",
  });
}

/** The event of a workflow run; null on a person's machine. */
async function readEvent({ GITHUB_EVENT_NAME, GITHUB_EVENT_PATH }: Environment): Promise<RunEvent | null> {
  if (!GITHUB_EVENT_NAME) return null;
  return { name: GITHUB_EVENT_NAME, payload: GITHUB_EVENT_PATH ? await readPayload(GITHUB_EVENT_PATH) : null };
}

async function readPayload(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, "utf8"));
  } catch (error) {
    // Then the event says nothing, and what needs it tells so.
    if (error instanceof SyntaxError || hasCode(error, "ENOENT")) return null;
    throw error;
  }
}

function unknownEvent(name: string): UserError {
  return new UserError({
    code: "input_invalid",
    message: `the event ${name} does not say which commits to compare`,
    where: "base",
    fix: "start on pull_request, merge_group, push, schedule or workflow_dispatch, or give the inputs base and head",
  });
}
