import { describe, expect, it } from "vitest";
import { delong, pairedDelong } from "../../../src/stats/delong.ts";
import oracle from "../../oracles/metrics.json" with { type: "json" };

// Expected numbers: test/oracles/metrics.py (roc_auc of scikit-learn; DeLong's covariance by its definition, all pairs compared).

const cases = Object.entries(oracle.binary).flatMap(([name, { labels, scores, rival, metrics, delong: covariance }]) =>
  covariance === null
    ? []
    : [
        {
          name,
          labels: Uint8Array.from(labels),
          scores: Float64Array.from(scores),
          rival: Float64Array.from(rival),
          metrics,
          covariance,
        },
      ],
);

const near = (value: number, expected: number): void => {
  expect(Math.abs(value - expected)).toBeLessThan(1e-9 * Math.abs(expected) + 1e-15);
};

describe("DeLong's ROC AUC", () => {
  it("is scikit-learn's, with the standard error of all pairs compared", () => {
    expect(cases.length).toBeGreaterThan(2);
    for (const { labels, scores, metrics, covariance } of cases) {
      const { rocAuc, standardError } = delong({ labels, scores });
      near(rocAuc, metrics.roc_auc);
      near(standardError, Math.sqrt(covariance[0][0]));
    }
  });

  it("of two models on the same rows has the error of their difference", () => {
    for (const { labels, scores, rival, covariance } of cases) {
      const { first, second, difference, standardError } = pairedDelong({ labels, first: scores, second: rival });
      near(first, delong({ labels, scores }).rocAuc);
      near(second, delong({ labels, scores: rival }).rocAuc);
      expect(difference).toBe(first - second);
      const [[one, both], [, two]] = covariance;
      near(standardError, Math.sqrt(one + two - 2 * both));
    }
  });

  it("has the p-value of the normal distribution, two-sided; none where two different areas are certain", () => {
    const { labels, scores, rival } = cases[0];
    const { difference, standardError, pValue } = pairedDelong({ labels, first: scores, second: rival });
    // P(|Z| > z) by Abramowitz & Stegun 26.2.17, good to 1e-7.
    const z = Math.abs(difference) / standardError;
    const t = 1 / (1 + 0.2316419 * z);
    const series = t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
    const expected = 2 * (Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)) * series;
    expect(Math.abs((pValue ?? Number.NaN) - expected)).toBeLessThan(1e-6);
    const sure = {
      labels: Uint8Array.of(0, 0, 1, 1),
      first: Float64Array.of(1, 2, 3, 4),
      second: Float64Array.of(4, 3, 2, 1),
    };
    expect(pairedDelong(sure)).toEqual({ first: 1, second: 0, difference: 1, standardError: 0, pValue: null });
    expect(pairedDelong({ ...sure, second: sure.first })).toMatchObject({ difference: 0, standardError: 0, pValue: 1 });
  });

  it("is one half, without an error, where all scores are equal", () => {
    expect(delong({ labels: Uint8Array.of(0, 1, 0, 1), scores: new Float64Array(4) })).toEqual({
      rocAuc: 0.5,
      standardError: 0,
    });
  });

  it.each([
    { wrong: "a class of one row", labels: [0, 0, 1], scores: [1, 2, 3], says: "1 positive, 2 negative" },
    { wrong: "no row", labels: [], scores: [], says: "0 positive, 0 negative" },
    {
      wrong: "a score that is none",
      labels: [0, 0, 1, 1],
      scores: [1, 2, Number.NaN, 3],
      says: "the score of row 2 is NaN",
    },
    { wrong: "a label of a third class", labels: [0, 2, 1, 1], scores: [1, 2, 3, 4], says: "the label of row 1 is 2" },
    { wrong: "fewer scores than labels", labels: [0, 0, 1, 1], scores: [1, 2], says: "4 labels and 2 scores" },
  ])("refuses $wrong", ({ labels, scores, says }) => {
    const rows = { labels: Uint8Array.from(labels), scores: Float64Array.from(scores) };
    expect(() => delong(rows)).toThrow(says);
    expect(() => pairedDelong({ labels: rows.labels, first: rows.scores, second: rows.scores })).toThrow(RangeError);
  });
});
