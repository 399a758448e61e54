import { expect, it } from "vitest";
import type { Predictions } from "../../../src/evaluation/predictions.ts";
import type { Change, Probe } from "../../../src/evaluation/probe.ts";
import { measureRobustness } from "../../../src/evaluation/robustness.ts";
import { robustnessFindings } from "../../../src/evaluation/robustness-findings.ts";
import { anEvaluation } from "../../support/builders/evaluation.ts";
import { binaryPredictions } from "../../support/builders/predictions.ts";

const labels = Array.from({ length: 200 }, (_, row) => row % 2);
const good = binaryPredictions({
  labels,
  scores: labels.map((label, row) => (row % 10 < 2 ? 0.5 : 0.2 + 0.6 * label) + row / 1e5),
});
const worse = binaryPredictions({
  labels,
  scores: labels.map((label, row) => (row % 10 < 4 ? 0.5 : 0.2 + 0.6 * label) + row / 1e5),
});

function probe(
  answers: Record<string, Predictions | string>,
): Probe & { changes: { feature: string; change: Change }[] } {
  const changes: { feature: string; change: Change }[] = [];
  return {
    changes,
    rows: 200,
    ofRows: 900,
    features: Object.keys(answers),
    answer: async (changed) => {
      if (changed === undefined) return good;
      changes.push(changed);
      const answer = answers[changed.feature];
      return typeof answer === "string" ? { reason: answer } : answer;
    },
  };
}

const asked = { decide: (predictions: Predictions) => predictions, level: 0.95, progress: () => undefined };

it.each(["log_loss", "roc_auc", "brier_score"])(
  "counts a worse %s as a positive drop with an interval around it",
  async (metric) => {
    const found = await measureRobustness({
      ...asked,
      probe: probe({ x: worse, y: good }),
      metrics: [metric],
      missing: [0.1],
      noise: [],
    });
    expect(found).toMatchObject({ metric, rows: 200, of_rows: 900 });
    const [x, y] = found.columns;
    expect(x).toMatchObject({ column: "x", change: "missing", amount: 0.1 });
    expect(x.lower).toBeGreaterThan(0);
    expect(x.drop).toBeGreaterThan(x.lower ?? 9);
    expect(x.upper).toBeGreaterThan(x.drop ?? 9);
    expect(y.drop).toBe(0);
  },
);

it("asks each change with a seed of its own, which the others do not change", async () => {
  const all = probe({ x: worse, y: good });
  await measureRobustness({ ...asked, probe: all, metrics: ["log_loss"], missing: [0.1, 0.5], noise: [0.2] });
  expect(all.changes.map(({ feature, change }) => `${feature} ${change.kind}`)).toEqual(
    ["x", "y"].flatMap((name) => ["missing", "missing", "noise"].map((kind) => `${name} ${kind}`)),
  );
  const seeds = all.changes.map(({ change }) => ("seed" in change ? change.seed : 0));
  expect(new Set(seeds).size).toBe(6);
  const one = probe({ x: worse, y: good });
  await measureRobustness({ ...asked, probe: one, metrics: ["log_loss"], missing: [0.1], noise: [], columns: ["y"] });
  expect(one.changes).toEqual([all.changes[3]]);
});

it("says why a change has no answer instead of leaving it out", async () => {
  const broken = binaryPredictions({ labels, scores: labels.map((_, row) => (row === 3 ? Number.NaN : 0.5)) });
  const found = await measureRobustness({
    ...asked,
    probe: probe({ x: "it cannot be missing", y: broken }),
    metrics: ["log_loss"],
    missing: [0.1],
    noise: [],
  });
  expect(found.columns).toMatchObject([
    { column: "x", drop: null, lower: null, reason: "it cannot be missing" },
    { column: "y", drop: null, lower: null, reason: "1 of 200 rows has no score (NaN)" },
  ]);
  expect(robustnessFindings(anEvaluation({ robustness: found })).map(({ code, subject }) => [code, subject])).toEqual([
    ["feature_missing_unanswered", "x"],
    ["feature_missing_unanswered", "y"],
  ]);
});

it("warns of a feature without which more than half of the lead over the baseline is lost for certain", () => {
  const { metrics, baseline } = anEvaluation();
  const lead = (metrics.roc_auc.value ?? 0) - (baseline.roc_auc.value ?? 0);
  const drops = [0.6, 0.52, 0.4].map((share) => ({
    column: `loses ${share}`,
    change: "missing" as const,
    amount: 0.1,
    drop: 0.1 * share * lead,
    lower: 0.1 * (share - 0.05) * lead,
    upper: 0.1 * (share + 0.05) * lead,
    method: "paired_delong",
  }));
  const robustness = { metric: "roc_auc", value: metrics.roc_auc, rows: 6512, of_rows: 6512, columns: drops };
  const findings = robustnessFindings(anEvaluation({ robustness }));
  expect(findings.map(({ subject }) => subject)).toEqual(["loses 0.6"]);
  expect(findings[0].message).toBe(
    "with 10 % of its values missing roc_auc is 0.024 worse: rows without it lose 60 % of what the model gains over the baseline",
  );
});
