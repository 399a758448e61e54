import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { pushFiles } from "../../../src/rehearsal/administration/commit-files.ts";
import { addOrganization, personActor } from "../../../src/rehearsal/administration/people.ts";
import {
  createRepository,
  forkRepository,
  setCollaborator,
} from "../../../src/rehearsal/administration/repositories.ts";
import { approveRun } from "../../../src/rehearsal/administration/runs.ts";
import type { Repository } from "../../../src/rehearsal/state/repository.ts";
import { startRunner } from "../../../src/rehearsal/workflows/start-runner.ts";
import { anEmbeddedGitHub, clientOfPerson } from "../embedded-github.ts";
import { churnSpec, customers } from "./project.ts";
import { at } from "./rehearsal.ts";

const project = join(import.meta.dirname, "..", "..", "..");

/** The templates as a team copies them. */
function workflowFiles(): Record<string, string> {
  const folder = join(project, "workflows-templates");
  const names = readdirSync(folder).filter((name) => name.endsWith(".yml"));
  return Object.fromEntries(
    names.map((name) => [
      `.github/workflows/${name}`,
      readFileSync(join(folder, name), "utf8").replaceAll("$default-branch", "main"),
    ]),
  );
}

export interface RehearsedProject {
  /** Folders with a model of that name; the root for one called churn. */
  models?: readonly string[];
  mlopsYml?: string;
}

const rows = 1200;

/**
 * acme/income with a small model, its data and our workflows on main, and a runner that executes them from the bundles. mona
 * administers it, rita and hubot write, stranger is nobody.
 */
export async function aRehearsedProject({ models = ["churn"], mlopsYml }: RehearsedProject = {}) {
  // Times differ, as those of GitHub do: what is written in one second cannot have been read in it.
  const clock = passingClock();
  const server = await anEmbeddedGitHub({ clock: clock.now });
  const { github } = server;
  addOrganization(github, "acme");
  const repository = createRepository(github, { owner: "acme", name: "income" });
  for (const login of ["mona", "rita", "hubot", "stranger"]) personActor(github, login);
  setCollaborator(repository, "mona", "admin");
  setCollaborator(repository, "rita", "write");
  setCollaborator(repository, "hubot", "write");
  const files = {
    ...workflowFiles(),
    ".gitignore": ".mlops/\n",
    ...(mlopsYml === undefined ? {} : { "mlops.yml": mlopsYml }),
    ...Object.assign({}, ...models.map((name) => modelFiles(name))),
  };
  pushFiles(github, repository, { branch: "main", files, actor: personActor(github, "mona") });
  const runner = startRunner({ github, actions: project });
  onTestFinished(() => runner.stop());

  const push = (login: string, branch: string, changed: Readonly<Record<string, string | null>>, where = repository) =>
    pushFiles(github, where, { branch, files: changed, actor: personActor(github, login) });
  const opens = async (login: string, head: string): Promise<number> => {
    const client = clientOfPerson(server, login);
    const { data } = await client.rest.pulls.create({ ...at, title: "Better", head, base: "main" });
    await runner.settled();
    return data.number;
  };
  const comments = async (number: number) => {
    const client = clientOfPerson(server, "mona");
    const { data } = await client.rest.issues.listComments({ ...at, issue_number: number, per_page: 100 });
    return data.map(({ user, body = "" }) => ({ by: user?.login, body }));
  };
  /** A person's comment, and what is answered to it. */
  const says = async (login: string, number: number, body: string): Promise<string> => {
    clock.advance(200);
    const client = clientOfPerson(server, login);
    const { data } = await client.rest.issues.createComment({ ...at, issue_number: number, body });
    await runner.settled();
    const answer = (await comments(number)).find((one) => one.body.includes(`"answer:comment-${data.id}"`));
    return answer?.body.split("\n").slice(1).join("\n") ?? "";
  };
  /** Conclusion of each check run of ours on a commit. */
  const checks = async (sha: string): Promise<Record<string, string | null>> => {
    const client = clientOfPerson(server, "mona");
    const { data } = await client.rest.checks.listForRef({ ...at, ref: sha, per_page: 100 });
    const ours = data.check_runs.filter(({ name }) => name.startsWith("mlops"));
    return Object.fromEntries(ours.map(({ name, conclusion }) => [name, conclusion]));
  };
  /** What the steps that failed said: the reason, when a story goes another way. */
  const troubles = (): string =>
    repository.jobs
      .all()
      .flatMap(({ steps }) => steps)
      .filter(({ conclusion, log }) => conclusion === "failure" && log !== null)
      .map(({ name, log }) => `${name}:\n${log === null ? "" : readFileSync(log, "utf8").slice(-3000)}`)
      .join("\n");
  /** Somebody with write access lets the runs start that wait, as those of people who are new here do. */
  const lets = async (login: string): Promise<void> => {
    for (const run of repository.runs.all().filter(({ status }) => status === "action_required"))
      approveRun(github, repository, run, personActor(github, login));
    await runner.settled();
  };
  const fork = (login: string): Repository => forkRepository(github, repository, login);
  return { server, repository, runner, clock, push, opens, comments, says, checks, troubles, lets, fork };
}

function modelFiles(name: string): Record<string, string> {
  const folder = name === "churn" ? "" : `${name}/`;
  const spec = churnSpec("roc_auc >= 0.6").replace("name: churn", `name: ${name}`);
  return { [`${folder}model.yml`]: spec, [`${folder}data.csv`]: customers(rows) };
}

/** The machine's time, and more when it is told to pass. */
function passingClock(): { now: () => Date; advance: (seconds: number) => void } {
  let ahead = 0;
  return {
    now: () => new Date(Date.now() + ahead),
    advance: (seconds) => {
      ahead += seconds * 1000;
    },
  };
}
