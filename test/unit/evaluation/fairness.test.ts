import { describe, expect, it } from "vitest";
import { evaluate } from "../../../src/evaluation/evaluate.ts";
import type { FairnessResult } from "../../../src/evaluation/evaluation-file.ts";
import type { BinaryPredictions } from "../../../src/evaluation/predictions.ts";
import { measureSubject } from "../../../src/evaluation/subject.ts";
import oracle from "../../oracles/fairness.json" with { type: "json" };
import { binaryPredictions, textColumn, uniform } from "../../support/builders/predictions.ts";

function fairness(
  predictions: BinaryPredictions,
  group: readonly (string | null)[],
  rest: { smallestSlice?: number; level?: number } = {},
): Map<FairnessResult["metric"], FairnessResult> {
  const evaluation = evaluate({
    predictions,
    baseline: null,
    baselineKind: null,
    metrics: [],
    slices: [],
    fairness: [textColumn("group", group)],
    gates: [],
    goals: [],
    facts: {},
    ...rest,
  });
  return new Map(evaluation.fairness.map((result) => [result.metric, result]));
}

function equal(measured: number | null | undefined, expected: number, what: string): void {
  expect(Math.abs((measured ?? Number.NaN) / expected - 1), what).toBeLessThan(1e-9);
}

// Expected numbers: test/oracles/fairness.py (fairlearn; versions inside the JSON).
it.each(Object.entries(oracle.cases))("gives fairlearn's numbers, to 1e-9: %s", (_, rows) => {
  const found = fairness(binaryPredictions(rows), rows.group);
  expect([...found.keys()].sort()).toEqual(Object.keys(rows.between).sort());
  for (const [metric, expected] of Object.entries(rows.between)) {
    const result = [...found.values()].find((each) => each.metric === metric);
    equal(result?.value, expected, metric);
    expect(result?.lower, metric).toBeLessThanOrEqual(expected);
    expect(result?.upper, metric).toBeGreaterThanOrEqual(expected);
  }
  for (const [value, expected] of Object.entries(rows.groups)) {
    const measured = [...found.values()].flatMap(({ groups }) => groups.filter((group) => group.value === value));
    for (const [rate, number] of Object.entries(expected)) {
      equal(measured.find(({ metrics }) => metrics[rate] !== undefined)?.metrics[rate].value, number, rate);
    }
  }
});

describe("a number between groups", () => {
  /** Selected with probability 0.3, of group b with `chance`, by a coin that looks at no label. */
  function twoGroups(seed: number, chance: number): [BinaryPredictions, string[]] {
    const random = uniform(seed);
    const group = Array.from({ length: 400 }, () => (random() < 0.4 ? "b" : "a"));
    const labels = group.map(() => Number(random() < 0.5));
    const predicted = group.map((name) => Number(random() < (name === "b" ? chance : 0.3)));
    return [binaryPredictions({ labels, predicted }), group];
  }
  const metrics = [
    "demographic_parity_difference",
    "equal_opportunity_difference",
    "equalized_odds_difference",
  ] as const;
  const runs = 1000;
  // Upper 99.95 % limit of what a bound that holds 2.5 % exactly misses in 1,000 runs.
  const most = runs * 0.025 + 3.29 * Math.sqrt(runs * 0.025 * 0.975);

  it("is claimed to differ from none, where there is no difference, as seldom as its level says", () => {
    const claims = new Map<string, number>();
    for (let run = 1; run <= runs; run += 1) {
      const found = fairness(...twoGroups(run * 7919, 0.3));
      for (const metric of metrics) {
        const claimed = Number((found.get(metric)?.lower ?? 0) > 0);
        claims.set(metric, (claims.get(metric) ?? 0) + claimed);
      }
      claims.set("ratio", (claims.get("ratio") ?? 0) + Number((found.get("demographic_parity_ratio")?.upper ?? 1) < 1));
    }
    // One-sided in each direction, and either direction is a difference.
    for (const [metric, count] of claims) expect(count, metric).toBeLessThan(2 * most);
  });

  it("lies under its upper bound and over its lower one as often as its level says", () => {
    const [below, above] = [new Map<string, number>(), new Map<string, number>()];
    for (let run = 1; run <= runs; run += 1) {
      const found = fairness(...twoGroups(run * 104_729, 0.5));
      for (const metric of metrics) {
        const { lower, upper } = found.get(metric) ?? {};
        above.set(metric, (above.get(metric) ?? 0) + Number((upper ?? 1) < 0.2));
        below.set(metric, (below.get(metric) ?? 0) + Number((lower ?? 0) > 0.2));
      }
    }
    for (const metric of metrics) {
      expect(above.get(metric), `${metric}, upper`).toBeLessThan(most);
      expect(below.get(metric), `${metric}, lower`).toBeLessThan(most);
    }
  });

  it("leaves out a group under the smallest size, which it names, and bounds nothing then", () => {
    const [predictions, group] = twoGroups(3, 0.5);
    const found = fairness(
      predictions,
      group.map((name, row) => (row < 5 ? "c" : name)),
    );
    const parity = found.get("demographic_parity_difference");
    expect(parity).toMatchObject({
      upper: 1,
      reason: expect.stringContaining("group = c has 5 rows and needs 25 more"),
    });
    expect(parity?.groups).toMatchObject([{ value: "a" }, { value: "b" }, { value: "c", rows: 5, rows_lacking: 25 }]);
  });

  it("has each group's calibration error beside it, that of its rows alone", () => {
    const rows = oracle.cases["two groups"];
    const found = fairness(binaryPredictions(rows), rows.group).get("calibration_difference");
    const women = <Value>(values: readonly Value[]) => values.filter((_, row) => rows.group[row] === "F");
    const alone = binaryPredictions({ labels: women(rows.labels), scores: women(rows.scores) });
    const expected = measureSubject(alone).all.metrics.get("ece")?.value ?? Number.NaN;
    expect(found?.groups[0]).toMatchObject({ value: "F", metrics: { ece: { value: expected } } });
  });

  it("is less certain where rows come in clusters", () => {
    const rows = oracle.cases["two groups"];
    const predictions = binaryPredictions(rows);
    // Each row five times, which tells nothing more.
    const five = <Value>(values: readonly Value[]) => values.flatMap((value) => [value, value, value, value, value]);
    const copies = binaryPredictions({
      labels: five(rows.labels),
      scores: five(rows.scores),
      predicted: five(rows.predicted),
    });
    const clusters = Int32Array.from(five(rows.labels), (_, row) => Math.floor(row / 5));
    const once = fairness(predictions, rows.group);
    const clustered = fairness({ ...copies, clusters }, five(rows.group));
    for (const [metric, { value, lower, upper }] of once) {
      const other = clustered.get(metric);
      expect(other?.value, metric).toBeCloseTo(value ?? Number.NaN, 12);
      expect(other?.lower, metric).toBeCloseTo(lower ?? Number.NaN, 1);
      expect(other?.upper, metric).toBeCloseTo(upper ?? Number.NaN, 1);
    }
    const large = clustered.get("calibration_difference")?.groups[0].metrics.calibration_in_the_large;
    const expected = once.get("calibration_difference")?.groups[0].metrics.calibration_in_the_large;
    expect(large?.method).toBe("skew_adjusted_t, clustered");
    expect(large?.lower).toBeCloseTo(expected?.lower ?? Number.NaN, 2);
  });

  it("has no value where there is one group, or a group without positives", () => {
    const [predictions] = twoGroups(3, 0.5);
    const alone = fairness(predictions, new Array<string>(400).fill("a")).get("equalized_odds_difference");
    expect(alone).toMatchObject({ value: null, reason: "there are fewer than two groups" });
    const byLabel = fairness(
      predictions,
      [...predictions.labels].map((label) => (label === 1 ? "positive" : "negative")),
    );
    expect(byLabel.get("equal_opportunity_difference")).toMatchObject({ value: null });
    expect(byLabel.get("demographic_parity_difference")?.value).not.toBeNull();
    expect(byLabel.has("calibration_difference"), "without scores").toBe(false);
  });
});
