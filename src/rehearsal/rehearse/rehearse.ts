import { join } from "node:path";
import * as z from "zod";
import { ignoreRunFolders } from "../../kit/ignore-run-folders.ts";
import { UserError, UserErrors } from "../../kit/user-error.ts";
import { personActor } from "../administration/people.ts";
import { setCollaborator } from "../administration/repositories.ts";
import { approveRun } from "../administration/runs.ts";
import { personToken } from "../administration/tokens.ts";
import { type EmbeddedGitHub, serveGitHub } from "../serve-github.ts";
import { fullName } from "../state/repository.ts";
import type { News } from "../workflows/news.ts";
import { type Runner, startRunner } from "../workflows/start-runner.ts";
import { postAs } from "./as-person.ts";
import { type Clone, hasUncommitted, readClone } from "./clone.ts";
import { neverStarted } from "./our-workflows.ts";
import {
  Conversation,
  checksOf,
  type Decision,
  decide,
  runsOf,
  type ShownCheck,
  type ShownComment,
} from "./outcome.ts";
import { requireNode } from "./require-node.ts";
import { author, emptyState, pushHead, reviewer, type Stage, setStage, stranger, toolCacheOf } from "./set-up.ts";

export interface RehearsalOptions {
  /** A folder of the clone; the state lies in `.mlops/rehearsal` of its root. */
  folder: string;
  /** This package: action.yml, actions/, dist/. */
  actions: string;
  /** Folder of templates that are put on the default branch; null: the default branch is as it is. */
  templates: string | null;
  /** The branch that the pull request is for. */
  base: string | undefined;
  fork: boolean;
  /** Also workflows that have nothing to do with this project. */
  everything: boolean;
  port: number;
  /** The machine's environment, by which native modules are found that this user has already. */
  environment: Readonly<Record<string, string | undefined>>;
  /** Ends the rehearsal: what runs is cancelled. */
  signal: AbortSignal;
  tell: (progress: Progress) => void;
}

export type Progress =
  | News
  | {
      kind: "staged";
      repository: string;
      clone: Clone;
      state: string;
      ours: string[];
      others: string[];
      hasUncommitted: boolean;
    }
  | { kind: "opens"; title: string; from: string; into: string }
  | { kind: "let-start"; by: string }
  | { kind: "said"; by: string; body: string }
  | { kind: "comment"; comment: ShownComment }
  | { kind: "checks"; checks: ShownCheck[] };

export interface Rehearsal {
  /** Somebody writes a comment on the pull request; resolves when all that follows has ended. */
  say(login: string, body: string): Promise<void>;
  outcome(): RehearsalOutcome;
  /** For people who go on by hand. */
  addresses(): { git: string; api: string; tokens: Record<string, string> };
  /** Resolves when nothing runs; tells what is new. */
  settle(): Promise<void>;
  stop(): Promise<void>;
}

export interface RehearsalOutcome extends Decision {
  repository: string;
  pull_request: { number: number; head: string; base: string; fork: boolean };
  runs: ReturnType<typeof runsOf>;
  comments: { user: string; body: string }[];
  checks: ShownCheck[];
}

const Opened = z.object({ number: z.number() });

/**
 * Rehearses the clone's current branch as a pull request: an embedded GitHub with its default branch, the pull request of the
 * author, and all runs that follow. Throws UserError where there is nothing to rehearse.
 */
export async function rehearse(options: RehearsalOptions): Promise<Rehearsal> {
  requireNode();
  const clone = readClone(options.folder, options.base);
  await ignoreRunFolders(clone.root);
  const state = join(clone.root, ".mlops", "rehearsal");
  await emptyState(state);
  const clock = readersClock();
  const server = await serveGitHub({ folder: state, port: options.port, clock: clock.now });
  try {
    return await opened(options, clone, server, clock.letPass);
  } catch (error) {
    await server.stop();
    throw error;
  }
}

/** The machine's time, ahead by what people take to read before they write: nobody answers in the second of a report. */
function readersClock(): { now: () => Date; letPass: (seconds: number) => void } {
  let ahead = 0;
  return {
    now: () => new Date(Date.now() + ahead),
    letPass: (seconds) => {
      ahead += seconds * 1000;
    },
  };
}

const readingSeconds = 60;

async function opened(
  options: RehearsalOptions,
  clone: Clone,
  server: EmbeddedGitHub,
  letPass: (seconds: number) => void,
): Promise<Rehearsal> {
  const { github } = server;
  const { fork } = options;
  const tell = eachRefusalOnce(options.tell);
  const stage = setStage(github, clone, options.templates);
  const { repository, sorted } = stage;
  requireWorkflows(clone, stage);
  tell({
    kind: "staged",
    repository: fullName(repository.facts),
    clone,
    state: github.folder,
    ours: sorted.ours,
    others: sorted.others,
    hasUncommitted: hasUncommitted(clone.root),
  });
  const toolCache = await toolCacheOf(options.environment);
  const { actions } = options;
  const runs = options.everything ? () => true : (path: string) => !sorted.others.includes(path);
  const runner = startRunner({ github, actions, toolCache, tell, runs });
  options.signal.addEventListener("abort", () => void runner.stop(), { once: true });
  const number = await openPull(options, clone, server, stage);
  const play = new Play({ options, clone, server, stage, runner, number });
  await play.settle();
  return {
    say: (login, body) => {
      letPass(readingSeconds);
      return play.say(login, body);
    },
    settle: () => play.settle(),
    addresses: () => play.addresses(),
    outcome: () => ({
      ...decide(repository.runs.all(), checksOf(repository, play.head())),
      repository: fullName(repository.facts),
      pull_request: { number, head: play.head(), base: clone.base.branch, fork },
      runs: runsOf(repository),
      comments: play.conversation.all(),
      checks: checksOf(repository, play.head()),
    }),
    stop: async () => {
      await runner.stop();
      await server.stop();
    },
  };
}

/** Every event reads the workflows anew. */
function eachRefusalOnce(tell: (progress: Progress) => void): (progress: Progress) => void {
  const told = new Set<string>();
  return (progress) => {
    if (progress.kind === "file-refused" && told.has(progress.message)) return;
    if (progress.kind === "file-refused") told.add(progress.message);
    tell(progress);
  };
}

function requireWorkflows({ base, root }: Clone, { repository, sorted }: Stage): void {
  const never = neverStarted(repository, `refs/heads/${base.branch}`, sorted, base.branch);
  if (never.length > 0) throw new UserErrors(never);
  if (sorted.ours.length > 0) return;
  throw new UserError({
    code: "workflow_missing",
    message: `no workflow on ${base.branch} uses an action of mlops-actions, and GitHub reads those that publish and answer from there`,
    where: `${root}/.github/workflows`,
    fix: `copy workflows-templates/*.yml to .github/workflows, write ${base.branch} for $default-branch and commit them there; --with-templates rehearses that without touching your files`,
  });
}

async function openPull(
  { fork, tell }: RehearsalOptions,
  clone: Clone,
  { github }: EmbeddedGitHub,
  stage: Stage,
): Promise<number> {
  const home = pushHead(github, stage, clone, fork);
  const head = fork ? `${home.facts.owner}:${clone.head.branch}` : clone.head.branch;
  const base = clone.base.branch;
  const title = clone.head.subject;
  tell({ kind: "opens", title, from: head, into: base });
  const said = await postAs(github, stage.repository, author, { path: "pulls", body: { title, head, base } });
  return Opened.parse(said).number;
}

interface Parts {
  options: RehearsalOptions;
  clone: Clone;
  server: EmbeddedGitHub;
  stage: Stage;
  runner: Runner;
  number: number;
}

class Play {
  readonly conversation: Conversation;
  readonly #parts: Parts;
  #shownChecks = "";

  constructor(parts: Parts) {
    this.#parts = parts;
    this.conversation = new Conversation(parts.stage.repository, parts.number);
  }

  /** Of the pull request now: people may push to it. */
  head(): string {
    const { stage, number, clone } = this.#parts;
    return stage.repository.pulls.get(number)?.head.sha ?? clone.head.sha;
  }

  async say(login: string, body: string): Promise<void> {
    const { server, stage, number, options } = this.#parts;
    const { github } = server;
    // Whoever is none of the usual three is a colleague, as policies name their people.
    if (![author, reviewer, stranger].includes(login)) {
      personActor(github, login);
      setCollaborator(stage.repository, login, "write");
    }
    options.tell({ kind: "said", by: login, body });
    await postAs(github, stage.repository, login, { path: `issues/${number}/comments`, body: { body } });
    await this.settle(login);
  }

  async settle(speaker?: string): Promise<void> {
    const { runner, options, stage, server } = this.#parts;
    await runner.settled();
    for (let waiting = this.#waiting(); waiting.length > 0; waiting = this.#waiting()) {
      options.tell({ kind: "let-start", by: reviewer });
      for (const run of waiting) approveRun(server.github, stage.repository, run, personActor(server.github, reviewer));
      await runner.settled();
    }
    for (const comment of this.conversation.fresh())
      if (comment.user !== speaker) options.tell({ kind: "comment", comment });
    const checks = checksOf(stage.repository, this.head());
    if (JSON.stringify(checks) !== this.#shownChecks) options.tell({ kind: "checks", checks });
    this.#shownChecks = JSON.stringify(checks);
  }

  addresses(): { git: string; api: string; tokens: Record<string, string> } {
    const { server, stage } = this.#parts;
    const { links } = server.github;
    const name = fullName(stage.repository.facts);
    const tokens = [author, reviewer, stranger].map((login) => [login, personToken(server.github, login)]);
    return {
      git: `${links.origin}/${name}.git`,
      api: `${links.api}/repos/${name}`,
      tokens: Object.fromEntries(tokens),
    };
  }

  #waiting() {
    return this.#parts.stage.repository.runs.all().filter(({ status }) => status === "action_required");
  }
}
