import { type Html, html } from "./escape-html.ts";
import {
  absent,
  decimalsFor,
  formatCount,
  formatDifference,
  formatDuration,
  type Measured,
  shortDigest,
} from "./format-numbers.ts";
import { breakable, mark, numberHead, table, textHead } from "./html-parts.ts";
import { weightBar } from "./interval-bar.ts";
import type { ReportModel } from "./report-model.ts";
import type { ProvenanceFact, StepRow } from "./run-facts.ts";

// The parts of the HTML report about training, steps and provenance.

export function trainingSection(model: ReportModel): Html | null {
  if (model.training.length === 0) return null;
  const facts = model.training.map(({ name, value }) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`);
  return html`<dl class="facts">${facts}</dl>
${weightsTable(model)}`;
}

function weightsTable({ weights, evaluation }: ReportModel): Html | null {
  if (weights.length === 0) return null;
  const largest = Math.max(...weights.map(({ weight }) => Math.abs(weight)));
  const towards = evaluation?.positive === undefined ? "a larger answer" : html`<code>${evaluation.positive}</code>`;
  return html`<h3 class="apart">Largest weights</h3><p class="lead">Of standardised numbers and of values. Bars to the right speak for ${towards}, to the left against.</p>
${table({ head: html`${textHead("Feature")}${textHead("Effect")}${numberHead("Weight")}`, body: weights.map((each) => weightRow(each, largest)) })}`;
}

function weightRow({ name, weight }: ReportModel["weights"][number], largest: number): Html {
  return html`<tr><th scope="row">${breakable(name)}</th><td style="width:40%">${weightBar(weight, largest)}</td><td class="n">${formatDifference(alone(weight), decimalsFor(alone(largest)))}</td></tr>`;
}

function alone(value: number): Measured {
  return { value, lower: null, upper: null };
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
  const head = html`${textHead("Step")}${textHead("Outcome")}${numberHead("Took")}`;
  return table({ head, body: model.steps.map(stepRow) });
}

function stepRow(step: StepRow): Html {
  const took = step.durationMs === null ? absent : formatDuration(step.durationMs);
  const note = step.reused ? html`<small>reused from ${day(step.startedAt)}</small>` : null;
  return html`<tr><th scope="row">${step.action}<span style="display:block">${mark(stepLooks[step.verdict])}</span></th><td>${step.summary}${step.reasonCode === null ? null : html`<small>${step.reasonCode}</small>`}</td><td class="n">${took}${note}</td></tr>`;
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
