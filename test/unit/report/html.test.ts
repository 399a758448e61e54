import { expect, it } from "vitest";
import { drawCharts } from "../../../src/report/draw-charts.ts";
import { renderHtml } from "../../../src/report/html.ts";
import { reportModel } from "../../../src/report/report-model.ts";
import { aGate, aJoinedGate, aMetric, anEvaluation } from "../../support/builders/evaluation.ts";
import { hostileInputs } from "../../support/builders/hostile-report.ts";
import { aFinding, anOutcome } from "../../support/builders/outcome.ts";
import { aNumberColumn, aProfile, aTextColumn } from "../../support/builders/profile.ts";
import { aWeightedRun, everyOutcome, reportInputs } from "../../support/builders/report.ts";
import { hostileText, hostileTexts } from "../../support/hostile.ts";
import { fc } from "../../support/properties.ts";

/** Names of all elements and attributes in the page. */
function namesIn(html: string): Set<string> {
  const tags = [...html.matchAll(/<([a-zA-Z!?][^\s/>]*)((?:[^<>"]|"[^"]*")*)>/g)];
  return new Set(
    tags.flatMap(([, tag = "", rest = ""]) => [
      tag,
      ...[...rest.matchAll(/([^\s="]+)="[^"]*"/g)].map((match) => `@${match[1] ?? ""}`),
    ]),
  );
}

it("forbids everything but its own styles and holds no script, handler or address", async () => {
  const model = reportModel(reportInputs());
  const page = renderHtml(model, await drawCharts(model));
  expect(page).toContain(`content="default-src 'none'; style-src 'unsafe-inline'; img-src data:"`);
  expect(page).not.toMatch(/<(script|link|iframe|img|object|embed|form|base)\b|\son[a-z]+=|\bsrc=|url\(|@import/i);
  expect([...page.matchAll(/href="([^"]*)"/g)].every((match) => match[1]?.startsWith("#"))).toBe(true);
  expect(page.replaceAll('xmlns="http://www.w3.org/2000/svg"', "")).not.toMatch(/https?:/);
});

it("has the same elements and attributes with hostile values as with ordinary ones", async () => {
  const ordinary = reportModel(hostileInputs(hostileTexts.map((_, index) => `text ${index}`)));
  const known = namesIn(renderHtml(ordinary, await drawCharts(ordinary)));
  const hostile = reportModel(hostileInputs());
  const names = namesIn(renderHtml(hostile, await drawCharts(hostile)));
  expect([...names].filter((name) => !known.has(name))).toEqual([]);
});

it("lets no value out of its element, whatever it is", () => {
  const known = namesIn(renderHtml(reportModel(hostileInputs(["plain", "other"]))));
  fc.assert(
    fc.property(fc.array(hostileText(), { minLength: 1, maxLength: 3 }), (texts) => {
      const names = namesIn(renderHtml(reportModel(hostileInputs(texts))));
      expect([...names].filter((name) => !known.has(name))).toEqual([]);
    }),
    { numRuns: 30 },
  );
});

it("says the three lines first and gives every table head its scope", () => {
  const page = renderHtml(reportModel(reportInputs()));
  expect(page.indexOf("<strong>Ship it</strong>")).toBeLessThan(page.indexOf("<h2"));
  expect(page).not.toMatch(/<th(?![^>]*scope=)[ >]/);
  expect(page).toContain('<html lang="en">');
});

it("shows the interval of a gate against its bound, and says it in words", () => {
  const evaluation = anEvaluation({
    gates: [aGate({ measured: 0.861, lower: 0.8521, upper: 0.8702, verdict: "fail" })],
  });
  const page = renderHtml(reportModel({ ...reportInputs(), evaluation }));
  expect(page).toContain('aria-label="0.861, interval 0.852 to 0.870, bound 0.89"');
  expect(page).toContain("✗ fails");
});

it("shows the conditions of a gate below it, each with its interval against its bound", () => {
  const page = renderHtml(reportModel(reportInputs({ evaluation: anEvaluation({ gates: [aJoinedGate()] }) })));
  expect(page.match(/<li class="(?:open|pass)(?: part)?">/g)).toEqual([
    '<li class="open">',
    '<li class="pass part">',
    '<li class="open part">',
  ]);
  expect(page).toContain('aria-label="0.610, interval 0.590 to 0.630, bound 0.6"');
});

it("hides the values of sensitive columns", async () => {
  const model = reportModel(reportInputs());
  const charts = await drawCharts(model);
  expect(charts.histograms.has("native_country")).toBe(false);
  expect(renderHtml(model, charts)).toContain("values hidden: sensitive");
});

it("renders a run that stopped before there was a model", () => {
  const outcomes = everyOutcome({ "validate-data": anOutcome({ action: "validate-data", verdict: "fail" }) });
  const page = renderHtml(
    reportModel({ ...reportInputs(), outcomes, evaluation: null, training: null, manifest: null, profile: null }),
  );
  expect(page).toContain("<strong>Do not ship</strong>");
  expect(page).not.toContain('id="metrics"');
  expect(page).toContain("has not run");
});

it("stays small with a thousand slices and two thousand findings", () => {
  const slices = Array.from({ length: 1000 }, (_, index) => ({
    column: "c",
    value: String(index),
    rows: 1,
    metrics: { roc_auc: aMetric(0.5) },
  }));
  const page = renderHtml(reportModel({ ...reportInputs(), evaluation: anEvaluation({ slices }) }));
  expect(page.length).toBeLessThan(300_000);
});

it("says of a column without a picture what there is instead, in the words of model.yml", () => {
  const time = { min: "2019-02-28", max: "2019-03-31" };
  const { top: _top, ...names } = aTextColumn("name", ["x"], { distinct: { count: 203, exact: true } });
  const { numeric: _numeric, histogram: _histogram, ...number } = aNumberColumn("day");
  const columns = [names, { ...number, type: "DATE", kind: "time" as const, range: time }];
  const page = renderHtml(reportModel(reportInputs({ profile: aProfile({ columns }) })));
  expect(page).toContain("values not shown: over 200 different texts");
  expect(page).toContain("<b>2019-02-28</b> to <b>2019-03-31</b>");
  expect(page).toMatch(/<small>text, .*<small>date, /s);
  expect(page).not.toMatch(/varchar|bigint/i);
});

it("calls the confusion matrix of weighted rows a weight, and says that metrics are weighted", () => {
  const page = renderHtml(reportModel(aWeightedRun()));
  expect(page).toContain("Total weight (<code>fnlwgt</code>), not rows,");
  expect(page).toContain("test rows, each weighted by <code>fnlwgt</code>");
  expect(renderHtml(reportModel(reportInputs()))).not.toMatch(/weighted|Total weight/);
});

it("says at the top that nobody measured the numbers again", () => {
  expect(renderHtml(reportModel(reportInputs()))).toContain("<span>numbers claimed, not rescored</span>");
});

it("shows goals before gates, and marks those that are overdue", () => {
  const [goal] = anEvaluation().goals;
  const goals = goal === undefined ? [] : [{ ...goal, by: "2026-01-31" }];
  const page = renderHtml(reportModel(reportInputs({ evaluation: anEvaluation({ goals }) })));
  expect(page.indexOf('id="goals"')).toBeLessThan(page.indexOf('id="gates"'));
  expect(page).toContain('<span class="mark fail">overdue</span>');
});

it("says how sure the intervals of gates and of metrics are", () => {
  const page = renderHtml(reportModel(reportInputs()));
  expect(page).toContain("Gates have 90 % intervals, so that each end is 95 % sure");
  expect(page).toContain("with 95 % intervals");
});

it("is amber, not green, when the gates hold but a column may leak the label", () => {
  const { outcomes } = reportInputs();
  const findings = [aFinding({ code: "label_leakage_suspected", subject: "paid" })];
  const validate = anOutcome({ action: "validate-data", findings });
  const page = renderHtml(reportModel(reportInputs({ outcomes: { ...outcomes, "validate-data": validate } })));
  expect(page).toContain('<div class="verdict open"><strong>Look before you ship</strong>');
});
