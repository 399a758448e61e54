import type { Comparison, EvaluationFile, GateResult, MetricValue } from "../evaluation/evaluation-file.ts";
import { gateAlpha } from "../evaluation/gate.ts";
import { mainMetric } from "../evaluation/main-metric.ts";
import { describeMetric } from "../evaluation/metric-names.ts";
import { type FairnessView, fairnessByColumn } from "./fairness-view.ts";
import { decimalsFor } from "./format-numbers.ts";
import { operatingSentences } from "./operating-text.ts";
import { importanceProbe, type Probe, robustnessProbe } from "./probe-view.ts";

// What is shown of evaluation.json, in the order in which it is shown; a report and a file alone say it alike.

export interface MetricRow {
  name: string;
  better: "higher" | "lower" | null;
  /** What it counts, where the name does not say it. */
  unit: string | null;
  value: MetricValue;
  baseline: MetricValue | null;
  difference: Comparison | null;
  /** Of the model's value; baseline and difference are written with as many, so that they can be compared. */
  decimals: number;
}

/** A metric of this model minus that of another one on the same rows. */
export interface ComparedRow extends Pick<MetricRow, "name" | "better" | "unit"> {
  difference: Comparison;
  decimals: number;
  /** What the interval shows; null where the metric has no better direction or there is no interval. */
  standing: "better" | "worse" | "open" | null;
}

/** This model beside the one in production, or the base branch's. */
interface Compared {
  against: string;
  rows: readonly ComparedRow[];
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
  /** Rows that it lacks for a gate to rest on it; absent: it has enough. */
  rows_lacking?: number | undefined;
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
  /** Models other than the baseline. */
  compared: readonly Compared[];
  /** What the model is worth and from which score on it acts, in sentences. */
  operating: readonly string[];
  /** Metrics shown for slices: the main one, then those that slice gates name; at most three. */
  sliceMetrics: readonly SliceMetric[];
  /** Columns whose groups are compared. */
  fairness: readonly FairnessView[];
  /** What was asked of the model again: robustness, importance. */
  probes: readonly Probe[];
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
    compared: comparedModels(file, chosen),
    operating: operatingSentences(file),
    sliceMetrics: sliceMetrics.map((name) => ({ name, decimals: decimalsOfMetric(file, name) })),
    fairness: fairnessByColumn(file),
    probes: [robustnessProbe(file), importanceProbe(file)].filter((probe) => probe !== null),
    slices: worstFirst(file, sliceMetrics[0]),
  };
}

/** Of a run that was not evaluated. */
export const noEvaluation: EvaluationView = {
  rows: 0,
  gates: [],
  alpha: gateAlpha,
  baselineKind: null,
  metrics: [],
  compared: [],
  operating: [],
  sliceMetrics: [],
  fairness: [],
  probes: [],
  slices: [],
};

/** Of a metric on all test rows: with as many it is written of some of them. */
export function decimalsOfMetric(file: EvaluationFile | null, name: string): number {
  return decimalsOf(file?.metrics[name]);
}

function decimalsOf(metric: MetricValue | undefined): number {
  return decimalsFor(metric ?? { value: null, lower: null, upper: null });
}

function metricRows(evaluation: EvaluationFile, chosen: readonly string[]): MetricRow[] {
  return namesInOrder(evaluation, chosen).flatMap((name) => {
    const value = evaluation.metrics[name];
    if (value === undefined) return [];
    return {
      name,
      better: betterOf(evaluation, name),
      unit: unitOf(evaluation, name),
      value,
      baseline: evaluation.baseline[name] ?? null,
      difference: evaluation.comparisons.find((each) => each.against === "baseline" && each.metric === name) ?? null,
      decimals: decimalsOf(value.value === null ? (evaluation.baseline[name] ?? value) : value),
    };
  });
}

function namesInOrder({ metrics }: EvaluationFile, chosen: readonly string[]): string[] {
  const others = Object.keys(metrics).filter((name) => !chosen.includes(name));
  return [...chosen.filter((name) => metrics[name] !== undefined), ...others];
}

function unitOf({ value_matrix, own_metrics = [] }: EvaluationFile, name: string): string | null {
  const own = own_metrics.find((each) => each.name === name);
  if (own !== undefined) return own.unit ?? null;
  return name === "value" ? `${value_matrix?.unit ?? "worth"} per 1,000 rows` : null;
}

function comparedModels(evaluation: EvaluationFile, chosen: readonly string[]): Compared[] {
  const others = new Set(evaluation.comparisons.map(({ against }) => against).filter((name) => name !== "baseline"));
  const names = namesInOrder(evaluation, chosen);
  return [...others].map((against) => ({
    against,
    rows: evaluation.comparisons
      .filter((each) => each.against === against)
      .sort((a, b) => names.indexOf(a.metric) - names.indexOf(b.metric))
      .map((difference) => comparedRow(evaluation, difference)),
  }));
}

function betterOf({ own_metrics = [] }: EvaluationFile, name: string): "higher" | "lower" | null {
  return describeMetric(name)?.better ?? own_metrics.find((own) => own.name === name)?.better ?? null;
}

function comparedRow(evaluation: EvaluationFile, difference: Comparison): ComparedRow {
  const { metric: name, lower, upper } = difference;
  const better = betterOf(evaluation, name);
  return {
    name,
    better,
    unit: unitOf(evaluation, name),
    difference,
    decimals: decimalsFor({ value: difference.difference, lower, upper }),
    standing: better === null || lower === null || upper === null ? null : standingOf(better, { lower, upper }),
  };
}

function standingOf(
  better: "higher" | "lower",
  { lower, upper }: { lower: number; upper: number },
): "better" | "worse" | "open" {
  if (lower > 0) return better === "higher" ? "better" : "worse";
  if (upper < 0) return better === "higher" ? "worse" : "better";
  return "open";
}

const sliceMetricLimit = 3;
/** report.html shows so many slices at most; evaluation.json has all. */
export const slicesInHtml = 200;

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

function worstFirst(file: EvaluationFile, metric: string | undefined): SliceRow[] {
  const { slices } = file;
  if (metric === undefined) return [...slices];
  const isLowerBetter = betterOf(file, metric) === "lower";
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
