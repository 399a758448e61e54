import { expect, it } from "vitest";
import { DecisionFacts, decisionDigest, shortDigest } from "../../../src/approval/decision.ts";
import { decisionChanges } from "../../../src/approval/decision-change.ts";
import { evaluatedFacts } from "../../../src/approval/evaluated-facts.ts";
import { aDecision } from "../../support/builders/approval.ts";
import { fc } from "../../support/properties.ts";

const facts = aDecision().facts;
const metric = fc.record({ value: fc.option(fc.integer()), lower: fc.constant(null), upper: fc.constant(null) });
const someFacts = fc.record({
  head_sha: fc.constantFrom("a".repeat(40), "b".repeat(40)),
  trust: fc.constantFrom("claimed" as const, "rescored" as const),
  snapshot_sha256: fc.constantFrom("1".repeat(64), "2".repeat(64)),
  metrics: fc.dictionary(fc.constantFrom("roc_auc", "recall", "constructor"), metric),
  gates: fc.uniqueArray(
    fc.record({
      gate: fc.constantFrom("a >= 1", "b >= 1"),
      verdict: fc.constantFrom("pass" as const, "fail" as const),
    }),
    { selector: ({ gate }) => gate },
  ),
});

it("is SHA-256 of the canonical JSON, so that it can be computed anywhere", () => {
  // printf '%s' '{"gates":[{"gate":…}],…}' | sha256sum, keys sorted, no white space
  const text =
    '{"gates":[{"gate":"roc_auc >= 0.89","verdict":"pass"}],"head_sha":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa","inputs_sha256":"2222222222222222222222222222222222222222222222222222222222222222","metrics":{"roc_auc":{"lower":0.9,"upper":0.92,"value":0.91}},"model":"income","model_sha256":"1111111111111111111111111111111111111111111111111111111111111111","policy_sha256":"4444444444444444444444444444444444444444444444444444444444444444","schema_version":1,"snapshot_sha256":"3333333333333333333333333333333333333333333333333333333333333333","trust":"rescored"}';
  expect(DecisionFacts.parse(JSON.parse(text))).toEqual(facts);
  expect(decisionDigest(facts)).toBe("2cb67508747881ac9b61cf2bf9b797579f05a0c57c0ad77c026e2f578f31dcca");
  expect(shortDigest(decisionDigest(facts))).toHaveLength(12);
});

it("has no place for times, durations and the base branch", () => {
  for (const key of ["base_sha", "duration_ms", "started_at", "latency_ms"])
    expect(DecisionFacts.safeParse({ ...facts, [key]: 1 }).success).toBe(false);
});

it("changes exactly when something that was decided on does, and says what", () => {
  fc.assert(
    fc.property(someFacts, someFacts, (one, other) => {
      const [before, after] = [
        { ...facts, ...one },
        { ...facts, ...other },
      ];
      const isSame = decisionDigest(before) === decisionDigest(after);
      expect(decisionChanges(before, after).length === 0).toBe(isSame);
    }),
  );
});

it("does not depend on the order in which gates and metrics were named", () => {
  const gates = [{ gate: "b", verdict: "pass" } as const, { gate: "a", verdict: "fail" } as const];
  expect(decisionDigest({ ...facts, gates })).toBe(decisionDigest({ ...facts, gates: gates.toReversed() }));
});

it("keeps six digits of the metrics, which other processors find too", () => {
  const of = (value: number) => evaluatedFacts({ metrics: { log_loss: measured(value) }, gates: [] }).metrics;
  expect(of(0.312345649)).toEqual({ log_loss: { value: 0.312346, lower: null, upper: 0.5 } });
  expect(of(0.312345649)).toEqual(of(0.31234565));
  expect(of(0.312345)).not.toEqual(of(0.312347));
});

function measured(value: number) {
  return { value, lower: null, upper: 0.5, level: 0.95, method: "normal" };
}
