import { describe, expect, it } from "vitest";
import { bcaBounds, bcaMeanBounds } from "../../../src/stats/bootstrap.ts";
import { byCluster } from "../../../src/stats/by-cluster.ts";
import { forEachCellDraw } from "../../../src/stats/cell-draws.ts";
import { poissonTable } from "../../../src/stats/poisson-table.ts";
import { forEachResample } from "../../../src/stats/resample.ts";
import { valueCells } from "../../../src/stats/value-cells.ts";
import { uniform } from "../../support/builders/predictions.ts";

/** Probabilities that an alias table gives, by value. */
function probabilities(mean: number): Map<number, number> {
  const { first, chance, other } = poissonTable(mean);
  const found = new Map<number, number>();
  const add = (column: number, share: number) => found.set(first + column, (found.get(first + column) ?? 0) + share);
  for (let column = 0; column < chance.length; column += 1) {
    add(column, chance[column] / chance.length);
    add(other[column], (1 - chance[column]) / chance.length);
  }
  return found;
}

describe("a Poisson table", () => {
  it.each([0.3, 1, 7.5, 244.1, 40_000])("has the probabilities of mean %d", (mean) => {
    const found = probabilities(mean);
    const mode = Math.floor(mean);
    // e^-λ λ^k / k! at the mode, by logarithms.
    let log = -mean;
    for (let value = 1; value <= mode; value += 1) log += Math.log(mean / value);
    expect((found.get(mode) ?? 0) / Math.exp(log)).toBeCloseTo(1, 10);
    expect((found.get(mode + 1) ?? 0) / (found.get(mode) ?? 0)).toBeCloseTo(mean / (mode + 1), 10);
    const [total, expected] = [...found].reduce(([sum, mass], [value, p]) => [sum + p, mass + value * p], [0, 0]);
    expect(total).toBeCloseTo(1, 12);
    expect(expected / mean).toBeCloseTo(1, 10);
  });

  it("of no rows always draws none", () => {
    expect(poissonTable(0)).toEqual({ first: 0, chance: Float64Array.of(1), other: Int32Array.of(0) });
  });
});

/** Mean and covariance of the counts that are drawn. */
function drawnMoments(cells: readonly number[], resamples: number) {
  const mean = cells.map(() => 0);
  const products = cells.map(() => cells.map(() => 0));
  forEachCellDraw(Float64Array.from(cells), { resamples, seed: 4 }, (counts) => {
    for (let i = 0; i < cells.length; i += 1) {
      mean[i] += counts[i] / resamples;
      for (let j = 0; j < cells.length; j += 1) {
        products[i][j] += ((counts[i] - cells[i]) * (counts[j] - cells[j])) / resamples;
      }
    }
  });
  return { mean, products };
}

describe("rows drawn by cell", () => {
  it.each([
    { name: "of a handful of rows", cells: [3, 0, 9, 1] },
    { name: "of many rows", cells: [700, 5, 0, 4000, 295] },
  ])("have the multinomial's means and covariances, $name", ({ cells }) => {
    const rows = cells.reduce((sum, count) => sum + count, 0);
    const resamples = 40_000;
    const { mean, products } = drawnMoments(cells, resamples);
    for (let i = 0; i < cells.length; i += 1) {
      const variance = cells[i] * (1 - cells[i] / rows);
      expect(Math.abs(mean[i] - cells[i])).toBeLessThanOrEqual(4.5 * Math.sqrt(variance / resamples));
      for (let j = 0; j < cells.length; j += 1) {
        const expected = i === j ? variance : (-cells[i] * cells[j]) / rows;
        const other = cells[j] * (1 - cells[j] / rows);
        // A product of two counts varies by at most √3 of the product of their deviations, and a little more where counts are few.
        const error = (2.5 * Math.sqrt(variance * other)) / Math.sqrt(resamples);
        expect(Math.abs(products[i][j] - expected), `cells ${i}, ${j}`).toBeLessThanOrEqual(4.5 * error);
      }
    }
  });

  it("are always as many as there are, and the same for the same seed", () => {
    const cells = Float64Array.from([1000, 1, 250]);
    const draw = (seed: number): number[][] => {
      const drawn: number[][] = [];
      forEachCellDraw(cells, { resamples: 300, seed }, (counts) => drawn.push([...counts]));
      return drawn;
    };
    for (const [a, b, c] of draw(8)) expect(a + b + c).toBe(1251);
    expect(draw(8)).toEqual(draw(8));
    expect(draw(9)).not.toEqual(draw(8));
  });
});

describe("values gathered into cells", () => {
  it("keep their sum and lose at most 1/40,000 of their variance, whatever the tail", () => {
    const random = uniform(3);
    const values = Float64Array.from({ length: 30_000 }, () => (random() + 1e-6) ** -0.45);
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const { rows, mean: means } = valueCells(values);
    expect(rows.length).toBeLessThan(3000);
    let [sum, count, kept] = [0, 0, 0];
    for (let cell = 0; cell < rows.length; cell += 1) {
      sum += rows[cell] * means[cell];
      count += rows[cell];
      kept += rows[cell] * (means[cell] - mean) ** 2;
    }
    const all = values.reduce((total, value) => total + (value - mean) ** 2, 0);
    expect(count).toBe(values.length);
    expect(sum / values.length).toBeCloseTo(mean, 10);
    expect(1 - kept / all).toBeLessThan(1 / 40_000);
  });

  it("are one cell where all are equal", () => {
    expect(valueCells(Float64Array.of(2, 2, 2))).toEqual({ rows: Float64Array.of(3), mean: Float64Array.of(2) });
  });
});

describe("BCa bounds of a mean by cells", () => {
  it("are those of rows drawn one by one, within the Monte Carlo error", () => {
    const random = uniform(12);
    const values = Float64Array.from({ length: 400 }, () => -Math.log(random() + 1e-9));
    const drawing = { resamples: 20_000, seed: 5 };
    const byRow = bcaBounds({ columns: [values], value: (sums, rows) => sums[0] / rows }, drawing);
    const byCell = bcaMeanBounds(values, drawing);
    for (const alpha of [0.025, 0.05]) {
      const [one, other] = [byRow(alpha), byCell(alpha)];
      const width = one.upper - one.lower;
      expect(Math.abs(other.lower - one.lower) / width).toBeLessThan(0.02);
      expect(Math.abs(other.upper - one.upper) / width).toBeLessThan(0.02);
    }
  });
});

describe("a statistic by cluster", () => {
  const mean = (values: Float64Array) => ({
    columns: [values],
    value: (sums: Float64Array, rows: number) => sums[0] / rows,
  });
  const drawing = { resamples: 4000, seed: 2 };

  it("has the same value, and equals the one by row where every row is its own cluster", () => {
    const values = Float64Array.from({ length: 60 }, uniform(7));
    const alone = byCluster(mean(values), { codes: Int32Array.from(values.keys()), count: 60 });
    expect(bcaBounds(alone, drawing)(0.05)).toEqual(bcaBounds(mean(values), drawing)(0.05));
  });

  it("has bounds as wide as those of the clusters, not of their repeated rows", () => {
    const random = uniform(31);
    const centers = Float64Array.from({ length: 50 }, () => random());
    const codes = Int32Array.from({ length: 500 }, (_, row) => row % 50);
    const rows = Float64Array.from(codes, (cluster) => centers[cluster]);
    const ofCenters = bcaBounds(mean(centers), drawing)(0.05);
    const clustered = bcaBounds(byCluster(mean(rows), { codes, count: 50 }), drawing)(0.05);
    // Sums over ten equal rows round in another order.
    expect(clustered.lower).toBeCloseTo(ofCenters.lower, 12);
    expect(clustered.upper).toBeCloseTo(ofCenters.upper, 12);
    const naive = bcaBounds(mean(rows), drawing)(0.05);
    expect(clustered.upper - clustered.lower).toBeGreaterThan(2.5 * (naive.upper - naive.lower));
  });

  it("counts the rows of the clusters that were drawn", () => {
    // A cluster of three zeros and one of a single one: the mean of a resample is 0, 1/4, 1 or nothing else.
    const statistic = byCluster(mean(Float64Array.of(0, 0, 0, 1)), { codes: Int32Array.of(0, 0, 0, 1), count: 2 });
    const seen = new Set<number>();
    forEachResample(statistic.columns, { resamples: 50, seed: 1 }, (sums) => seen.add(statistic.value(sums, 2)));
    expect([...seen].sort()).toEqual([0, 1 / 4, 1]);
  });
});
