import { it } from "vitest";
import { expectCoverage } from "./coverage.ts";
import { multiclassPopulations } from "./finite-populations.ts";

it("one-sided 5 % bounds of metrics of several classes are missed no more often than that", () => {
  const samplesOf = (rows: number) => (rows <= 300 ? 2_000 : rows <= 1_000 ? 1_000 : rows <= 10_000 ? 400 : 200);
  expectCoverage("intervals of multiclass classification", multiclassPopulations, {
    plan: { measures: () => true, samplesOf },
  });
});
