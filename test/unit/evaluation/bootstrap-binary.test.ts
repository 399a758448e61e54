import { describe, expect, it } from "vitest";
import { type BinaryMetric, binaryMetric } from "../../../src/evaluation/binary-metrics.ts";
import { type BinaryRows, rankBinary, selectBinary } from "../../../src/evaluation/binary-rows.ts";
import { binaryReplicates, clusteredReplicates } from "../../../src/evaluation/bootstrap-binary.ts";
import { evaluate } from "../../../src/evaluation/evaluate.ts";
import { pairedRocAucBounds } from "../../../src/evaluation/paired-roc-auc.ts";
import type { BinaryPredictions } from "../../../src/evaluation/predictions.ts";
import { rankingCells, type ScoredBinaryRows, singleRowCells, tally } from "../../../src/evaluation/ranking-cells.ts";
import { measureSubject } from "../../../src/evaluation/subject.ts";
import { pairedDelong } from "../../../src/stats/delong.ts";
import { independentRows } from "../../../src/stats/design-effect.ts";
import { forEachDraw } from "../../../src/stats/resample.ts";
import { binaryPredictions, randomBinary } from "../../support/builders/predictions.ts";

function ranked(predictions: BinaryPredictions): ScoredBinaryRows {
  const { scores, ...rows } = selectBinary(predictions, rankBinary(predictions));
  if (scores === null) throw new Error("scores are expected");
  return { ...rows, scores };
}

function metricOf(rows: BinaryRows, metric: BinaryMetric): number | null {
  return binaryMetric(rows, metric, independentRows).value;
}

/** ROC AUC and accuracy of the rows repeated `counts` times, as the metrics room computes them. */
function ofRepeated(rows: ScoredBinaryRows, counts: Float64Array): { rocAuc: number; accuracy: number } {
  const repeated = [...counts.keys()].flatMap((row) => Array.from({ length: counts[row] }, () => row));
  const predictions = binaryPredictions({
    labels: repeated.map((row) => rows.labels[row]),
    scores: repeated.map((row) => rows.scores[row]),
    predicted: repeated.map((row) => rows.predicted[row]),
  });
  const drawnRows = selectBinary(predictions, rankBinary(predictions));
  return {
    rocAuc: metricOf(drawnRows, "roc_auc") ?? Number.NaN,
    accuracy: metricOf(drawnRows, "accuracy") ?? Number.NaN,
  };
}

/** Scores of two decimals, so that many are equal. */
function tied(count: number, seed: number): BinaryPredictions {
  const { labels, scores } = randomBinary({ count, seed });
  return binaryPredictions({
    labels: [...labels],
    scores: [...(scores ?? [])].map((score) => Math.round(score * 50) / 50),
  });
}

interface Spread {
  lower: number;
  upper: number;
  deviation: number;
}

function spreadOf(values: Float64Array): Spread {
  const sorted = values.slice().sort();
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const at = (share: number): number => sorted[Math.round(share * (sorted.length - 1))];
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  return { lower: at(0.025), upper: at(0.975), deviation: Math.sqrt(variance) };
}

/** Replicates of rows drawn one by one. */
function byRow(rows: ScoredBinaryRows, resamples: number): { rocAuc: Float64Array; accuracy: Float64Array } {
  const cells = singleRowCells(rows);
  const found = { rocAuc: new Float64Array(resamples), accuracy: new Float64Array(resamples) };
  forEachDraw(rows.labels.length, { resamples, seed: 99 }, (counts, at) => {
    const { rocAuc, cells: four } = tally(cells, counts);
    found.rocAuc[at] = rocAuc;
    found.accuracy[at] = (four[0] + four[3]) / rows.labels.length;
  });
  return found;
}

describe("cells of ranked rows", () => {
  it.each([
    { name: "distinct scores", predictions: randomBinary({ count: 200, seed: 3 }) },
    { name: "tied scores", predictions: tied(200, 3) },
  ])("each of one row give the metrics of the rows drawn: $name", ({ predictions }) => {
    const rows = ranked(predictions);
    const cells = singleRowCells(rows);
    forEachDraw(200, { resamples: 20, seed: 6 }, (counts) => {
      const { rocAuc, cells: four } = tally(cells, counts);
      const expected = ofRepeated(rows, counts);
      expect(rocAuc).toBeCloseTo(expected.rocAuc, 12);
      expect((four[0] + four[3]) / 200).toBeCloseTo(expected.accuracy, 12);
    });
  });

  it("lose nothing of a few hundred rows: no bin has two scores and both classes", () => {
    const rows = ranked(randomBinary({ count: 300, seed: 5 }));
    const cells = rankingCells(rows);
    const inside = new Map<number, Set<number>>();
    cells.bin.forEach((bin, cell) => {
      inside.set(bin, (inside.get(bin) ?? new Set()).add(cells.kind[cell] >> 1));
    });
    for (const labels of inside.values()) expect(labels.size).toBe(1);
  });

  it("are few, and give the sample's own values, for many rows", () => {
    const rows = ranked(randomBinary({ count: 60_000, seed: 8 }));
    const cells = rankingCells(rows);
    expect(cells.rows.length).toBeLessThan(3000);
    const { rocAuc, cells: four } = tally(cells, cells.rows);
    const all = selectBinary(randomBinary({ count: 60_000, seed: 8 }), rankOf(60_000, 8));
    expect(rocAuc).toBeCloseTo(metricOf(all, "roc_auc") ?? 0, 12);
    expect((four[0] + four[3]) / 60_000).toBe(metricOf(all, "accuracy"));
  });

  it("keep the few rows apart that decide a nearly perfect model", () => {
    // 20,000 rows in order but for 40 rows at the border: their placements are all the variance there is.
    const labels = Array.from({ length: 20_000 }, (_, row) =>
      row >= 9980 && row < 10_020 ? row % 2 : Number(row >= 10_000),
    );
    const rows = ranked(binaryPredictions({ labels, scores: labels.map((_, row) => row / 20_000) }));
    expect(rankingCells(rows).area.length).toBeGreaterThan(38);
  });
});

function rankOf(count: number, seed: number): Uint32Array {
  return rankBinary(randomBinary({ count, seed }));
}

describe("resamples by cell", () => {
  const resamples = 6000;
  // Of 6000 resamples the 2.5 % point varies by 0.035 standard deviations, a difference of two by 0.05.
  const error = 4 * 0.05;

  it.each([
    { name: "4,000 distinct scores", predictions: randomBinary({ count: 4000, seed: 21 }) },
    { name: "2,000 tied scores", predictions: tied(2000, 22) },
    {
      name: "5,000 rows, 1 positive in 50, a strong model",
      predictions: randomBinary({ count: 5000, seed: 23, share: 0.02, strength: 3 }),
    },
  ])("have the bounds and the deviation of rows drawn one by one: $name", ({ predictions }) => {
    const rows = ranked(predictions);
    const exact = byRow(rows, resamples);
    const found = binaryReplicates(rows, { resamples, seed: 1 });
    for (const [metric, values] of [
      ["roc_auc", exact.rocAuc],
      ["accuracy", exact.accuracy],
    ] as const) {
      const [one, other] = [spreadOf(values), spreadOf(found.get(metric) ?? new Float64Array(0))];
      expect(Math.abs(other.lower - one.lower) / one.deviation, metric).toBeLessThan(error);
      expect(Math.abs(other.upper - one.upper) / one.deviation, metric).toBeLessThan(error);
      expect(other.deviation / one.deviation, metric).toBeCloseTo(1, 1);
    }
  });

  it("draw accuracy and ROC AUC together: their correlation is that of rows drawn one by one", () => {
    const rows = ranked(randomBinary({ count: 3000, seed: 31 }));
    const exact = byRow(rows, resamples);
    const found = binaryReplicates(rows, { resamples, seed: 1 });
    const expected = correlation(exact.rocAuc, exact.accuracy);
    expect(expected).toBeGreaterThan(0.3);
    const measured = correlation(found.get("roc_auc") ?? exact.rocAuc, found.get("accuracy") ?? exact.accuracy);
    // Four standard errors of a difference of two correlations of 6000 pairs.
    expect(Math.abs(measured - expected)).toBeLessThan(4 * Math.sqrt(2 / resamples));
  });

  it("draw whole clusters: rows that come ten times vary as the tenth of them does", () => {
    const single = randomBinary({ count: 300, seed: 41 });
    const times = 10;
    const repeat = <Value>(values: ArrayLike<Value>): Value[] =>
      Array.from({ length: 300 * times }, (_, row) => values[row % 300]);
    const many = binaryPredictions({ labels: repeat(single.labels), scores: repeat(single.scores ?? []) });
    const order = rankBinary(many);
    const clusters = { codes: Int32Array.from(order, (row) => row % 300), count: 300 };
    const drawing = { resamples: 3000, seed: 3 };
    const clustered = clusteredReplicates(ranked(many), clusters, drawing);
    const ofSingle = binaryReplicates(ranked(single), drawing);
    const naive = binaryReplicates(ranked(many), drawing);
    for (const metric of ["roc_auc", "accuracy"] as const) {
      const deviation = (from: typeof naive): number => spreadOf(from.get(metric) ?? new Float64Array(0)).deviation;
      expect(deviation(clustered) / deviation(ofSingle)).toBeCloseTo(1, 1);
      expect(deviation(clustered) / deviation(naive)).toBeGreaterThan(2.5);
    }
  });
});

function correlation(a: Float64Array, b: Float64Array): number {
  const [one, two] = [a, b].map((values) => {
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    return values.map((value) => value - mean);
  });
  const product = (x: Float64Array, y: Float64Array): number => x.reduce((sum, value, at) => sum + value * y[at], 0);
  return product(one, two) / Math.sqrt(product(one, one) * product(two, two));
}

describe("bootstrap intervals of an evaluation", () => {
  const predictions = randomBinary({ count: 800, seed: 51 });
  const request = {
    predictions,
    baseline: null,
    baselineKind: null,
    metrics: [],
    slices: [],
    gates: [],
    goals: [],
    facts: {},
  };

  it("are close to the formulas' and say how they were made", () => {
    const [analytic, resampled] = [evaluate(request), evaluate({ ...request, intervals: "bootstrap" })];
    for (const metric of ["roc_auc", "accuracy", "recall", "f1", "log_loss", "brier_score"]) {
      const [one, other] = [analytic.metrics[metric], resampled.metrics[metric]];
      expect(other.method).toBe("bca (2000)");
      expect(other.value).toBe(one.value);
      const width = (one.upper ?? 0) - (one.lower ?? 0);
      expect(Math.abs((other.lower ?? 0) - (one.lower ?? 0)) / width, metric).toBeLessThan(0.1);
      expect(Math.abs((other.upper ?? 0) - (one.upper ?? 0)) / width, metric).toBeLessThan(0.1);
    }
    expect(resampled.metrics.average_precision.method).toBe("jackknife_log_log");
    expect(evaluate({ ...request, intervals: "bootstrap" })).toStrictEqual(resampled);
  });

  it("draw the clusters that data.group makes, and of a slice only those that are in it", () => {
    const times = 5;
    const many = binaryPredictions({
      labels: Array.from({ length: times * 800 }, (_, row) => predictions.labels[row % 800]),
      scores: Array.from({ length: times * 800 }, (_, row) => predictions.scores?.[row % 800] ?? 0),
    });
    const clusters = Int32Array.from(many.labels, (_, row) => row % 800);
    const widthOf = (
      given: BinaryPredictions,
      metric: "roc_auc" | "accuracy" | "log_loss",
      part?: Uint32Array,
    ): number => {
      const subject = measureSubject(given, "bootstrap");
      const measured = (part === undefined ? subject.all : subject.part(part)).metrics.get(metric);
      if (measured === undefined || measured.value === null) throw new Error(`${metric} is expected`);
      expect(measured.method).toBe(given.clusters === undefined ? "bca (2000)" : "bca (2000), clustered");
      const { lower, upper } = measured.bounds(0.025);
      return upper - lower;
    };
    const first = Uint32Array.from([...measureSubject(many).order].filter((row) => row % 800 < 400));
    const half = measureSubject(predictions).order.filter((row) => row < 400);
    for (const metric of ["roc_auc", "accuracy", "log_loss"] as const) {
      // Rows that come five times know no more than the fifth of them.
      const ofAll = widthOf({ ...many, clusters }, metric) / widthOf(predictions, metric);
      // Four standard deviations of a ratio of two widths from 2000 resamples.
      expect(Math.abs(ofAll - 1), metric).toBeLessThan(0.1);
      expect(widthOf(many, metric) / widthOf(predictions, metric), metric).toBeLessThan(0.6);
      const ofSlice = widthOf({ ...many, clusters }, metric, first);
      expect(Math.abs(ofSlice / widthOf(predictions, metric, half) - 1), metric).toBeLessThan(0.1);
    }
  });

  it("stay the formulas' where rows are weighted, few, or all right", () => {
    const methodOf = (given: BinaryPredictions, metric: "accuracy" | "recall"): string => {
      const measured = measureSubject(given, "bootstrap").all.metrics.get(metric);
      return measured?.value === null || measured === undefined ? "none" : measured.method;
    };
    const weights = predictions.labels.map(() => 1);
    expect(methodOf({ ...predictions, weights: Float64Array.from(weights) }, "accuracy")).toBe("wilson");
    expect(methodOf({ ...predictions, predicted: predictions.labels }, "accuracy")).toBe("wilson");
    const nine = binaryPredictions({
      labels: Array.from({ length: 60 }, (_, row) => Number(row < 9)),
      scores: Array.from({ length: 60 }, (_, row) => 1 - row / 60),
    });
    expect(methodOf(nine, "recall")).toBe("wilson");
    expect(methodOf(nine, "accuracy")).toBe("bca (2000)");
  });
});

describe("two models on the same rows", () => {
  function pair(count: number) {
    const one = randomBinary({ count, seed: 61 });
    const other = randomBinary({ count, seed: 62 });
    const first = one.scores ?? new Float64Array(0);
    const noise = other.scores ?? first;
    return { labels: one.labels, first, second: first.map((score, row) => 0.8 * score + 0.2 * noise[row]) };
  }

  it("have the differences of their areas, with an error that knows that they agree", () => {
    const scores = pair(3000);
    const { first, second, difference, standardError } = pairedDelong(scores);
    const metric = (values: Float64Array) => {
      const measured = measureSubject({ ...randomBinary({ count: 3000, seed: 61 }), scores: values }).all.metrics.get(
        "roc_auc",
      );
      return measured?.value ?? 0;
    };
    expect(first).toBeCloseTo(metric(scores.first), 12);
    expect(second).toBeCloseTo(metric(scores.second), 12);
    expect(difference).toBe(first - second);
    const { lower, upper } = pairedRocAucBounds(scores, { resamples: 4000, seed: 1 })(0.025);
    expect((upper - lower) / (2 * 1.96 * standardError)).toBeCloseTo(1, 1);
  });

  it("have the same bounds whether each resample is ranked anew or its deviations are added up", () => {
    const small = pair(20_000);
    const extra = {
      labels: Uint8Array.from([...small.labels, 0]),
      first: withOne(small.first),
      second: withOne(small.second),
    };
    const ranks = pairedRocAucBounds(small, { resamples: 2000, seed: 1 })(0.025);
    const sums = pairedRocAucBounds(extra, { resamples: 2000, seed: 2 })(0.025);
    const width = ranks.upper - ranks.lower;
    // Two runs of 2000 resamples differ by 0.022 of the width.
    expect(Math.abs(sums.lower - ranks.lower) / width).toBeLessThan(0.07);
    expect(Math.abs(sums.upper - ranks.upper) / width).toBeLessThan(0.07);
  });

  it("without any difference are equal for certain", () => {
    const { labels, first } = pair(400);
    expect(pairedDelong({ labels, first, second: first })).toMatchObject({
      difference: 0,
      standardError: 0,
      pValue: 1,
    });
  });
});

function withOne(scores: Float64Array): Float64Array {
  return Float64Array.from([...scores, 0.5]);
}
