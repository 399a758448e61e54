import { mkdir, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";
import { shaOfRef } from "../../git/resolve.ts";
import { findRepository, type GitHub } from "../../state/github.ts";
import { fullName } from "../../state/repository.ts";
import { WorkflowMistake } from "../mistake.ts";
import { runProcess } from "../run-process.ts";
import type { StepCall } from "../run-step.ts";
import { inWorkspace, type StandInInputs } from "./stand-in.ts";

const fullSha = /^[0-9a-f]{40}$/;

/** What is fetched, and what it is called where it lands. */
interface Wanted {
  /** Full name of the repository. */
  repository: string;
  /** A ref in full, or a commit. */
  source: string;
  target: string;
  /** A branch that is checked out by its name; null: a commit without one. */
  branch: string | null;
}

/** actions/checkout: repository, ref, path, token, fetch-depth, fetch-tags, persist-credentials, allow-unsafe-pr-checkout. */
export async function checkout(call: StepCall, inputs: StandInInputs): Promise<Record<string, string>> {
  const folder = inWorkspace(call, inputs("path"));
  const wanted = wantedOf(call, inputs);
  refuseForkCode(call, wanted, inputs);
  await emptyFolder(folder);
  const { origin } = call.frame.job.facts.github.links;
  const token = inputs("token") || call.frame.job.token;
  const header = `http.${origin}/.extraheader`;
  const value = `AUTHORIZATION: basic ${Buffer.from(`x-access-token:${token}`).toString("base64")}`;
  call.frame.job.masks.add(value.split(" ").at(-1) ?? "");
  const git = (args: readonly string[]) => runGit(call, folder, args);
  await git(["init", "--quiet", "."]);
  await git(["remote", "add", "origin", `${origin}/${wanted.repository}`]);
  await git(["config", "gc.auto", "0"]);
  const fetch = (...refspecs: string[]) =>
    git(["-c", `${header}=${value}`, "fetch", "--quiet", ...fetchFlags(inputs), "origin", ...refspecs]);
  if (inputs("fetch-depth") === "0") await fetch("+refs/heads/*:refs/remotes/origin/*", "+refs/tags/*:refs/tags/*");
  // Apart from the others: the branch may have moved on since the event, and one fetch cannot bring two things to one place.
  await fetch(fullSha.test(wanted.target) ? wanted.source : `+${wanted.source}:${wanted.target}`);
  if (wanted.branch === null) await git(["checkout", "--quiet", "--force", "--detach", wanted.target]);
  else await git(["checkout", "--quiet", "--force", "-B", wanted.branch, wanted.target]);
  if (inputs("persist-credentials") !== "false") await git(["config", header, value]);
  call.log.say(`checked out ${wanted.source} of ${wanted.repository}`);
  return { ref: wanted.source };
}

function wantedOf({ frame: { job } }: StepCall, inputs: StandInInputs): Wanted {
  const own = fullName(job.repository.facts);
  const repository = inputs("repository") || own;
  const { ref, sha } = job.contexts.github;
  if (inputs("ref") === "" && repository === own) return { ...place(repository, String(ref)), source: String(sha) };
  return place(repository, fullRef(job.facts.github, repository, inputs("ref")));
}

/** A ref in full, or a commit. */
function fullRef(github: GitHub, name: string, ref: string): string {
  const repository = findRepository(github, name);
  if (repository === undefined) throw new WorkflowMistake(`the embedded GitHub has no repository ${name}`);
  if (ref === "") return `refs/heads/${repository.facts.default_branch}`;
  const full = ["", "refs/heads/", "refs/tags/"].map((prefix) => `${prefix}${ref}`);
  const found = full.find((one) => fullSha.test(one) || shaOfRef(repository.git, one) !== null);
  if (found === undefined) throw new WorkflowMistake(`${name} has no branch, tag or commit ${ref}`);
  return found;
}

/** Refs land where actions/checkout puts them: branches and test merges under refs/remotes. */
function place(repository: string, ref: string): Wanted {
  const [, branch] = /^refs\/heads\/(.+)$/.exec(ref) ?? [];
  if (branch !== undefined) return { repository, source: ref, target: `refs/remotes/origin/${branch}`, branch };
  return { repository, source: ref, target: ref.replace(/^refs\/pull\//, "refs/remotes/pull/"), branch: null };
}

function fetchFlags(inputs: StandInInputs): string[] {
  const depth = inputs("fetch-depth") || "1";
  return [...(depth === "0" ? [] : [`--depth=${depth}`]), inputs("fetch-tags") === "true" ? "--tags" : "--no-tags"];
}

const PullRun = z.object({
  workflow_run: z.object({
    event: z.string(),
    head_sha: z.string(),
    head_repository: z.object({ id: z.number(), full_name: z.string() }).nullable(),
  }),
});

/** Since version 7, a job of the default branch that answers a fork's pull request does not get its code by accident. */
function refuseForkCode({ frame: { job } }: StepCall, { repository, source }: Wanted, inputs: StandInInputs): void {
  const about = PullRun.safeParse(job.contexts.github.event).data?.workflow_run;
  if (job.contexts.github.event_name !== "workflow_run" || about?.event.startsWith("pull_request") !== true) return;
  if (about.head_repository?.id === job.repository.facts.id || inputs("allow-unsafe-pr-checkout") === "true") return;
  const isForks =
    repository === about.head_repository?.full_name ||
    /^refs\/pull\/\d+\/(head|merge)$/.test(source) ||
    source === about.head_sha;
  if (isForks)
    throw new WorkflowMistake(
      "Refusing to check out a fork's code in a workflow_run job, which has the repository's token; allow-unsafe-pr-checkout: true asks for it",
    );
}

/** A checkout replaces what was there, as git could not clone into it. */
async function emptyFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const name of await readdir(folder)) await rm(join(folder, name), { recursive: true, force: true });
}

/** git without the person's settings, hooks and prompts. */
async function runGit(
  { frame, log, signal, jobEnd }: StepCall,
  folder: string,
  args: readonly string[],
): Promise<void> {
  const { facts } = frame.job;
  const code = await runProcess({
    command: "git",
    args,
    cwd: folder,
    env: {
      PATH: facts.environment.PATH ?? "",
      HOME: frame.job.folders.temp,
      LC_ALL: "C",
      GIT_CONFIG_NOSYSTEM: "1",
      GIT_TERMINAL_PROMPT: "0",
    },
    onLine: (line) => log.say(line),
    signal,
    jobEnd,
  });
  if (code !== 0)
    throw new WorkflowMistake(`git ${args.find((arg) => /^[a-z]+$/.test(arg))} failed with exit code ${code}`);
}
