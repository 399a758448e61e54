import { UserError, UserErrors } from "../kit/user-error.ts";
import { checkGate, type GateContext } from "./check-gate.ts";
import { type Gate, type GateSource, termsOf } from "./gate.ts";
import type { GatePolicy } from "./gate-policy.ts";
import type { GateError } from "./gate-scanner.ts";
import { parseGate } from "./gates.ts";
import type { MetricName } from "./metric-names.ts";
import { describeMetric } from "./metric-names.ts";
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
    const policy = policyOf(source);
    const parsed = parseGate(policy.text);
    const errors = parsed.ok ? checkGate(parsed.gate, context) : [parsed.error];
    mistakes.push(...errors.map((error) => gateMistake(policy.text, error)));
    if (parsed.ok) gates.push({ gate: parsed.gate, policy });
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

function policyOf(source: GateSource): GatePolicy {
  if (typeof source === "string") return { text: source, decideBy: "interval", onInconclusive: "block" };
  return {
    text: source.gate,
    decideBy: source.decide_by ?? "interval",
    onInconclusive: source.on_inconclusive ?? "block",
  };
}

/**
 * The gate that every model with a baseline has: better than the baseline on its first metric. None where a written gate
 * already compares with the baseline, or where neither metric has a better direction and a value on both sides.
 */
export function baselineGate(
  written: readonly ParsedGate[],
  preferred: readonly MetricName[],
  evidence: GateEvidence,
): ParsedGate | null {
  const [model, baseline] = [evidence.subjects.model?.all, evidence.subjects.baseline?.all];
  if (model === undefined || baseline === undefined || written.some(({ gate }) => mentionsBaseline(gate))) return null;
  const comparable = preferred.filter((metric) => (describeMetric(metric)?.better ?? null) !== null);
  const both = comparable.find((name) =>
    [model, baseline].every(({ metrics }) => estimateOrNull(metrics.get(name)) !== null),
  );
  const metric = both ?? comparable[0];
  if (metric === undefined) return null;
  const text = `${metric} ${describeMetric(metric)?.better === "lower" ? "<" : ">"} baseline.${metric}`;
  const parsed = parseGate(text);
  return parsed.ok ? { gate: parsed.gate, policy: { text, decideBy: "interval", onInconclusive: "block" } } : null;
}

/** A comparison that is only one way among others to pass says nothing about the baseline. */
function mentionsBaseline({ condition, onlyIf }: Gate): boolean {
  const required = condition.kind === "and" ? condition.parts : [condition];
  const terms = required.flatMap((part) => (part.kind === "inequality" ? termsOf({ condition: part, onlyIf }) : []));
  return terms.some((term) => term.kind !== "number" && term.subject === "baseline");
}
