import { execFile } from "node:child_process";
import { hasCode } from "../kit/has-code.ts";
import { UserError } from "../kit/user-error.ts";

export interface GitAnswer {
  exitCode: number;
  stdout: Buffer;
  stderr: string;
}

/** A listing of a million paths has some hundred megabytes. */
const largestAnswerBytes = 1 << 30;

export interface GitInput {
  stdin?: string;
  /** Configuration of this one run, which neither a file nor the list of processes shows. */
  config?: readonly (readonly [key: string, value: string])[];
}

/** Runs the system's git in `folder`. Throws UserError when there is no git. */
export async function askGit(
  folder: string,
  args: readonly string[],
  { stdin = "", config = [] }: GitInput = {},
): Promise<GitAnswer> {
  return new Promise((resolve, reject) => {
    const env = environment(config);
    const settings = { cwd: folder, encoding: "buffer" as const, maxBuffer: largestAnswerBytes, env };
    const child = execFile("git", args, settings, (error, stdout, stderr) => {
      const answer = { stdout, stderr: stderr.toString("utf8").trim() };
      if (error === null) resolve({ exitCode: 0, ...answer });
      else if (hasCode(error, "ENOENT")) reject(noGit(folder, error));
      else if (typeof error.code === "number") resolve({ exitCode: error.code, ...answer });
      else reject(error);
    });
    // A git that ends early closes its stdin: its exit code says why.
    child.stdin?.on("error", () => undefined);
    child.stdin?.end(stdin);
  });
}

/** What git prints; throws UserError with its own words when it fails. */
export async function git(folder: string, args: readonly string[], input: GitInput = {}): Promise<Buffer> {
  const { exitCode, stdout, stderr } = await askGit(folder, args, input);
  if (exitCode === 0) return stdout;
  throw gitFailed(folder, stderr === "" ? `git ${args[0]} ended with code ${exitCode}` : stderr);
}

/** Messages in English, no questions, objects as they were committed (not as a replace ref shows them). */
function environment(config: NonNullable<GitInput["config"]>): NodeJS.ProcessEnv {
  const given = Number(process.env.GIT_CONFIG_COUNT ?? 0);
  const entries = config.flatMap(([key, value], index) => [
    [`GIT_CONFIG_KEY_${given + index}`, key],
    [`GIT_CONFIG_VALUE_${given + index}`, value],
  ]);
  return {
    ...process.env,
    ...(entries.length === 0 ? {} : { GIT_CONFIG_COUNT: String(given + config.length) }),
    ...Object.fromEntries(entries),
    LC_ALL: "C",
    GIT_OPTIONAL_LOCKS: "0",
    GIT_TERMINAL_PROMPT: "0",
    GIT_NO_REPLACE_OBJECTS: "1",
    GIT_LITERAL_PATHSPECS: "1",
  };
}

function gitFailed(folder: string, said: string): UserError {
  return new UserError({
    code: "git_failed",
    message: said,
    where: folder,
    fix: "run it in a clone of the repository (in a workflow: after actions/checkout), and repair what git says",
  });
}

function noGit(folder: string, cause: Error): UserError {
  return new UserError({
    code: "git_failed",
    message: "there is no git on this machine, or no such folder",
    where: folder,
    fix: "install git (GitHub's runners have it), or correct working-directory",
    cause,
  });
}
