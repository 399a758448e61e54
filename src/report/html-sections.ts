import type { Charts } from "./charts.ts";
import { type Html, html } from "./escape-html.ts";
import { type SliceMetric, type SliceRow, slicesInHtml } from "./evaluation-view.ts";
import { absent, formatCount } from "./format-numbers.ts";
import { type GoalRow, goalTarget } from "./goals.ts";
import { breakable, figure, mark, metricCell, numberHead, table, textHead, tooFew } from "./html-parts.ts";
import { foundSlicesPart } from "./html-probes.ts";
import type { ReportFinding, ReportModel } from "./report-model.ts";
import { messageOf } from "./wording.ts";

// One function for each part of the HTML report about the evaluation; null when there is nothing to say.

const goalLooks = {
  yes: { tone: "pass", word: "✓ met" },
  no: { tone: "fail", word: "✗ not met" },
  undecided: { tone: "open", word: "? open" },
} as const;

export function goalsSection(model: ReportModel): Html | null {
  if (model.goals.length === 0) return null;
  const head = html`${textHead("Goal")}${numberHead("Now")}${numberHead("State")}`;
  return table({ head, body: model.goals.map(goalRow) });
}

function goalRow(goal: GoalRow): Html {
  const by = goal.by === undefined ? "" : ` by ${goal.by}`;
  const overdue = goal.isOverdue ? html` ${mark({ tone: "fail", word: "overdue" })}` : null;
  return html`<tr><th scope="row">${breakable(goal.metric)} ${goalTarget(goal)}${by}${goal.why === undefined ? null : html`<small>${goal.why}</small>`}</th>
<td class="n">${goal.measured === null ? "not measured" : metricCell(goal.measured)}</td>
<td class="n">${mark(goalLooks[goal.met])}${overdue}</td></tr>`;
}

const openSlices = 12;

export function slicesSection(model: ReportModel, charts: Charts): Html | null {
  const found = foundSlicesPart(model);
  if (model.slices.length === 0) return found;
  const [main] = model.sliceMetrics;
  const shown = model.slices.slice(0, slicesInHtml);
  const more =
    model.slices.length > slicesInHtml ? `; the ${slicesInHtml} worst of ${formatCount(model.slices.length)}` : "";
  const heads = model.sliceMetrics.map(({ name }) => numberHead(breakable(name)));
  const numbers = table({
    head: html`${textHead("Slice")}${numberHead("Rows")}${heads}`,
    body: shown.map((slice) => sliceRow(slice, model.sliceMetrics)),
    stackedColumns: model.sliceMetrics.length + 1,
  });
  return html`<p class="lead">${main === undefined ? "" : `Worst ${main.name} first${more}, by the better end of the interval: a small slice does not lead by chance.`}</p>
${charts.slices.length === 0 ? null : html`<div class="charts">${charts.slices.map(figure)}</div>`}
${shown.length > openSlices ? html`<details><summary>All numbers</summary>${numbers}</details>` : numbers}
${found}`;
}

function sliceRow(slice: SliceRow, metrics: readonly SliceMetric[]): Html {
  const cells = metrics.map(({ name, decimals }) => {
    const metric = slice.metrics[name];
    return html`<td class="n">${metric === undefined ? absent : metricCell(metric, decimals)}</td>`;
  });
  const value = slice.value === null ? html`<i>missing</i>` : slice.value;
  return html`<tr><th scope="row">${breakable(slice.column)} = ${value}${tooFew(slice.rows_lacking ?? 0)}</th><td class="n">${formatCount(slice.rows)}</td>${cells}</tr>`;
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
  const head = html`${textHead("Severity")}${textHead("Finding")}`;
  return html`${table({ head, body: findings.slice(0, findingLimit).map(findingRow) })}${left <= 0 ? null : html`<p class="lead">and ${formatCount(left)} more in the outcome files.</p>`}`;
}

function findingRow(finding: ReportFinding): Html {
  const { severity, subject, code, action } = finding;
  return html`<tr><td style="width:6.5rem">${mark(severityLooks[severity])}</td><td>${breakable(subject)}: ${messageOf(finding)}<small>${action}, ${code}</small></td></tr>`;
}
