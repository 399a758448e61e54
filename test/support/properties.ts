import fc from "fast-check";

// The same values in every run: a red run then comes from the change, not from the draw. MLOPS_PROPERTY_RUNS=20000 hunts instead:
// new values, as many as half a minute allows for each property. What it finds becomes a test of its own.
const runs = process.env.MLOPS_PROPERTY_RUNS;
fc.configureGlobal(
  runs === undefined
    ? { seed: 20261128 }
    : { numRuns: Number(runs), interruptAfterTimeLimit: 30_000, markInterruptAsFailure: false },
);

export { fc };
