import { pushFiles } from "../../../src/rehearsal/administration/commit-files.ts";
import { addOrganization, personActor } from "../../../src/rehearsal/administration/people.ts";
import {
  createRepository,
  forkRepository,
  type NewRepository,
  setCollaborator,
} from "../../../src/rehearsal/administration/repositories.ts";
import { startRun } from "../../../src/rehearsal/administration/runs.ts";
import { jobToken, type RuntimeFacts, runtimeToken } from "../../../src/rehearsal/administration/tokens.ts";
import { resolveCommit } from "../../../src/rehearsal/git/resolve.ts";
import type { EmbeddedGitHub } from "../../../src/rehearsal/serve-github.ts";
import type { Permissions } from "../../../src/rehearsal/state/accounts.ts";
import { findRepository } from "../../../src/rehearsal/state/github.ts";
import type { Repository } from "../../../src/rehearsal/state/repository.ts";
import { clientOf, clientOfPerson, type Octokit } from "../embedded-github.ts";

export const at = { owner: "acme", repo: "income" };

/** `acme/income` with a README on main; mona administers it, rita and hubot write, everybody else is a stranger. */
export function aRepository({ github }: EmbeddedGitHub, more: Partial<NewRepository> = {}): Repository {
  addOrganization(github, "acme");
  const repository = createRepository(github, { owner: "acme", name: "income", ...more });
  const mona = personActor(github, "mona");
  personActor(github, "rita");
  personActor(github, "hubot");
  setCollaborator(repository, "mona", "admin");
  setCollaborator(repository, "rita", "write");
  setCollaborator(repository, "hubot", "write");
  pushFiles(github, repository, { branch: "main", files: { "README.md": "a model\n" }, actor: mona });
  return repository;
}

/** hubot's pull request 1 from the branch `change`. */
export async function aPull(server: EmbeddedGitHub): Promise<{ number: number; head: string }> {
  const { github } = server;
  const repository = findRepository(github, "acme/income") ?? aRepository(server);
  const files = { "model.yml": "name: income\n" };
  const head = pushFiles(github, repository, { branch: "change", files, actor: personActor(github, "hubot") });
  const pull = await clientOfPerson(server, "hubot").rest.pulls.create({
    ...at,
    title: "Better",
    head: "change",
    base: "main",
  });
  return { number: pull.data.number, head };
}

/** A stranger's pull request from the branch `change` of a fork. */
export async function aForkPull(server: EmbeddedGitHub): Promise<{ number: number; head: string; fork: Repository }> {
  const { github } = server;
  const repository = findRepository(github, "acme/income") ?? aRepository(server);
  const stranger = personActor(github, "stranger");
  const fork = forkRepository(github, repository, "stranger");
  const head = pushFiles(github, fork, { branch: "change", files: { "model.yml": "name: income\n" }, actor: stranger });
  const pull = await clientOfPerson(server, "stranger").rest.pulls.create({
    ...at,
    title: "From afar",
    head: "stranger:change",
    base: "main",
  });
  return { number: pull.data.number, head, fork };
}

/** The client of a job of `acme/income`. */
export function aJob(server: EmbeddedGitHub, permissions: Permissions, more: { fromFork?: boolean } = {}): Octokit {
  return clientOf(server, jobToken(server.github, { repository: "acme/income", permissions, ...more }));
}

/** A job of `acme/income` as the services of Actions see it, and what the runner tells it. */
export function aRuntime(
  server: EmbeddedGitHub,
  cache: RuntimeFacts["cache"] = { read: ["refs/heads/main"], write: "refs/heads/main" },
): { run_id: number; token: string; environment: Readonly<Record<string, string>> } {
  const { github } = server;
  const repository = findRepository(github, "acme/income") ?? aRepository(server);
  const head_sha = resolveCommit(repository.git, "main") ?? "";
  const run = startRun(github, repository, {
    path: ".github/workflows/ml.yml",
    event: "push",
    head_sha,
    actor: "mona",
  });
  const token = runtimeToken(github, {
    repository: "acme/income",
    run_id: run.id,
    run_attempt: 1,
    job: "train",
    cache,
  });
  const environment = {
    // Not GitHub's own host, but one that the toolkit takes for it; nothing connects to it.
    GITHUB_SERVER_URL: github.links.web,
    GITHUB_API_URL: github.links.api,
    ACTIONS_RESULTS_URL: github.links.origin,
    ACTIONS_RUNTIME_TOKEN: token,
    ACTIONS_CACHE_SERVICE_V2: "true",
  };
  return { run_id: run.id, token, environment };
}

/** A clock that moves only when it is told to. */
export function aClock(start = "2026-11-28T12:00:00Z"): { now: () => Date; advance: (seconds: number) => void } {
  let time = Date.parse(start);
  return {
    now: () => new Date(time),
    advance: (seconds) => {
      time += seconds * 1000;
    },
  };
}
