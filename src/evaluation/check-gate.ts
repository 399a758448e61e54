import { nearest } from "../kit/nearest.ts";
import { checkBound, checkUnits } from "./check-gate-bound.ts";
import { type Gate, inequalitiesOf, type Term, termsOf } from "./gate.ts";
import type { GateError } from "./gate-scanner.ts";
import {
  describeMetric,
  factNameOf,
  factNames,
  type MetricDescription,
  metricsOf,
  otherNameOf,
  usualMetricsOf,
} from "./metric-names.ts";
import type { EvaluatedTask } from "./predictions.ts";

export interface GateContext {
  task: EvaluatedTask;
  /** Names of the declared slice columns. */
  slices: readonly string[];
  /** problem.value, which makes the metric `value`; null: not declared. */
  value: { unit?: string | undefined } | null;
  /** evaluate.own_metrics. */
  own?: readonly MetricDescription[];
}

type MetricRef = Exclude<Term, { kind: "number" }>;

/**
 * Mistakes in what a gate says: metrics that the task does not have, slice columns that are not declared, units of another
 * kind than the metric, bounds that no value can miss or meet. All at once.
 */
export function checkGate(gate: Gate, context: GateContext): GateError[] {
  const names = termsOf(gate).flatMap((term) =>
    term.kind === "number" ? [] : [...checkMetric(term, context), ...checkSlice(term, context)],
  );
  if (names.length > 0) return names;
  return inequalitiesOf(gate.condition).flatMap((inequality) => {
    const units = checkUnits(inequality, context.value?.unit ?? null);
    return units.length > 0 ? units : checkBound(inequality, context);
  });
}

function checkMetric(term: MetricRef, context: GateContext): GateError[] {
  const column = term.position;
  if (factNameOf(term.metric) !== undefined) return checkFact(term);
  const described = describeMetric(term.metric, context.own, context.task);
  if (described === undefined || !described.tasks.includes(context.task)) {
    const message =
      described === undefined
        ? `there is no metric ${term.metric}`
        : `${term.metric} is not a metric of ${context.task}`;
    return [{ message, fix: useOneOf(term.metric, context), column }];
  }
  if (term.metric === "value" && context.value === null) {
    return [{ message: "nothing says what an answer is worth", fix: "declare problem.value in model.yml", column }];
  }
  if (term.kind === "worst" && described.better === null) {
    return [
      {
        message: `${term.metric} has no better direction, so no slice is the worst`,
        fix: `use gap(${term.metric} by ${term.by}) or ratio(${term.metric} by ${term.by})`,
        column,
      },
    ];
  }
  if (term.kind === "ratio" && described.range[0] < 0) {
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

function checkSlice(term: MetricRef, { slices }: GateContext): GateError[] {
  const { name, column } =
    term.kind === "metric"
      ? { name: term.where?.column, column: term.where?.position ?? term.position }
      : { name: term.by, column: term.byPosition };
  if (name === undefined || slices.includes(name)) return [];
  const meant = nearest(name, slices);
  const fix = `${meant === null ? "" : `use ${meant}, or `}add it: slices: [${[...slices, name].join(", ")}]`;
  return [{ message: `${name} is not a slice column`, fix, column }];
}

function useOneOf(name: string, { task, value, own = [] }: GateContext): string {
  const declared = { hasValue: value !== null, own };
  const other = otherNameOf(name, task);
  if (other !== undefined) return other;
  const meant = nearest(name, [...metricsOf(task, declared), ...factNames]);
  if (meant !== null) return `use ${meant}`;
  return `use one of ${[...usualMetricsOf(task, declared), ...factNames].join(", ")}; docs/gates.md has all`;
}
