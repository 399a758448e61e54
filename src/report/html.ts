import { type Charts, noCharts } from "./charts.ts";
import { type Html, html, rawHtml } from "./escape-html.ts";
import { formatCount } from "./format-numbers.ts";
import { dataSection } from "./html-data.ts";
import { costSection, fairnessSection, operatingPointSection, worstErrorsSection } from "./html-details.ts";
import { gatesSection } from "./html-gates.ts";
import { metricsSection } from "./html-metrics.ts";
import { probeSection } from "./html-probes.ts";
import { provenanceSection, stepsSection, trainingSection } from "./html-run.ts";
import { findingsSection, goalsSection, slicesSection } from "./html-sections.ts";
import { style } from "./html-style.ts";
import type { ReportModel } from "./report-model.ts";
import type { Tone } from "./report-verdict.ts";
import { trustWords } from "./run-facts.ts";

/** How verdicts look; `open` is everything that is not decided, or not without a look. */
const tones = {
  pass: "pass",
  caution: "open",
  fail: "fail",
  inconclusive: "open",
  pending: "open",
  incomplete: "quiet",
} as const satisfies Record<Tone, string>;

/**
 * The report as one HTML file without scripts and without any request: the style and the drawings are inside, and its
 * policy forbids everything else. Every value from data, model and spec is escaped by the template.
 */
export function renderHtml(model: ReportModel, charts: Charts = noCharts): string {
  const sections = [
    section("goals", "Goals", goalsSection(model)),
    section("gates", "Gates", gatesSection(model)),
    section("metrics", "Metrics", metricsSection(model, charts)),
    section("operating-point", "Value and operating point", operatingPointSection(model, charts)),
    section("slices", "Slices", slicesSection(model, charts)),
    section("fairness", "Fairness", fairnessSection(model)),
    ...model.probes.map((probe) => section(probe.id, probe.title, probeSection(probe))),
    section("worst-errors", "Worst errors", worstErrorsSection(model)),
    section("cost", "Cost", costSection(model)),
    section("findings", "Findings", findingsSection(model)),
    section("data", "Data", dataSection(model, charts)),
    section("training", "Training", trainingSection(model)),
    section("steps", "Steps", stepsSection(model)),
    section("provenance", "Provenance", provenanceSection(model)),
  ].filter((each) => each !== null);
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${model.headline.ship}: ${model.name}</title>
<style>${rawHtml(style)}</style>
</head>
<body>
<header>
<h1><b>${model.name}</b> ${aboutModel(model).map((each) => html`<span>${each}</span> `)}</h1>
${banner(model)}
<p class="statement">${model.statement}</p>
<nav aria-label="Parts of the report">${sections.map(({ id, title }) => html`<a href="#${id}">${title}</a>`)}</nav>
</header>
<main>
${sections.map(
  ({ id, title, body }) => html`<section aria-labelledby="${id}"><h2 id="${id}">${title}</h2>${body}</section>
`,
)}</main>
<footer>Written by mlops-actions from the files of this run; no number in it was typed by hand.</footer>
</body>
</html>
`;
  return page.html;
}

interface Section {
  id: string;
  title: string;
  body: Html;
}

function section(id: string, title: string, body: Html | null): Section | null {
  return body === null ? null : { id, title, body };
}

function aboutModel({ task, owner, trust }: ReportModel): string[] {
  return [task, ...(owner === null ? [] : [`owner ${owner}`]), ...(trust === null ? [] : [trustWords[trust]])];
}

const whyLimit = 5;

function banner(model: ReportModel): Html {
  const { ship, why, next } = model.headline;
  const more = why.length > whyLimit ? html`<li>and ${formatCount(why.length - whyLimit)} more</li>` : null;
  return html`<div class="verdict ${tones[model.headline.tone]}"><strong>${ship}</strong>
<dl><dt>Why</dt><dd><ul>${why.slice(0, whyLimit).map((reason) => html`<li>${reason}</li>`)}${more}</ul></dd>
<dt>Next</dt><dd>${next}</dd></dl></div>`;
}
