import { describe, expect, it } from "vitest";
import type { EvaluationFile } from "../../../src/evaluation/evaluation-file.ts";
import { planCharts } from "../../../src/report/charts.ts";
import { renderHtml } from "../../../src/report/html.ts";
import { renderMarkdown } from "../../../src/report/markdown.ts";
import { reportModel } from "../../../src/report/report-model.ts";
import { aMetric, anEvaluation } from "../../support/builders/evaluation.ts";
import { aFairness, anOperatingPoint, someFoundSlices, someProbes } from "../../support/builders/evaluation-details.ts";
import { aFinding, anOutcome } from "../../support/builders/outcome.ts";
import { reportInputs } from "../../support/builders/report.ts";

const modelOf = (fields: Partial<EvaluationFile>) => reportModel(reportInputs({ evaluation: anEvaluation(fields) }));

describe("fairness", () => {
  const model = modelOf({ fairness: [...aFairness("sex"), ...aFairness("race", ["White", "Black", "Other"])] });

  it("has each group once, with what every measure knows of it", () => {
    expect(model.fairness.map(({ column }) => column)).toEqual(["sex", "race"]);
    const [{ groups, rates }] = model.fairness;
    expect(rates).toEqual(["selection_rate", "true_positive_rate", "false_positive_rate", "calibration_in_the_large"]);
    expect(groups.map(({ value, rows, lacking }) => [value, rows, lacking])).toEqual([
      ["Female", 2157, 0],
      ["Male", 2158, 0],
      [null, 12, 18],
    ]);
    expect(Object.keys(groups[0]?.metrics ?? {})).toEqual(rates);
  });

  it("shows the measures against equal treatment, and the groups below, in HTML", () => {
    const page = renderHtml(model);
    expect(page).toContain('aria-label="0.179 [0.162, 0.196], 0 where all are treated alike"');
    expect(page).toMatch(/<i>missing<\/i>\s*<span class="mark open">\? too few rows<\/span><small>18 more are needed/);
  });

  it("shows both in Markdown", () => {
    const text = renderMarkdown(model);
    expect(text).toContain("### Fairness by `sex`");
    expect(text).toMatch(
      /\| `demographic_parity_difference`<br>[a-z ]+ \| \*\*0\.179\*\*<br><sub>0\.162&nbsp;to&nbsp;0\.196<\/sub> \| 0 \|/,
    );
    expect(text).toContain("| <i>missing</i><br>❔ too few rows: 18 more are needed | 12 |");
  });

  it("is not there where model.yml does not ask for it", () => {
    expect(renderHtml(modelOf({}))).not.toContain('id="fairness"');
    expect(renderMarkdown(modelOf({}))).not.toContain("Fairness");
  });
});

describe("the operating point", () => {
  const model = modelOf({ operating_point: anOperatingPoint() });

  it("draws precision and recall, and the value where it has one, with the chosen threshold", () => {
    const [rates, value] = planCharts(model).threshold;
    expect(rates?.data.chosen).toEqual([{ x: 0.29883217 }]);
    expect(rates?.data.precision).toHaveLength(39);
    expect(rates?.data.recall).toHaveLength(40);
    expect(value?.template).toBe("threshold-value");
    const point = anOperatingPoint();
    const worthless = { ...point, curve: point.curve.map((each) => ({ ...each, value: null })) };
    expect(planCharts(modelOf({ operating_point: worthless })).threshold).toHaveLength(1);
    expect(planCharts(modelOf({ operating_point: { ...point, curve: [] } })).threshold).toEqual([]);
  });

  it("stands the numbers of the validation rows beside those of the test rows", () => {
    const page = renderHtml(model);
    expect(page).toMatch(/<code>recall<\/code><\/th><td class="n">0\.580<\/td><td class="n"><b>0\.601<\/b>/);
    expect(page).toContain("too favourable");
  });
});

describe("the worst errors", () => {
  it("are named by row number, with label, answer and loss; hidden ones as a dash", () => {
    const page = renderHtml(modelOf({}));
    expect(page).toMatch(/4,104<small title="31efa9a60967[^"]*">31efa9a60967<\/small>/);
    expect(renderMarkdown(modelOf({}))).toContain("| 4,104 `31efa9a60967` | &gt;50K | &lt;=50K | 0.0011 | 6.81 |");
    const hidden = { row: 7, label: null, predicted: null, score: null, loss: 2 };
    expect(renderMarkdown(modelOf({ worst_errors: [hidden] }))).toContain("| 7 | – | – | – | 2 |");
    expect(renderHtml(modelOf({ worst_errors: [] }))).not.toContain('id="worst-errors"');
  });
});

describe("the cost", () => {
  it("is the size, the times, and their ratio to the reference model where it was timed", () => {
    const text = renderMarkdown(modelOf({}));
    expect(text).toContain("| model file | 9.1 KB |  |");
    expect(text).toContain("| one row, p50 | 0.0410 ms | **1.139**<br><sub>1.118&nbsp;to&nbsp;1.160</sub> |");
    expect(text).toContain("| 1,024 rows at once, p50 | 1.20 ms |  |");
    expect(renderMarkdown(modelOf({ latency_ms: null, latency_ratio: null, model: null }))).not.toContain("Cost");
  });
});

describe("slices under the smallest size", () => {
  it("are marked as too few rows", () => {
    const slices = [
      { column: "race", value: "Other", rows: 12, rows_lacking: 18, metrics: { roc_auc: aMetric(0.7, 0.2) } },
    ];
    expect(renderHtml(modelOf({ slices }))).toContain("18 more are needed");
    expect(renderMarkdown(modelOf({ slices }))).toMatch(
      /`race` = Other<br><sub>[\d,]+ rows<\/sub><br>❔ too few rows: 18 more are needed/,
    );
  });
});

describe("calibration", () => {
  it("is the error over both kinds of bins and the parts of the Brier score", () => {
    const { calibration } = anEvaluation();
    if (calibration === null) throw new Error("the builder has no calibration");
    const text = renderMarkdown(modelOf({}));
    expect(text).toContain("<details><summary>Calibration</summary>");
    expect(text).toMatch(
      /expected calibration error, bins of equal width<br>how far the chance is .* without what noise adds/,
    );
    expect(text).toContain("| resolution<br>of the Brier score: higher tells the rows better apart |");
    const top = { ...calibration, of: "top_label" as const };
    expect(renderHtml(modelOf({ calibration: top }))).toContain("the chance of the likeliest class");
    expect(renderHtml(modelOf({}))).toMatch(/<details><summary>Calibration error 0\.\d+ \[/);
    expect(renderHtml(modelOf({ calibration: null }))).not.toContain("Calibration error");
  });
});

describe("robustness and importance", () => {
  const model = modelOf(someProbes(["age", "sex", "race"]));

  it("have the largest drop first, and before it what the model has no answer for", () => {
    const [robustness, importance] = model.probes;
    expect(robustness?.lines.map(({ column, change }) => [column, change])).toEqual([
      ["age", "10.0 % missing"],
      ["race", "10.0 % missing"],
      ["race", "noise 0.2"],
      ["sex", "10.0 % missing"],
      ["sex", "noise 0.2"],
      ["age", "noise 0.2"],
    ]);
    expect(importance?.lines.map(({ column }) => column)).toEqual(["race", "sex", "age"]);
  });

  it("are drawn on one axis with 0 in it, and told in words and numbers", () => {
    const page = renderHtml(model);
    expect(page).toContain('<h2 id="robustness">Robustness</h2>');
    expect(page).toContain("roc_auc, 0.905 [0.899, 0.911] on 2,000 of 6,512 test rows");
    expect(page).toContain('aria-label="+0.0200, +0.0160 to +0.0240"');
    expect(page).toContain("age has no form for a missing value");
    const text = renderMarkdown(model);
    expect(text).toContain("<details><summary>Feature importance</summary>");
    expect(text).toContain("| `race`<br>noise 0.2 | **+0.0200**<br><sub>+0.0160&nbsp;to&nbsp;+0.0240</sub> |");
  });

  it("are not there where model.yml does not ask for them", () => {
    expect(modelOf({}).probes).toEqual([]);
  });
});

describe("found slices", () => {
  it("stand with their size beside the other rows, and say what was searched", () => {
    const model = modelOf({ found_slices: someFoundSlices() });
    const page = renderHtml(model);
    expect(page).toContain("512 slices of 2 columns, alone and in pairs, were searched by log_loss: these are worse");
    expect(page).toMatch(/<code>education<\/code> = <i>missing<\/i> and <code>sex<\/code> = Male/);
    expect(renderMarkdown(model)).toContain(
      "| `education` = Doctorate | 412 | **0.550**<br><sub>0.430&nbsp;to&nbsp;0.670</sub> | 0.300 | **+0.250**<br><sub>+0.100&nbsp;to&nbsp;+0.400</sub> |",
    );
  });

  it("say that nothing was found where nothing was", () => {
    const model = modelOf({ found_slices: { ...someFoundSlices(), slices: [] } });
    expect(renderHtml(model)).toContain("none is worse than the other rows beyond chance");
    expect(renderMarkdown(model)).toContain("none is worse than the other rows beyond chance");
  });

  it("are not told a second time as a note, but as a warning they are", () => {
    const told = (severity: "note" | "warning") => {
      const inputs = reportInputs({ evaluation: anEvaluation({ found_slices: someFoundSlices() }) });
      const evaluate = anOutcome({ action: "evaluate", findings: [aFinding({ code: "slice_found", severity })] });
      return reportModel({ ...inputs, outcomes: { ...inputs.outcomes, evaluate } }).findings.length;
    };
    expect([told("note"), told("warning")]).toEqual([0, 1]);
  });
});

it("says how often the test rows have judged models, and what that means", () => {
  const test_set = { digest: "ab", rows: 6512, evaluations: 7, limit: 20, meaning: "These rows have judged 7 models." };
  const model = modelOf({ test_set });
  expect(renderHtml(model)).toContain("These rows have judged 7 models.");
  expect(renderMarkdown(model)).toContain("<sub>These rows have judged 7 models.</sub>");
});
