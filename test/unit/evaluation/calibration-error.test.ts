import { describe, expect, it } from "vitest";
import { binForecasts, calibrationError, equalWidthBins } from "../../../src/evaluation/calibration-error.ts";
import { evaluate } from "../../../src/evaluation/evaluate.ts";
import type { Predictions } from "../../../src/evaluation/predictions.ts";
import { measureSubject } from "../../../src/evaluation/subject.ts";
import oracle from "../../oracles/operating_point.json" with { type: "json" };
import { binaryPredictions, multiclassPredictions, uniform } from "../../support/builders/predictions.ts";

const nothing = { baseline: null, baselineKind: null, metrics: [], slices: [], gates: [], goals: [], facts: {} };

function binary(rows: (typeof oracle.calibration)[number]): Predictions {
  return binaryPredictions({ labels: rows.outcomes, scores: rows.probabilities, weights: rows.weights });
}

function calibrationOf(predictions: Predictions) {
  const { calibration, metrics } = evaluate({ ...nothing, predictions });
  if (calibration === null) throw new Error("a calibration is expected");
  return { ...calibration, brierScore: metrics.brier_score?.value ?? Number.NaN };
}

const relative = (value: number | null, expected: number) =>
  Math.abs((value ?? Number.NaN) - expected) / Math.max(1e-12, Math.abs(expected));

const cases = oracle.calibration.map((rows, place) => [`case ${place}, ${rows.outcomes.length} rows`, rows] as const);

describe("the calibration of a binary classifier", () => {
  it.each(cases)("has scikit-learn's bins of equal width and their ECE to 1e-9: %s", (_, rows) => {
    expect([...equalWidthBins(Float64Array.from(rows.probabilities)).codes]).toEqual(rows.width);
    const { ece } = calibrationOf(binary(rows));
    expect(relative(ece.equal_width.value, rows.ece)).toBeLessThan(1e-9);
    if (rows.debiased !== undefined) expect(relative(ece.equal_width.debiased, rows.debiased)).toBeLessThan(1e-9);
    const metric = measureSubject(binary(rows)).all.metrics.get("ece");
    expect(metric?.value).toBe(ece.equal_width.value);
  });

  it.each(cases.filter(([, rows]) => rows.curve !== undefined))(
    "has scikit-learn's quantile bins as bins of equal mass: %s",
    (_, rows) => {
      const { bins, ece } = calibrationOf(binary(rows));
      const [predicted, observed] = rows.curve ?? [];
      expect(bins.length).toBe(15);
      for (const [place, bin] of bins.entries()) {
        expect(relative(bin.mean_predicted, predicted[place])).toBeLessThan(1e-9);
        expect(Math.abs(bin.observed - observed[place])).toBeLessThan(1e-12);
      }
      expect(relative(ece.equal_mass.value, rows.ece_mass ?? Number.NaN)).toBeLessThan(1e-9);
    },
  );

  it.each(cases)("parts the Brier score without a rest: %s", (_, rows) => {
    const { brier, brierScore } = calibrationOf(binary(rows));
    for (const [name, expected] of Object.entries(rows.brier)) {
      const found = Object.entries(brier).find(([part]) => part === name)?.[1] ?? Number.NaN;
      expect(relative(found, expected), name).toBeLessThan(1e-9);
    }
    const { reliability, resolution, uncertainty, within_bin_variance, within_bin_covariance } = brier;
    const sum = reliability - resolution + uncertainty + within_bin_variance - within_bin_covariance;
    expect(relative(sum, brierScore)).toBeLessThan(1e-12);
  });

  it("changes with a row's weight as its contributions say", () => {
    const [, rows] = cases[3];
    const weights = rows.weights ?? rows.outcomes.map(() => 1);
    const at = (changed: number[]) =>
      measureSubject(binaryPredictions({ labels: rows.outcomes, scores: rows.probabilities, weights: changed })).all;
    const contributions = at(weights).contributions("ece");
    for (let row = 0; row < 40; row += 1) {
      const [up, down] = [1e-6, -1e-6].map(
        (step) => at(weights.with(row, weights[row] * (1 + step))).metrics.get("ece")?.value ?? Number.NaN,
      );
      expect((up - down) / 2e-6).toBeCloseTo(contributions?.[row] ?? Number.NaN, 8);
    }
  });

  it("decides gates, and is shown as a metric where one names it", () => {
    const random = uniform(3);
    const scores = Array.from({ length: 20_000 }, () => random());
    const predictions = binaryPredictions({ labels: scores.map((score) => Number(random() < score)), scores });
    const gates = ["ece <= 0.05", "ece >= 0.05", "ece <= 0.004"];
    const evaluation = evaluate({ ...nothing, predictions, gates });
    expect(evaluation.gates.map(({ verdict }) => verdict)).toEqual(["pass", "fail", "inconclusive"]);
    expect(evaluation.metrics.ece).toMatchObject({ method: "least_favourable_bins", lower: 0 });
    expect(Object.keys(evaluate({ ...nothing, predictions }).metrics)).not.toContain("ece");
  });

  it("knows that rows of one cluster tell less than as many others, by both kinds of bins", () => {
    const [, rows] = cases[0];
    const four = <Value>(values: readonly Value[]): Value[] => values.flatMap((value) => [value, value, value, value]);
    const copied = binaryPredictions({ labels: four(rows.outcomes), scores: four(rows.probabilities) });
    const clusters = Int32Array.from(copied.labels, (_, row) => Math.floor(row / 4));
    const [alone, together] = [calibrationOf(copied), calibrationOf({ ...copied, clusters })];
    for (const kind of ["equal_width", "equal_mass"] as const) {
      expect(together.ece[kind].value).toBeCloseTo(alone.ece[kind].value ?? Number.NaN, 12);
      const reach = ({ ece }: typeof alone) => (ece[kind].upper ?? Number.NaN) - (ece[kind].value ?? Number.NaN);
      expect(reach(together), kind).toBeGreaterThan(1.1 * reach(alone));
    }
  });

  it("has no error without probabilities or weight", () => {
    const of = (predictions: Predictions) => measureSubject(predictions).all.metrics.get("ece");
    expect(of(binaryPredictions({ labels: [0, 1], scores: [-2, 3] }))).toMatchObject({ value: null });
    expect(of(binaryPredictions({ labels: [0, 1], predicted: [0, 1] }))).toMatchObject({ value: null });
    expect(of(binaryPredictions({ labels: [0, 1], scores: [0.2, 0.3], weights: [0, 0] }))).toMatchObject({
      value: null,
      reason: "no row has a weight",
    });
  });
});

describe("the calibration of a multiclass model", () => {
  it.each(oracle.top_label.map((rows, place) => [place, rows] as const))(
    "is that of its likeliest class, to 1e-9 of numpy: case %i",
    (_, rows) => {
      const calibration = calibrationOf(multiclassPredictions(rows));
      expect(calibration.of).toBe("top_label");
      expect(relative(calibration.ece.equal_width.value, rows.ece)).toBeLessThan(1e-9);
      for (const [name, expected] of Object.entries(rows.brier)) {
        const found = Object.entries(calibration.brier).find(([part]) => part === name)?.[1] ?? Number.NaN;
        expect(relative(found, expected), name).toBeLessThan(1e-9);
      }
    },
  );
});

function logistic(x: number): number {
  return 1 / (1 + Math.exp(-x));
}

describe("the bounds of a calibration error", () => {
  const alpha = 0.05;
  /** A score and the chance that is true of it. */
  type World = (random: () => number) => readonly [score: number, chance: number];
  const normal = (random: () => number) => (random() + random() + random() + random() - 2) * Math.sqrt(3);
  const worlds: [string, number, World][] = [
    ["a calibrated model, 300 rows", 300, (random) => [logistic(1.5 * normal(random) - 1), Number.NaN]],
    ["a calibrated model, 3000 rows", 3000, (random) => [logistic(1.5 * normal(random) - 1), Number.NaN]],
    [
      "scores that are too sharp, 1000 rows",
      1000,
      (random) => {
        const logit = 1.5 * normal(random) - 1;
        return [logistic(1.3 * logit), logistic(logit)];
      },
    ],
    [
      "chances that are all a little higher, 2000 rows",
      2000,
      (random) => {
        const score = logistic(1.5 * normal(random) - 1);
        return [score, Math.min(1, score + 0.03)];
      },
    ],
    [
      "1 positive in 100 where scores are half of that, 1000 rows",
      1000,
      (random) => {
        const chance = logistic(1.5 * normal(random) - 5.5);
        return [chance / 2, chance];
      },
    ],
  ];

  it.each(worlds)("hold on each side: %s", (_, rows, world) => {
    const random = uniform(77);
    const draw = () => {
      const [score, chance] = world(random);
      return [score, Number.isNaN(chance) ? score : chance] as const;
    };
    const deviations = new Float64Array(15);
    for (let row = 0; row < 300_000; row += 1) {
      const [score, chance] = draw();
      deviations[equalWidthBins(Float64Array.of(score)).codes[0]] += (chance - score) / 300_000;
    }
    const truth = deviations.reduce((sum, deviation) => sum + Math.abs(deviation), 0);
    const misses = { lower: 0, upper: 0 };
    const repetitions = 400;
    for (let repetition = 0; repetition < repetitions; repetition += 1) {
      const probabilities = new Float64Array(rows);
      const outcomes = new Uint8Array(rows);
      for (let row = 0; row < rows; row += 1) {
        const [score, chance] = draw();
        probabilities[row] = score;
        outcomes[row] = Number(random() < chance);
      }
      const binned = binForecasts({ probabilities, outcomes, weights: null }, equalWidthBins(probabilities));
      const bounds = calibrationError(binned).bounds(alpha);
      misses.lower += Number(truth < bounds.lower);
      misses.upper += Number(truth > bounds.upper);
    }
    // Binomial(400, 0.05) is above 36 in one of 1000 series.
    expect(misses.lower).toBeLessThan(36);
    expect(misses.upper).toBeLessThan(36);
  });
});
