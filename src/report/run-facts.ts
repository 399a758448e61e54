import type { EvaluationFile } from "../evaluation/evaluation-file.ts";
import { counted } from "../kit/counted.ts";
import type { Outcome, Verdict } from "../kit/outcome.ts";
import { type ReportedAction, type ReportInputs, reportedActions } from "./report-inputs.ts";
import { missingSteps } from "./report-verdict.ts";

// What a run did and where its numbers come from.

export interface StepRow {
  action: ReportedAction;
  verdict: Verdict | "missing";
  reasonCode: string | null;
  summary: string;
  startedAt: string | null;
  durationMs: number | null;
  /** True when the step was done for an earlier run or commit and nothing that decides it has changed. */
  reused: boolean;
}

export interface ProvenanceFact {
  name: string;
  value: string;
  kind: "digest" | "sha" | "count" | "text";
}

/** Whether anybody but the run itself measured its numbers, in short. */
export const trustWords = {
  claimed: "numbers claimed, not rescored",
  rescored: "numbers rescored",
} as const satisfies Record<Outcome["trust"], string>;

const trustMeanings = {
  claimed: "claimed: measured by the run itself, and by nobody again",
  rescored: "rescored: measured again by code of the default branch",
} as const satisfies Record<Outcome["trust"], string>;

/** A row for each step, also for one that has not run but should have: scoring by the default branch trains nothing. */
export function stepRows(inputs: ReportInputs): StepRow[] {
  const missing = missingSteps(inputs);
  const isScored = inputs.outcomes.train === null && !missing.includes("train");
  return reportedActions
    .filter((action) => !isScored || inputs.outcomes[action] !== null || missing.includes(action))
    .map((action) => stepRow(action, inputs));
}

function stepRow(action: ReportedAction, inputs: ReportInputs): StepRow {
  const outcome = inputs.outcomes[action];
  if (outcome === null) {
    const summary = "has not run";
    return { action, verdict: "missing", reasonCode: null, summary, startedAt: null, durationMs: null, reused: false };
  }
  return {
    action,
    verdict: outcome.verdict,
    reasonCode: outcome.reason_code,
    summary: action === "evaluate" && inputs.evaluation !== null ? gatesHeld(inputs.evaluation) : outcome.summary,
    startedAt: outcome.started_at,
    durationMs: outcome.duration_ms,
    reused: isFromEarlierRun(outcome, inputs),
  };
}

/** The gates and numbers stand above; the step's own summary would repeat them in other digits. */
function gatesHeld({ gates, rows }: EvaluationFile): string {
  const held = gates.filter(({ verdict }) => verdict === "pass").length;
  const on = `on ${counted(rows, "test row")}`;
  return gates.length === 0 ? `measured ${on}, no gates` : `${held} of ${counted(gates.length, "gate")} hold ${on}`;
}

/** Of another commit, or another workflow run than the newest step's; runs on a laptop have no id. */
function isFromEarlierRun(outcome: Outcome, { outcomes, headSha }: ReportInputs): boolean {
  const all = reportedActions.flatMap((action) => outcomes[action] ?? []);
  const newest = all.reduce((a, b) => (Date.parse(b.started_at) > Date.parse(a.started_at) ? b : a), outcome);
  // Scoring by the default branch collects on that branch's commit, in the same run.
  if (newest.run.id !== null || outcome.run.id !== null) return newest.run.id !== outcome.run.id;
  return headSha !== null && outcome.git.head_sha !== null && outcome.git.head_sha !== headSha;
}

/** Digests, rows and versions that a reader can check the report against. */
export function provenanceOf(inputs: ReportInputs): ProvenanceFact[] {
  const { profile, manifest, evaluation, outcomes, tool } = inputs;
  const facts: (ProvenanceFact | null)[] = [
    fact("commit", inputs.headSha, "sha"),
    fact("snapshot", inputs.snapshotDigest, "digest"),
    fact("rows", profile?.rows, "count"),
    fact("training rows", profile?.parts.train, "count"),
    fact("validation rows", profile?.parts.valid === 0 ? null : profile?.parts.valid, "count"),
    fact("test rows", profile?.parts.test ?? evaluation?.rows, "count"),
    fact("model digest", outputDigest(outcomes.train ?? outcomes.evaluate, "/model/model.json"), "digest"),
    ...(manifest?.files ?? []).slice(0, 3).map((file) => fact(file.path, file.sha256, "digest")),
    fact("evaluation", outputDigest(outcomes.evaluate, "/evaluation.json"), "digest"),
    fact(
      "numbers",
      evaluation === null || outcomes.evaluate === null ? null : trustMeanings[outcomes.evaluate.trust],
      "text",
    ),
    fact("workflow run", outcomes.evaluate?.run.id, "text"),
    fact("tool", `${tool.name} ${tool.version}`, "text"),
  ];
  return facts.filter((each) => each !== null);
}

function fact(
  name: string,
  value: string | number | null | undefined,
  kind: ProvenanceFact["kind"],
): ProvenanceFact | null {
  return value === null || value === undefined ? null : { name, value: String(value), kind };
}

function outputDigest(outcome: Outcome | null, ending: string): string | null {
  return outcome?.outputs.find((output) => output.path.endsWith(ending))?.sha256 ?? null;
}
