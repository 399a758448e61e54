import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";
import { SkipReporter } from "./test/support/skip-reporter.ts";

// DuckDB and onnxruntime are native modules: processes apart from vitest's keep a crash in one of them readable.
// All cores: vitest's own choice leaves one free, which on two is half.
const shared = { testTimeout: 60_000, pool: "forks" as const, maxWorkers: availableParallelism() };

const calibration = {
  test: { ...shared, name: "calibration", include: ["test/calibration/**/*.test.ts"], testTimeout: 3_600_000 },
};

export default defineConfig({
  test: {
    reporters: ["default", ...(process.env.GITHUB_ACTIONS === "true" ? ["github-actions"] : []), new SkipReporter()],
    projects: [
      // `npm test`: the sources. A process reads them once for many files: a sixth of the time went into reading them for each.
      { test: { ...shared, name: "unit", include: ["test/{unit,contract}/**/*.test.ts"], isolate: false } },
      // `npm run test:acceptance`: each request and each step fails, in turn; and the bundles do what a user does with them.
      { test: { ...shared, name: "faults", include: ["test/faults/**/*.test.ts"] } },
      // Simulations of about an hour: `npm run test:calibration` asks for them, `vitest run` does not.
      ...(process.env.MLOPS_CALIBRATION === "1" ? [calibration] : []),
      {
        test: {
          ...shared,
          name: "acceptance",
          include: ["test/acceptance/**/*.test.ts"],
          // They start the bundles in dist/ as the runner would, so dist/ must be this source.
          globalSetup: ["test/support/bundles.ts"],
          testTimeout: 180_000,
        },
      },
    ],
  },
});
