import { describe, expect, it } from "vitest";
import type { EvaluationFile } from "../../../src/evaluation/evaluation-file.ts";
import { evaluationSummary } from "../../../src/evaluation/summary.ts";
import { renderHtml } from "../../../src/report/html.ts";
import { renderMarkdown } from "../../../src/report/markdown.ts";
import { operatingSentences } from "../../../src/report/operating-text.ts";
import { reportModel } from "../../../src/report/report-model.ts";
import { evaluationLines } from "../../../src/report/terminal-evaluation.ts";
import { aMetric, anEvaluation } from "../../support/builders/evaluation.ts";
import { reportInputs } from "../../support/builders/report.ts";

const matrix = { true_positive: 40, false_positive: -15, false_negative: -20, true_negative: 0, unit: "EUR" };

function worth(fields: Partial<EvaluationFile> = {}): EvaluationFile {
  const plain = anEvaluation();
  return anEvaluation({
    value_matrix: matrix,
    metrics: { ...plain.metrics, value: aMetric(5210, 470) },
    baseline: { ...plain.baseline, value: aMetric(-1642, 570) },
    comparisons: [
      ...plain.comparisons,
      {
        against: "baseline",
        metric: "value",
        difference: 6852,
        lower: 6530,
        upper: 7167,
        p_value: 0,
        method: "paired_mover",
      },
    ],
    ...fields,
  });
}

function deciding(fields: Partial<NonNullable<EvaluationFile["operating_point"]>>): EvaluationFile {
  return anEvaluation({
    operating_point: {
      threshold: 0.179835713,
      by: "value",
      reaches_target: null,
      valid_rows: 3879,
      valid: { precision: 0.52, recall: 0.89, f1: 0.66, value: 5300 },
      curve: [],
      baseline_threshold: null,
      ...fields,
    },
  });
}

/** With the threshold that is worth most. */
function byValue(file: EvaluationFile): EvaluationFile {
  return { ...file, operating_point: deciding({}).operating_point };
}

describe("what is said of worth and threshold", () => {
  it("is nothing where model.yml says neither", () => {
    expect(operatingSentences(anEvaluation())).toEqual([]);
  });

  it("has the unit, the interval and the difference from the baseline", () => {
    expect(operatingSentences(byValue(worth()))[0]).toBe(
      "1,000 cases are worth 5,210 [4,740, 5,680] EUR; +6,852 EUR (+6,530 to +7,167) against the baseline (prior).",
    );
    const plain = worth({ value_matrix: { ...matrix, unit: undefined }, comparisons: [] });
    expect(operatingSentences(byValue(plain))[0]).toBe("1,000 cases are worth 5,210 [4,740, 5,680].");
  });

  it("cautions where answers have a worth and the threshold was chosen by something else", () => {
    const caution =
      "The threshold was not chosen by value, so the model may be worth more at another one, and so may the baseline, which keeps 0.5 (both are chosen by evaluate.threshold: { by: value }).";
    expect(operatingSentences(worth())[1]).toBe(caution);
    const { operating_point } = deciding({ by: "f1" });
    expect(operatingSentences(worth({ operating_point }))[2]).toBe(caution);
    expect(operatingSentences(worth({ baseline_kind: null }))[1]).toBe(
      "The threshold was not chosen by value, so the model may be worth more at another one (evaluate.threshold: { by: value }).",
    );
    expect(operatingSentences(byValue(worth())).join()).not.toContain("not chosen");
    expect(operatingSentences(deciding({ by: "f1" })).join()).not.toContain("not chosen");
    expect(renderMarkdown(reportModel(reportInputs({ evaluation: worth() })))).toContain("not chosen by value");
  });

  it.each<[Parameters<typeof deciding>[0], string]>([
    [{}, "Positive is a score above 0.1798: the highest value on 3,879 validation rows."],
    [{ by: "f1" }, "Positive is a score above 0.1798: the highest f1 on 3,879 validation rows."],
    [
      { by: "recall", at_least: 0.8, reaches_target: true },
      "Positive is a score above 0.1798: the highest precision with a recall of at least 0.8 on 3,879 validation rows.",
    ],
    [
      { by: "precision", at_least: 0.9, reaches_target: false },
      "Positive is a score above 0.1798: no threshold has a precision of 0.9 on 3,879 validation rows, this is the nearest.",
    ],
    [
      { by: "fixed", threshold: 0.35, valid_rows: null, valid: null },
      "Positive is a score above 0.35, which was fixed beforehand.",
    ],
  ])("tells how the threshold was found: %o", (fields, sentence) => {
    expect(operatingSentences(deciding(fields))).toEqual([sentence]);
  });

  it("stands below the metrics in the Markdown and the HTML report", () => {
    const model = reportModel(reportInputs({ evaluation: worth() }));
    expect(renderMarkdown(model)).toContain("1,000 cases are worth 5,210");
    expect(renderHtml(model)).toContain("1,000 cases are worth 5,210");
  });

  it("stands below the metrics on a terminal, and in the summary of the step", () => {
    const text = evaluationLines(worth(), [], { colour: false, width: 80 }).replaceAll(/\s+/g, " ");
    expect(text).toContain("1,000 cases are worth 5,210 [4,740, 5,680] EUR;");
    expect(evaluationSummary(worth())).toContain("; value 5,210 [4,740, 5,680] EUR per 1000, baseline -1,642;");
    expect(evaluationSummary(anEvaluation())).not.toContain("per 1000");
  });
});
