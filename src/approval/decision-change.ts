import type { DecisionFacts } from "./decision.ts";

/** One thing in which two decisions differ. */
export type DecisionChange =
  | { kind: "commit" | "model" | "inputs" | "data" | "policy" | "trust"; before: string; after: string }
  | { kind: "metric"; metric: string; before: number | null; after: number | null }
  | { kind: "gate"; gate: string; before: string | null; after: string | null };

const fields = [
  ["commit", "head_sha"],
  ["trust", "trust"],
  ["model", "model_sha256"],
  ["inputs", "inputs_sha256"],
  ["data", "snapshot_sha256"],
  ["policy", "policy_sha256"],
] as const;

/** What changed from one decision to the next, the commit first; empty exactly when both have the same digest. */
export function decisionChanges(before: DecisionFacts, after: DecisionFacts): DecisionChange[] {
  const named = fields.flatMap(([kind, field]): DecisionChange[] => {
    return before[field] === after[field] ? [] : [{ kind, before: before[field], after: after[field] }];
  });
  return [...named, ...metricChanges(before, after), ...gateChanges(before, after)];
}

function metricChanges(before: DecisionFacts, after: DecisionFacts): DecisionChange[] {
  const [was, is] = [new Map(Object.entries(before.metrics)), new Map(Object.entries(after.metrics))];
  return keysOf(was, is).flatMap((metric): DecisionChange[] => {
    const [first, then] = [was.get(metric), is.get(metric)];
    const isSame = first?.value === then?.value && first?.lower === then?.lower && first?.upper === then?.upper;
    return isSame ? [] : [{ kind: "metric", metric, before: first?.value ?? null, after: then?.value ?? null }];
  });
}

function gateChanges(before: DecisionFacts, after: DecisionFacts): DecisionChange[] {
  const was = new Map(before.gates.map(({ gate, verdict }) => [gate, verdict]));
  const is = new Map(after.gates.map(({ gate, verdict }) => [gate, verdict]));
  return keysOf(was, is).flatMap((gate): DecisionChange[] => {
    const [first, then] = [was.get(gate) ?? null, is.get(gate) ?? null];
    return first === then ? [] : [{ kind: "gate", gate, before: first, after: then }];
  });
}

function keysOf(one: ReadonlyMap<string, unknown>, other: ReadonlyMap<string, unknown>): string[] {
  return [...new Set([...one.keys(), ...other.keys()])];
}
