import type { Comparison } from "../evaluation/evaluation-file.ts";
import { counted } from "../kit/counted.ts";
import type { Charts } from "./charts.ts";
import { type Html, html } from "./escape-html.ts";
import type { ComparedRow, MetricRow } from "./evaluation-view.ts";
import {
  absent,
  formatDifference,
  formatDifferenceInterval,
  formatMeasured,
  formatValue,
  type Measured,
} from "./format-numbers.ts";
import { calibrationTable } from "./html-details.ts";
import { confusionMatrix } from "./html-matrix.ts";
import { breakable, figure, mark, metricCell, numberHead, stacked, table, textHead } from "./html-parts.ts";
import { forestLine } from "./interval-bar.ts";
import { differenceAxis, metricAxis } from "./metric-axis.ts";
import type { ReportModel } from "./report-model.ts";
import { clustersText, levelOf } from "./wording.ts";

export function metricsSection(model: ReportModel, charts: Charts): Html | null {
  const { evaluation, weight, baselineKind } = model;
  if (evaluation === null) return null;
  const baseline = baselineKind === null ? "Baseline" : `Baseline (${baselineKind})`;
  const weighted = weight === null ? null : html`, each weighted by ${breakable(weight)}`;
  const head = html`${textHead("Metric")}${numberHead("Model")}${plotHead}${numberHead(baseline)}${numberHead("Difference")}`;
  return html`<p class="lead">On ${counted(model.rows, "test row")}${clustersText(evaluation)}${weighted}, with ${levelOf(model)} intervals. ↑ higher is better, ↓ lower is better.
● the model with its interval, ◇ the baseline: shares on an axis from 0 to 1, others from 0.</p>
${table({ head, body: model.metrics.map(metricRow), stackedColumns: 3 })}
${evaluation.test_set === undefined ? null : html`<p class="lead after">${evaluation.test_set.meaning}</p>`}
${model.compared.map(comparedTable)}
${charts.evaluation.length === 0 ? null : html`<div class="charts">${charts.evaluation.map(figure)}</div>`}
${calibrationTable(evaluation)}
${confusionMatrix(evaluation.confusion_matrix, weight)}`;
}

const plotHead = html`<th scope="col" class="plot" aria-label="Forest plot"></th>`;

function metricRow(row: MetricRow): Html {
  const { value, baseline, difference, decimals } = row;
  return html`<tr><th scope="row">${metricName(row)}</th><td class="n">${metricCell(value, decimals)}</td>
<td class="plot">${metricPlot(row)}</td>
<td class="n">${baseline === null ? absent : metricCell(baseline, decimals)}</td>
<td class="n">${difference === null ? absent : differenceCell(difference, decimals)}</td></tr>`;
}

function metricName({ name, better, unit }: Pick<MetricRow, "name" | "better" | "unit">): Html {
  const arrow = better === null ? "" : better === "higher" ? " ↑" : " ↓";
  return html`${breakable(name)}${arrow}${unit === null ? null : html`<small>${unit}</small>`}`;
}

function metricPlot({ name, value, baseline, decimals }: MetricRow): Html | null {
  if (value.value === null) return null;
  const beside = baseline?.value ?? null;
  const label = `${formatMeasured(value, decimals)}${baseline === null ? "" : `, baseline ${formatValue(baseline, decimals)}`}`;
  const axis = metricAxis(name, [value, ...(baseline === null ? [] : [baseline])]);
  return forestLine({ value: value.value, lower: value.lower, upper: value.upper, beside, axis, label });
}

function differenceCell(comparison: Comparison, decimals: number): Html {
  const apart = asMeasured(comparison);
  return stacked(formatDifference(apart, decimals), formatDifferenceInterval(apart, decimals));
}

function asMeasured({ difference, lower, upper }: Comparison): Measured {
  return { value: difference, lower, upper };
}

const standings = {
  better: { tone: "pass", word: "✓ better" },
  worse: { tone: "fail", word: "✗ worse" },
  open: { tone: "quiet", word: "no clear difference" },
} as const;

/** Differences from another model, around 0. */
function comparedTable({ against, rows }: ReportModel["compared"][number]): Html {
  const head = html`${textHead("Metric")}${numberHead("Difference")}${plotHead}${numberHead("")}`;
  const all = new Map(rows.map(({ name, difference }) => [name, asMeasured(difference)]));
  return html`<h3 class="apart">Against ${against}</h3>
<p class="lead">This model minus ${against} on the same rows; a bar clear of the tick at 0 is a difference that these rows show.</p>
${table({ head, body: rows.map((row) => comparedRow(row, all)), stackedColumns: 2 })}`;
}

function comparedRow(row: ComparedRow, all: ReadonlyMap<string, Measured>): Html {
  const { name, difference, decimals, standing } = row;
  const apart = asMeasured(difference);
  const label = `${formatDifference(apart, decimals)}, ${formatDifferenceInterval(apart, decimals)}`;
  const plot =
    apart.value === null
      ? null
      : forestLine({ ...apart, value: apart.value, beside: null, axis: differenceAxis(name, apart, all), label });
  const number = apart.value === null ? html`${absent}${reasonOf(difference)}` : differenceCell(difference, decimals);
  return html`<tr><th scope="row">${metricName(row)}</th><td class="n">${number}</td><td class="plot">${plot}</td><td class="n">${standing === null ? null : mark(standings[standing])}</td></tr>`;
}

function reasonOf({ reason }: Comparison): Html | null {
  return reason === undefined ? null : html`<small class="reason">${reason}</small>`;
}
