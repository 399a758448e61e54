import { join } from "node:path";
import { onTestFinished } from "vitest";
import { pushFiles } from "../../src/rehearsal/administration/commit-files.ts";
import { personActor } from "../../src/rehearsal/administration/people.ts";
import type { EmbeddedGitHub } from "../../src/rehearsal/serve-github.ts";
import { findRepository } from "../../src/rehearsal/state/github.ts";
import type { Job, Run } from "../../src/rehearsal/state/release-records.ts";
import type { Repository } from "../../src/rehearsal/state/repository.ts";
import type { News } from "../../src/rehearsal/workflows/news.ts";
import { type Runner, type RunnerOptions, startRunner } from "../../src/rehearsal/workflows/start-runner.ts";
import { aRepository } from "./builders/rehearsal.ts";
import { anEmbeddedGitHub } from "./embedded-github.ts";

export interface Rehearsed {
  server: EmbeddedGitHub;
  repository: Repository;
  runner: Runner;
  news: News[];
  /** mona pushes files to a branch; gives the commit. */
  push(branch: string, files: Readonly<Record<string, string | null>>, message?: string): string;
  /** Waits until nothing runs, and gives the runs of the workflow of that file, oldest first. */
  runs(file: string): Promise<Run[]>;
  jobs(run: Run | undefined): Job[];
}

/** `acme/income` with a runner that executes what is in its .github/workflows. */
export async function aRunner(options: Partial<RunnerOptions> = {}): Promise<Rehearsed> {
  const server = await anEmbeddedGitHub();
  const { github } = server;
  aRepository(server);
  const repository = findRepository(github, "acme/income");
  if (repository === undefined) throw new Error("acme/income is gone");
  const news: News[] = [];
  const actions = join(import.meta.dirname, "..", "..");
  const runner = startRunner({ github, actions, tell: (one) => news.push(one), ...options });
  onTestFinished(() => runner.stop());
  return {
    server,
    repository,
    runner,
    news,
    push: (branch, files, message) =>
      pushFiles(github, repository, {
        branch,
        files,
        actor: personActor(github, "mona"),
        ...(message === undefined ? {} : { message }),
      }),
    runs: async (file) => {
      await runner.settled();
      return repository.runs.all().filter(({ path }) => path === `.github/workflows/${file}`);
    },
    jobs: (run) => repository.jobs.all().filter(({ run_id }) => run_id === run?.id),
  };
}
