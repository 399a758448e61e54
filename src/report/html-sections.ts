import type { GateResult, MetricValue } from "../evaluation/evaluation-file.ts";
import type { Chart, Charts } from "./charts.ts";
import { type Html, html, rawHtml } from "./escape-html.ts";
import {
  absent,
  formatCount,
  formatDifference,
  formatDifferenceInterval,
  formatGate,
  formatInterval,
  formatShare,
  formatValue,
} from "./format-numbers.ts";
import { intervalBar } from "./interval-bar.ts";
import type { GoalResult, MetricRow, ReportFinding, ReportModel, SliceRow } from "./report-model.ts";
import { goalTarget, levelOf, messageOf } from "./wording.ts";

// One function for each part of the HTML report about the evaluation; null when there is nothing to say.

const gateLooks = {
  pass: { tone: "pass", word: "✓ holds" },
  fail: { tone: "fail", word: "✗ fails" },
  inconclusive: { tone: "open", word: "? open" },
  skipped: { tone: "quiet", word: "– skipped" },
} as const;

export function gatesSection(model: ReportModel): Html | null {
  if (model.gates.length === 0) return null;
  return html`<p class="lead">The bar is the interval, the dot the measured value, the tick the bound. A gate holds when
the interval is clear of the bound.</p>
<ul class="gates">${model.gates.map(gateItem)}</ul>`;
}

function gateItem(gate: GateResult): Html {
  const { tone, word } = gateLooks[gate.verdict];
  const numbers = formatGate(gate);
  const interval = numbers.interval === "" ? null : html`<small>${numbers.interval}</small>`;
  return html`<li class="${tone}"><span class="mark-cell"><span class="mark">${word}</span></span>
<span class="what">${breakable(gate.gate)}<small>${gate.why}</small></span>
<span class="numbers n"><b>${numbers.measured}</b>${interval}</span>
<span class="bar">${gateBar(gate)}</span></li>`;
}

function gateBar(gate: GateResult): Html | null {
  const { measured, lower, upper, bound } = gate;
  if (measured === null || lower === null || upper === null || bound === null) return null;
  const numbers = formatGate(gate);
  const label = `${numbers.measured}, interval ${numbers.interval}, bound ${numbers.bound}`;
  return intervalBar({ value: measured, lower, upper, bound, label });
}

const goalLooks = {
  yes: { tone: "pass", word: "✓ met" },
  no: { tone: "fail", word: "✗ not met" },
  undecided: { tone: "open", word: "? open" },
} as const;

export function goalsSection(model: ReportModel): Html | null {
  if (model.goals.length === 0) return null;
  return html`<table><thead><tr><th scope="col">Goal</th><th scope="col" class="n">Now</th><th scope="col" class="n">State</th></tr></thead>
<tbody>${model.goals.map(goalRow)}</tbody></table>`;
}

function goalRow(goal: GoalResult): Html {
  const { tone, word } = goalLooks[goal.met];
  const by = goal.by === undefined ? "" : ` by ${goal.by}`;
  return html`<tr><th scope="row">${breakable(goal.metric)} ${goalTarget(goal)}${by}${goal.why === undefined ? null : html`<small>${goal.why}</small>`}</th>
<td class="n">${goal.measured === null ? "not measured" : metricCell(goal.measured)}</td>
<td class="n ${tone}"><span class="mark">${word}</span></td></tr>`;
}

export function metricsSection(model: ReportModel, charts: Charts): Html | null {
  const { evaluation } = model;
  if (evaluation === null) return null;
  const baseline = model.baselineKind === null ? "Baseline" : `Baseline (${model.baselineKind})`;
  return html`<p class="lead">On ${formatCount(evaluation.rows)} test rows, with ${levelOf(model)} intervals. ↑ higher is better, ↓ lower is better.</p>
<table class="stack" style="--columns:3"><thead><tr><th scope="col">Metric</th><th scope="col" class="n">Model</th><th scope="col" class="n">${baseline}</th><th scope="col" class="n">Difference</th></tr></thead>
<tbody>${model.metrics.map(metricRow)}</tbody></table>
${charts.evaluation.length === 0 ? null : html`<div class="charts">${charts.evaluation.map(figure)}</div>`}
${confusionMatrix(evaluation.confusion_matrix)}`;
}

function metricRow({ name, better, value, baseline, difference }: MetricRow): Html {
  const arrow = better === null ? "" : better === "higher" ? " ↑" : " ↓";
  const apart = difference === null ? null : { ...difference, value: difference.difference };
  return html`<tr><th scope="row">${breakable(name)}${arrow}</th><td class="n">${metricCell(value)}</td>
<td class="n">${baseline === null ? absent : metricCell(baseline)}</td>
<td class="n">${apart === null ? absent : stacked(formatDifference(apart), formatDifferenceInterval(apart))}</td></tr>`;
}

const matrixLimit = 20;

function confusionMatrix(matrix: NonNullable<ReportModel["evaluation"]>["confusion_matrix"]): Html | null {
  if (matrix === null || matrix.classes.length > matrixLimit) return null;
  return html`<h3 style="margin-top:1.75rem">Confusion matrix</h3>
<div class="scroll"><table class="matrix"><thead><tr><th scope="col">Actual \\ predicted</th>${matrix.classes.map((name) => html`<th scope="col">${name}</th>`)}</tr></thead>
<tbody>${matrix.counts.map((counts, index) => matrixRow(matrix.classes[index] ?? "", counts))}</tbody></table></div>`;
}

/** Shaded by the share of the actual class. */
function matrixRow(name: string, counts: readonly number[]): Html {
  const total = counts.reduce((sum, count) => sum + count, 0);
  const cells = counts.map((count) => {
    const share = total === 0 ? 0 : count / total;
    return html`<td class="hit" style="--share:${share.toFixed(3)}">${formatCount(count)}<small>${formatShare(share)}</small></td>`;
  });
  return html`<tr><th scope="row">${name}</th>${cells}</tr>`;
}

const sliceLimit = 200;
const openSlices = 12;

export function slicesSection(model: ReportModel, charts: Charts): Html | null {
  if (model.slices.length === 0) return null;
  const [main] = model.sliceMetrics;
  const shown = model.slices.slice(0, sliceLimit);
  const more =
    model.slices.length > sliceLimit ? `; the ${sliceLimit} worst of ${formatCount(model.slices.length)}` : "";
  const table = html`<table class="stack" style="--columns:${model.sliceMetrics.length + 1}"><thead><tr><th scope="col">Slice</th><th scope="col" class="n">Rows</th>${model.sliceMetrics.map((name) => html`<th scope="col" class="n">${breakable(name)}</th>`)}</tr></thead>
<tbody>${shown.map((slice) => sliceRow(slice, model.sliceMetrics))}</tbody></table>`;
  return html`<p class="lead">${main === undefined ? "" : `Worst ${main} first${more}. Small slices have wide intervals: judge the interval, not the dot.`}</p>
${charts.slices.length === 0 ? null : html`<div class="charts">${charts.slices.map(figure)}</div>`}
${shown.length > openSlices ? html`<details><summary>All numbers</summary>${table}</details>` : table}`;
}

function sliceRow(slice: SliceRow, metrics: readonly string[]): Html {
  const cells = metrics.map((name) => {
    const metric = slice.metrics[name];
    return html`<td class="n">${metric === undefined ? absent : metricCell(metric)}</td>`;
  });
  const value = slice.value === null ? html`<i>missing</i>` : slice.value;
  return html`<tr><th scope="row">${breakable(slice.column)} = ${value}</th><td class="n">${formatCount(slice.rows)}</td>${cells}</tr>`;
}

const severityLooks = {
  error: { tone: "fail", word: "✗ error" },
  warning: { tone: "open", word: "! warning" },
  note: { tone: "quiet", word: "note" },
} as const;
const findingLimit = 300;

export function findingsSection(model: ReportModel): Html | null {
  if (model.findings.length === 0) return null;
  const notes = model.findings.filter((finding) => finding.severity === "note");
  const others = model.findings.filter((finding) => finding.severity !== "note");
  // Notes are closed at first: they must not hide what needs a look.
  return html`${others.length === 0 ? html`<p class="lead">No errors and no warnings.</p>` : findingsTable(others)}
${notes.length === 0 ? null : html`<details><summary>${formatCount(notes.length)} note${notes.length === 1 ? "" : "s"}</summary>${findingsTable(notes)}</details>`}`;
}

function findingsTable(findings: readonly ReportFinding[]): Html {
  const left = findings.length - findingLimit;
  return html`<table><thead><tr><th scope="col">Severity</th><th scope="col">Finding</th></tr></thead>
<tbody>${findings.slice(0, findingLimit).map(findingRow)}</tbody></table>${left <= 0 ? null : html`<p class="lead">and ${formatCount(left)} more in the outcome files.</p>`}`;
}

function findingRow(finding: ReportFinding): Html {
  const { severity, subject, code, action } = finding;
  const { tone, word } = severityLooks[severity];
  return html`<tr><td class="${tone}" style="width:6.5rem"><span class="mark">${word}</span></td><td>${breakable(subject)}: ${messageOf(finding)}<small>${action}, ${code}</small></td></tr>`;
}

/** A drawing with its title; the words stand for it where it is not seen. */
export function figure({ title, description, svg }: Chart): Html {
  const caption = title === "" ? null : html`<figcaption><h3>${title}</h3><small>${description}</small></figcaption>`;
  return html`<figure role="figure" aria-label="${title === "" ? description : title}">${caption}${rawHtml(svg)}</figure>`;
}

function metricCell(metric: MetricValue): Html {
  if (metric.value === null)
    return html`${absent}${metric.reason === undefined ? null : html`<small style="white-space:normal">${metric.reason}</small>`}`;
  return stacked(formatValue(metric), formatInterval(metric));
}

function stacked(number: string, interval: string): Html {
  return html`<b>${number}</b>${interval === "" ? null : html`<small>${interval}</small>`}`;
}

/** A name in code style that may break after an underscore. */
export function breakable(name: string): Html {
  const parts = name.split("_");
  return html`<code>${parts.map((part, index) => (index === 0 ? html`${part}` : html`_<wbr>${part}`))}</code>`;
}
