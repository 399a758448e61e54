import { UserError, UserErrors } from "../kit/user-error.ts";
import { checkGate, type GateContext } from "./check-gate.ts";
import { type Gate, type GateSource, inequalitiesOf, termsOf } from "./gate.ts";
import type { GatePolicy } from "./gate-policy.ts";
import type { GateError } from "./gate-scanner.ts";
import { parseGate } from "./gates.ts";
import { factKindOf, type MetricName } from "./metric-names.ts";
import { estimateOrNull } from "./quantity.ts";
import type { GateEvidence } from "./resolve-term.ts";

export interface ParsedGate {
  gate: Gate;
  policy: GatePolicy;
}

/** Parses and checks gates. Throws UserErrors, a gate_invalid for each mistake, with its column. */
export function readGates(sources: readonly GateSource[], context: GateContext): ParsedGate[] {
  const gates: ParsedGate[] = [];
  const mistakes: UserError[] = [];
  for (const source of sources) {
    const written = typeof source === "string" ? { gate: source } : source;
    const parsed = parseGate(written.gate);
    const errors = parsed.ok ? checkGate(parsed.gate, context) : [parsed.error];
    mistakes.push(...errors.map((error) => gateMistake(written.gate, error)));
    if (parsed.ok) gates.push({ gate: parsed.gate, policy: policyOf(written, parsed.gate) });
  }
  if (mistakes.length > 0) throw new UserErrors(mistakes);
  return gates;
}

function gateMistake(gate: string, { message, fix, column }: GateError): UserError {
  return new UserError({
    code: "gate_invalid",
    message: `gate ${JSON.stringify(gate)}: ${message}`,
    fix,
    where: `column ${column} of the gate`,
  });
}

function policyOf(written: Exclude<GateSource, string>, gate: Gate): GatePolicy {
  const usual = isTimed(gate) ? "warn" : "block";
  return {
    text: written.gate,
    decideBy: written.decide_by ?? "interval",
    onFail: written.on_fail ?? usual,
    onInconclusive: written.on_inconclusive ?? usual,
    purpose: written.why ?? null,
  };
}

/**
 * A time in milliseconds is as much the machine's as the model's: a gate on nothing else warns unless it says otherwise.
 */
function isTimed({ condition }: Gate): boolean {
  return inequalitiesOf(condition).every(({ left, right }) =>
    [...left, ...right].some(({ term }) => term.kind !== "number" && factKindOf(term.metric) === "time"),
  );
}

/**
 * The gate that every model with a baseline has: better than the baseline on its first metric that has a better
 * direction and, where the two can be compared at all, a value on both sides. None where a written gate already compares with
 * the baseline.
 */
export function baselineGate(
  written: readonly ParsedGate[],
  preferred: readonly MetricName[],
  evidence: GateEvidence,
): ParsedGate | null {
  const [model, baseline] = [evidence.subjects.model?.all, evidence.subjects.baseline?.all];
  if (model === undefined || baseline === undefined || written.some(({ gate }) => mentionsBaseline(gate))) return null;
  const comparable = preferred.filter((metric) => (model.describe(metric)?.better ?? null) !== null);
  const both =
    evidence.withheld?.baseline === undefined
      ? comparable.find((name) => [model, baseline].every(({ metrics }) => estimateOrNull(metrics.get(name)) !== null))
      : undefined;
  const metric = both ?? comparable[0];
  if (metric === undefined) return null;
  const text = `${metric} ${model.describe(metric)?.better === "lower" ? "<" : ">"} baseline.${metric}`;
  const parsed = parseGate(text);
  return parsed.ok ? { gate: parsed.gate, policy: policyOf({ gate: text }, parsed.gate) } : null;
}

/** A comparison that is only one way among others to pass says nothing about the baseline. */
export function mentionsBaseline({ condition, onlyIf }: Gate): boolean {
  const required = condition.kind === "and" ? condition.parts : [condition];
  const terms = required.flatMap((part) => (part.kind === "inequality" ? termsOf({ condition: part, onlyIf }) : []));
  return terms.some((term) => term.kind !== "number" && term.subject === "baseline");
}
