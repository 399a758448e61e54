import {
  type Inequality,
  type MetricTerm,
  type NumberTerm,
  type Side,
  type SliceTerm,
  type Unit,
  units,
} from "./gate.ts";
import type { GateError } from "./gate-scanner.ts";
import { describeMetric, type FactKind, factKindOf, type MetricDescription } from "./metric-names.ts";
import type { EvaluatedTask } from "./predictions.ts";
import { amountOf, knownUnit } from "./print-gate.ts";

type MetricRef = MetricTerm | SliceTerm;
type Kind = FactKind | "value";

const unitsOf = {
  number: ["%"],
  size: ["B", "KB", "MB", "GB", "KiB", "MiB", "GiB"],
  time: ["ms", "s"],
  value: [],
} as const satisfies Record<Kind, readonly Unit[]>;

/** Units of another kind than the metric that they are compared with: 20 ms for a size. `valueUnit`: that of problem.value. */
export function checkUnits({ left, right }: Inequality, valueUnit: string | null): GateError[] {
  const terms = [...left, ...right].map(({ term }) => term);
  const metrics = terms.filter((term) => term.kind !== "number");
  const [first] = metrics;
  if (first === undefined) return [];
  const kind = kindOf(first);
  const other = metrics.find((term) => kindOf(term) !== kind);
  if (other !== undefined) {
    const message = `${first.metric} and ${other.metric} are of different kinds and cannot be compared`;
    return [{ message, fix: "write a gate for each", column: other.position }];
  }
  return terms.flatMap((term) => (term.kind === "number" ? checkUnit(term, first, { kind, valueUnit }) : []));
}

function checkUnit(
  { unit, per, unitPosition }: NumberTerm,
  { metric }: MetricRef,
  { kind, valueUnit }: { kind: Kind; valueUnit: string | null },
): GateError[] {
  if (per !== null && kind !== "value") {
    const message = `${metric} is not counted per ${per} cases`;
    return [{ message, fix: "leave it out: per 1000 is for value", column: unitPosition }];
  }
  const known = knownUnit(unit);
  const allowed: readonly Unit[] = unitsOf[kind];
  if (unit === null || (kind === "value" && unit === valueUnit) || (known !== null && allowed.includes(known)))
    return [];
  if (kind === "value") return [valueMistake(unit, valueUnit, unitPosition)];
  if (known === null) {
    return [
      {
        message: `${JSON.stringify(unit)} is not a unit`,
        fix: `use one of ${units.join(", ")}, or none`,
        column: unitPosition,
      },
    ];
  }
  const fix = kind === "number" ? "write a plain number, or per cents as in 90 %" : `use one of ${allowed.join(", ")}`;
  return [{ message: `${metric} is not measured in ${unit}`, fix, column: unitPosition }];
}

function valueMistake(unit: string, valueUnit: string | null, column: number): GateError {
  return valueUnit === null
    ? { message: `value has no unit, and the gate says ${unit}`, fix: `add unit: ${unit} to problem.value`, column }
    : { message: `value is counted in ${valueUnit}, and the gate says ${unit}`, fix: `write ${valueUnit}`, column };
}

function kindOf({ metric }: MetricRef): Kind {
  if (metric === "value") return "value";
  return factKindOf(metric) ?? "number";
}

/** Whose metrics a gate is about. */
interface Described {
  task: EvaluatedTask;
  own?: readonly MetricDescription[];
}

/** A bound outside of what the metric can be: 70 for a share, where 70 % was meant. */
export function checkBound({ left, right }: Inequality, described: Described): GateError[] {
  const alone = metricAgainstNumbers(left, right) ?? metricAgainstNumbers(right, left);
  if (alone === null) return [];
  const [lowest, highest] = rangeOf(alone.term, described);
  const bound = alone.numbers.reduce((sum, { sign, term }) => sum + sign * amountOf(term), 0);
  if (bound >= lowest && bound <= highest) return [];
  const most = !Number.isFinite(highest)
    ? `at least ${lowest}`
    : Number.isFinite(lowest)
      ? `between ${lowest} and ${highest}`
      : `at most ${highest}`;
  const percent =
    highest === 1 && bound > 1 && bound <= 100 ? `write ${bound} % if that is meant` : "correct the bound";
  const message = `${alone.term.metric} is ${most}, so ${bound} decides nothing`;
  return [{ message, fix: percent, column: alone.numbers[0]?.term.position ?? 1 }];
}

interface Alone {
  term: MetricRef;
  numbers: readonly { sign: 1 | -1; term: NumberTerm }[];
}

function metricAgainstNumbers(side: Side, other: Side): Alone | null {
  const [only] = side;
  if (side.length !== 1 || only === undefined || only.term.kind === "number") return null;
  const numbers = other.flatMap(({ sign, term }) => (term.kind === "number" ? { sign, term } : []));
  return numbers.length === other.length ? { term: only.term, numbers } : null;
}

function rangeOf(term: MetricRef, { task, own }: Described): readonly [number, number] {
  return termRange(term.kind, describeMetric(term.metric, own, task)?.range ?? [0, Number.POSITIVE_INFINITY]);
}

/** What a term can be, where its metric is in `range`. */
export function termRange(kind: MetricRef["kind"], [lowest, highest]: readonly [number, number]): [number, number] {
  if (kind === "gap") return [0, highest - lowest];
  return kind === "ratio" ? [0, 1] : [lowest, highest];
}
