import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { promisify } from "node:util";
import * as z from "zod";
import type { Outcome } from "./outcome.ts";

type Environment = Readonly<Record<string, string | undefined>>;

const PullRequestEvent = z.object({
  pull_request: z.object({ head: z.object({ sha: z.string() }), base: z.object({ sha: z.string() }) }),
});

/**
 * Which commit was worked on. On a pull request GitHub tests the merge commit, while checks and approvals speak of the
 * head: so head, base and tested commit are three different things. Outside a repository all are null.
 */
export async function readGit(workingDirectory: string, environment: Environment): Promise<Outcome["git"]> {
  const tested = environment.GITHUB_SHA ?? (await revision(workingDirectory));
  const event = await readEvent(environment.GITHUB_EVENT_PATH);
  const pull = PullRequestEvent.safeParse(event);
  if (pull.success) {
    const { head, base } = pull.data.pull_request;
    return { head_sha: head.sha, base_sha: base.sha, tested_sha: tested };
  }
  return { head_sha: tested, base_sha: null, tested_sha: tested };
}

/** Whether the commit that is checked out has a folder, or a link of that name; false outside a repository. */
export async function isCommitted(folder: string, workingDirectory: string): Promise<boolean> {
  try {
    // One line, however many files there are: a listing of all would end in an error. Nor is it one whose checkout it is.
    const args = ["-c", "safe.directory=*", "ls-tree", "HEAD", "--", folder];
    const { stdout } = await promisify(execFile)("git", args, { cwd: workingDirectory });
    return stdout !== "";
  } catch {
    // No git or no repository: nothing was committed.
    return false;
  }
}

/** Which workflow run this is; all null on a person's machine. */
export function readRun(environment: Environment): Outcome["run"] {
  const attempt = Number(environment.GITHUB_RUN_ATTEMPT);
  return {
    id: environment.GITHUB_RUN_ID ?? null,
    attempt: Number.isInteger(attempt) ? attempt : null,
    workflow: environment.GITHUB_WORKFLOW ?? null,
    event: environment.GITHUB_EVENT_NAME ?? null,
  };
}

async function revision(workingDirectory: string): Promise<string | null> {
  try {
    const { stdout } = await promisify(execFile)("git", ["rev-parse", "HEAD"], { cwd: workingDirectory });
    return stdout.trim();
  } catch {
    // No git, no repository or no commit yet: a run without a commit is allowed, and its evidence says null.
    return null;
  }
}

/** The event that started the run, as the runner left it; null where there is none. */
export async function readEvent(path: string | undefined): Promise<unknown> {
  if (path === undefined || path === "") return null;
  try {
    return JSON.parse(await readFile(path, "utf8"));
  } catch {
    // The event only adds the head's and base's names; a run by hand may have none.
    return null;
  }
}
