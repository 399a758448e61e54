import { sha256 } from "../../kit/digest.ts";
import type { Finding, Outcome } from "../../kit/outcome.ts";
import { plainText } from "../../kit/plain-text.ts";
import { UserError, UserErrors } from "../../kit/user-error.ts";
import { tool } from "../../kit/version.ts";
import { type CommittedFile, inputsDigest } from "../../plan/inputs-digest.ts";
import { type Matrix, matrixOf } from "../../plan/matrix.ts";
import { versionOf } from "../../plan/model-version.ts";
import { type Plan, type PlanFacts, planChange } from "../../plan/plan.ts";
import { type PlanFile, type PlannedCommits, planFile } from "../../plan/plan-file.ts";
import type { StepInputs } from "./io.ts";

type Commits = PlannedCommits & { everything: string | null };

export interface Ports {
  /** The commits that the inputs or the run's event name; a sentence: why there is nothing to plan. */
  findCommits(inputs: StepInputs): Promise<Commits | string>;
  readFacts(commits: Commits): Promise<PlanFacts>;
  /** Every file of a commit. */
  listFiles(commit: string): Promise<readonly CommittedFile[]>;
  /** Writes plan.json and then the outcome, which names it. */
  write(files: { plan: string; outcome: string }): Promise<void>;
}

/** Where and when a plan is made. */
export interface PlanContext {
  /** The repository's root as jobs see it: relative to the workspace, or to where a person is. */
  workingDirectory: string;
  /** Path of plan.json from the repository's root. */
  planPath: string;
  run: Outcome["run"];
  testedSha: string | null;
  now: () => Date;
}

export interface PlannedChange {
  file: PlanFile;
  matrix: Matrix;
  outcome: Outcome;
}

/**
 * Plans which models a change touches. It is made anew each time: it takes a second, and nothing trains. Mistakes of model.yml and
 * mlops.yml are written into a refused plan, for those who read it elsewhere, and thrown.
 */
export async function plan(context: PlanContext, inputs: StepInputs, ports: Ports): Promise<PlannedChange> {
  const started = context.now();
  const commits = await ports.findCommits(inputs);
  const finish = (decided: Plan, digests: ReadonlyMap<string, string> = new Map()) =>
    write(context, ports, { started, decided, digests, commits: typeof commits === "string" ? null : commits });
  if (typeof commits === "string") return finish(nothing(commits));
  try {
    const facts = await ports.readFacts(commits);
    const decided = planChange(facts);
    return await finish(decided, await inputDigests(decided, facts, () => ports.listFiles(commits.head)));
  } catch (error) {
    if (!(error instanceof UserError || error instanceof UserErrors)) throw error;
    await finish(refused(error instanceof UserErrors ? error.errors : [error]));
    throw error;
  }
}

/** Digests of the inputs of the models that run, by the path of model.yml. */
async function inputDigests(
  { models }: Plan,
  { files }: PlanFacts,
  list: () => Promise<readonly CommittedFile[]>,
): Promise<ReadonlyMap<string, string>> {
  const running = models.filter(({ runs }) => runs);
  if (running.length === 0) return new Map();
  const committed = await list();
  const versions = new Map(files.map(({ path, head }) => [path, versionOf(head)]));
  return new Map(
    running.flatMap(({ modelFile }) => {
      const version = versions.get(modelFile) ?? null;
      if (version === null) return [];
      return [[modelFile, inputsDigest({ modelFile, inputs: version.inputs, files: committed })] as const];
    }),
  );
}

function nothing(why: string): Plan {
  return { verdict: "skipped", reasonCode: "nothing_to_plan", summary: `${why}.`, models: [], findings: [] };
}

function refused(mistakes: readonly UserError[]): Plan {
  const findings = mistakes.map((mistake): Finding => {
    return {
      code: "plan_mistake",
      severity: "error",
      subject: plainText(mistake.where ?? "change", 300),
      message: `${plainText(mistake.message, 1000)}; ${plainText(mistake.fix, 500)}`,
      measured: null,
      expected: null,
    };
  });
  const summary = `this change cannot be planned: ${plainText(mistakes[0]?.message ?? "", 500)}`;
  return { verdict: "fail", reasonCode: "plan_refused", summary, models: [], findings };
}

interface Finished {
  started: Date;
  decided: Plan;
  commits: PlannedCommits | null;
  digests: ReadonlyMap<string, string>;
}

async function write(context: PlanContext, ports: Ports, finished: Finished): Promise<PlannedChange> {
  const { started, decided, commits, digests } = finished;
  const file = planFile(decided, commits, digests);
  const text = `${JSON.stringify(file, null, 2)}\n`;
  const outcome: Outcome = {
    schema_version: 1,
    action: "plan",
    // It is about all of them; no model can have this name.
    model: "*",
    verdict: decided.verdict,
    reason_code: decided.reasonCode,
    summary: decided.summary,
    trust: "claimed",
    findings: [...decided.findings],
    inputs: [],
    outputs: [{ path: context.planPath, sha256: sha256(text) }],
    step_key: sha256(JSON.stringify([commits?.base, commits?.from, commits?.head, commits?.isFork, tool])),
    git: {
      head_sha: commits?.head ?? null,
      base_sha: commits?.base ?? null,
      tested_sha: context.testedSha ?? commits?.head ?? null,
    },
    run: context.run,
    tool,
    started_at: started.toISOString(),
    duration_ms: Math.max(0, context.now().getTime() - started.getTime()),
  };
  await ports.write({ plan: text, outcome: `${JSON.stringify(outcome, null, 2)}\n` });
  return { file, matrix: matrixOf(decided, context.workingDirectory), outcome };
}
