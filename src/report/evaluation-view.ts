import type { Comparison, EvaluationFile, GateResult, MetricValue } from "../evaluation/evaluation-file.ts";
import { gateAlpha } from "../evaluation/gate.ts";
import { mainMetric } from "../evaluation/main-metric.ts";
import { describeMetric } from "../evaluation/metric-names.ts";
import { decimalsFor } from "./format-numbers.ts";

// What is shown of evaluation.json, in the order in which it is shown; a report and a file alone say it alike.

export interface MetricRow {
  name: string;
  better: "higher" | "lower" | null;
  value: MetricValue;
  baseline: MetricValue | null;
  difference: Comparison | null;
  /** Of the model's value; baseline and difference are written with as many, so that they can be compared. */
  decimals: number;
}

export interface SliceMetric {
  name: string;
  /** Of the value on all test rows; every slice is written with as many. */
  decimals: number;
}

export interface SliceRow {
  column: string;
  /** null: the value is missing. */
  value: string | null;
  rows: number;
  metrics: Readonly<Record<string, MetricValue>>;
}

export interface EvaluationView {
  /** Test rows. */
  rows: number;
  gates: readonly GateResult[];
  /** A model that violates a gate passes it with this probability at most. */
  alpha: number;
  baselineKind: string | null;
  /** Those that model.yml names first. */
  metrics: readonly MetricRow[];
  /** Metrics shown for slices: the main one, then those that slice gates name; at most three. */
  sliceMetrics: readonly SliceMetric[];
  /** Worst first by the main metric: by the better end of its interval, so that a small slice does not lead by chance. */
  slices: readonly SliceRow[];
}

/** `chosen`: metrics that model.yml names. */
export function evaluationView(file: EvaluationFile, chosen: readonly string[]): EvaluationView {
  const sliceMetrics = chooseSliceMetrics(file, chosen);
  return {
    rows: file.rows,
    gates: file.gates,
    alpha: file.alpha,
    baselineKind: file.baseline_kind,
    metrics: metricRows(file, chosen),
    sliceMetrics: sliceMetrics.map((name) => ({ name, decimals: decimalsOf(file.metrics[name]) })),
    slices: worstFirst(file.slices, sliceMetrics[0]),
  };
}

/** Of a run that was not evaluated. */
export const noEvaluation: EvaluationView = {
  rows: 0,
  gates: [],
  alpha: gateAlpha,
  baselineKind: null,
  metrics: [],
  sliceMetrics: [],
  slices: [],
};

function decimalsOf(metric: MetricValue | undefined): number {
  return decimalsFor(metric ?? { value: null, lower: null, upper: null });
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
      decimals: decimalsOf(value.value === null ? (evaluation.baseline[name] ?? value) : value),
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
  const asked = [...new Set([...(main === null ? [] : [main]), ...inGates])].filter((name) => measured.has(name));
  // Where the slices have none of these, the first that they do have.
  const any = [...chosen, ...Object.keys(evaluation.metrics)].filter((name) => measured.has(name));
  return (asked.length > 0 ? asked : any.slice(0, 1)).slice(0, sliceMetricLimit);
}

function worstFirst(slices: EvaluationFile["slices"], metric: string | undefined): SliceRow[] {
  if (metric === undefined) return [...slices];
  const isLowerBetter = describeMetric(metric)?.better === "lower";
  // How bad it is at best; a slice without an interval can be anything.
  const atBest = ({ metrics }: SliceRow): number => {
    const end = isLowerBetter ? metrics[metric]?.lower : metrics[metric]?.upper;
    return end === undefined || end === null ? Number.NEGATIVE_INFINITY : isLowerBetter ? end : -end;
  };
  const sorted = [...slices].map((slice) => ({ slice, worst: atBest(slice) }));
  return sorted.sort((a, b) => compare(b.worst, a.worst) || b.slice.rows - a.slice.rows).map(({ slice }) => slice);
}

/** Of numbers that may be infinite, whose difference is none. */
function compare(a: number, b: number): number {
  return a === b ? 0 : a - b;
}

function escapeRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
