import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** git without the user's settings, hooks and prompts: the same everywhere. */
const environment = {
  PATH: process.env.PATH,
  HOME: "/nonexistent",
  LC_ALL: "C",
  GIT_CONFIG_NOSYSTEM: "1",
  GIT_CONFIG_GLOBAL: "/dev/null",
  GIT_TERMINAL_PROMPT: "0",
};

export interface GitRun {
  input?: string | Uint8Array;
  env?: Readonly<Record<string, string>>;
  /** Exit codes that are answers, not failures. */
  answers?: readonly number[];
}

/** A bare repository on disk. */
export interface GitFolder {
  readonly path: string;
}

export function createGitFolder(path: string, defaultBranch: string): GitFolder {
  // As `git init --bare` makes it (gitrepository-layout), which costs a process.
  for (const part of ["objects/info", "objects/pack", "refs/heads", "refs/tags"])
    mkdirSync(join(path, part), { recursive: true });
  writeFileSync(join(path, "config"), config);
  writeFileSync(join(path, "HEAD"), `ref: refs/heads/${defaultBranch}\n`);
  return { path };
}

// Commits are fetched by their SHA, as from GitHub, and its own refs are not for pushing. Nothing is tidied away.
const config = `[core]
	repositoryformatversion = 0
	filemode = true
	bare = true
[uploadpack]
	allowAnySHA1InWant = true
[receive]
	hideRefs = refs/pull
[gc]
	auto = 0
`;

/** Standard output of one git command; throws with what git said when it fails. */
export function git(folder: GitFolder, args: readonly string[], run: GitRun = {}): string {
  return gitBytes(folder, args, run).stdout.toString("utf8");
}

const remembered = new Map<string, GitAnswer>();
const mostRemembered = 5000;

/**
 * The same for questions about objects named by their full SHAs: the answer is the same for ever. A pull request is looked
 * at far more often than it changes, and starting git costs milliseconds.
 */
export function gitForEver(folder: GitFolder, args: readonly string[]): string {
  return answerForEver(folder, args, []).stdout;
}

/** With exit codes that are answers. */
export function answerForEver(folder: GitFolder, args: readonly string[], answers: readonly number[]): GitAnswer {
  const question = [folder.path, ...args].join("\0");
  const known = remembered.get(question);
  if (known !== undefined) return known;
  const answer = gitAnswer(folder, args, { answers });
  // It lacks an object, which may come.
  if (answer.code >= 128) return answer;
  const [oldest] = remembered.size < mostRemembered ? [] : remembered.keys();
  if (oldest !== undefined) remembered.delete(oldest);
  remembered.set(question, answer);
  return answer;
}

export interface GitAnswer {
  code: number;
  stdout: string;
}

/** For commands whose exit code is part of the answer. */
export function gitAnswer(folder: GitFolder, args: readonly string[], run: GitRun): GitAnswer {
  const { code, stdout } = gitBytes(folder, args, run);
  return { code, stdout: stdout.toString("utf8") };
}

export function gitBytes(
  folder: GitFolder,
  args: readonly string[],
  run: GitRun = {},
): { code: number; stdout: Buffer } {
  const done = spawnSync("git", [...args], {
    cwd: folder.path,
    env: { ...environment, GIT_DIR: folder.path, ...run.env },
    input: run.input ?? "",
    maxBuffer: 1 << 30,
  });
  if (done.error !== undefined) throw done.error;
  const code = done.status ?? 1;
  if (code !== 0 && !(run.answers ?? []).includes(code))
    throw new Error(`git ${args[0]} failed in ${folder.path}: ${done.stderr.toString("utf8").trim()}`);
  return { code, stdout: done.stdout };
}
