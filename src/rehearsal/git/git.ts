import { spawnSync } from "node:child_process";
import { appendFileSync, mkdirSync } from "node:fs";
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
  mkdirSync(path, { recursive: true });
  const folder = { path };
  git(folder, ["init", "--quiet", "--bare", "--template=", `--initial-branch=${defaultBranch}`, "."]);
  // Commits are fetched by their SHA, as from GitHub, and its own refs are not for pushing. Nothing is tidied away.
  appendFileSync(
    join(path, "config"),
    "[uploadpack]\n\tallowAnySHA1InWant = true\n[receive]\n\thideRefs = refs/pull\n[gc]\n\tauto = 0\n",
  );
  return folder;
}

/** Standard output of one git command; throws with what git said when it fails. */
export function git(folder: GitFolder, args: readonly string[], run: GitRun = {}): string {
  return gitBytes(folder, args, run).stdout.toString("utf8");
}

const remembered = new Map<string, string>();
const mostRemembered = 5000;

/**
 * The same for questions about objects named by their full SHAs: the answer is the same for ever. A pull request is looked
 * at far more often than it changes, and starting git costs milliseconds.
 */
export function gitForEver(folder: GitFolder, args: readonly string[], run: Pick<GitRun, "answers"> = {}): string {
  const question = [folder.path, ...args].join("\0");
  const known = remembered.get(question);
  if (known !== undefined) return known;
  const answer = git(folder, args, run);
  const [oldest] = remembered.size < mostRemembered ? [] : remembered.keys();
  if (oldest !== undefined) remembered.delete(oldest);
  remembered.set(question, answer);
  return answer;
}

/** For commands whose exit code is part of the answer. */
export function gitAnswer(folder: GitFolder, args: readonly string[], run: GitRun): { code: number; stdout: string } {
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
