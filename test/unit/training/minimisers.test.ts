import { expect, it } from "vitest";
import { factorise, solveFactorised } from "../../../src/training/cholesky.ts";
import { makeDesign } from "../../../src/training/design.ts";
import { learnEncoding } from "../../../src/training/encoding.ts";
import { minimiseByLbfgs } from "../../../src/training/lbfgs.ts";
import { fitLinear, type Target } from "../../../src/training/linear.ts";
import { logisticLoss, softmaxLoss } from "../../../src/training/losses.ts";
import { minimiseByNewton } from "../../../src/training/newton.ts";
import { penalisedObjective } from "../../../src/training/objective.ts";
import { numbers, tableOf, texts } from "../../support/builders/columns.ts";
import { pseudoRandom } from "../../support/builders/pseudo-random.ts";

const options = { maxIterations: 1000, tolerance: 1e-13, progress: () => undefined };

function aTable(rows: number, levels: number) {
  const random = pseudoRandom(5);
  return tableOf(
    numbers(
      "x",
      Array.from({ length: rows }, () => random() * 1000),
    ),
    numbers(
      "w",
      Array.from({ length: rows }, () => random() ** 8),
    ),
    texts(
      "t",
      Array.from({ length: rows }, () => `l${Math.floor(random() ** 2 * levels)}`),
    ),
  );
}

function codesFor(rows: number, classes: number): Int32Array {
  const random = pseudoRandom(6);
  return Int32Array.from({ length: rows }, () => Math.floor(random() * classes));
}

it.each([
  ["two classes", logisticLoss(codesFor(3000, 2))],
  ["four classes", softmaxLoss(codesFor(3000, 4), 4)],
])("reaches one minimum by Newton and by L-BFGS: %s", (_, loss) => {
  const table = aTable(3000, 40);
  const design = makeDesign(table, learnEncoding(table, { minFrequency: 1 }));
  const objective = penalisedObjective({ design, loss, penalty: 0.1, weights: null });
  const newton = minimiseByNewton(objective, new Float64Array(objective.size), { ...options, everyBlock: 1 });
  const lbfgs = minimiseByLbfgs(objective, new Float64Array(objective.size), options);
  expect([newton.converged, lbfgs.converged]).toEqual([true, true]);
  expect(Math.abs(newton.value - lbfgs.value) / newton.value).toBeLessThan(1e-11);
  const largest = Math.max(...newton.theta.map((t, j) => Math.abs(t - (lbfgs.theta[j] ?? 0))));
  expect(largest).toBeLessThan(1e-4);
});

it.each([
  ["rows in any order", (codes: Int32Array) => codes],
  ["rows in the order of their class, of which a part has one alone", (codes: Int32Array) => codes.sort()],
])("reaches the same minimum when it estimates the Hessian from a part of the rows: %s", (_, order) => {
  const table = aTable(20_000, 12);
  const design = makeDesign(table, learnEncoding(table, { minFrequency: 1 }));
  const loss = logisticLoss(order(codesFor(20_000, 2)));
  const objective = penalisedObjective({ design, loss, penalty: 0.1, weights: null });
  const start = new Float64Array(objective.size);
  const exact = minimiseByNewton(objective, start, { ...options, everyBlock: 1 });
  for (const everyBlock of [2, 16, 1000]) {
    const estimated = minimiseByNewton(objective, start, { ...options, everyBlock });
    expect(estimated.converged).toBe(true);
    expect(Math.abs(estimated.value - exact.value) / exact.value).toBeLessThan(1e-11);
  }
});

it("has the gradient and the Hessian of its value", () => {
  const table = aTable(200, 5);
  const design = makeDesign(table, learnEncoding(table, { minFrequency: 1 }));
  const weights = Float64Array.from({ length: 200 }, (_, row) => (row % 3) / 2);
  const objective = penalisedObjective({ design, loss: softmaxLoss(codesFor(200, 3), 3), penalty: 0.7, weights });
  const { size } = objective;
  const theta = Float64Array.from({ length: size }, (_, j) => Math.sin(j));
  const gradient = new Float64Array(size);
  const hessian = new Float64Array(size * size);
  objective.evaluate(theta, gradient, hessian);
  const moved = (j: number, by: number) => theta.map((t, i) => (i === j ? t + by : t));
  const slopes = new Float64Array(size);
  const h = 1e-5;
  for (let j = 0; j < size; j += 1) {
    const up = objective.evaluate(moved(j, h), slopes, null);
    const slopesUp = slopes.slice();
    const down = objective.evaluate(moved(j, -h), slopes, null);
    expect((up - down) / (2 * h)).toBeCloseTo(gradient[j] ?? Number.NaN, 4);
    for (let i = 0; i <= j; i += 1) {
      const second = ((slopesUp[i] ?? 0) - (slopes[i] ?? 0)) / (2 * h);
      expect(second).toBeCloseTo(hessian[j * size + i] ?? Number.NaN, 4);
    }
  }
  expect(objective.diagonal(theta)[0]).toBeCloseTo(hessian[0] ?? Number.NaN, 8);
});

it("converges on rows that a line separates, because the penalty bounds the weights", () => {
  const x = Array.from({ length: 100 }, (_, i) => i);
  const target: Target = { kind: "classes", codes: Int32Array.from(x, (i) => Number(i >= 50)), classes: ["n", "y"] };
  const params = { penalty: 1e-6, balanced: false, minFrequency: 1, maxIterations: 1000 };
  const fit = fitLinear({ features: tableOf(numbers("x", x)), target, weights: null, params });
  expect(fit.converged).toBe(true);
  expect(fit.model.weights[0]).toBeLessThan(1e5);
});

it("uses L-BFGS where Newton's matrix would be too large", () => {
  const rows = 4000;
  const random = pseudoRandom(8);
  const levels = Array.from({ length: rows }, () => `user ${Math.floor(random() * 1800)}`);
  const features = tableOf(texts("user", levels));
  const target: Target = { kind: "classes", codes: codesFor(rows, 2), classes: ["n", "y"] };
  const params = { penalty: 1, balanced: false, minFrequency: 1, maxIterations: 1000 };
  const fit = fitLinear({ features, target, weights: null, params });
  expect(fit).toMatchObject({ solver: "lbfgs", converged: true });
  const design = makeDesign(features, fit.model.encodings);
  const objective = penalisedObjective({ design, loss: logisticLoss(target.codes), penalty: 1, weights: null });
  const gradient = new Float64Array(objective.size);
  objective.evaluate(Float64Array.of(...fit.model.weights, ...fit.model.intercepts), gradient, null);
  expect(Math.max(...gradient.map(Math.abs))).toBeLessThan(1e-4);
});

it("says that it has not converged when the iterations end first", () => {
  const table = aTable(500, 10);
  const target: Target = { kind: "classes", codes: codesFor(500, 2), classes: ["n", "y"] };
  const params = { penalty: 1e-3, balanced: false, minFrequency: 1, maxIterations: 1 };
  expect(fitLinear({ features: table, target, weights: null, params }).converged).toBe(false);
});

it("solves a symmetric system, and refuses one that is not definite", () => {
  const x = Float64Array.of(1, 2);
  const matrix = Float64Array.of(4, 0, 2, 3);
  expect(factorise(matrix, 2)).toBe(true);
  solveFactorised(matrix, x, 2);
  // 4x + 2y = 1, 2x + 3y = 2.
  expect(x[0]).toBeCloseTo(-0.125, 12);
  expect(x[1]).toBeCloseTo(0.75, 12);
  expect(factorise(Float64Array.of(1, 0, 2, 1), 2)).toBe(false);
});
