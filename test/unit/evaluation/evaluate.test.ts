import { describe, expect, it } from "vitest";
import { type EvaluationRequest, evaluate } from "../../../src/evaluation/evaluate.ts";
import { EvaluationFile } from "../../../src/evaluation/evaluation-file.ts";
import { evaluationFindings } from "../../../src/evaluation/findings.ts";
import { writeLatency } from "../../../src/evaluation/latency.ts";
import { exactEstimate } from "../../../src/evaluation/measured.ts";
import type { Predictions } from "../../../src/evaluation/predictions.ts";
import { type UserError, UserErrors } from "../../../src/kit/user-error.ts";
import {
  binaryPredictions,
  multiclassPredictions,
  randomBinary,
  regressionPredictions,
  textColumn,
  uniform,
} from "../../support/builders/predictions.ts";

function evaluateOnly(predictions: Predictions, rest: Partial<EvaluationRequest> = {}) {
  const evaluation = evaluate({
    predictions,
    baseline: null,
    baselineKind: null,
    metrics: [],
    slices: [],
    gates: [],
    goals: [],
    facts: {},
    ...rest,
  });
  // What is written must be what readers parse, and finite.
  EvaluationFile.parse(
    JSON.parse(JSON.stringify({ ...evaluation, model: null, worst_errors: [], ...writeLatency(null) })),
  );
  return evaluation;
}

const priorOf = (predictions: Predictions): Predictions =>
  binaryPredictions({ labels: [...predictions.labels], scores: [...predictions.labels].map(() => 0.3) });

function refusal(work: () => unknown): readonly UserError[] {
  try {
    work();
  } catch (error) {
    if (error instanceof UserErrors) return error.errors;
    throw error;
  }
  throw new Error("it was not refused");
}

describe("gates on real decisions", () => {
  const predictions = randomBinary({ count: 4000, seed: 1, strength: 2 });
  const judge = (gate: EvaluationRequest["gates"][number], rest: Partial<EvaluationRequest> = {}) =>
    evaluateOnly(predictions, {
      baseline: priorOf(predictions),
      baselineKind: "prior",
      gates: [gate],
      ...rest,
    }).gates.find((each) => each.gate === (typeof gate === "string" ? gate : gate.gate));
  const measured = evaluateOnly(predictions).metrics.roc_auc.value ?? 0;

  it("pass when the interval clears the bound, fail when it lies beyond, else ask for rows", () => {
    expect(judge(`roc_auc >= ${measured - 0.05}`)?.verdict).toBe("pass");
    expect(judge(`roc_auc >= ${measured + 0.05}`)?.verdict).toBe("fail");
    const close = judge(`roc_auc >= ${measured - 0.002}`);
    expect(close).toMatchObject({ verdict: "inconclusive" });
    expect(close?.rows_needed).toBeGreaterThan(4000);
    expect(close?.why).toContain(
      `4,000 test rows cannot decide >= ${Number((measured - 0.002).toPrecision(4))}; about`,
    );
  });

  it("decide by the point alone only when asked", () => {
    expect(judge({ gate: `roc_auc >= ${measured - 0.002}`, decide_by: "point" })?.verdict).toBe("pass");
  });

  it("read the same from both sides", () => {
    const [left, right] = [judge("roc_auc >= 90 %"), judge("0.9 <= roc_auc")];
    expect({ ...right, gate: "", why: "" }).toEqual({ ...left, gate: "", why: "" });
  });

  it("compare facts as they are, with units", () => {
    expect(judge("model_size <= 20 MB", { facts: { model_size: exactEstimate(20_000_000, "exact") } })?.verdict).toBe(
      "pass",
    );
    expect(judge("model_size <= 20 MB", { facts: { model_size: exactEstimate(20_000_001, "exact") } })).toMatchObject({
      verdict: "fail",
      why: "model_size is 20 MB, which misses <= 20 MB.",
    });
    expect(judge("model_size <= 20 MB")?.verdict).toBe("inconclusive");
  });

  it("never pass on what is missing, and skip only where the gate allows it", () => {
    expect(judge("accuracy > production.accuracy")).toMatchObject({
      verdict: "inconclusive",
      why: "Cannot be decided: no version of this model is in production.",
    });
    expect(judge("accuracy > production.accuracy if production exists")?.verdict).toBe("skipped");
    expect(judge("precision > baseline.precision")?.why).toContain("no row is predicted positive");
    const slices = [
      textColumn(
        "sex",
        Array.from({ length: 4000 }, () => "F"),
      ),
    ];
    expect(judge("recall where sex = M >= 0.1", { slices })?.why).toBe(
      "Cannot be decided: no test row has sex = M (its values are F).",
    );
    expect(judge("gap(recall by sex) <= 0.9", { slices })?.verdict).toBe("inconclusive");
  });

  it("do not let a model pass as better than itself, but as not much worse", () => {
    const rest = { production: predictions };
    expect(judge("accuracy > production.accuracy", rest)?.verdict).toBe("inconclusive");
    expect(judge("accuracy - production.accuracy > -0.005", rest)?.verdict).toBe("pass");
  });

  it("do not trust agreement on a handful of rows", () => {
    const few = binaryPredictions({ labels: [1, 0, 1], scores: [0.9, 0.1, 0.8] });
    const { gates } = evaluateOnly(few, {
      production: few,
      gates: ["accuracy - production.accuracy > -0.005", "roc_auc >= 0.9"],
    });
    expect(gates.map(({ verdict }) => verdict)).toEqual(["inconclusive", "inconclusive"]);
  });

  it("leave room for about three discordant rows where two models agree on every row", () => {
    const gates = ["accuracy - production.accuracy > -0.005"];
    const [{ lower }] = evaluateOnly(predictions, { production: predictions, gates }).gates;
    expect((lower ?? 0) * 4000).toBeGreaterThan(-4.5);
    expect((lower ?? 0) * 4000).toBeLessThan(-2.3);
  });

  it("keep a difference as it is written, on whichever side the number stands", () => {
    const [right, left] = [judge("roc_auc - baseline.roc_auc >= 0.05"), judge("0.05 <= roc_auc - baseline.roc_auc")];
    expect({ ...left, gate: "" }).toEqual({ ...right, gate: "" });
    expect(left?.measured).toBeGreaterThan(0);
  });

  it("are refused all at once, each with its place", () => {
    const gates = ["roc_auc >> 3", "roc >= 0.5", "gap(recall by sex) <= 2"];
    const mistakes = refusal(() => evaluateOnly(predictions, { gates }));
    expect(mistakes.map(({ message, where }) => [message, where])).toEqual([
      [expect.stringContaining('gate "roc_auc >> 3": a metric or a number is expected'), "column 10 of the gate"],
      [expect.stringContaining("there is no metric roc"), "column 1 of the gate"],
      [expect.stringContaining("sex is not a slice column"), "column 15 of the gate"],
    ]);
  });
});

describe("gates across slices", () => {
  const count = 6000;
  const random = uniform(5);
  const sexes = Array.from({ length: count }, () => (random() < 0.3 ? "F" : "M"));
  const labels = sexes.map(() => Number(random() < 0.4));
  // Recall 0.5 for F and 0.8 for M; selection 0.2 and 0.32.
  const predicted = sexes.map((sex, row) => (labels[row] === 1 && random() < (sex === "F" ? 0.5 : 0.8) ? 1 : 0));
  const predictions = binaryPredictions({ labels, predicted });
  const verdicts = (gates: string[], values: (string | null)[] = sexes) =>
    evaluateOnly(predictions, { gates, slices: [textColumn("sex", values)] }).gates;

  it("judge the worst slice, the gap and the ratio", () => {
    const judged = verdicts([
      "worst(recall by sex) >= 0.45",
      "worst(recall by sex) >= 0.6",
      "gap(selection_rate by sex) <= 20 %",
      "gap(selection_rate by sex) <= 5 %",
      "ratio(selection_rate by sex) >= 0.5",
      "ratio(selection_rate by sex) >= 0.8",
      "recall where sex = M >= 0.7",
    ]);
    expect(judged.map(({ verdict }) => verdict)).toEqual(["pass", "fail", "pass", "fail", "pass", "fail", "pass"]);
  });

  it("do not pass while one slice has no value, but still fail for another", () => {
    let left = 40;
    const values = sexes.map((sex, row) => {
      if (labels[row] === 1 || left === 0) return sex;
      left -= 1;
      return "X";
    });
    const judged = verdicts(["worst(recall by sex) >= 0.45", "worst(recall by sex) >= 0.6"], values);
    expect(judged.map(({ verdict }) => verdict)).toEqual(["inconclusive", "fail"]);
    expect(judged[0].why).toContain("recall has no value for sex = X");
  });

  it("do not pass on behalf of a slice under the smallest size, whose rows they name, but still fail for another", () => {
    const values = sexes.map((sex, row) => (row < 12 ? "X" : sex));
    const judged = verdicts(
      [
        "worst(recall by sex) >= 0.45",
        "worst(recall by sex) >= 0.6",
        "gap(recall by sex) <= 0.6",
        "ratio(selection_rate by sex) >= 0.1",
        "recall where sex = X >= 0.01",
      ],
      values,
    );
    const undecided = "inconclusive";
    expect(judged.map(({ verdict }) => verdict)).toEqual([undecided, "fail", undecided, undecided, undecided]);
    for (const { why } of judged.filter(({ verdict }) => verdict === undecided)) {
      expect(why).toContain("sex = X has 12 rows and needs 18 more (evaluate.smallest_slice)");
    }
    const byPoint = { gate: "worst(recall by sex) >= 0.45", decide_by: "point" } as const;
    const slices = [textColumn("sex", values)];
    expect(evaluateOnly(predictions, { gates: [byPoint], slices }).gates[0].verdict).toBe("inconclusive");
    const small = evaluateOnly(predictions, { gates: [byPoint], slices, smallestSlice: 12 });
    expect(small.gates[0].verdict).not.toBe("inconclusive");
  });

  it("show a slice under the smallest size with its rows, its metrics and how many more it needs", () => {
    const { slices } = evaluateOnly(predictions, {
      slices: [
        textColumn(
          "sex",
          sexes.map((sex, row) => (row < 12 ? "X" : sex)),
        ),
      ],
    });
    expect(slices.map(({ rows_lacking }) => rows_lacking)).toEqual([undefined, undefined, 18]);
    expect(slices[2]).toMatchObject({ value: "X", rows: 12 });
    expect(slices[2].metrics.accuracy.value).not.toBeNull();
  });

  it("have rows with a missing value as a slice, and numbers for sensitive values", () => {
    const { slices } = evaluateOnly(predictions, {
      slices: [{ ...textColumn("sex", [...sexes.slice(1), null]), shown: ["(value 1)", "(value 2)"] }],
    });
    expect(slices.map(({ value }) => value)).toEqual(["(value 1)", "(value 2)", null]);
    expect(slices.reduce((sum, { rows }) => sum + rows, 0)).toBe(count);
    expect(slices[0].metrics.accuracy.value).not.toBeNull();
  });

  it("give each slice the numbers of its rows alone", () => {
    const whole = randomBinary({ count: 500, seed: 3 });
    const half = Array.from({ length: 500 }, (_, row) => (row % 2 === 0 ? "even" : "odd"));
    const { slices } = evaluateOnly(whole, { slices: [textColumn("half", half)] });
    const even = binaryPredictions({
      labels: [...whole.labels].filter((_, row) => row % 2 === 0),
      scores: [...(whole.scores ?? [])].filter((_, row) => row % 2 === 0),
    });
    expect(slices[0].metrics).toEqual(evaluateOnly(even).metrics);
  });
});

describe("the verdict", () => {
  const predictions = randomBinary({ count: 3000, seed: 2 });
  it("demands that the model beats its baseline, unless a gate says how", () => {
    const rest = { baseline: priorOf(predictions), baselineKind: "prior" };
    const silent = evaluateOnly(predictions, rest);
    expect(silent).toMatchObject({ verdict: "pass", reason_code: "no_gates" });
    expect(silent.gates[0]).toMatchObject({ gate: "roc_auc > baseline.roc_auc", verdict: "pass" });
    const spoken = evaluateOnly(predictions, { ...rest, gates: ["roc_auc - baseline.roc_auc >= 0.05"] });
    expect(spoken.gates).toHaveLength(1);
    const useless = evaluateOnly(priorOf(predictions), { baseline: predictions, baselineKind: "prior" });
    expect(useless).toMatchObject({ verdict: "fail", reason_code: "baseline_not_beaten" });
  });

  it("is fail before inconclusive before pass, and a warning gate does not hold it back", () => {
    const unsure = "accuracy > production.accuracy";
    expect(evaluateOnly(predictions, { gates: [unsure, "roc_auc >= 0.999"] })).toMatchObject({
      verdict: "fail",
      reason_code: "gate_failed",
    });
    expect(evaluateOnly(predictions, { gates: [unsure] })).toMatchObject({
      verdict: "inconclusive",
      reason_code: "gate_inconclusive",
    });
    expect(evaluateOnly(predictions, { gates: [{ gate: unsure, on_inconclusive: "warn" }] })).toMatchObject({
      verdict: "pass",
      reason_code: "gates_pass",
    });
  });

  it("is not held back by a gate that fails as a warning, as times in milliseconds do unless the gate says otherwise", () => {
    const gate = "latency_p95 <= 30 ms";
    const facts = { latency_p95: exactEstimate(31, "exact") };
    const warned = evaluateOnly(predictions, { facts, gates: [gate, "roc_auc >= 0.5"] });
    expect(warned).toMatchObject({
      verdict: "pass",
      gates: [{ verdict: "fail", on_fail: "warn" }, { verdict: "pass" }],
    });
    expect(evaluateOnly(predictions, { gates: [gate] })).toMatchObject({
      verdict: "pass",
      gates: [{ verdict: "inconclusive", on_inconclusive: "warn" }],
    });
    const strict = { gate, on_fail: "block", on_inconclusive: "block" } as const;
    expect(evaluateOnly(predictions, { facts, gates: [strict] })).toMatchObject({ reason_code: "gate_failed" });
    expect(evaluateOnly(predictions, { gates: [strict] })).toMatchObject({ reason_code: "gate_inconclusive" });
    const lenient = { gate: "roc_auc >= 0.999", on_fail: "warn" } as const;
    expect(evaluateOnly(predictions, { gates: [lenient] })).toMatchObject({
      verdict: "pass",
      gates: [{ verdict: "fail", on_fail: "warn" }],
    });
  });

  it("judges goals without deciding by them", () => {
    const { goals, verdict } = evaluateOnly(predictions, {
      goals: [
        { metric: "roc_auc", at_least: 0.999 },
        { metric: "roc_auc", at_least: 0.5 },
        { metric: "nothing", at_least: 1 },
      ],
    });
    expect(goals.map(({ met }) => met)).toEqual(["no", "yes", "undecided"]);
    expect(verdict).toBe("pass");
  });
});

describe("bad values", () => {
  it("one class only: ranking metrics are null with the reason", () => {
    const { metrics } = evaluateOnly(binaryPredictions({ labels: [0, 0, 0], scores: [0.1, 0.2, 0.7] }));
    expect(metrics.roc_auc).toMatchObject({ value: null, reason: "no row is positive" });
    expect(metrics.recall).toMatchObject({ value: null, reason: "no row is positive" });
    expect(metrics.accuracy.value).toBeCloseTo(2 / 3, 12);
  });

  it("all scores equal: an AUC of exactly one half, said so", () => {
    const { metrics } = evaluateOnly(binaryPredictions({ labels: [0, 1, 0], scores: [0.4, 0.4, 0.4] }));
    expect(metrics.roc_auc).toMatchObject({ value: 0.5, method: "constant_score" });
  });

  const unanswered: [string, Predictions, string][] = [
    [
      "a score",
      binaryPredictions({ labels: [0, 1, 0, 1], scores: [0.4, Number.NaN, 0.3, Number.NaN] }),
      "2 of 4 rows have no score (NaN)",
    ],
    [
      "a finite score, though it has a label of its own",
      binaryPredictions({ labels: [0, 1, 0, 1], predicted: [0, 1, 0, 1], scores: [0.4, 0.9, 0.3, Infinity] }),
      "1 of 4 rows has no score (infinite)",
    ],
    [
      "one of its probabilities",
      multiclassPredictions({
        classes: ["a", "b"],
        labels: [0, 1, 0, 1],
        predicted: [0, 1, 0, 1],
        probabilities: [1, 0, 0, 1, 1, 0, 0.5, Number.NaN],
      }),
      "1 of 4 rows has no score (NaN)",
    ],
    [
      "a number",
      regressionPredictions({ labels: [1, 2, 3, 4], predicted: [1, Number.NaN, 3, -Infinity] }),
      "2 of 4 rows have no predicted number (NaN or infinite)",
    ],
  ];
  it.each(unanswered)("no metric has a value on rows of which one lacks %s, and the run fails", (_, rows, reason) => {
    const values = new Float64Array(4).fill(1);
    const metric = { name: "mine", sql: "1", better: "higher" as const };
    const description = {
      name: "mine",
      tasks: [rows.task],
      better: "higher" as const,
      range: [0, 1] as const,
      needsScores: false,
      label: "mine",
      description: "",
    };
    const own = [{ name: "mine", metric, values, isShare: true, description }];
    const evaluation = evaluateOnly({ ...rows, own }, { slices: [textColumn("s", ["a", "b", "a", "b"])] });
    expect(evaluation).toMatchObject({ verdict: "fail", reason_code: "predictions_not_finite" });
    expect(Object.keys(evaluation.metrics)).toContain("mine");
    for (const metric of Object.values(evaluation.metrics)) expect(metric).toMatchObject({ value: null, reason });
    for (const part of ["roc_curve", "calibration", "confusion_matrix", "residuals"] as const) {
      expect(evaluation[part]).toBeNull();
    }
    const [whole, broken] = evaluation.slices.map(({ metrics }) => metrics.mine);
    expect(whole?.value).toBe(1);
    expect(broken).toMatchObject({ value: null, reason: expect.stringMatching(/ of 2 rows /) });
  });

  describe("rows of one class", () => {
    const rows = binaryPredictions({ labels: [0, 0, 0, 0], scores: [0.4, 0.1, 0.3, 0.7] });
    const baseline = { baseline: priorOf(rows), baselineKind: "prior" };

    it("cannot show that the model beats a guess, so that its own gate is open", () => {
      const evaluation = evaluateOnly(rows, baseline);
      expect(evaluation).toMatchObject({ verdict: "inconclusive", reason_code: "test_one_class" });
      expect(evaluation.gates).toMatchObject([
        {
          gate: "roc_auc > baseline.roc_auc",
          verdict: "inconclusive",
          why: 'Cannot be decided: all 4 test rows have the label "no", and only rows of another class show whether the model beats a guess.',
        },
      ]);
    });

    it("decide no written gate against the baseline either, but those that need no other class", () => {
      const gates = ["log_loss < baseline.log_loss", "accuracy >= 0.01"];
      // Certain of the only class there is, and so far better than the baseline in numbers.
      const certain = binaryPredictions({
        labels: new Array(300).fill(0),
        scores: Array.from({ length: 300 }, (_, row) => (row % 7) / 100),
      });
      const evaluation = evaluateOnly(certain, { baseline: priorOf(certain), baselineKind: "prior", gates });
      expect(evaluation).toMatchObject({ verdict: "inconclusive", reason_code: "test_one_class" });
      expect(evaluation.gates.map(({ verdict }) => verdict)).toEqual(["inconclusive", "pass"]);
      const failing = evaluateOnly(rows, { ...baseline, gates: ["accuracy >= 0.999"] });
      expect(failing).toMatchObject({ verdict: "fail", reason_code: "gate_failed" });
    });

    it("name a metric that labels alone could have", () => {
      const labels = binaryPredictions({ labels: [0, 0, 0], predicted: [0, 0, 1] });
      const [gate] = evaluateOnly(labels, { baseline: labels, baselineKind: "prior" }).gates;
      expect(gate.gate).toBe("accuracy > baseline.accuracy");
    });
  });

  it("no rows decide nothing", () => {
    for (const empty of [
      binaryPredictions({ labels: [], scores: [] }),
      multiclassPredictions({ classes: ["a", "b", "c"], labels: [], predicted: [], probabilities: [] }),
      regressionPredictions({ labels: [], predicted: [] }),
    ]) {
      expect(evaluateOnly(empty)).toMatchObject({ verdict: "inconclusive", reason_code: "no_test_rows" });
    }
  });

  it("one row gives values without false certainty", () => {
    const { metrics } = evaluateOnly(binaryPredictions({ labels: [1], scores: [0.9] }));
    expect(metrics.accuracy).toMatchObject({ value: 1, upper: 1 });
    expect(metrics.accuracy.lower).toBeLessThan(0.25);
    expect(metrics.log_loss.upper).toBeNull();
    const regression = evaluateOnly(regressionPredictions({ labels: [1], predicted: [2] })).metrics;
    expect(regression.mae).toMatchObject({ value: 1, upper: null });
    expect(regression.r2.value).toBeNull();
  });

  it("labels that the model does not know are wrong answers with a row of their own", () => {
    const { metrics, confusion_matrix } = evaluateOnly(
      multiclassPredictions({
        classes: ["a", "b", "c"],
        labels: [0, 1, 2, -1],
        predicted: [0, 1, 2, 0],
        probabilities: [1, 0, 0, 0, 1, 0, 0, 0, 1, 1, 0, 0],
      }),
    );
    expect(metrics.accuracy.value).toBe(0.75);
    expect(metrics.log_loss.reason).toBe("1 of 4 rows have a label that the model does not know");
    expect(confusion_matrix?.classes).toEqual(["a", "b", "c", "(unknown)"]);
    expect(confusion_matrix?.counts[3]).toEqual([1, 0, 0, 0]);
  });

  it("scores outside [0, 1] rank but are no probabilities", () => {
    const { metrics, calibration } = evaluateOnly(binaryPredictions({ labels: [0, 1, 1], scores: [-3, 2, 5] }));
    expect(metrics.roc_auc.value).toBe(1);
    expect(metrics.log_loss.reason).toBe("scores outside [0, 1] are not probabilities");
    expect(calibration).toBeNull();
  });
});

describe("charts", () => {
  it("have at most 15 calibration bins that hold every row, and a ROC curve of at most 200 points", () => {
    const { calibration, roc_curve } = evaluateOnly(randomBinary({ count: 5000, seed: 9 }));
    expect(calibration?.bins).toHaveLength(15);
    expect(calibration?.bins.reduce((sum, { rows }) => sum + rows, 0)).toBe(5000);
    expect(roc_curve?.length).toBeLessThanOrEqual(200);
    expect(roc_curve?.at(0)).toEqual([0, 0]);
    expect(roc_curve?.at(-1)).toEqual([1, 1]);
    expect(roc_curve?.every(([x, y], at, all) => at === 0 || (x >= all[at - 1][0] && y >= all[at - 1][1]))).toBe(true);
  });

  it("keep equal scores in one bin", () => {
    const scores = Array.from({ length: 1000 }, (_, row) => (row % 3) / 4);
    const { calibration } = evaluateOnly(
      binaryPredictions({ labels: scores.map((score) => Number(score > 0)), scores }),
    );
    expect(calibration?.bins.map(({ mean_predicted }) => mean_predicted)).toEqual([0, 0.25, 0.5]);
  });

  it("have residual quantiles by prediction", () => {
    const predicted = Array.from({ length: 100 }, (_, row) => row);
    const { residuals } = evaluateOnly(
      regressionPredictions({ labels: predicted.map((value) => value + 3), predicted }),
    );
    expect(residuals).toHaveLength(5);
    expect(residuals?.[0]).toEqual({ predicted: 9.5, lower: 3, median: 3, upper: 3, rows: 20 });
  });
});

describe("intervals", () => {
  it("stay inside what a metric can be, on a handful of rows too", () => {
    const few = binaryPredictions({ labels: [1, 0, 1], scores: [0.9, 0.1, 0.2] });
    const { brier_score: brier } = evaluateOnly(few).metrics;
    expect(brier?.upper).toBeLessThanOrEqual(1);
    expect(brier?.lower).toBeGreaterThanOrEqual(0);
  });

  it("have no width for a prior's one-against-rest AUC, which is 0.5 by definition", () => {
    const labels = Array.from({ length: 300 }, (_, row) => row % 3);
    const prior = multiclassPredictions({
      classes: ["a", "b", "c"],
      labels,
      predicted: labels.map(() => 0),
      probabilities: labels.flatMap(() => [0.5, 0.3, 0.2]),
    });
    expect(evaluateOnly(prior).metrics.roc_auc_ovr).toMatchObject({ value: 0.5, lower: 0.5, upper: 0.5 });
  });
});

it("says why there is no comparison where one side has no value", () => {
  const predictions = randomBinary({ count: 200, seed: 3, strength: 2 });
  const { comparisons } = evaluateOnly(predictions, { baseline: priorOf(predictions), baselineKind: "prior" });
  expect(comparisons.find(({ metric }) => metric === "precision")).toMatchObject({
    difference: null,
    reason: "the baseline model has no precision on these rows",
  });
});

describe("findings about what rows and models cannot tell", () => {
  const findingsOf = (predictions: Predictions) => {
    const request = {
      predictions,
      baseline: null,
      baselineKind: null,
      metrics: [],
      slices: [],
      gates: [],
      goals: [],
      facts: {},
    };
    const file = { ...evaluate(request), model: null, latency_ms: null, latency_ratio: null, worst_errors: [] };
    return evaluationFindings({
      file,
      predictions,
      unseen: [],
      unlabelled: 0,
      unweighted: 0,
      label: "y",
      weight: null,
    });
  };
  const told = (predictions: Predictions) => findingsOf(predictions).map(({ code }) => code);

  it("name rows of one class, and a single row", () => {
    expect(told(binaryPredictions({ labels: [1, 1, 1], scores: [0.8, 0.6, 0.7] }))).toEqual(["label_one_class"]);
    expect(told(binaryPredictions({ labels: [1], scores: [0.2] }))).toEqual(["test_one_row"]);
    expect(told(regressionPredictions({ labels: [1], predicted: [2] }))).toEqual(["test_one_row"]);
    expect(told(binaryPredictions({ labels: [], scores: [] }))).toEqual([]);
  });

  it("name classes that are never predicted, and predicted classes that no row has", () => {
    const classes = ["setosa", "virginica", "Virginica"];
    const rows = multiclassPredictions({ classes, labels: [0, 1, 1, -1], predicted: [0, 2, 2, 0] });
    expect(findingsOf(rows)).toMatchObject([
      {
        code: "label_never_predicted",
        severity: "warning",
        subject: "y",
        message:
          '"virginica" (2 of 4 rows) is never predicted: its recall is 0; look at how predictions spell it, and at how many training rows have it',
        measured: { labels: [{ value: "virginica", rows: 2 }] },
      },
      {
        code: "prediction_never_label",
        severity: "warning",
        subject: "y",
        message:
          '"Virginica" (2 of 4 rows) is predicted and no row\'s label, so that these rows count as wrong; spell labels and predictions alike (is "Virginica" the label "virginica"?), or collect test rows of that class',
        measured: { labels: [{ value: "Virginica", rows: 2 }] },
      },
    ]);
    const binary = binaryPredictions({ labels: [1, 0, 1], scores: [0.4, 0.4, 0.5] });
    expect(findingsOf(binary)).toMatchObject([
      { code: "label_never_predicted", message: expect.stringContaining('"yes" (2 of 3 rows) is never predicted') },
    ]);
    expect(told(binaryPredictions({ labels: [1, 1], predicted: [1, 0] }))).toEqual([
      "label_one_class",
      "prediction_never_label",
    ]);
    expect(told(binaryPredictions({ labels: [1, 0], predicted: [0, 1] }))).toEqual([]);
  });

  it("name rows that are all of one group", () => {
    const predictions = binaryPredictions({ labels: [1, 0, 1], scores: [0.2, 0.6, 0.7] });
    expect(told({ ...predictions, clusters: Int32Array.of(0, 0, 0) })).toEqual(["group_only_one"]);
    expect(told({ ...predictions, clusters: Int32Array.of(0, 0, 1) })).toEqual([]);
  });

  it("name squared errors that a few rows make, with their share", () => {
    const labels = Array.from({ length: 200 }, (_, row) => row);
    const even = labels.map((label) => label + (label % 2 === 0 ? 1 : -2));
    const tailed = even.map((value, row) => (row < 2 ? value + 100 : value));
    expect(told(regressionPredictions({ labels, predicted: even }))).toEqual([]);
    const [finding] = findingsOf(regressionPredictions({ labels, predicted: tailed }));
    expect(finding.code).toBe("errors_heavy_tailed");
    expect(finding.message).toContain("2 of 200 rows make 98 % of the squared error");
  });

  it("name a model that gives every row the same score", () => {
    expect(told(binaryPredictions({ labels: [1, 0, 1], scores: [0.4, 0.4, 0.4] }))).toEqual(["scores_constant"]);
    expect(told(binaryPredictions({ labels: [1, 0, 1], scores: [0.4, 0.4, 0.6] }))).toEqual([]);
  });

  it("name scores that are no numbers", () => {
    expect(told(binaryPredictions({ labels: [1, 0, 1], scores: [0.4, Number.NaN, 0.5] }))).toEqual([
      "prediction_missing",
    ]);
  });
});
