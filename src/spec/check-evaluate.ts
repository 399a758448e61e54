import { checkGate } from "../evaluation/check-gate.ts";
import type { GateError } from "../evaluation/gate-scanner.ts";
import { parseGate } from "../evaluation/gates.ts";
import { describeMetric, factNameOf, metricsOf } from "../evaluation/metric-names.ts";
import { describeOwn } from "../evaluation/own-declaration.ts";
import { columnsOf, pairSign, sliceName } from "../evaluation/slice-declaration.ts";
import { nearest } from "../kit/nearest.ts";
import { type DocumentPath, duplicates, type Mistake, pathText, shown } from "./mistake.ts";
import type { Gate, ModelSpec } from "./model-spec.ts";

/** Mistakes in goals, metrics, slices and gates: names that the task does not have, gates that cannot be read. */
export function checkEvaluate(spec: ModelSpec): Mistake[] {
  const { metrics, slices, gates } = spec.evaluate;
  return [
    ...spec.problem.goals.flatMap((goal, index) => checkGoal(spec, goal, ["problem", "goals", index])),
    ...checkOwnMetrics(spec),
    ...metrics.flatMap((metric, index) => checkMetric(spec, metric, ["evaluate", "metrics", index])),
    ...duplicates(metrics, ["evaluate", "metrics"]),
    ...checkSlices(slices, ["evaluate", "slices"]),
    ...checkFairness(spec),
    ...checkFindSlices(spec),
    ...checkThreshold(spec),
    ...gates.flatMap((gate, index) => checkOneGate(spec, gate, ["evaluate", "gates", index])),
    ...duplicates(gates.map(gateText), ["evaluate", "gates"]),
    ...checkIntervals(spec),
    ...checkProbes(spec),
  ];
}

/** Names that nothing else has, and a range that holds a number. */
function checkOwnMetrics({ evaluate: { own_metrics } }: ModelSpec): Mistake[] {
  const names = own_metrics.map(({ name }) => name);
  const mistakes = own_metrics.flatMap(({ name, min, max }, index): Mistake[] => {
    const path = ["evaluate", "own_metrics", index] as const;
    if (describeMetric(name) !== undefined || factNameOf(name) !== undefined) {
      const message = `${shown(name)} is a metric that there is already`;
      return [{ code: "spec_invalid_value", path: [...path, "name"], message, fix: "give yours another name" }];
    }
    if (min === undefined || max === undefined || min < max) return [];
    const message = `max of ${name} is ${max}, which is not above min ${min}`;
    return [
      { code: "spec_invalid_value", path: [...path, "max"], message, fix: "write a larger max, or a smaller min" },
    ];
  });
  return [...mistakes, ...duplicates(names, ["evaluate", "own_metrics"])];
}

/** What is measured again under changes must be able to get worse. */
function checkProbes(spec: ModelSpec): Mistake[] {
  const { robustness, importance } = spec.evaluate;
  return [
    ...checkDirected(spec, robustness?.metric, ["evaluate", "robustness", "metric"]),
    ...duplicates(robustness?.columns ?? [], ["evaluate", "robustness", "columns"]),
    ...checkDirected(spec, importance?.metric, ["evaluate", "importance", "metric"]),
  ];
}

function checkDirected(spec: ModelSpec, metric: string | undefined, path: DocumentPath): Mistake[] {
  if (metric === undefined) return [];
  if (spec.evaluate.own_metrics.some(({ name }) => name === metric)) {
    const message = `${metric} is a metric of your own, whose SQL is not run again for changed answers`;
    return [{ code: "spec_invalid_value", path, message, fix: "name a built-in metric" }];
  }
  const unknown = checkMetric(spec, metric, path);
  if (unknown.length > 0 || describeMetric(metric)?.better !== null) return unknown;
  const message = `${metric} has no better direction, so nothing makes it worse`;
  return [{ code: "spec_invalid_value", path, message, fix: "name another metric" }];
}

function checkIntervals({ task, evaluate }: ModelSpec): Mistake[] {
  if (evaluate.intervals === "analytic" || task === "binary-classification") return [];
  const message = `intervals by bootstrap are made for binary-classification, and the task is ${task}`;
  const fix = "remove intervals: other tasks have formulas, and R² has its own bootstrap (docs/gates.md)";
  return [{ code: "spec_conflict", path: ["evaluate", "intervals"], message, fix }];
}

function checkGoal(spec: ModelSpec, goal: ModelSpec["problem"]["goals"][number], path: DocumentPath): Mistake[] {
  const unknown = checkMetric(spec, goal.metric, [...path, "metric"]);
  if (goal.at_least !== undefined && goal.at_most !== undefined) {
    const message = "a goal is at_least or at_most, not both";
    return [...unknown, { code: "spec_conflict", path, message, fix: "keep one, or write two goals" }];
  }
  if (goal.at_least !== undefined || goal.at_most !== undefined) return unknown;
  const bound =
    describeMetric(goal.metric, describeOwn(spec.evaluate.own_metrics))?.better === "lower" ? "at_most" : "at_least";
  const message = `the goal for ${shown(goal.metric)} has no value: at_least or at_most is missing`;
  return [...unknown, { code: "spec_missing_key", path, message, fix: `add ${bound}: with a number` }];
}

function checkMetric({ task, problem, evaluate }: ModelSpec, metric: string, path: DocumentPath): Mistake[] {
  // The evaluator of a scored task names its own metrics.
  if (task === "scored") return [];
  const hasValue = problem.value !== undefined;
  if (metric === "value" && task === "binary-classification" && !hasValue) {
    const message = "the metric value needs problem.value: nothing says what an answer is worth";
    return [{ code: "spec_missing_key", path, message, fix: "add value: to problem, or name another metric" }];
  }
  const known: readonly string[] = metricsOf(task, { hasValue, own: describeOwn(evaluate.own_metrics) });
  if (known.includes(metric)) return [];
  const meant = nearest(metric, known);
  const message = `${pathText(path)} is ${shown(metric)}, which is no metric of ${task}`;
  const fix = `${meant === null ? "" : `did you mean ${meant}? `}Known are ${known.join(", ")}`;
  return [{ code: "spec_invalid_value", path, message, fix }];
}

/** `[sex, race]` and `[race, sex]` are one pair; a column with quantiles is that column. */
function checkSlices(slices: ModelSpec["evaluate"]["slices"], path: DocumentPath): Mistake[] {
  const twins = slices.flatMap((slice, index): Mistake[] => {
    const [first, second] = columnsOf(slice);
    if (first !== second) return [];
    const message = `${shown(sliceName(slice))} pairs a column with itself`;
    return [
      { code: "spec_conflict", path: [...path, index], message, fix: `write ${first}, or another second column` },
    ];
  });
  const names = slices.map((slice) => [...columnsOf(slice)].sort().join(pairSign));
  return [...twins, ...duplicates(names, path)];
}

function checkThreshold({ task, data, problem, evaluate: { threshold } }: ModelSpec): Mistake[] {
  if (threshold === undefined) return [];
  const path = ["evaluate", "threshold"];
  if (task !== "binary-classification") {
    const message = `a threshold parts two classes, which ${task} does not have`;
    return [{ code: "spec_conflict", path, atKey: true, message, fix: "remove it" }];
  }
  if ("fixed" in threshold) return [];
  const missing: Mistake[] = [];
  if (data.valid === undefined) {
    const message = `a threshold by ${threshold.by} is chosen on the validation part, and there is none`;
    const fix = "add valid: { share: 0.1 } to data, or write threshold: { fixed: 0.5 }";
    missing.push({ code: "spec_missing_key", path, message, fix });
  }
  if (threshold.by === "value" && problem.value === undefined) {
    const message = "a threshold by value needs problem.value: nothing says what an answer is worth";
    missing.push({ code: "spec_missing_key", path, message, fix: "add value: to problem, or choose by f1" });
  }
  return missing;
}

function checkOneGate(spec: ModelSpec, gate: Gate, path: DocumentPath): Mistake[] {
  const place = typeof gate === "string" ? path : [...path, "gate"];
  return gateErrors(spec, gateText(gate)).map(({ message, fix, column }) => {
    return { code: "gate_invalid", path: place, offset: column - 1, message, fix };
  });
}

function checkFairness({ task, evaluate: { fairness } }: ModelSpec): Mistake[] {
  const path = ["evaluate", "fairness"];
  if (fairness.length === 0 || task === "binary-classification") return checkSlices(fairness, path);
  const message = `fairness is measured of binary-classification, and this is ${task}`;
  const fix = "remove it; gates such as gap(accuracy by sex) <= 5 % compare groups in any classification";
  return [{ code: "spec_conflict", path, message, fix }];
}

function checkFindSlices({ data, evaluate: { find_slices: plan } }: ModelSpec): Mistake[] {
  const columns = typeof plan === "object" ? (plan.columns ?? []) : [];
  const path = ["evaluate", "find_slices", "columns"];
  const label = columns.indexOf(data.label);
  const message = `${shown(data.label)} is the label: the model is worse for one class than for the other in any case`;
  return [
    ...duplicates(columns, path),
    ...(label < 0 ? [] : [{ code: "spec_conflict" as const, path: [...path, label], message, fix: "remove it" }]),
  ];
}

/** What is wrong with a gate's text, in itself or for this model. */
export function gateErrors({ task, evaluate, problem }: ModelSpec, text: string): GateError[] {
  const parsed = parseGate(text);
  if (!parsed.ok) return [parsed.error];
  if (task === "scored") return [];
  const own = describeOwn(evaluate.own_metrics);
  return checkGate(parsed.gate, { task, slices: evaluate.slices.map(sliceName), value: problem.value ?? null, own });
}

function gateText(gate: Gate): string {
  return typeof gate === "string" ? gate : gate.gate;
}
