import { execFileSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** A real git repository in a folder, on branch main, whose commits do not depend on the machine's settings. */
export interface GitRepository {
  folder: string;
  git(...args: string[]): string;
  /** Writes files (null: removes one), commits everything, and returns the commit. */
  commit(files: Readonly<Record<string, string | null>>): string;
}

export function aRepository(folder: string): GitRepository {
  mkdirSync(folder, { recursive: true });
  const repository = inFolder(folder);
  repository.git("init", "--quiet", "--initial-branch=main");
  return repository;
}

/** A clone of another one; `more` are options of git clone, such as --depth=1. */
export function aClone(source: string, folder: string, ...more: string[]): GitRepository {
  mkdirSync(folder, { recursive: true });
  const clone = inFolder(folder);
  clone.git("clone", "--quiet", ...more, `file://${source}`, ".");
  return clone;
}

/** The repository of a folder that is there already, or is about to be one. */
export function inFolder(folder: string): GitRepository {
  const git = (...args: string[]) => {
    const env = { ...process.env, ...identity, GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_SYSTEM: "/dev/null" };
    return execFileSync("git", args, { cwd: folder, encoding: "utf8", env, stdio: ["ignore", "pipe", "pipe"] }).trim();
  };
  const commit = (files: Readonly<Record<string, string | null>>) => {
    for (const [path, text] of Object.entries(files)) {
      const place = join(folder, path);
      if (text === null) rmSync(place, { recursive: true });
      else {
        mkdirSync(dirname(place), { recursive: true });
        writeFileSync(place, text);
      }
    }
    git("add", "--all");
    git("commit", "--quiet", "--allow-empty", "--message=change");
    return git("rev-parse", "HEAD");
  };
  return { folder, git, commit };
}

const person = { NAME: "a", EMAIL: "a@example.com", DATE: "2026-01-01T00:00:00Z" };
const identity = Object.fromEntries(
  ["AUTHOR", "COMMITTER"].flatMap((role) =>
    Object.entries(person).map(([key, value]) => [`GIT_${role}_${key}`, value]),
  ),
);

/** A small valid model.yml that trains by `python train/main.py`. */
export function aModelYml(name: string, more = ""): string {
  return `name: ${name}
task: binary-classification
problem: { statement: Tell who leaves. }
data: { source: data.csv, label: churn, positive: "yes" }
train: { command: python train/main.py }
evaluate: { gates: [roc_auc >= 0.7] }
${more}`;
}
