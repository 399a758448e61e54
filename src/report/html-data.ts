import type { Charts } from "./charts.ts";
import { type Html, html } from "./escape-html.ts";
import {
  absent,
  formatCount,
  formatDifference,
  formatDuration,
  formatShare,
  shortDigest,
  shortest,
} from "./format-numbers.ts";
import { breakable, figure } from "./html-sections.ts";
import { weightBar } from "./interval-bar.ts";
import type { ProvenanceFact, ReportModel, StepRow } from "./report-model.ts";

// The parts of the HTML report about data, training, steps and provenance.

type Column = NonNullable<ReportModel["profile"]>["columns"][number];
const columnLimit = 120;

export function dataSection(model: ReportModel, charts: Charts): Html | null {
  const { profile } = model;
  if (profile === null) return null;
  const { train, valid, test } = profile.parts;
  const parts = `${formatCount(train)} train, ${formatCount(valid)} valid, ${formatCount(test)} test`;
  const more =
    profile.columns.length > columnLimit
      ? html`<p class="lead">and ${formatCount(profile.columns.length - columnLimit)} more columns in profile.json.</p>`
      : null;
  return html`<p class="lead">${formatCount(profile.rows)} rows (${parts}) and ${formatCount(profile.columns.length)} columns. ${profile.approximation}</p>
<div class="columns">${profile.columns.slice(0, columnLimit).map((column) => columnCard(column, charts))}</div>${more}`;
}

function columnCard(column: Column, charts: Charts): Html {
  const chart = charts.histograms.get(column.name);
  const missing = column.missing.count === 0 ? "none missing" : `${formatShare(column.missing.share)} missing`;
  const distinct = `${column.distinct.exact ? "" : "about "}${formatCount(column.distinct.count)} distinct`;
  return html`<div class="column"><h3>${breakable(column.name)}${roleMark(column)}</h3>
<small>${column.type.toLowerCase()}, ${missing}, ${distinct}${range(column)}</small>
${picture(column, chart)}</div>`;
}

function roleMark({ role }: Column): Html | null {
  return role === "feature" ? null : html`<span class="mark quiet">${role === "drop" ? "dropped" : role}</span>`;
}

function range({ numeric, range: span, sensitive }: Column): string {
  if (sensitive) return "";
  if (span !== undefined) return `, ${span.min} to ${span.max}`;
  if (numeric === undefined || numeric.min === null || numeric.max === null) return "";
  return `, ${shortest(numeric.min)} to ${shortest(numeric.max)}`;
}

function picture(column: Column, chart: Parameters<typeof figure>[0] | undefined): Html | null {
  if (column.sensitive) return html`<div class="hidden">values hidden: sensitive</div>`;
  return chart === undefined ? null : figure(chart);
}

export function trainingSection(model: ReportModel): Html | null {
  if (model.training.length === 0) return null;
  const facts = model.training.map(
    ({ name, value }) =>
      html`<div><dt>${name}</dt><dd>${typeof value === "number" ? shortest(value) : String(value)}</dd></div>`,
  );
  return html`<dl class="facts">${facts}</dl>
${weightsTable(model)}`;
}

function weightsTable({ weights }: ReportModel): Html | null {
  if (weights.length === 0) return null;
  const largest = Math.max(...weights.map(({ weight }) => Math.abs(weight)));
  return html`<h3 style="margin-top:1.5rem">Largest weights</h3><p class="lead">Of standardised numbers and of values; right of the line speaks for, left against.</p>
<table><thead><tr><th scope="col">Feature</th><th scope="col">Effect</th><th scope="col" class="n">Weight</th></tr></thead>
<tbody>${weights.map((each) => weightRow(each, largest))}</tbody></table>`;
}

function weightRow({ name, weight }: ReportModel["weights"][number], largest: number): Html {
  return html`<tr><th scope="row">${breakable(name)}</th><td style="width:40%">${weightBar(weight, largest)}</td><td class="n">${formatDifference({ value: weight, lower: null, upper: null })}</td></tr>`;
}

const stepLooks = {
  pass: { tone: "pass", word: "✓ pass" },
  fail: { tone: "fail", word: "✗ fail" },
  inconclusive: { tone: "open", word: "? open" },
  skipped: { tone: "quiet", word: "– skipped" },
  pending: { tone: "open", word: "… pending" },
  missing: { tone: "quiet", word: "not run" },
} as const;

export function stepsSection(model: ReportModel): Html {
  return html`<table><thead><tr><th scope="col">Step</th><th scope="col">Outcome</th><th scope="col" class="n">Took</th></tr></thead>
<tbody>${model.steps.map(stepRow)}</tbody></table>`;
}

function stepRow(step: StepRow): Html {
  const { tone, word } = stepLooks[step.verdict];
  const took = step.durationMs === null ? absent : formatDuration(step.durationMs);
  const note = step.reused ? html`<small>reused from ${day(step.startedAt)}</small>` : null;
  return html`<tr><th scope="row">${step.action}<span style="display:block" class="${tone}"><span class="mark">${word}</span></span></th><td>${step.summary}${step.reasonCode === null ? null : html`<small>${step.reasonCode}</small>`}</td><td class="n">${took}${note}</td></tr>`;
}

function day(startedAt: string | null): string {
  return startedAt === null ? "an earlier run" : startedAt.slice(0, 16).replace("T", " ");
}

export function provenanceSection(model: ReportModel): Html {
  return html`<dl class="facts">${model.provenance.map((fact) => html`<div><dt>${fact.name}</dt><dd>${provenanceValue(fact)}</dd></div>`)}</dl>`;
}

function provenanceValue({ value, kind }: ProvenanceFact): Html {
  switch (kind) {
    case "digest":
    case "sha":
      return html`<code title="${value}">${shortDigest(value)}</code>`;
    case "count":
      return html`${formatCount(Number(value))}`;
    case "text":
      return html`${value}`;
  }
}
