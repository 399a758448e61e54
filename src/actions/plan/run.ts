import { sha256 } from "../../kit/digest.ts";
import type { Outcome } from "../../kit/outcome.ts";
import { tool } from "../../kit/version.ts";
import { type Matrix, matrixOf } from "../../plan/matrix.ts";
import { type Plan, type PlanFacts, planChange } from "../../plan/plan.ts";
import { type PlanFile, type PlannedCommits, planFile } from "../../plan/plan-file.ts";
import type { Inputs } from "./io.ts";

export interface Ports {
  /** The commits that the inputs or the run's event name. */
  findCommits(inputs: Inputs): Promise<PlannedCommits & { everything: string | null }>;
  readFacts(commits: PlannedCommits & { everything: string | null }): Promise<PlanFacts>;
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
  plan: Plan;
  file: PlanFile;
  matrix: Matrix;
  outcome: Outcome;
}

/** Plans which models a change touches. It is made anew each time: it takes a second, and nothing trains. */
export async function plan(context: PlanContext, inputs: Inputs, ports: Ports): Promise<PlannedChange> {
  const started = context.now();
  const commits = await ports.findCommits(inputs);
  const decided = planChange(await ports.readFacts(commits));
  const file = planFile(decided, commits);
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
    step_key: sha256(JSON.stringify([commits.base, commits.from, commits.head, commits.isFork, tool])),
    git: { head_sha: commits.head, base_sha: commits.base, tested_sha: context.testedSha ?? commits.head },
    run: context.run,
    tool,
    started_at: started.toISOString(),
    duration_ms: Math.max(0, context.now().getTime() - started.getTime()),
  };
  await ports.write({ plan: text, outcome: `${JSON.stringify(outcome, null, 2)}\n` });
  return { plan: decided, file, matrix: matrixOf(decided, context.workingDirectory), outcome };
}
