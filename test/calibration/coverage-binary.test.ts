import { it } from "vitest";
import { expectCoverage } from "./coverage.ts";
import { binaryPopulations } from "./finite-populations.ts";

it("one-sided 5 % bounds of metrics of two classes, one of them rare or scores tied, are missed no more often than that", () => {
  const samplesOf = (rows: number) => (rows <= 300 ? 4_000 : rows <= 1_000 ? 2_000 : rows <= 10_000 ? 1_000 : 400);
  expectCoverage("intervals of binary classification", binaryPopulations, {
    plan: { measures: () => true, samplesOf },
  });
});
