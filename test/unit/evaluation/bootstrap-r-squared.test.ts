import { describe, expect, it } from "vitest";
import { bootstrappedRows } from "../../../src/evaluation/bootstrap-r-squared.ts";
import { compareSamples } from "../../../src/evaluation/compare.ts";
import { parseGate } from "../../../src/evaluation/gates.ts";
import { judgeGates } from "../../../src/evaluation/judge-gates.ts";
import { type RegressionRows, regressionMetric } from "../../../src/evaluation/regression-metrics.ts";
import { measureSubject } from "../../../src/evaluation/subject.ts";
import type { Estimate } from "../../../src/stats/bounds.ts";
import { independentRows } from "../../../src/stats/design-effect.ts";
import { regressionPredictions, uniform } from "../../support/builders/predictions.ts";

function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(random() + 1e-12)) * Math.cos(2 * Math.PI * random());
}

/** Labels lognormal, errors proportional to them: a few rows make most of the error. */
function heavyTailed(count: number, seed: number): RegressionRows {
  const random = uniform(seed);
  const labels = Float64Array.from({ length: count }, () => Math.exp(normal(random)));
  return { labels, predicted: labels.map((label) => label * (1 + 0.3 * normal(random))), weights: null };
}

function rSquared(rows: RegressionRows, total = rows.labels.length): Estimate {
  const measured = regressionMetric(rows, { metric: "r2", design: independentRows, total });
  if (measured.value === null) throw new Error("R² is expected to be defined");
  return measured;
}

const jackknife = (rows: RegressionRows): Estimate => rSquared(rows, Number.POSITIVE_INFINITY);

describe("R² in an evaluation", () => {
  it("has bootstrap bounds up to the row limit, and the jackknife's above it", () => {
    expect(rSquared(heavyTailed(bootstrappedRows, 1)).method).toBe("bootstrap-t (2000)");
    expect(rSquared(heavyTailed(bootstrappedRows + 1, 1)).method).toBe("jackknife_log");
  });

  it("has the same method for a slice as for all rows", () => {
    const { labels, predicted } = heavyTailed(bootstrappedRows + 1, 1);
    const subject = measureSubject(regressionPredictions({ labels: [...labels], predicted: [...predicted] }));
    const metric = subject.part(Uint32Array.from({ length: 50 }, (_, row) => row)).metrics.get("r2");
    expect(metric).toMatchObject({ method: "jackknife_log" });
  });

  it("has the jackknife's bounds where rows are weighted or the prediction is constant", () => {
    const rows = heavyTailed(40, 2);
    expect(rSquared({ ...rows, weights: rows.labels.map(() => 1) }).method).toBe("jackknife_log");
    expect(rSquared({ ...rows, predicted: rows.predicted.map(() => 1.6) }).method).toBe("jackknife_log");
  });

  it("has the same bounds every time and in every unit", () => {
    const rows = heavyTailed(60, 3);
    const { lower, upper } = rSquared(rows).bounds(0.05);
    expect(rSquared(rows).bounds(0.05)).toStrictEqual({ lower, upper });
    const inOtherUnit = {
      ...rows,
      labels: rows.labels.map((y) => y * 1e90),
      predicted: rows.predicted.map((y) => y * 1e90),
    };
    const other = rSquared(inOtherUnit).bounds(0.05);
    expect(other.lower).toBeCloseTo(lower, 9);
    expect(other.upper).toBeCloseTo(upper, 9);
  });

  it("claims nothing from three rows", () => {
    const { lower } = rSquared(heavyTailed(3, 4)).bounds(0.05);
    expect(lower).toBe(Number.NEGATIVE_INFINITY);
  });

  it("is never bounded more tightly than by the jackknife at an alpha too small to resample", () => {
    const rows = heavyTailed(200, 5);
    const [found, analytic] = [rSquared(rows).bounds(1e-6), jackknife(rows).bounds(1e-6)];
    expect(found.lower).toBeLessThanOrEqual(analytic.lower);
    expect(found.upper).toBeGreaterThanOrEqual(analytic.upper);
    expect(found.lower).toBeLessThanOrEqual(rSquared(rows).bounds(0.005).lower);
  });

  it("misses a true value less often than by the jackknife when a few rows make the error", () => {
    const truth = 1 - (0.09 * Math.exp(2)) / (Math.exp(2) - Math.exp(1));
    const random = uniform(77);
    const misses = { bootstrap: 0, jackknife: 0 };
    for (let sample = 0; sample < 300; sample += 1) {
      const rows = heavyTailed(50, 1 + Math.floor(random() * 2e9));
      misses.bootstrap += Number(truth > rSquared(rows).bounds(0.05).upper);
      misses.jackknife += Number(truth > jackknife(rows).bounds(0.05).upper);
    }
    // 5 % would be 15; nobody gets there with tails like these (docs/calibration.md).
    expect(misses.bootstrap).toBeLessThan(0.85 * misses.jackknife);
  });
});

/** Two models of the same quality: the same labels, each with its own errors. */
function twins(count: number, seed: number) {
  const random = uniform(seed);
  const labels = Array.from({ length: count }, () => Math.exp(0.5 * normal(random)));
  const model = () =>
    regressionPredictions({ labels, predicted: labels.map((label) => label * (1 + 0.3 * normal(random))) });
  return [model(), model()].map((each) => measureSubject(each).all);
}

describe("R² in gates", () => {
  it("lets an equal model pass as better at most as often as alpha", () => {
    const random = uniform(6);
    const passes = new Map<string, number>();
    for (let sample = 0; sample < 300; sample += 1) {
      const [candidate, reference] = twins(60, 1 + Math.floor(random() * 2e9));
      const pair = { against: "production", candidate, reference, level: 0.9 };
      for (const { metric, lower, upper } of compareSamples(pair, ["r2", "rmse", "mae"])) {
        const better = metric === "r2" ? (lower ?? -1) > 0 : (upper ?? 1) < 0;
        passes.set(metric, (passes.get(metric) ?? 0) + Number(better));
      }
    }
    // Upper 99.95 % limit of binomial(300, 0.05).
    for (const [metric, count] of passes) expect(count, metric).toBeLessThan(15 + 3.29 * Math.sqrt(14.25));
  });

  it("is judged by the bounds that the report shows at the same level", () => {
    const parsed = parseGate("r2 >= 0.5");
    if (!parsed.ok) throw new Error(parsed.error.message);
    const { labels, predicted } = heavyTailed(80, 8);
    const all = measureSubject(regressionPredictions({ labels: [...labels], predicted: [...predicted] })).all;
    const policy = {
      text: "r2 >= 0.5",
      decideBy: "interval",
      onFail: "block",
      onInconclusive: "block",
      purpose: null,
    } as const;
    const evidence = { rows: 80, facts: {}, subjects: { model: { all, slices: () => undefined } } };
    const [{ lower, upper, verdict }] = judgeGates([{ gate: parsed.gate, policy }], evidence);
    const shown = rSquared({ ...heavyTailed(80, 8) }).bounds(0.05);
    expect({ lower, upper }).toEqual(shown);
    expect(verdict).toBe(shown.lower >= 0.5 ? "pass" : "inconclusive");
  });
});
