import { describe, it } from "vitest";
import { expectCoverage } from "./coverage.ts";
import { regressionPopulations } from "./finite-populations.ts";

// Pinball losses of other quantiles are the same mean of a loss.
const alike = new Set(["05", "25", "75", "95"].map((quantile) => `mean_pinball_loss_${quantile}`));

describe("one-sided 5 % bounds are missed no more often than that", () => {
  it("of errors of numbers, but for the RMSE where a few rows make it", () => {
    const samplesOf = (rows: number) => (rows <= 1_000 ? 4_000 : rows <= 10_000 ? 1_000 : 400);
    expectCoverage("intervals of regression", regressionPopulations, {
      plan: { measures: (metric) => metric !== "r2" && !alike.has(metric), samplesOf },
      known: ["rmse: errors proportional to lognormal(1)"],
    });
  });

  // Up to 1,000 rows it is bootstrapped.
  it("of R²", () => {
    const samplesOf = (rows: number) => (rows <= 100 ? 1_000 : rows <= 1_000 ? 400 : rows <= 10_000 ? 1_000 : 400);
    expectCoverage("intervals of r2", regressionPopulations, {
      plan: { measures: (metric) => metric === "r2", samplesOf },
    });
  });
});
