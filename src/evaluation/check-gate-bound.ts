import type { Gate, MetricTerm, NumberTerm, Side, SliceTerm, Unit } from "./gate.ts";
import type { GateError } from "./gate-scanner.ts";
import { describeMetric, factNames } from "./metric-names.ts";
import { amountOf } from "./print-gate.ts";

type MetricRef = MetricTerm | SliceTerm;

const kinds = ["number", "size", "time"] as const;
type Kind = (typeof kinds)[number];

const unitsOf = {
  number: ["%"],
  size: ["B", "KB", "MB", "GB", "KiB", "MiB", "GiB"],
  time: ["ms", "s"],
} as const satisfies Record<Kind, readonly Unit[]>;

/** Units of another kind than the metric that they are compared with: 20 ms for a size. */
export function checkUnits(gate: Gate): GateError[] {
  const terms = [...gate.left, ...gate.right].map(({ term }) => term);
  const metrics = terms.filter((term) => term.kind !== "number");
  const [first] = metrics;
  if (first === undefined) return [];
  const kind = kindOf(first);
  const other = metrics.find((term) => kindOf(term) !== kind);
  if (other !== undefined) {
    const message = `${first.metric} and ${other.metric} are of different kinds and cannot be compared`;
    return [{ message, fix: "write a gate for each", column: other.position }];
  }
  return terms.flatMap((term) => (term.kind === "number" ? checkUnit(term, first, kind) : []));
}

function checkUnit({ unit, position }: NumberTerm, { metric }: MetricRef, kind: Kind): GateError[] {
  const known: readonly Unit[] = unitsOf[kind];
  if (unit === null || known.includes(unit)) return [];
  const fix = kind === "number" ? "write a plain number, or per cents as in 90 %" : `use one of ${known.join(", ")}`;
  return [{ message: `${metric} is not measured in ${unit}`, fix, column: position }];
}

function kindOf({ metric }: MetricRef): Kind {
  if (!factNames.some((fact) => fact === metric)) return "number";
  return metric === "model_size" ? "size" : "time";
}

/** A bound outside of what the metric can be: 70 for a share, where 70 % was meant. */
export function checkBound(gate: Gate): GateError[] {
  const alone = metricAgainstNumbers(gate.left, gate.right) ?? metricAgainstNumbers(gate.right, gate.left);
  if (alone === null) return [];
  const [lowest, highest] = rangeOf(alone.term);
  const bound = alone.numbers.reduce((sum, { sign, term }) => sum + sign * amountOf(term), 0);
  if (bound >= lowest && bound <= highest) return [];
  const most = Number.isFinite(highest) ? `between ${lowest} and ${highest}` : `at least ${lowest}`;
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

function rangeOf(term: MetricRef): readonly [number, number] {
  const [lowest, highest] = describeMetric(term.metric)?.range ?? [0, Number.POSITIVE_INFINITY];
  if (term.kind === "gap") return [0, highest - lowest];
  return term.kind === "ratio" ? [0, 1] : [lowest, highest];
}
