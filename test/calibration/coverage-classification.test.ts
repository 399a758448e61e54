import { describe, it } from "vitest";
import { expectCoverage, type Plan } from "./coverage.ts";
import { binaryPopulations, multiclassPopulations } from "./finite-populations.ts";

const plan: Plan = {
  measures: () => true,
  samplesOf: (rows) => (rows <= 300 ? 4_000 : rows <= 1_000 ? 2_000 : rows <= 10_000 ? 1_000 : 400),
};

describe("one-sided 5 % bounds are missed no more often than that", () => {
  it("of metrics of two classes, one of them rare or scores tied", () => {
    expectCoverage("intervals of binary classification", binaryPopulations, { plan });
  });

  it("of metrics of several classes", () => {
    expectCoverage("intervals of multiclass classification", multiclassPopulations, { plan });
  });
});
