import { distance } from "fastest-levenshtein";
import type { Gate, Term } from "./gate.ts";
import type { GateError } from "./gate-scanner.ts";
import { describeMetric, factNames, metricsOf } from "./metric-names.ts";
import type { EvaluatedTask } from "./predictions.ts";

export interface GateContext {
  task: EvaluatedTask;
  /** Names of the declared slice columns. */
  slices: readonly string[];
}

type MetricRef = Exclude<Term, { kind: "number" }>;

/** Mistakes in a gate's names: metrics that the task does not have, slice columns that are not declared. All at once. */
export function checkGate(gate: Gate, context: GateContext): GateError[] {
  return [...gate.left, ...gate.right].flatMap(({ term }) =>
    term.kind === "number" ? [] : [...checkMetric(term, context), ...checkSlice(term, context)],
  );
}

function checkMetric(term: MetricRef, context: GateContext): GateError[] {
  const column = term.position;
  if (factNames.some((fact) => fact === term.metric)) return checkFact(term);
  const known = describeMetric(term.metric);
  if (known === undefined || !known.tasks.includes(context.task)) {
    const message =
      known === undefined ? `there is no metric ${term.metric}` : `${term.metric} is not a metric of ${context.task}`;
    return [{ message, fix: `use ${nearest(term.metric, [...metricsOf(context.task), ...factNames])}`, column }];
  }
  if (term.kind === "worst" && known.better === null) {
    return [
      {
        message: `${term.metric} has no better direction, so no slice is the worst`,
        fix: `use gap(${term.metric} by ${term.by}) or ratio(${term.metric} by ${term.by})`,
        column,
      },
    ];
  }
  if (term.kind === "ratio" && known.range[0] < 0) {
    return [
      {
        message: `${term.metric} can be negative, so a ratio of it means nothing`,
        fix: `use gap(${term.metric} by ${term.by})`,
        column,
      },
    ];
  }
  return [];
}

function checkFact(term: MetricRef): GateError[] {
  if (term.kind === "metric" && term.where === null && term.subject !== "baseline") return [];
  return [
    {
      message: `${term.metric} is one number for the model as a whole`,
      fix: `write ${term.metric} alone`,
      column: term.position,
    },
  ];
}

function checkSlice(term: MetricRef, context: GateContext): GateError[] {
  const column = term.kind === "metric" ? term.where?.column : term.by;
  if (column === undefined || context.slices.includes(column)) return [];
  return [
    {
      message: `${column} is not a slice column`,
      fix:
        context.slices.length === 0
          ? `add it: slices: [${column}]`
          : `add it to evaluate.slices, or use ${nearest(column, context.slices)}`,
      column: term.position,
    },
  ];
}

function nearest(name: string, known: readonly string[]): string {
  return known.reduce((best, each) => (distance(name, each) < distance(name, best) ? each : best));
}
