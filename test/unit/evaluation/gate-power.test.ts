import { describe, expect, it } from "vitest";
import { type EvaluationRequest, gather } from "../../../src/evaluation/evaluate.ts";
import { gatePower } from "../../../src/evaluation/gate-power.ts";
import { history, sevenGates, verdictOf } from "../../calibration/seven-gates.ts";

const { model, production, group } = history(4000, 3);
const nothing = { baseline: null, baselineKind: null, metrics: [], slices: [group], goals: [], facts: {} };

function power(gates: EvaluationRequest["gates"], rest: Partial<EvaluationRequest> = {}, rows?: number) {
  const { gates: parsed, evidence } = gather({ ...nothing, predictions: model, gates, ...rest });
  return gatePower({ gates: parsed, evidence, alpha: 0.05, correlation: 0.9, ...(rows === undefined ? {} : { rows }) });
}

const measured = power(["accuracy >= 0.5"]).gates[0].measured ?? 0;
const error = Math.sqrt((measured * (1 - measured)) / 4000);

describe("the chance of a gate to pass an equal model", () => {
  it("is the normal approximation for one share of rows", () => {
    // Φ((value − bound) / standard error − 1.645): 0.8 at 2.487 standard errors.
    const [at80, at50] = power([
      `accuracy >= ${measured - 2.487 * error}`,
      `accuracy >= ${measured - 1.645 * error}`,
    ]).gates;
    expect(at80.chance).toBeCloseTo(0.8, 1);
    expect(at50.chance).toBeCloseTo(0.5, 1);
    expect(at80.rows_needed).toBeGreaterThan(3400);
    expect(at80.rows_needed).toBeLessThan(4600);
  });

  it("is alpha where the bound is the old value, for any number of rows", () => {
    const [gate] = power([`accuracy > ${measured}`]).gates;
    expect(gate.chance).toBeLessThan(0.07);
    expect(gate).toMatchObject({ rows_needed: null, measured });
  });

  it("grows with the rows that the new model is judged on", () => {
    const gates = [`accuracy >= ${measured - 2 * error}`];
    const chances = [1000, 4000, 16_000].map((rows) => power(gates, {}, rows).gates[0].chance);
    expect(chances[0]).toBeLessThan(0.35);
    expect(chances[2]).toBeGreaterThan(0.95);
    expect(chances).toEqual([...chances].sort());
  });

  it("takes the version in production for the old model, so that the difference to it is none", () => {
    const gate = "accuracy - production.accuracy > -0.01";
    const [real] = power([gate], { production }).gates;
    expect(real.measured).toBe(0);
    const [alone] = power([gate], { production: model }).gates;
    expect(alone.chance).toBeGreaterThan(real.chance);
  });

  it("assumes a twin for a version that is not there, and says so", () => {
    const found = power(["accuracy - production.accuracy > -0.01 if production exists"]);
    expect(found.assumed).toEqual(["production"]);
    const [gate] = found.gates;
    const closer = gather({ ...nothing, predictions: model, gates: [gate.gate] });
    const likelier = gatePower({ ...closer, alpha: 0.05, correlation: 0.99 }).gates[0].chance;
    expect(gate.chance).toBeGreaterThan(0.05);
    expect(likelier).toBeGreaterThan(gate.chance);
  });

  it("of all gates at once counts them together, but for those that only warn", () => {
    const likely = `accuracy >= ${measured - 2.487 * error}`;
    const same = power([likely, `accuracy > ${measured - 2.486 * error}`]);
    expect(same.chance).toBeCloseTo(0.8, 1);
    const apart = power([likely, "roc_auc >= 0.999"]);
    expect(apart.chance).toBe(0);
    expect(power([likely, { gate: "roc_auc >= 0.999", on_inconclusive: "warn" }]).chance).toBeCloseTo(0.8, 1);
  });

  it("is none for a gate on slices that would have too few rows, whatever their values", () => {
    const gates = ["worst(accuracy by group) >= 0.1"];
    const chance = (rows: number) => power(gates, { smallestSlice: 300 }, rows).gates[0];
    expect(chance(400)).toMatchObject({ chance: 0 });
    expect(chance(1200).chance).toBe(1);
    // The smaller group is about a third of the rows.
    expect(chance(400).rows_needed).toBeGreaterThan(750);
  });

  it("is the same every time", () => {
    expect(power(["worst(recall by group) >= 0.3"])).toEqual(power(["worst(recall by group) >= 0.3"]));
  });
});

describe("seven gates", () => {
  const far = [0.2, 0.2, 0.5, 0.5, 0.3, 0.5, 0.2];
  // The long run, 10,000 histories of each, is in test/calibration. Upper 99.9 % limit of binomial(400, 0.05): 35.
  it.each([0, 4, 6])("pass a model that violates number %i seldom", (violated) => {
    const gates = sevenGates(far.map((room, index) => (index === violated ? 0 : room)));
    const verdicts = Array.from({ length: 400 }, (_, seed) => verdictOf(history(1000, 1 + seed), gates));
    expect(verdicts.filter((verdict) => verdict === "pass").length).toBeLessThan(35);
  });
});
