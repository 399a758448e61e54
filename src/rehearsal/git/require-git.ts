import { spawnSync } from "node:child_process";
import { UserError } from "../../kit/user-error.ts";

/** The first that merges two commits without a work tree (`merge-tree --write-tree`). */
const oldest = [2, 38] as const;

/** Throws git_unfit where there is no git, or one that is too old; `said` is what `git --version` answers. */
export function requireGit(said: string | null = gitVersion()): void {
  const [, major = "0", minor = "0"] = /^git version (\d+)\.(\d+)/.exec(said ?? "") ?? [];
  const isNewEnough = Number(major) > oldest[0] || (Number(major) === oldest[0] && Number(minor) >= oldest[1]);
  if (isNewEnough) return;
  throw new UserError({
    code: "git_unfit",
    message:
      said === null ? "a rehearsal needs git, and there is none on PATH" : `a rehearsal cannot use ${said.trim()}`,
    where: null,
    fix: `install git ${oldest.join(".")} or newer`,
  });
}

let version: string | null = null;

/** Asked once, unless there was none. */
function gitVersion(): string | null {
  if (version !== null) return version;
  const { error, stdout } = spawnSync("git", ["--version"], { encoding: "utf8" });
  version = error === undefined ? stdout : null;
  return version;
}
