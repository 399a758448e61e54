import type { ProfileFile } from "../data/profile-file.ts";
import type { EvaluationFile } from "../evaluation/evaluation-file.ts";
import type { FindingCode } from "../kit/codes.ts";
import type { Finding, Outcome } from "../kit/outcome.ts";
import { type EvaluationView, evaluationView, noEvaluation } from "./evaluation-view.ts";
import { type GoalRow, goalRows } from "./goals.ts";
import { type Headline, headlineOf } from "./headline.ts";
import { type ReportedAction, type ReportInputs, reportedActions } from "./report-inputs.ts";
import { overallVerdict, type ReportVerdict } from "./report-verdict.ts";
import { type ProvenanceFact, provenanceOf, type StepRow, stepRows } from "./run-facts.ts";
import { largestWeights, type TrainingFact, trainingFacts, type Weight } from "./training-summary.ts";

// Everything a report says, decided once and without layout; the renderers escape every text in it.

export interface ReportFinding extends Finding {
  action: ReportedAction;
}

export interface ReportModel extends EvaluationView {
  name: string;
  task: string;
  statement: string;
  owner: string | null;
  verdict: ReportVerdict;
  headline: Headline;
  /** Who measured: `claimed`: the run itself; `rescored`: code of the default branch, again. Null before evaluation. */
  trust: Outcome["trust"] | null;
  /** Column whose numbers weight the rows in every metric; null: all rows count alike. */
  weight: string | null;
  goals: readonly GoalRow[];
  /** Without those that only repeat a gate. */
  findings: readonly ReportFinding[];
  training: readonly TrainingFact[];
  /** Largest weights of a linear model; empty for others. */
  weights: readonly Weight[];
  steps: readonly StepRow[];
  provenance: readonly ProvenanceFact[];
  evaluation: EvaluationFile | null;
  profile: ProfileFile | null;
}

/** Decides what a report says from what a run left. Pure; missing steps leave their parts empty. */
export function reportModel(inputs: ReportInputs): ReportModel {
  const { spec, evaluation, outcomes, training } = inputs;
  return {
    ...(evaluation === null ? noEvaluation : evaluationView(evaluation, spec.evaluate.metrics)),
    name: spec.name,
    task: spec.task,
    statement: spec.problem.statement,
    owner: spec.problem.owner ?? null,
    verdict: overallVerdict(inputs),
    headline: headlineOf(inputs),
    trust: evaluation === null ? null : (outcomes.evaluate?.trust ?? null),
    weight: spec.data.weight ?? null,
    goals: goalRows(inputs),
    findings: allFindings(inputs),
    training: training === null ? [] : trainingFacts(training),
    weights: training === null ? [] : largestWeights(training),
    steps: stepRows(inputs),
    provenance: provenanceOf(inputs),
    evaluation,
    profile: inputs.profile,
  };
}

const severityOrder = { error: 0, warning: 1, note: 2 } as const;

const gateCodes: readonly string[] = ["gate_failed", "gate_inconclusive"] satisfies FindingCode[];
const found = "slice_found" satisfies FindingCode;

/** Worst first. Left out is what is shown by itself: a gate's finding, and a note of found slices. */
function allFindings({ outcomes, evaluation }: ReportInputs): ReportFinding[] {
  const findings = reportedActions
    .flatMap((action) => (outcomes[action]?.findings ?? []).map((finding) => ({ ...finding, action })))
    .filter(
      ({ code, severity }) =>
        evaluation === null || !(gateCodes.includes(code) || (code === found && severity === "note")),
    );
  return findings.sort((a, b) => severityOrder[a.severity] - severityOrder[b.severity]);
}
