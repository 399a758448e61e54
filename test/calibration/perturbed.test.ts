import { describe, expect, it } from "vitest";
import { measureImportance } from "../../src/evaluation/importance.ts";
import type { Predictions } from "../../src/evaluation/predictions.ts";
import type { Probe } from "../../src/evaluation/probe.ts";
import { quantileRatio } from "../../src/stats/quantile-ratio.ts";
import { logisticProbe, regressionProbe } from "../support/builders/probe.ts";
import { pseudoRandom } from "../support/builders/pseudo-random.ts";
import { busyTimes, trueRatio } from "../support/builders/times.ts";

// How often the true value lies outside each one-sided 5 % bound of permutation importance (docs/robustness.md) and of the ratio
// of latencies (docs/gates.md). Prints the tables; fails where light tails miss more often than chance explains.

const alpha = 0.05;
const samples = 600;
/** Four standard deviations above the level. */
const most = alpha + 4 * Math.sqrt((alpha * (1 - alpha)) / samples);
const percent = (misses: number): string => ((100 * misses) / samples).toFixed(1);

const asked = { decide: (predictions: Predictions) => predictions, level: 1 - 2 * alpha, progress: () => undefined };

interface Population {
  name: string;
  metric: string;
  probe(rows: number, random: () => number): Probe;
  /** Skewed ones miss more often below: the few rows that make the importance are mostly not in the sample. */
  isSkewed: boolean;
}

const normal = (rows: number, random: () => number): Probe => regressionProbe({ rows, random });
const skewed = (rows: number, random: () => number): Probe => regressionProbe({ rows, random, lognormal: 0.7 });
const logistic = (rows: number, random: () => number): Probe => logisticProbe({ rows, random });
const populations: readonly Population[] = [
  { name: "normal", metric: "mae", probe: normal, isSkewed: false },
  { name: "normal", metric: "rmse", probe: normal, isSkewed: false },
  { name: "lognormal(0.7)", metric: "mae", probe: skewed, isSkewed: true },
  { name: "logistic, 1 in 3 positive", metric: "roc_auc", probe: logistic, isSkewed: false },
  { name: "logistic, 1 in 3 positive", metric: "log_loss", probe: logistic, isSkewed: false },
  { name: "logistic, 1 in 3 positive", metric: "accuracy", probe: logistic, isSkewed: false },
];

async function importance(probe: Probe, metric: string, repeats: number) {
  const [x] = (await measureImportance({ ...asked, probe: { ...probe, features: ["x"] }, metrics: [metric], repeats }))
    .columns;
  return { drop: x.drop ?? Number.NaN, lower: x.lower ?? Number.NaN, upper: x.upper ?? Number.NaN };
}

describe("permutation importance", () => {
  it.each(populations)("of $metric, rows $name", async ({ name, metric, probe, isSkewed }) => {
    let truth = 0;
    for (let sample = 1; sample <= 8; sample += 1)
      truth += (await importance(probe(400_000, pseudoRandom(4242 * sample)), metric, 3)).drop / 8;
    for (const rows of [100, 500]) {
      for (const repeats of [1, 5, 20]) {
        const random = pseudoRandom(rows + repeats);
        let [above, below] = [0, 0];
        for (let sample = 0; sample < samples; sample += 1) {
          const { lower, upper } = await importance(probe(rows, random), metric, repeats);
          above += Number(lower > truth);
          below += Number(upper < truth);
        }
        process.stdout.write(
          `| \`${metric}\` | ${name} | ${rows} | ${repeats} | ${percent(above)}, ${percent(below)} |\n`,
        );
        if (rows === 500 && !isSkewed) expect(Math.max(above, below) / samples).toBeLessThan(most);
      }
    }
  });
});

describe("the ratio of latencies", () => {
  it.each([true, false])("with stretches of a busy machine: %s", (isBusy) => {
    for (const pairs of [60, 200, 400]) {
      for (const quantile of [0.5, 0.95, 0.99]) {
        if (quantile ** pairs > alpha) continue;
        const random = pseudoRandom(pairs + 1000 * quantile);
        let [above, below] = [0, 0];
        for (let sample = 0; sample < samples; sample += 1) {
          const { lower, upper } = quantileRatio(busyTimes({ pairs, random, isBusy }), quantile).bounds(alpha);
          above += Number(lower > trueRatio);
          below += Number(upper < trueRatio);
        }
        process.stdout.write(
          `| ${isBusy ? "busy" : "quiet"} | ${pairs} | ${quantile} | ${percent(above)}, ${percent(below)} |\n`,
        );
        if (pairs >= 200) expect(Math.max(above, below) / samples).toBeLessThan(most);
      }
    }
  });
});
