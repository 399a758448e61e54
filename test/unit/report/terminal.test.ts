import { expect, it } from "vitest";
import { reportModel } from "../../../src/report/report-model.ts";
import { renderTerminal } from "../../../src/report/terminal.ts";
import { displayWidth } from "../../../src/report/terminal-width.ts";
import { anEvaluation } from "../../support/builders/evaluation.ts";
import { hostileInputs } from "../../support/builders/hostile-report.ts";
import { aFinding, anOutcome } from "../../support/builders/outcome.ts";
import { aWeightedRun, reportInputs } from "../../support/builders/report.ts";
import { hostileText } from "../../support/hostile.ts";
import { fc } from "../../support/properties.ts";

const plain = { colour: false, width: 80 };

it("says the verdict first, then why and what next", () => {
  const lines = renderTerminal(reportModel(reportInputs()), plain).split("\n");
  expect(lines[0]).toBe("Ship it  income");
  expect(lines[1]).toMatch(/^why {3}roc_auc is 0\.905/);
  expect(lines.find((line) => line.startsWith("next"))).toBe("next  Read the card, then approve and merge.");
});

it("shows metrics beside the baseline with intervals, gates with marks, the worst slices and the files", () => {
  const text = renderTerminal(reportModel(reportInputs()), { ...plain, files: [["report", "out/report.html"]] });
  expect(text).toMatch(/ {2}roc_auc +0\.905 \[0\.898, 0\.912\] +0\.500 +\+0\.405/);
  expect(text).toMatch(/✓ roc_auc >= 0\.89 +0\.905 \[0\.898, 0\.911\]/);
  expect(text).toMatch(/– accuracy - production/);
  expect(text.indexOf("sex = Male")).toBeLessThan(text.indexOf("race = White"));
  expect(text).toMatch(/report {2}out\/report\.html$/);
});

it("says how sure the intervals are, once for gates and once for metrics", () => {
  const text = renderTerminal(reportModel(reportInputs()), plain);
  expect(text).toContain("gates, with 90 % intervals: each end is 95 % sure");
  expect(text).toContain("metrics on 6,512 test rows, with 95 % intervals; baseline prior");
});

it("shows goals before the gates, with a mark for what is overdue", () => {
  const [goal] = anEvaluation().goals;
  const goals = goal === undefined ? [] : [{ ...goal, met: "no" as const, by: "2026-01-31" }];
  const text = renderTerminal(reportModel(reportInputs({ evaluation: anEvaluation({ goals }) })), plain);
  expect(text).toMatch(/✗ roc_auc ≥ 0\.9 by 2026-01-31, overdue +0\.905 \[0\.898, 0\.912\]/);
  expect(text.indexOf("goals")).toBeLessThan(text.indexOf("gates,"));
});

it("says which column weights the metrics", () => {
  expect(renderTerminal(reportModel(aWeightedRun()), plain)).toContain("test rows, weighted by fnlwgt, with");
});

it("shows errors and warnings and counts the notes", () => {
  const findings = [aFinding({ severity: "error", subject: "age" }), aFinding({ severity: "note", subject: "quiet" })];
  const inputs = reportInputs();
  const validate = anOutcome({ action: "validate-data", findings });
  const text = renderTerminal(
    reportModel({ ...inputs, outcomes: { ...inputs.outcomes, "validate-data": validate } }),
    plain,
  );
  expect(text).toContain("✗ age: 3 values are over 100");
  expect(text).toContain("and 1 note in the report");
  expect(text).not.toContain("quiet");
});

it("uses colours only when told to", () => {
  const model = reportModel(reportInputs());
  expect(renderTerminal(model, plain)).not.toContain("\u001b");
  expect(renderTerminal(model, { ...plain, colour: true })).toContain("\u001b[32m");
});

it("passes no escape sequence, control character or workflow command of a value on", () => {
  const text = renderTerminal(reportModel(hostileInputs()), plain);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these must not be there
  expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
  expect(text).not.toMatch(/::|##\[/);
});

it("stays inside the width, whatever the values are", () => {
  fc.assert(
    fc.property(
      fc.array(hostileText(), { minLength: 1, maxLength: 4 }),
      fc.integer({ min: 60, max: 120 }),
      (texts, width) => {
        const lines = renderTerminal(reportModel(hostileInputs(texts)), { colour: false, width }).split("\n");
        expect(lines.filter((line) => displayWidth(line) > width)).toEqual([]);
      },
    ),
    { numRuns: 50 },
  );
});
