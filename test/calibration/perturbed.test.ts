import { describe, expect, it } from "vitest";
import { measureImportance } from "../../src/evaluation/importance.ts";
import type { Predictions } from "../../src/evaluation/predictions.ts";
import type { Probe, Unanswered } from "../../src/evaluation/probe.ts";
import { measureSubject } from "../../src/evaluation/subject.ts";
import { normalQuantile } from "../../src/stats/quantile-functions.ts";
import { quantileRatio } from "../../src/stats/quantile-ratio.ts";
import { logisticProbe, regressionProbe } from "../support/builders/probe.ts";
import { pseudoRandom } from "../support/builders/pseudo-random.ts";
import { busyTimes, trueRatio } from "../support/builders/times.ts";
import { expectOnPage } from "./page.ts";

// How often the true value lies outside each one-sided 5 % bound of permutation importance (docs/robustness.md) and of the ratio
// of latencies (docs/gates.md); fails where light tails miss more often than chance explains.

const alpha = 0.05;
const samples = 600;
/** Four standard deviations above the level. */
const most = alpha + 4 * Math.sqrt((alpha * (1 - alpha)) / samples);

interface Interval {
  lower: number;
  upper: number;
}

/** Samples in which the true value lies below, and above. */
class Misses {
  #below = 0;
  #above = 0;

  count({ lower, upper }: Interval, truth: number): void {
    this.#below += Number(lower > truth);
    this.#above += Number(upper < truth);
  }

  /** Of the side that is missed more often. */
  get worst(): number {
    return Math.max(this.#below, this.#above) / samples;
  }

  /** Percent of samples. */
  get shown(): string {
    return [this.#below, this.#above].map((count) => ((100 * count) / samples).toFixed(1)).join(", ");
  }
}

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

interface Asked {
  probe: Probe;
  metric: string;
  repeats: number;
}

async function importance({ probe, metric, repeats }: Asked): Promise<Interval & { drop: number }> {
  const request = { ...asked, probe: { ...probe, features: ["x"] }, metrics: [metric], repeats };
  const [{ drop, lower, upper }] = (await measureImportance(request)).columns;
  return { drop: drop ?? Number.NaN, lower: lower ?? Number.NaN, upper: upper ?? Number.NaN };
}

type Answer = Predictions | Unanswered;

const byRow = (answer: Answer, metric: string): Float64Array => {
  const contributions = "reason" in answer ? null : measureSubject(answer).all.contributions(metric);
  if (contributions === null) throw new Error(`${metric} has no contributions`);
  return contributions;
};

/** The interval in use, and that of a row which counts only for the value it gets, not for the one it gives. */
async function bothIntervals(question: Asked): Promise<{ inUse: Interval; asGetters: Interval }> {
  const answers: Answer[] = [];
  const answer: Probe["answer"] = async (changed) => {
    const found = await question.probe.answer(changed);
    answers.push(found);
    return found;
  };
  const { drop, ...inUse } = await importance({ ...question, probe: { ...question.probe, answer } });
  const [before, ...shuffled] = answers.map((each) => byRow(each, question.metric));
  const gained = before.map((each, row) => shuffled.reduce((sum, after) => sum + after[row] - each, 0));
  const error = Math.hypot(...gained) / shuffled.length;
  const margin = normalQuantile(1 - alpha) * error;
  return { inUse, asGetters: { lower: drop - margin, upper: drop + margin } };
}

const sizes = [100, 500];
const repeated = [1, 5, 20];
const mostRepeats = 20;

/** A line of the table for each size. */
async function linesOf({ name, metric, probe, isSkewed }: Population): Promise<string[]> {
  let truth = 0;
  for (let sample = 1; sample <= 8; sample += 1)
    truth += (await importance({ probe: probe(400_000, pseudoRandom(4242 * sample)), metric, repeats: 3 })).drop / 8;
  const lines: string[] = [];
  for (const rows of sizes) {
    const cells: string[] = [];
    for (const repeats of repeated) {
      const random = pseudoRandom(rows + repeats);
      const [inUse, asGetters] = [new Misses(), new Misses()];
      for (let sample = 0; sample < samples; sample += 1) {
        const question = { probe: probe(rows, random), metric, repeats };
        if (repeats < mostRepeats) {
          inUse.count(await importance(question), truth);
          continue;
        }
        const found = await bothIntervals(question);
        inUse.count(found.inUse, truth);
        asGetters.count(found.asGetters, truth);
      }
      cells.push(inUse.shown, ...(repeats === mostRepeats ? [asGetters.shown] : []));
      if (rows === 500 && !isSkewed) expect(inUse.worst, `${metric}, ${repeats} repeats`).toBeLessThan(most);
    }
    lines.push(`| ${[`\`${metric}\``, name, rows, ...cells].join(" | ")} |`);
  }
  return lines;
}

it("permutation importance is missed as often as its level says where tails are light", async () => {
  const lines: string[] = [];
  for (const population of populations) lines.push(...(await linesOf(population)));
  const head = ["metric", "rows are", "rows", "1 repeat", "5 repeats", "20 repeats", "as getters alone, 20 repeats"];
  const table = [`| ${head.join(" | ")} |`, `|${head.map(() => "---").join("|")}|`, ...lines];
  expectOnPage("misses of importance", table, "robustness.md");
});

describe("the ratio of latencies", () => {
  it("is missed as often as its level says, with stretches of a busy machine too", () => {
    const quantiles = [0.5, 0.95, 0.99];
    const cases = [false, true].flatMap((isBusy) => [60, 200, 400].map((pairs) => ({ isBusy, pairs })));
    const lines = cases.map(({ isBusy, pairs }) => {
      const cells = quantiles.map((quantile) => {
        // Fewer pairs do not bound it.
        if (quantile ** pairs > alpha) return "";
        const random = pseudoRandom(pairs + 1000 * quantile);
        const misses = new Misses();
        for (let sample = 0; sample < samples; sample += 1)
          misses.count(quantileRatio(busyTimes({ pairs, random, isBusy }), quantile).bounds(alpha), trueRatio);
        if (pairs >= 200) expect(misses.worst, `${pairs} pairs, ${quantile}`).toBeLessThan(most);
        return misses.shown;
      });
      return `| ${[isBusy ? "busy" : "quiet", pairs, ...cells].join(" | ")} |`;
    });
    const head = ["machine", "pairs", "p50", "p95", "p99"];
    const table = [`| ${head.join(" | ")} |`, `|${head.map(() => "---").join("|")}|`, ...lines];
    expectOnPage("misses of the ratio of latencies", table, "gates.md");
  });
});
