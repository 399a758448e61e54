import { expect, it } from "vitest";
import { markdownLimit, moreInHtml, renderMarkdown } from "../../../src/report/markdown.ts";
import { reportModel } from "../../../src/report/report-model.ts";
import { aGate, aJoinedGate, aMetric, anEvaluation } from "../../support/builders/evaluation.ts";
import { aFairness } from "../../support/builders/evaluation-details.ts";
import { hostileInputs } from "../../support/builders/hostile-report.ts";
import { aFinding, anOutcome } from "../../support/builders/outcome.ts";
import { aWeightedRun, everyOutcome, reportInputs } from "../../support/builders/report.ts";
import { hostileText, hostileTexts } from "../../support/hostile.ts";
import { fc } from "../../support/properties.ts";

const githubLimit = 65_536;

function bigInputs(slices: number, findings: number, text: (index: number) => string) {
  const inputs = reportInputs();
  const validate = anOutcome({
    action: "validate-data",
    findings: Array.from({ length: findings }, (_, index) =>
      aFinding({
        severity: index === 1999 ? "error" : "warning",
        subject: text(index),
        message: `${index} ${text(index)}`,
      }),
    ),
  });
  const evaluation = anEvaluation({
    slices: Array.from({ length: slices }, (_, index) => ({
      column: text(index),
      value: `value ${index}`,
      rows: index,
      metrics: { roc_auc: aMetric(0.9 - index / 10_000) },
    })),
    fairness: Array.from({ length: 20 }, (_, index) => {
      const values = Array.from({ length: 100 }, (_, value) => text(value));
      return aFairness(text(index), values);
    }).flat(),
    worst_errors: Array.from({ length: 10 }, (_, row) => ({
      row,
      label: text(row),
      predicted: text(row),
      score: 0.5,
      loss: 1,
    })),
    gates: Array.from({ length: 60 }, (_, index) =>
      aGate({ gate: text(index), verdict: index === 59 ? "fail" : "pass" }),
    ),
  });
  return { ...inputs, evaluation, outcomes: { ...inputs.outcomes, "validate-data": validate } };
}

it("begins with whether to ship, why and what next", () => {
  const [ship, why, next] = renderMarkdown(reportModel(reportInputs())).split("\n\n");
  expect(ship).toBe("## ✅ Ship it: `income`");
  expect(why).toMatch(/^\*\*Why:\*\* roc_auc is 0\.905 .* for the baseline \(prior\); 5 of 6 gates hold/);
  expect(next).toBe("**Next:** Read the card, then approve and merge.");
});

it("shows the conditions of a gate below it, and what each gate is for", () => {
  const gates = [aJoinedGate(), aGate({ purpose: "missed | customers cost most" })];
  const text = renderMarkdown(reportModel(reportInputs({ evaluation: anEvaluation({ gates }) })));
  expect(text).toContain(
    "| ❔ | `roc_auc >= 0.89 and recall >= 0.6`<br>6,512 test rows cannot decide it; about 41,000 would. | – |\n" +
      "| ✅ | ↳ `roc_auc >= 0.89` | **0.905**<br><sub>0.898&nbsp;to&nbsp;0.911</sub> |\n| ❔ | ↳ `recall >= 0.6`<br>It passes when",
  );
  expect(text).toContain("`roc_auc >= 0.89`<br>missed &#124; customers cost most");
});

it("has tables of three columns for gates and metrics, which a phone shows whole, and says a bound only where the gate is cut", () => {
  const gates = [aGate(), aGate({ gate: `worst(recall by ${"x".repeat(400)}) >= 0.35`, bound: 0.35, verdict: "pass" })];
  const text = renderMarkdown(reportModel(reportInputs({ evaluation: anEvaluation({ gates }) })));
  expect(text).toContain("|  | Gate | Measured |");
  expect(text).toContain("| Metric | Model | Difference from baseline (prior) |");
  expect(text.match(/bound 0\.\d+ \|/g)).toEqual(["bound 0.35 |"]);
  // The baseline's own value, where no difference was measured.
  expect(text).toMatch(/\| `average_precision` ↑ \| .* \| baseline 0\.241 \|/);
});

it("keeps under GitHub's limit with 1,000 slices and 2,000 findings, the worst ones first", () => {
  const text = renderMarkdown(reportModel(bigInputs(1000, 2000, (index) => `column ${index}`)), {
    more: moreInHtml("report.html"),
  });
  expect(text.length).toBeLessThan(githubLimit);
  expect(text).toContain("❌ | `column 1999`"); // the only error
  expect(text).toContain("`column 999` = value 999"); // the worst slice
  expect(text).toMatch(/…and [\d,]+ more slices in evaluation\.json\./);
  expect(text).toMatch(/…and [\d,]+ more findings\./);
  expect(text).toContain("`report.html`");
});

it("lists the slices of single columns before those of pairs, and says where the rest is", () => {
  const inputs = bigInputs(160, 900, (index) => (index % 40 === 0 ? `column ${index}` : `a × column ${index}`));
  const text = renderMarkdown(reportModel(inputs));
  const places = ["`column 120`", "`column 0`", "`a × column 159`", "`a × column 158`"].map((name) =>
    text.indexOf(`| ${name} =`),
  );
  expect(places).toEqual([...places].sort((a, b) => a - b));
  expect(places[0]).toBeGreaterThan(0);
  expect(text).toContain("first, pairs of columns last");
  expect(text).toMatch(/…and \d+ more slices in report\.html\./);
  expect(renderMarkdown(reportModel(bigInputs(9, 0, (index) => `column ${index}`)))).not.toContain("pairs of columns");
});

it("keeps under the limit when every name is long and made of what takes most room", () => {
  const model = reportModel(bigInputs(1000, 2000, () => "$".repeat(5000)));
  expect(renderMarkdown(model).length).toBeLessThanOrEqual(markdownLimit);
  expect(renderMarkdown(model)).toMatch(/^## ✅ Ship it/);
});

it("shows failed gates even when not all gates fit", () => {
  const text = renderMarkdown(reportModel(bigInputs(1000, 2000, (index) => `gate ${index} ${"$".repeat(200)}`)));
  expect(text).toMatch(/❌ \| <code>gate 59/);
});

it.each([
  ["hostile texts", hostileTexts],
  ["an html comment that would close", ["--> <details open>"]],
])("lets no value of %s become markup", (_, texts) => {
  const text = renderMarkdown(reportModel(hostileInputs(texts)));
  const own = /<\/?(?:code|details|summary|br|sub|i|span)>/g;
  expect(text.replace(own, "").replace(/`[^`\n]*`/g, "")).not.toMatch(/<[a-z!/]/i);
  expect(text.replace(/`[^`\n]*`/g, "")).not.toMatch(/@(?!&#8203;)|\]\(|!\[|```|:\/\//);
  expect(text).not.toMatch(/^\s*(::|##\[)/m);
});

it("keeps every table rectangular whatever the values are", () => {
  fc.assert(
    fc.property(fc.array(hostileText(), { minLength: 1, maxLength: 4 }), (texts) => {
      const text = renderMarkdown(reportModel(hostileInputs(texts)));
      for (const block of text.split("\n\n").filter((each) => each.startsWith("| "))) {
        const pipes = new Set(block.split("\n").map((line) => line.split("|").length));
        expect(pipes.size).toBe(1);
      }
    }),
    { numRuns: 30 },
  );
});

it("leaves out what a stopped run did not reach", () => {
  const failed = anOutcome({ action: "validate-data", verdict: "fail", findings: [aFinding({ severity: "error" })] });
  const inputs = { ...reportInputs(), evaluation: null, training: null, manifest: null, profile: null };
  const text = renderMarkdown(reportModel({ ...inputs, outcomes: everyOutcome({ "validate-data": failed }) }));
  expect(text).toContain("## ❌ Do not ship");
  expect(text).not.toMatch(/### (Gates|Metrics|Slices)/);
  expect(text).toContain("| ⬜ | train | – | has not run |");
});

it("puts goals before gates, and says who measured, how sure and weighted by what", () => {
  const text = renderMarkdown(reportModel(aWeightedRun()));
  expect(text.indexOf("### Goals")).toBeLessThan(text.indexOf("### Gates"));
  expect(text).toContain("owner product; numbers claimed, not rescored).");
  expect(text).toContain("Intervals of gates: 90 %, so that each end is 95 % sure");
  expect(text).toContain("Rows are weighted by `fnlwgt` in every metric. Intervals of metrics: 95 %.");
});

it("joins reasons without a full stop before the semicolon", () => {
  const gate = aGate({ measured: null, verdict: "inconclusive", why: "Cannot be decided: nothing is in production." });
  const inputs = reportInputs({ evaluation: anEvaluation({ gates: [gate, gate] }) });
  const evaluate = anOutcome({ action: "evaluate", verdict: "inconclusive" });
  const text = renderMarkdown(reportModel({ ...inputs, outcomes: { ...inputs.outcomes, evaluate } }));
  expect(text).toContain("nothing is in production; roc_auc");
  expect(text).not.toMatch(/\.;|\.\.$/m);
});
