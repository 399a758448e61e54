import { describe, expect, it } from "vitest";
import { measureImportance } from "../../../src/evaluation/importance.ts";
import type { Predictions } from "../../../src/evaluation/predictions.ts";
import type { Probe } from "../../../src/evaluation/probe.ts";
import { regressionProbe } from "../../support/builders/probe.ts";
import { pseudoRandom } from "../../support/builders/pseudo-random.ts";

const asked = { decide: (predictions: Predictions) => predictions, level: 0.9, progress: () => undefined };

function probe(rows: number, random: () => number, copies = 1): Probe {
  return regressionProbe({ rows, random, copies });
}

// Label minus shuffled x is normal with variance 3: its mean size is √3 times that of the noise alone.
const truth = (Math.sqrt(3) - 1) * Math.sqrt(2 / Math.PI);

async function misses(make: () => Probe, repeats: number, samples: number): Promise<{ above: number; below: number }> {
  const found = { above: 0, below: 0 };
  for (let sample = 0; sample < samples; sample += 1) {
    const { columns } = await measureImportance({ ...asked, probe: make(), metrics: ["mae"], repeats });
    found.above += Number((columns[0].lower ?? 9) > truth) / samples;
    found.below += Number((columns[0].upper ?? -9) < truth) / samples;
  }
  return found;
}

describe("the interval of permutation importance", () => {
  // 5 % of 300 samples is measured to ±2.5; with rows as receivers alone 8 to 10 % miss on either side.
  it.each([5, 20])("misses the importance of all rows about as seldom as it says, with %i repeats", async (repeats) => {
    const random = pseudoRandom(repeats);
    const { above, below } = await misses(() => probe(500, random), repeats, 300);
    expect(above).toBeLessThan(0.075);
    expect(below).toBeLessThan(0.075);
    expect(above + below).toBeGreaterThan(0.02);
  });

  it("knows that rows of one cluster tell the same", async () => {
    const random = pseudoRandom(3);
    const { above, below } = await misses(() => probe(400, random, 4), 5, 150);
    expect(above + below).toBeLessThan(0.17);
    const independent = (
      await measureImportance({ ...asked, probe: probe(400, pseudoRandom(4)), metrics: ["mae"], repeats: 5 })
    ).columns[0];
    const clustered = (
      await measureImportance({ ...asked, probe: probe(400, pseudoRandom(4), 4), metrics: ["mae"], repeats: 5 })
    ).columns[0];
    const width = ({ lower, upper }: typeof clustered): number => (upper ?? 9) - (lower ?? 0);
    expect(width(clustered)).toBeGreaterThan(1.5 * width(independent));
  });
});

it("gives a feature that the model does not look at exactly nothing, without doubt", async () => {
  const { columns } = await measureImportance({
    ...asked,
    probe: probe(60, pseudoRandom(1)),
    metrics: ["mae"],
    repeats: 3,
  });
  const { columns: byR2 } = await measureImportance({
    ...asked,
    probe: probe(300, pseudoRandom(1)),
    metrics: ["r2"],
    repeats: 3,
  });
  // Not even the rounding of a mean of three.
  expect(byR2[1]).toMatchObject({ drop: 0, lower: 0, upper: 0 });
  expect(columns[1]).toEqual({ column: "nothing", drop: 0, lower: 0, upper: 0, method: "jackknife_t" });
});

it("says why it has no value, and takes the first metric that has one", async () => {
  const one = probe(1, pseudoRandom(1));
  const { metric, columns } = await measureImportance({ ...asked, probe: one, metrics: ["r2", "mae"], repeats: 1 });
  expect(metric).toBe("mae");
  const reason = "these rows and this metric give no interval";
  expect(columns[0]).toMatchObject({ drop: 0, lower: null, upper: null, reason });
  const { columns: undefinedOnes, value } = await measureImportance({
    ...asked,
    probe: one,
    metrics: ["r2"],
    repeats: 1,
  });
  expect(value.reason).toBe("R² needs two rows");
  expect(undefinedOnes[0]).toMatchObject({ drop: null, reason: "R² needs two rows" });
});
