import type { ProfileFile } from "../data/profile-file.ts";
import type { EvaluationFile, GateResult, MetricValue } from "../evaluation/evaluation-file.ts";
import { mainMetric } from "../evaluation/main-metric.ts";
import { describeMetric } from "../evaluation/metric-names.ts";
import type { Finding, Outcome, Verdict } from "../kit/outcome.ts";
import { type Headline, headlineOf, overallVerdict, type ReportVerdict } from "./headline.ts";
import { type ReportedAction, type ReportInputs, reportedActions } from "./report-inputs.ts";
import { largestWeights, type TrainingFact, trainingFacts, type Weight } from "./training-summary.ts";

// Everything a report says, decided once and without layout; the renderers escape every text in it.

type Comparison = EvaluationFile["comparisons"][number];
export type GoalResult = EvaluationFile["goals"][number];

export interface MetricRow {
  name: string;
  better: "higher" | "lower" | null;
  value: MetricValue;
  baseline: MetricValue | null;
  difference: Comparison | null;
  /** True for the metrics that model.yml names: shown first. */
  chosen: boolean;
}

export interface SliceRow {
  column: string;
  /** null: the value is missing. */
  value: string | null;
  rows: number;
  metrics: Readonly<Record<string, MetricValue>>;
}

export interface ReportFinding extends Finding {
  action: ReportedAction;
}

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

export interface ReportModel {
  name: string;
  task: string;
  statement: string;
  owner: string | null;
  verdict: ReportVerdict;
  headline: Headline;
  trust: Outcome["trust"] | null;
  goals: readonly GoalResult[];
  gates: readonly GateResult[];
  baselineKind: string | null;
  metrics: readonly MetricRow[];
  /** Metrics shown for slices: the main one, then those that slice gates name; at most three. */
  sliceMetrics: readonly string[];
  /** Worst first by the main metric. */
  slices: readonly SliceRow[];
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
  const { spec, evaluation } = inputs;
  const sliceMetrics = evaluation === null ? [] : chooseSliceMetrics(evaluation, spec.evaluate.metrics);
  return {
    name: spec.name,
    task: spec.task,
    statement: spec.problem.statement,
    owner: spec.problem.owner ?? null,
    verdict: overallVerdict(inputs),
    headline: headlineOf(inputs),
    trust: inputs.outcomes.evaluate?.trust ?? null,
    goals: evaluation?.goals ?? spec.problem.goals.map(unmeasuredGoal),
    gates: evaluation?.gates ?? [],
    baselineKind: evaluation?.baseline_kind ?? null,
    metrics: evaluation === null ? [] : metricRows(evaluation, spec.evaluate.metrics),
    sliceMetrics,
    slices: evaluation === null ? [] : worstFirst(evaluation.slices, sliceMetrics[0]),
    findings: allFindings(inputs),
    training: inputs.training === null ? [] : trainingFacts(inputs.training),
    weights: inputs.training === null ? [] : largestWeights(inputs.training),
    steps: reportedActions.map((action) => stepRow(action, inputs)),
    provenance: provenanceOf(inputs),
    evaluation,
    profile: inputs.profile,
  };
}

function unmeasuredGoal(goal: ReportInputs["spec"]["problem"]["goals"][number]): GoalResult {
  return {
    metric: goal.metric,
    ...(goal.at_least === undefined ? {} : { at_least: goal.at_least }),
    ...(goal.at_most === undefined ? {} : { at_most: goal.at_most }),
    ...(goal.by === undefined ? {} : { by: goal.by }),
    ...(goal.why === undefined ? {} : { why: goal.why }),
    measured: null,
    met: "undecided",
  };
}

function metricRows(evaluation: EvaluationFile, chosen: readonly string[]): MetricRow[] {
  const names = [
    ...chosen.filter((name) => evaluation.metrics[name] !== undefined),
    ...Object.keys(evaluation.metrics).filter((name) => !chosen.includes(name)),
  ];
  return names.flatMap((name) => {
    const value = evaluation.metrics[name];
    if (value === undefined) return [];
    return {
      name,
      better: describeMetric(name)?.better ?? null,
      value,
      baseline: evaluation.baseline[name] ?? null,
      difference: evaluation.comparisons.find((each) => each.against === "baseline" && each.metric === name) ?? null,
      chosen: chosen.includes(name),
    };
  });
}

const sliceMetricLimit = 3;

/** The main metric, and those in `worst(… by …)`, `gap(… by …)`, `… where …` gates, as far as slices have them. */
function chooseSliceMetrics(evaluation: EvaluationFile, chosen: readonly string[]): string[] {
  const measured = new Set(evaluation.slices.flatMap((slice) => Object.keys(slice.metrics)));
  const inGates = evaluation.gates
    .filter(({ gate }) => /\b(by|where)\b/.test(gate))
    .flatMap(({ gate }) => [...measured].filter((metric) => new RegExp(`\\b${escapeRegExp(metric)}\\b`).test(gate)));
  const main = mainMetric(evaluation);
  const names = [...(main === null ? [] : [main]), ...inGates, ...chosen, ...Object.keys(evaluation.metrics)];
  const all = [...new Set(names)].filter((name) => measured.has(name));
  return all.slice(0, Math.max(1, Math.min(sliceMetricLimit, 1 + new Set(inGates).size)));
}

function worstFirst(slices: EvaluationFile["slices"], metric: string | undefined): SliceRow[] {
  if (metric === undefined) return [...slices];
  const sign = describeMetric(metric)?.better === "lower" ? -1 : 1;
  const badness = (slice: SliceRow) => {
    const value = slice.metrics[metric]?.value ?? null;
    return value === null ? Number.POSITIVE_INFINITY : sign * value;
  };
  return [...slices].sort((a, b) => badness(a) - badness(b) || b.rows - a.rows);
}

const severityOrder = { error: 0, warning: 1, note: 2 } as const;

function allFindings({ outcomes }: ReportInputs): ReportFinding[] {
  const findings = reportedActions.flatMap((action) =>
    (outcomes[action]?.findings ?? []).map((finding) => ({ ...finding, action })),
  );
  return findings.sort((a, b) => severityOrder[a.severity] - severityOrder[b.severity]);
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
    summary: outcome.summary,
    startedAt: outcome.started_at,
    durationMs: outcome.duration_ms,
    reused: isFromEarlierRun(outcome, inputs),
  };
}

// A pause longer than any step needs to hand over to the next one, in milliseconds.
const handover = 60_000;

/**
 * In CI a step is reused when its run is not the newest one; on a laptop, where runs have no id, when it ended long
 * before the next step began.
 */
function isFromEarlierRun(outcome: Outcome, { outcomes, headSha }: ReportInputs): boolean {
  if (headSha !== null && outcome.git.head_sha !== null && outcome.git.head_sha !== headSha) return true;
  const all = reportedActions.flatMap((action) => outcomes[action] ?? []);
  const newest = all.reduce((a, b) => (Date.parse(b.started_at) > Date.parse(a.started_at) ? b : a), outcome);
  if (newest.run.id !== null || outcome.run.id !== null) return newest.run.id !== outcome.run.id;
  const later = all.filter((each) => Date.parse(each.started_at) > Date.parse(outcome.started_at));
  const next = Math.min(...later.map((each) => Date.parse(each.started_at)));
  return Number.isFinite(next) && next - (Date.parse(outcome.started_at) + outcome.duration_ms) > handover;
}

function provenanceOf(inputs: ReportInputs): ProvenanceFact[] {
  const { profile, manifest, evaluation, outcomes, tool } = inputs;
  const facts: (ProvenanceFact | null)[] = [
    fact("commit", inputs.headSha, "sha"),
    fact("snapshot", inputs.snapshotDigest, "digest"),
    fact("rows", profile?.rows, "count"),
    fact("training rows", profile?.parts.train, "count"),
    fact("validation rows", profile?.parts.valid, "count"),
    fact("test rows", profile?.parts.test ?? evaluation?.rows, "count"),
    fact("model digest", outputDigest(outcomes.train, "/model.json"), "digest"),
    ...(manifest?.files ?? []).slice(0, 3).map((file) => fact(file.path, file.sha256, "digest")),
    fact("evaluation", outputDigest(outcomes.evaluate, "/evaluation.json"), "digest"),
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

function escapeRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
