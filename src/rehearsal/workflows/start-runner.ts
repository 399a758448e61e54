import { delimiter, dirname, join } from "node:path";
import { finishRun } from "../administration/runs.ts";
import { readBlob } from "../git/objects.ts";
import { entryAt } from "../git/tree-objects.ts";
import type { GitHub } from "../state/github.ts";
import type { Event, Run } from "../state/release-records.ts";
import { fullName, type Repository } from "../state/repository.ts";
import { runOfEvent } from "./chain.ts";
import { executeRun } from "./execute-run.ts";
import { interpolateText } from "./expression.ts";
import type { RunnerFacts } from "./job-state.ts";
import type { News } from "./news.ts";
import { githubContext, inputsOf, type RunSource, subjectOfRun } from "./run-contexts.ts";
import { makeRuns } from "./runs-of-event.ts";
import { readWorkflow } from "./workflow-file.ts";

export interface RunnerOptions {
  github: GitHub;
  /** Folder of this package as `uses: mlops-actions/mlops-actions/…@ref` finds it: action.yml, actions/, dist/. */
  actions: string;
  secrets?: Readonly<Record<string, string>>;
  /** `vars` of the repository. */
  variables?: Readonly<Record<string, string>>;
  /** RUNNER_TOOL_CACHE; in the state's folder if left out. */
  toolCache?: string;
  /** More variables of the machine, for every step. */
  environment?: Readonly<Record<string, string>>;
  tell?: (news: News) => void;
  /** Which workflow files it runs, by path; all if left out. */
  runs?: (path: string) => boolean;
}

export interface Runner {
  /** Resolves once nothing runs and nothing is queued; rejects with a bug of the runner's own. */
  settled(): Promise<void>;
  /** Cancels what runs, and listens no more. What is queued stays so: the next runner takes it up. */
  stop(): Promise<void>;
}

/**
 * Answers the embedded GitHub's events with runs of the repository's own workflow files, one run at a time, in the order of the
 * events. Forks have no workflows of their own, as on GitHub until somebody switches them on.
 */
export function startRunner(options: RunnerOptions): Runner {
  const runner = new WorkflowRunner(options);
  const hear = (event: Event, repository: Repository) => runner.hear(event, repository);
  options.github.listeners.add(hear);
  runner.takeUp();
  return {
    settled: () => runner.settled(),
    stop: () => {
      options.github.listeners.delete(hear);
      return runner.stop();
    },
  };
}

interface Queued {
  source: RunSource;
  /** Null without `concurrency`. */
  group: string | null;
  cancelsOthers: boolean;
}

class WorkflowRunner {
  readonly #github: GitHub;
  readonly #facts: RunnerFacts;
  readonly #tell: (news: News) => void;
  readonly #runs: (path: string) => boolean;
  readonly #heard: { event: Event; repository: Repository }[] = [];
  /** Events are delivered at least once. */
  readonly #seen = new Set<number>();
  #queue: Queued[] = [];
  #current: (Queued & { cancel: AbortController }) | null = null;
  #loop: Promise<void> | null = null;
  #bugs: unknown[] = [];
  #isStopped = false;

  constructor(options: RunnerOptions) {
    this.#github = options.github;
    this.#facts = factsOf(options);
    this.#tell = options.tell ?? (() => undefined);
    this.#runs = options.runs ?? (() => true);
  }

  hear(event: Event, repository: Repository): void {
    if (repository.facts.fork_of !== null || this.#isStopped || this.#seen.has(event.id)) return;
    this.#seen.add(event.id);
    this.#heard.push({ event, repository });
    // Events come in the middle of a request, whose own changes come first.
    queueMicrotask(() => this.#look());
    this.#loop ??= this.#work();
  }

  /** What a process that was killed had queued is run; what it was running is lost. */
  takeUp(): void {
    for (const repository of this.#github.repositories.values())
      for (const run of repository.runs.all().filter(({ execution }) => execution !== null)) {
        if (run.status === "in_progress") repository.runs.put({ ...run, status: "completed", conclusion: "cancelled" });
        if (run.status === "queued") this.#enqueue(repository, run);
      }
    if (this.#queue.length > 0) this.#loop ??= this.#work();
  }

  async settled(): Promise<void> {
    while (this.#loop !== null) await this.#loop;
    const [bug] = this.#bugs;
    if (bug !== undefined) throw bug;
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#queue = [];
    this.#current?.cancel.abort();
    await this.#loop;
  }

  async #work(): Promise<void> {
    // Not before whoever caused the event has gone on.
    await Promise.resolve();
    for (;;) {
      this.#look();
      const next = this.#queue.shift();
      if (next === undefined) break;
      await this.#execute(next);
    }
    this.#loop = null;
  }

  #look(): void {
    for (let next = this.#heard.shift(); next !== undefined; next = this.#heard.shift()) {
      try {
        this.#consider(next.event, next.repository);
      } catch (error) {
        this.#bugs.push(error);
      }
    }
  }

  #consider(event: Event, repository: Repository): void {
    if (this.#isStopped) return;
    const requested = requestedRun(repository, event);
    if (requested !== null) this.#enqueue(repository, requested);
    makeRuns(this.#github, repository, event, { runs: this.#runs, tell: this.#tell });
  }

  /** A group has one run that runs and one that waits: a newer one takes the place of the one that waits. */
  #enqueue(repository: Repository, run: Run): void {
    const source = this.#sourceOf(repository, run);
    const queued = { source, ...concurrencyOf(this.#facts, source) };
    const others = this.#queue.filter((other) => isSameGroup(queued, other));
    this.#queue = [...this.#queue.filter((other) => !others.includes(other)), queued];
    for (const { source: other } of others) this.#finish(other, "cancelled");
    if (queued.cancelsOthers && this.#current !== null && isSameGroup(queued, this.#current))
      this.#current.cancel.abort();
  }

  async #execute(queued: Queued): Promise<void> {
    const { repository } = queued.source;
    const run = repository.runs.put({ ...queued.source.run, status: "in_progress", updated_at: this.#github.now() });
    const source = { ...queued.source, run };
    this.#current = { ...queued, cancel: new AbortController() };
    this.#tell({ kind: "run-started", repository, run });
    const began = performance.now();
    try {
      const { signal } = this.#current.cancel;
      const conclusion = await executeRun(this.#facts, source, { signal, tell: this.#tell });
      const seconds = (performance.now() - began) / 1000;
      this.#finish(source, signal.aborted ? "cancelled" : conclusion, seconds);
    } catch (error) {
      this.#bugs.push(error);
      this.#finish(source, "failure");
    } finally {
      this.#current = null;
    }
  }

  #finish({ repository, run }: RunSource, conclusion: NonNullable<Run["conclusion"]>, seconds = 0): void {
    const done = finishRun(this.#github, repository, run, conclusion);
    this.#tell({ kind: "run-done", repository, run: done, seconds });
  }

  #sourceOf(repository: Repository, run: Run): RunSource {
    const cause = subjectOfRun(repository, run);
    const entry = cause === null ? null : entryAt(repository.git, cause.subject.sha, run.path);
    if (cause === null || entry === null)
      throw new Error(`run ${run.id} of ${fullName(repository.facts)} has no workflow`);
    const text = readBlob(repository.git, entry.sha).toString("utf8");
    return { repository, run, ...cause, workflow: readWorkflow(run.path, text) };
  }
}

/** The run that an event asks to be run: a new one, one that was let start, or the next attempt of an old one. */
function requestedRun(repository: Repository, event: Event): Run | null {
  const run = event.action === "requested" ? runOfEvent(repository, event) : undefined;
  return run?.status === "queued" && run.execution !== null ? run : null;
}

function concurrencyOf(facts: RunnerFacts, source: RunSource): Pick<Queued, "group" | "cancelsOthers"> {
  const { concurrency } = source.workflow;
  if (concurrency === undefined) return { group: null, cancelsOthers: false };
  const contexts = { github: githubContext(facts, source), inputs: inputsOf(source.event), vars: facts.variables };
  return {
    group: interpolateText(concurrency.group, { contexts }).toLowerCase(),
    cancelsOthers: interpolateText(String(concurrency["cancel-in-progress"]), { contexts }) === "true",
  };
}

function isSameGroup(a: Queued, b: Queued): boolean {
  return a.group !== null && a.group === b.group && a.source.repository === b.source.repository;
}

/** Of the person's environment only what the machine itself needs: programs, a home, and where packages come from. */
const ofTheMachine =
  /^(PATH|HOME|LANG|LC_ALL|TMPDIR|npm_config_\w+|NODE_EXTRA_CA_CERTS|SSL_CERT_\w+|https?_proxy|no_proxy)$/i;

function factsOf({
  github,
  actions,
  secrets = {},
  variables = {},
  toolCache,
  environment = {},
}: RunnerOptions): RunnerFacts {
  const machine = Object.fromEntries(
    Object.entries(process.env).flatMap(([name, value]) =>
      value !== undefined && ofTheMachine.test(name) ? [[name, value]] : [],
    ),
  );
  const path = [dirname(process.execPath), machine.PATH ?? "/usr/bin:/bin"].join(delimiter);
  return {
    github,
    actions,
    secrets,
    variables,
    toolCache: toolCache ?? join(github.folder, "tool-cache"),
    environment: { ...machine, PATH: path, ...environment },
  };
}
